"""If x <= y entry by entry and x_j < y_j for one j: LSE(x) < LSE(y), and M_r(x) < M_r(y) for r ≠ 0.

Source: folklore; Asadi & Littman 2017 (non-strict, for mellowmax).
Idea: no term of the sum falls and one rises; for r < 0 both the terms and 1/r turn around.
"""

from functools import partial

from lsetheory.proof import (
    Claim, Implies, Mutant, Sum, each, exp, function, lse, nat, ne, pooled, real, vector,
)  # fmt: skip

n, j, r, x, y = nat("n"), nat("j"), real("r"), vector("x"), vector("y")
pooled_x, pooled_y = pooled(n, r, lambda i: x[i]), pooled(n, r, lambda i: y[i])

CLAIM = Claim(
    words="Raising one entry and lowering none raises log-sum-exp and the pooled value.",
    source="Asadi & Littman 2017",
    given=(j < n, x[j] < y[j], each(n, lambda i: x[i] <= y[i])),
    parts={
        "lse": lse(n, lambda i: x[i]) < lse(n, lambda i: y[i]),
        "pooled": Implies(ne(r, 0), pooled_x < pooled_y),
    },
)
EQUALITY = ()  # strict comparisons, never attained

AT = {"n": 2, "j": 0, "r": 1, "x": (0, 0), "y": (1, 0)}
MUTANTS = (
    Mutant("another entry falls", CLAIM.but(given=CLAIM.given[:2]), {**AT, "x": (0, 5)}),
    Mutant("an entry that is not pooled", CLAIM.but(given=CLAIM.given[1:]),
           {**AT, "j": 2, "x": (0, 0, 0), "y": (0, 0, 1)}),
    Mutant("r < 0 reverses", CLAIM.but(pooled=Implies(r < 0, pooled_y < pooled_x)),
           {**AT, "r": -1}),
)  # fmt: skip


def sample(rng):
    """y is x with one entry raised, by little or much, and perhaps others."""
    n = int(rng.integers(1, 5))
    j, x = int(rng.integers(n)), float(rng.choice([1e-7, 1, 30])) * rng.standard_normal(n)
    y = x + rng.choice([0, 1e-9, 1], size=n)
    y[j] += float(rng.choice([1e-9, 1, 100]))
    return {"n": n, "j": j, "r": float(rng.standard_normal()), "x": x.tolist(), "y": y.tolist()}


def proof(k):
    """Compare the sums strictly at j, for r > 0; what that says of -y, -x and -r is r < 0."""
    inside, rises, every = map(k.assume, CLAIM.given)
    some = k.by(0 < n, inside, k.nat_nonnegative(j))

    def larger(term):
        """log Σ exp f < log Σ exp g, where `term` makes f(i) <= g(i) of x_i <= y_i."""
        terms = k.each(n, lambda i, below: k.exp_increasing(term(k.use(every, i, below))))
        total = k.sum_increasing_strict(terms, inside, k.exp_increasing(term(rises)))
        return k.log_increasing(k.positive(total.conclusion.args[0], some), total)

    sharp = k.assume(0 < r)
    known = [some, sharp, *(k.positive(Sum(n, lambda i, v=v: exp(r * v[i])), some) for v in (x, y))]
    pooled_rises = k.close(
        (*CLAIM.given, 0 < r),
        k.scale(
            pooled_x < pooled_y,
            k.positive_inverse(sharp),
            larger(partial(k.multiply, sharp)),
            *known,
        ),
    )

    def mirrored(blunt):
        turned = k.put(pooled_rises, r=-r, x=function(lambda i: -y[i]), y=function(lambda i: -x[i]))
        falls = k.each(n, lambda i, below: k.by(-y[i] <= -x[i], k.use(every, i, below)))
        return k.restate(k.use(turned, inside, rises, falls, blunt), pooled_x < pooled_y)

    either = k.suppose(
        ne(r, 0),
        lambda apart: k.split(
            k.sides(apart), mirrored, lambda above: k.use(pooled_rises, inside, rises, every, above)
        ),
    )
    return k.close(CLAIM.given, larger(lambda th: th), either)
