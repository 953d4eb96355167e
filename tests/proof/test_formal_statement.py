"""The Rocq statement written from a claim is the claim, and what cannot be written is refused."""

import shutil
import subprocess
from fractions import Fraction

import pytest

from lsetheory.proof.formal import DEFINITIONS
from lsetheory.proof.formal_statement import NotExpressible, to_rocq
from lsetheory.proof.language import (
    INF,
    MINUS_INF,
    And,
    Deriv,
    Exists,
    ForAll,
    Implies,
    Max,
    Or,
    Sum,
    Tends,
    absolute,
    binom,
    each,
    eq,
    exp,
    index_map,
    inv,
    le,
    log,
    lt,
    max2,
    nat,
    ne,
    power,
    real,
    some,
    vector,
)
from lsetheory.proof.kernel.terms import make

n, k, a, b, c = nat("n"), nat("k"), real("a"), real("b"), real("c")
x, y, s = vector("x"), vector("y"), index_map("s")

WRITTEN = {
    "real comparison": (a < b, "forall (a b : R), a < b"),
    "nat comparison": (1 <= n, "forall (n : nat), (1 <= n)%nat"),
    "nat and real": (le(n, a), "forall (n : nat) (a : R), INR n <= a"),
    "two numerals": (le(1, 2), "1 <= 2"),
    "nat arithmetic": (lt(k, n + 1), "forall (k n : nat), (k < n + 1)%nat"),
    "nat product": (lt((k + 1) * n, n**2), "forall (k n : nat), ((k + 1) * n < n ^ 2)%nat"),
    "fraction": (a < Fraction(-3, 7), "forall (a : R), a < - (3 / 7)"),
    "difference": (a - (b - c) <= 0, "forall (a b c : R), a - (b - c) <= 0"),
    "minus a product": (-(a * b) <= c, "forall (a b c : R), - (a * b) <= c"),
    "quotient": (a / (b / c) < 1, "forall (a b c : R), a / (b / c) < 1"),
    "power": ((a + b) ** 2 < -(a**3), "forall (a b : R), (a + b) ^ 2 < - a ^ 3"),
    "symbolic power": (power(a, n + 1) < b, "forall (n : nat) (a b : R), a ^ (n + 1)%nat < b"),
    "functions": (exp(-a) < log(b), "forall (a b : R), exp (- a) < ln b"),
    "maximum of two": (max2(a, 0) < b, "forall (a b : R), Rmax a 0 < b"),
    "absolute value": (absolute(a) < b, "forall (a b : R), Rmax a (- a) < b"),
    "entry": (
        x[0] < x[s[n]],
        "forall (n : nat) (s : nat -> nat) (x : nat -> R), x 0%nat < x (s n)",
    ),
    "entry of an entry": (
        x[s[0]] < x[s[n] + 1],
        "forall (n : nat) (s : nat -> nat) (x : nat -> R), x (s 0)%nat < x (s n + 1)%nat",
    ),
    "sum": (
        Sum(n, lambda i: x[i] * a) <= b,
        "forall (n : nat) (a b : R) (x : nat -> R), Sum n (fun i : nat => x i * a) <= b",
    ),
    "double sum": (
        Sum(n, lambda i: Sum(k, lambda j: x[i] * y[j])) < a,
        "forall (k n : nat) (a : R) (x y : nat -> R), "
        "Sum n (fun i : nat => Sum k (fun j : nat => x i * y j)) < a",
    ),
    "maximum": (
        Max(n + 1, lambda i: x[i]) < a,
        "forall (n : nat) (a : R) (x : nat -> R), vmax (n + 1)%nat (fun i : nat => x i) < a",
    ),
    "binomial": (binom(n, k) * a < b, "forall (k n : nat) (a b : R), INR (binom n k) * a < b"),
    "implications": (Implies(a < b, b < c, a < c), "forall (a b c : R), a < b -> b < c -> a < c"),
    "and, or": (And(Or(a < b, b < a), ne(a, b)), "forall (a b : R), (a < b \\/ b < a) /\\ a <> b"),
    "implication inside and": (
        And(Implies(a < b, b < c), eq(a, b)),
        "forall (a b c : R), (a < b -> b < c) /\\ a = b",
    ),
    "each index": (
        each(n, lambda i: 0 < x[i]),
        "forall (n : nat) (x : nat -> R), forall i : nat, (i < n)%nat -> 0 < x i",
    ),
    "some index": (
        some(n, lambda i: 0 < x[i]),
        "forall (n : nat) (x : nat -> R), exists i : nat, (i < n)%nat /\\ 0 < x i",
    ),
    "nested quantifiers": (
        ForAll("real", lambda u: Exists("real", lambda v: u < v)),
        "forall t : R, exists u : R, t < u",
    ),
    "quantifier in a premise": (
        Implies(ForAll("real", lambda u: a < u), a < b),
        "forall (a b : R), (forall t : R, a < t) -> a < b",
    ),
    "derivative": (
        Deriv(lambda t: exp(a * t), b, c),
        "forall (a b c : R), derivable_pt_lim (fun t : R => exp (a * t)) b c",
    ),
    "limit": (Tends(lambda t: inv(t), 1, 1), "tends (fun t : R => / t) 1 1"),
    "limit from above": (Tends(lambda t: t, 0, 0, "above"), "tends_above (fun t : R => t) 0 0"),
    "limit from below": (Tends(lambda t: t, 0, 0, "below"), "tends_below (fun t : R => t) 0 0"),
    "limit at infinity": (Tends(lambda t: inv(t), INF, 0), "tends_inf (fun t : R => / t) 0"),
    "limit at minus infinity": (
        Tends(lambda t: exp(t), MINUS_INF, 0),
        "tends_minus_inf (fun t : R => exp t) 0",
    ),
    "reserved names": (real("exp") < real("in"), "forall (exp_ in_ : R), exp_ < in_"),
    "names no identifier": (real("a b") < real("2"), "forall (v2 a_b : R), a_b < v2"),
    "bound names step aside": (
        ForAll("real", lambda u: u < real("t")),
        "forall (t : R), forall u : R, u < t",
    ),
}


