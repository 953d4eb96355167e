"""1/W with W = Σ_{d-k<=j<=d} C(d, j) + C(d-1, k) (d+1)/(d-1) is the least error of
β_0 + β_1 S(1) + Σ β_r S(r), d - k <= r < d, at max x on [0, 1]^d, where S(r) is the mean of the
maxima over all r-subsets, for 0 <= k <= d - 2.

Here d = e + 1 + k with e = a + 1, r = e + 1 + q with q < k. At a vertex with m zeros S(r) is
1 - C(m,r)/C(d,r), S(1) is 1 - m/d and max x is 1 - C(m,d); vertices_decide has S(r) at any sorted
point z. W is written 2 Σ_{j<=k} C(d-1, j) + 2 C(d-2, a)/e.

Source: Matoba, Dimitriadis & Fleuret 2023 for the estimators; the value is shown here.
Idea: as for family B; two weights, at 0 and e zeros, annihilate what is linear in m besides.
"""

from fractions import Fraction
from math import comb

from lsetheory.proof import (
    Claim, Equality, Implies, Mutant, Sum, absolute, as_term, binom, each, eq, function, inv, nat,
    real, vector,
)  # fmt: skip
from lsetheory.proofs.binomial_sums import lowest, sign
from lsetheory.proofs.minimax_family_b import either_sign, vanishing
from lsetheory.proofs.vertices_decide import (
    beyond, estimation_error, in_cube, mean_is_positive, row_end,
)  # fmt: skip

a, size, bound = nat("a"), nat("k"), real("c")
base, slope, beta = real("b"), real("s"), vector("beta")
zero, one = as_term(0), as_term(1)
e = a + 1
c, d = e + 1, e + 1 + size


def weight(q):
    """W for k = q."""
    return 2 * lowest(e, q) + 2 * inv(e) * binom(a + q, a)


LEAST = inv(weight(size))
LAST = binom(e + size, e)


def error(constant, first, weights, m):
    """max x - (β_0 + β_1 S(1) + Σ β_q S(e + 1 + q)) at the vertex with m zeros."""
    means = Sum(size, lambda q: weights(q) * (1 - binom(m, c + q) * inv(binom(d, c + q))))
    return 1 - binom(m, d) - (constant + first * (1 - m * inv(d)) + means)


def best(q):
    """The optimal β_q; the optimal β_0 is LEAST."""
    return -sign(size + q) * binom(d, c + q) * weight(q) * LEAST


FIRST = sign(size) * 2 * d * LEAST * inv(e)


def within(constant, first, weights, limit):
    """No vertex has a larger error than the limit."""
    return each(d + 1, lambda m: absolute(error(constant, first, weights, m)) <= limit)


def optimal(value):
    """No estimator of this family has a smaller error than the value."""
    return Implies(within(base, slope, lambda q: beta[q], bound), value <= bound)


def attained_by(first):
    """With this β_1 the best estimator errs by LEAST at most at every sorted point of the cube."""
    return Implies(*in_cube(e), absolute(estimation_error(LEAST, first, best, e)) <= LEAST)


CLAIM = Claim(
    words="Among the combinations of 1, S(1), S(d-k), ..., S(d-1) one has error 1/W on the "
    "unit cube and none has less at its vertices, by the dual weights (-1)^t C(d,e+1+t) at e+1+t "
    "zeros, -C(d-1,e) d/(d-1) at e zeros and C(d-1,e)/(d-1) at none.",
    source="Matoba, Dimitriadis & Fleuret 2023; value here",
    parts={
        "attained": attained_by(FIRST),
        "optimal": optimal(LEAST),
        "dual_constant": eq(
            Sum(size + 1, lambda t: sign(t) * binom(d, c + t))
            + LAST * inv(e + size), LAST * d * inv(e + size)),
        "dual_linear": eq(Sum(size + 1, lambda t: sign(t) * binom(d, c + t) * (c + t)),
                          LAST * d * inv(e + size) * e),
        "dual_means": each(size, lambda q: eq(
            Sum(size + 1, lambda t: sign(t) * binom(d, c + t) * binom(c + t, c + q)), 0)),
        "dual_norm": eq(Sum(size + 1, lambda t: binom(d, c + t))
                        + LAST * (d + 1) * inv(e + size), weight(size)),
    },
)  # fmt: skip
AT = {"a": 0, "k": 0, "c": Fraction(1, 4), "b": Fraction(1, 4), "s": 1, "beta": (), "z": (0, 1)}
EQUALITY = (Equality("optimal", AT), Equality("attained", AT))
MUTANTS = (
    Mutant("a larger error", CLAIM.but(optimal=optimal(LEAST * Fraction(10**9 + 1, 10**9))), AT),
    Mutant("the value without S(1)", CLAIM.but(optimal=optimal(inv(2 * lowest(e, size)))), AT),
    Mutant("the wrong sign of the weight of S(1)",
           CLAIM.but(attained=attained_by(-FIRST)), AT),
)  # fmt: skip

