"""|LSE(x) - LSE(y)| <= max |x_i - y_i|, and so for M_r with any r ≠ 0.

Source: Asadi & Littman 2017 (mellowmax is a non-expansion).
Idea: x_i <= y_i + d for all i, and the sum of exponentials takes the factor exp d out.
"""

from lsetheory.proof import (
    Claim, Equality, Implies, Max, Mutant, Sum, absolute, as_term, exp, function, lse, nat, ne,
    pooled, real, vector,
)  # fmt: skip

n, r, x, y = nat("n"), real("r"), vector("x"), vector("y")
distance = Max(n, lambda i: absolute(x[i] - y[i]))
lse_x, lse_y = lse(n, lambda i: x[i]), lse(n, lambda i: y[i])
pooled_x, pooled_y = pooled(n, r, lambda i: x[i]), pooled(n, r, lambda i: y[i])
change, pooled_change = absolute(lse_x - lse_y), absolute(pooled_x - pooled_y)

CLAIM = Claim(
    words="Log-sum-exp and the pooled value move by no more than the largest move of an entry.",
    source="Asadi & Littman 2017",
    given=(1 <= n,),
    parts={"lse": change <= distance, "pooled": Implies(ne(r, 0), pooled_change <= distance)},
)
SHIFT = {"n": 2, "r": 2, "x": (0, 1), "y": (3, 4)}
EQUALITY = (Equality("lse", SHIFT, within=1e-60), Equality("pooled", SHIFT, within=1e-60))
MUTANTS = (
    Mutant("a contraction", CLAIM.but(lse=change <= distance / 2), SHIFT),
    Mutant("only the sum of signed moves", CLAIM.but(
        pooled=Implies(ne(r, 0), pooled_change <= Max(n, lambda i: x[i] - y[i]))), SHIFT),
)  # fmt: skip


def proof(k):
    """M_r(x) <= M_r(y) + d for r > 0; exchange x and y; r = 1 is LSE; -x, -y, -r is r < 0."""
    start, sharp = k.assume(1 <= n), k.assume(0 < r)
    some = k.by(0 < n, start)
    sums = [k.positive(Sum(n, lambda i, v=v: exp(r * v[i])), some) for v in (x, y)]

    def term(i, inside):
        move = k.chain(k.max2_left(x[i] - y[i], -(x[i] - y[i])), k.max_upper(distance, inside))
        return k.exp_increasing(k.scale(r * x[i] <= r * (y[i] + distance), sharp, move))

    total = k.log_increasing(sums[0], k.sum_increasing(k.each(n, term)))
    rise = k.scale(pooled_x - pooled_y <= distance, k.positive_inverse(sharp), total,
                   some, sharp, *sums)  # fmt: skip
    exchanged = k.put(k.close((1 <= n, 0 < r), rise), x=function(lambda i: y[i]),
                      y=function(lambda i: x[i]))  # fmt: skip
    fall = k.restate(k.use(exchanged, start, sharp), -(pooled_x - pooled_y) <= distance)
    positive = k.close((1 <= n, 0 < r), k.largest2(rise, fall))

    at_one = k.use(k.put(positive, r=1), start, k.by(as_term(0) < 1))
    plain = [k.positive(Sum(n, lambda i, v=v: exp(v[i])), some) for v in (x, y)]
    lse_part = k.restate(at_one, change <= distance, some, *plain)
    mirrored = k.put(positive, r=-r, x=function(lambda i: -x[i]), y=function(lambda i: -y[i]))
    any_sign = k.suppose(ne(r, 0), lambda apart: k.split(
        k.sides(apart),
        lambda below: k.restate(k.use(mirrored, start, below), pooled_change <= distance),
        lambda above: k.use(positive, start, above)))  # fmt: skip
    return k.close(CLAIM.given, lse_part, any_sign)
