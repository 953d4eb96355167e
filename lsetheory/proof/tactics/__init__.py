"""What a proof script calls: the rules, and tactics, which can do nothing but call rules.

Each file adds a layer of tactics to the one before: shape, order, sizes, calculus.
"""

from lsetheory.proof.tactics.calculus import Calculus


class Prover(Calculus):
    """The `k` of `proof(k)`: `k.exp_tangent(t)` is a rule, `k.by(goal, ...)` a tactic."""
