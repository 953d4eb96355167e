"""LSE(x) = max over weights p of Σ p_i x_i + H(p), attained at p = softmax(x) and only there.

Source: Gibbs 1902; Boyd & Vandenberghe 2004, section 3.3.1 (the conjugate of log-sum-exp).
Idea: the tangent line of exp at t = x_i - LSE(x) - log p_i, averaged with the weights p.
"""

from fractions import Fraction

from lsetheory.proof import (
    Claim, Equality, Implies, Mutant, Sum, as_term, each, entropy, eq, exp, expectation, le, log,
    lse, lt, nat, ne, softmax, vector,
)  # fmt: skip
from lsetheory.proof.samples import entries, probabilities

n, j, x, p = nat("n"), nat("j"), vector("x"), vector("p")
y = lse(n, lambda i: x[i])


def weight(i):
    """softmax(x)_i."""
    return softmax(n, lambda j: x[j], i)


def value(p):
    """Σ p_i x_i + H(p)."""
    return expectation(n, p, lambda i: x[i]) + entropy(n, p)


at_p = value(lambda i: p[i])

CLAIM = Claim(
    words="Log-sum-exp is the largest average plus entropy, which softmax alone attains.",
    source="Boyd & Vandenberghe 2004, section 3.3.1",
    given=(1 <= n, each(n, lambda i: 0 <= p[i]), eq(Sum(n, lambda i: p[i]), 1)),
    parts={
        "below": at_p <= y,
        "attained": eq(value(weight), y),
        "only there": Implies(j < n, ne(p[j], weight(j)), at_p < y),
    },
)
HALVES = {"n": 2, "j": 0, "x": (3, 3), "p": (Fraction(1, 2),) * 2}
EQUALITY = (Equality("below", HALVES), Equality("below", {"n": 1, "j": 0, "x": (4,), "p": (1,)}))
MUTANTS = (
    Mutant("twice the entropy", CLAIM.but(below=at_p + entropy(n, lambda i: p[i]) <= y), HALVES),
    Mutant("weights of any sum", CLAIM.but(given=CLAIM.given[:2]), {**HALVES, "p": (2, 2)}),
    Mutant("attained without entropy", CLAIM.but(
        attained=eq(expectation(n, weight, lambda i: x[i]), y)), HALVES),
)  # fmt: skip


def sample(rng):
    """Positive weights that sum to 1 exactly."""
    n = int(rng.integers(1, 5))
    p = probabilities(rng, n, least=1)
    return {"n": n, "j": int(rng.integers(n)), "x": entries(rng, n), "p": p}


def proof(k):
    """Per index, p_i = 0 or the tangent line times p_i; the right-hand sides sum to 1."""
    start, nonnegative, total = map(k.assume, CLAIM.given)
    some = k.by(0 < n, start)
    positive = k.positive(Sum(n, lambda i: exp(x[i])), some)
    one = k.congruent(lambda s: y * s, total)

    def gain(i, p):
        """What index i adds to Σ p_i x_i + H(p) - y + 1, p being its weight."""
        return p * (x[i] - y) - p * log(p) + p

    def term(i, here, compare, line):
        """gain <= exp(x_i - y), or <, from the tangent line that `line` makes where 0 < p_i."""
        above = exp(x[i] - y)
        goal = compare(gain(i, p[i]), above)

        def unseen(zero):
            hole = k.new()
            at_zero = k.by(compare(gain(i, as_term(0)), above), k.exp_positive(x[i] - y))
            return k.rewrite(zero, at_zero, compare(gain(i, hole), above), hole)

        return k.split(
            k.trichotomy(as_term(0), p[i]),
            lambda seen: k.scale(goal, seen, line(seen), seen),
            unseen,
            lambda negative: k.impossible(goal, negative, k.use(nonnegative, i, here)))  # fmt: skip

    terms = k.each(n, lambda i, here: term(
        i, here, le, lambda seen: k.exp_tangent(x[i] - y - log(p[i]))))  # fmt: skip
    below = k.by(at_p <= y, k.sum_increasing(terms), one, total, known=[positive])
    attained = k.equal(value(weight), y, positive)

    def strict(here, distinct):
        """Where p_j is not softmax(x)_j, the tangent line is not touched."""
        own = k.positive(weight(j), positive)

        def line(seen):
            apart = k.split(k.sides(distinct),
                lambda less: k.apart(k.log_increasing(seen, less)),
                lambda more: k.flip(k.apart(k.log_increasing(own, more))))  # fmt: skip
            return k.restate(
                k.exp_tangent_strict(apart),
                1 + (x[j] - y - log(p[j])) < exp(x[j] - y - log(p[j])),
                positive,
            )

        total_ = k.sum_increasing_strict(terms, here, term(j, here, lt, line))
        return k.by(at_p < y, total_, one, total, known=[positive])

    only = k.supposing((j < n, ne(p[j], weight(j))), strict)
    return k.close(CLAIM.given, below, attained, only)