@pytest.mark.parametrize("label", WRITTEN)
def test_writes(label):
    formula, expected = WRITTEN[label]
    assert to_rocq(formula) == expected


@pytest.mark.parametrize(
    "formula",
    [
        make("lam", make("bound", 0, "nat")),
        lt(real("a b"), real("a_b")),
        lt(nat("a"), vector("a")[0]),
        lt(x[Sum(n, lambda i: s[i])], 0),
        lt(x[power(nat("n"), k)], 0),
    ],
    ids=[
        "function",
        "names that become one",
        "one name, two kinds",
        "sum as index",
        "power as index",
    ],
)
def test_refuses(formula):
    with pytest.raises(NotExpressible):
        to_rocq(formula)


# True for all reals only if grouping, signs and precedence are read as they were meant.
IDENTITIES = [
    eq(a - (b - c), a - b + c),
    eq(-(a + b) * c, -(a * c) - b * c),
    eq(-((a * b) ** 2), -1 * (b**2) * a**2),
    eq((-a) ** 2, a * a),
    eq(a * (b + c) - (a * b - a), a * c + a),
    eq(Fraction(-1, 2) * a * 2, -a),
    eq(a + Fraction(1, 2) - (-(b - a)), b + Fraction(2, 4)),
    eq(power(a, n + 1), a * power(a, n)),
    eq((n + 1) * a, a + n * a),
]
QUOTIENTS = [
    eq(exp(a) / (exp(b) / exp(c)), exp(a) * exp(c) / exp(b)),
    eq(inv(exp(a) * inv(exp(b))), exp(b) / exp(a)),
]


@pytest.mark.skipif(shutil.which("coqc") is None, reason="coqc is not on the PATH")
def test_rocq_reads_what_was_meant(tmp_path):
    goals = [
        f"Goal {to_rocq(f)}. Proof. intros. try rewrite pow_add; simpl; field. Qed."
        for f in IDENTITIES
    ]
    goals += [
        f"Goal {to_rocq(f)}. Proof. intros. field; repeat split; apply Rgt_not_eq, exp_pos. Qed."
        for f in QUOTIENTS
    ]
    goals += [f"Check ({to_rocq(formula)} : Prop)." for formula, _ in WRITTEN.values()]
    head = ["From Coq Require Import Reals.", "Open Scope R_scope.", *DEFINITIONS.values()]
    (tmp_path / "Identities.v").write_text("\n".join(head + goals))
    done = subprocess.run(
        ["coqc", "-q", "Identities.v"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