#: How often 0, 1, 2, 3 are tried: with a = 0 all numbers are dyadic, and large sums take long.
RARELY = (0.6, 0.3, 0.08, 0.02)


def sample(rng):
    """Small families, with estimators near the best one and a bound near its error."""
    a, k = int(rng.choice(4, p=RARELY)), int(rng.choice(4, p=RARELY))
    rows = [2 * sum(comb(a + 1 + q, j) for j in range(q + 1)) + Fraction(2 * comb(a + q, a), a + 1)
            for q in range(k + 1)]  # fmt: skip
    least, d = 1 / Fraction(rows[k]), a + 2 + k
    near = [Fraction(int(rng.integers(-2, 3)), 100) * (rng.random() < 0.5) for _ in range(k + 2)]
    weights = [near[q] - (-1) ** (k + q) * comb(d, a + 2 + q) * rows[q] * least for q in range(k)]
    z = sorted(Fraction(int(v), 8) for v in rng.integers(0, 9, size=d))
    return {"a": a, "k": k, "z": z, "c": least * int(rng.integers(1, 3)), "b": least + near[k],
            "s": (-1) ** k * 2 * d * least / (a + 1) + near[k + 1], "beta": weights}  # fmt: skip


def proof(k):
    """As for family B, with a part of every error that is linear in the number of zeros."""
    known = k.conjuncts(k.lemma("minimax_family_b", a=e))
    constant, means, norm = known[2:]
    count = k.nat_nonnegative(size)
    e_sign = k.by(0 < e, k.nat_nonnegative(a))
    h_sign = k.by(0 < e + size, k.nat_nonnegative(a), count)
    d_sign = k.by(0 < d, h_sign)
    over, under, share = inv(e), inv(e + size), inv(d)
    e_over = k.equal(e * over, one, e_sign)
    h_over = k.equal((e + size) * under, one, h_sign)
    d_over = k.equal(d * share, one, d_sign)

    def times(equation, *factors):
        """The equation times each of the factors."""
        return [k.congruent(lambda h, f=f: f * h, equation) for f in factors]

    # the dual weights
    first = k.binomial_absorb(a + size, a)
    column = binom(a + size, a)
    ratio = k.by(eq(LAST * under, column * over), *times(first, over * under),
                 *times(e_over, LAST * under), *times(h_over, column * over))  # fmt: skip
    flat = k.by(CLAIM.parts["dual_constant"], constant, *times(h_over, LAST))
    absorbed = k.sum_equal(k.each(size + 1, lambda t, _: k.congruent(
        lambda h: sign(t) * h, k.binomial_absorb(e + size, e + t))))  # fmt: skip
    shorter = k.conjuncts(k.lemma("binomial_sums", a=a, t=size))[1]
    linear = k.by(CLAIM.parts["dual_linear"], absorbed, *times(shorter, d),
                  *times(first, d * under), *times(h_over, d * column))  # fmt: skip
    norm = k.by(CLAIM.parts["dual_norm"], norm, *times(h_over, LAST), ratio)

    # the value
    whole = weight(size)
    counts = k.each(size + 1, lambda j, _: k.nat_nonnegative(binom(e + size, j)))
    rows = k.sum_term(counts, k.by(0 < size + 1, count))
    more = k.multiply(k.positive_inverse(e_sign), k.nat_nonnegative(binom(a + size, a)))
    w_sign = k.by(0 < whole, rows, more)
    cancel = k.equal(whole * LEAST, one, w_sign)
    positive = k.by(0 <= LEAST, k.positive_inverse(w_sign))
    least_size = k.largest2(k.by(LEAST <= LEAST), k.by(-LEAST <= LEAST, positive))
    corner = row_end(k, d)

    def inverted(t):
        """Σ_{q<=t} (-1)^q W_q C(c+t, c+q) = 1 + (-1)^t + 2 (t+1)/e."""
        rows = k.conjuncts(k.lemma("binomial_sums", a=e, t=t))[3]
        column = k.conjuncts(k.lemma("binomial_sums", b=a, t=t))[4]
        total = Sum(t + 1, lambda q: sign(q) * weight(q) * binom(c + t, c + q))
        goal = eq(total, 1 + sign(t) + 2 * (t + 1) * over)
        return k.by(goal, rows, *times(column, 2 * over))

    s = sign(size)
    total = k.by(eq(Sum(size, best), 1 - LEAST - s * LEAST * (1 + 2 * (size + 1) * over)),
                 cancel, *times(inverted(size), s * LEAST),
                 *times(corner, whole * LEAST))  # fmt: skip

    def seen(m):
        return Sum(size, lambda q: sign(q) * weight(q) * binom(m, c + q))

    def estimate(m):
        """Σ β_q S(q) = Σ β_q + (-1)^k seen(m)/W."""
        return k.sum_equal(k.each(size, lambda q, inside: k.equal(
            best(q) * (1 - binom(m, c + q) * inv(binom(d, c + q))),
            best(q) + s * LEAST * (sign(q) * weight(q) * binom(m, c + q)),
            k.put(mean_is_positive(k, q, inside), a=e))))  # fmt: skip

    def own(m):
        return error(LEAST, FIRST, best, m)

    def flat_part(m):
        """What turns β_1 (1 - m/d) into its simplest form."""
        return [*times(e_over, s * LEAST), *times(d_over, s * LEAST * over * m)]

    def bounded(m, i, equation, size_):
        """|error| <= LEAST, from error = ± (-1)^i v and |v| <= LEAST."""
        up, down = either_sign(k, size_, i)
        return k.largest2(k.by(own(m) <= LEAST, equation, up, down),
                          k.by(-own(m) <= LEAST, equation, up, down))  # fmt: skip

    def few_zeros(m, below):
        none = k.sum_equal(k.each(size, lambda q, _: beyond(
            k, sign(q) * weight(q), m, c + q, below, k.nat_nonnegative(q))))  # fmt: skip
        unseen = k.by(eq(seen(m), 0), none)
        v = LEAST * (2 * m * over - 1)
        value = k.by(eq(own(m), s * v), total, estimate(m), *times(unseen, s * LEAST),
                     beyond(k, one, m, d, below, count), *flat_part(m))  # fmt: skip
        part = k.multiply(positive, k.by(0 <= over, k.positive_inverse(e_sign)))
        some = k.multiply(part, k.nat_nonnegative(m))
        other = k.multiply(part, k.by(0 <= e - m, k.nat_next(below)))
        again = times(e_over, LEAST)
        size_ = k.largest2(k.by(v <= LEAST, other, *again), k.by(-v <= LEAST, some, *again))
        return bounded(m, size, value, size_)

    def some_ones(t, below):
        rest, counted = k.open(k.nat_difference(k.nat_next(below)))

        def body(q):
            return sign(q) * weight(q) * binom(c + t, c + q)

        same = k.congruent(lambda count: Sum(count, body), counted)
        parted = k.sum_split(Sum(t + 1 + rest, body), t + 1, rest)
        none = k.sum_equal(k.each(rest, lambda i, _: beyond(
            k, sign(t + 1 + i) * weight(t + 1 + i), c + t, c + (t + 1 + i),
            k.nat_nonnegative(i))))  # fmt: skip
        sees = k.by(eq(seen(c + t), 1 + sign(t) + 2 * (t + 1) * over), same, parted, none,
                    inverted(t))  # fmt: skip
        value = k.by(eq(own(c + t), -sign(size + t) * LEAST), total, estimate(c + t),
                     *times(sees, s * LEAST), beyond(k, one, c + t, d, below),
                     *flat_part(c + t))  # fmt: skip
        return bounded(c + t, size + t, value, least_size)

    def no_ones():
        value = k.by(eq(own(d), -sign(zero) * LEAST), corner, estimate(d),
                     *times(d_over, FIRST))  # fmt: skip
        return bounded(d, zero, value, least_size)

    def moved(th, equation):
        """The bound at m, from the one at n and m = n."""
        m, _ = equation.conclusion.args
        up, down = k.within(th)
        same = k.congruent(own, equation)
        return k.largest2(k.by(own(m) <= LEAST, up, same), k.by(-own(m) <= LEAST, down, same))

    def vertex(m, inside):
        def many(above):
            t, counted = k.open(k.nat_difference(above))
            place = k.split(
                k.trichotomy(t, size),
                lambda less: some_ones(t, less),
                lambda last: moved(no_ones(), k.by(eq(c + t, d), last)),
                lambda more: k.impossible(absolute(own(c + t)) <= LEAST, k.nat_next(more), inside,
                                          counted),
            )  # fmt: skip
            return moved(place, counted)

        return k.split(k.dichotomy(c, m), many, lambda below: few_zeros(m, below))

    attained = k.each(d + 1, vertex)

    def none_better(small):
        def part(t, inside):
            here = k.use(small, c + t, k.by(c + t < d + 1, inside))
            return k.multiply(k.nat_nonnegative(binom(d, c + t)), either_sign(k, here, size + t)[1])

        parts = k.sum_increasing(k.each(size + 1, part))
        amount = k.multiply(k.positive_inverse(h_sign), k.nat_nonnegative(LAST))
        at_e = k.use(small, e, k.by(e < d + 1, count))
        at_0 = k.use(small, 0, k.by(zero < d + 1, d_sign))
        most = k.multiply(d_sign, amount)
        ends = (k.multiply(most, either_sign(k, at_e, size)[0]),
                k.multiply(amount, either_sign(k, at_0, size)[1]))  # fmt: skip

        nothing, tops, gamma = vanishing(k, c, means)

        def unseen(m, below):
            return k.sum_equal(k.each(size, lambda q, _: beyond(
                k, gamma(q), m, c + q, below, k.nat_nonnegative(q))))  # fmt: skip

        level = 1 - base - slope - Sum(size, lambda q: beta[q])
        e_below, zero_below = k.by(e < c), k.by(zero < c, k.nat_nonnegative(a))
        unit = k.by(
            1 <= whole * bound, parts, *ends, corner, *times(corner, binom(d, d)),
            *times(flat, s * level), *times(linear, s * slope * share), *times(norm, bound),
            *times(nothing, s), *times(tops, s),
            beyond(k, s * LAST * d * under, e, d, e_below, count),
            beyond(k, s * LAST * under, zero, d, zero_below, count),
            *times(unseen(e, e_below), s * LAST * d * under),
            *times(unseen(zero, zero_below), s * LAST * under),
        )  # fmt: skip
        least = k.multiply(k.positive_inverse(w_sign), unit)
        return k.by(LEAST <= bound, least, *times(cancel, bound))

    values = {"a": e, "b": LEAST, "s": FIRST, "beta": function(best), "c": LEAST}
    cube = k.conjuncts(k.lemma("vertices_decide", **values))[0]
    cube = k.supposing(in_cube(e), lambda *inside: k.use(cube, attained, *inside))
    hypothesis = CLAIM.parts["optimal"].args[0]
    better = k.suppose(hypothesis, none_better)
    return k.close((), cube, better, flat, linear, means, norm)
