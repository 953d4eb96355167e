"""1/(2 Σ_{j<=k} C(d-1, j)) is the least error of β_0 + Σ β_r S(r), d - k <= r < d, at max x on
[0, 1]^d, where S(r) is the mean of the maxima over all r-subsets, for 0 <= k < d.

Here d = a + 1 + k, r = a + 1 + q with q < k. At a vertex with m zeros S(r) is 1 - C(m,r)/C(d,r)
and max x is 1 - C(m,d); vertices_decide has S(r) at any sorted point z.

Source: Matoba, Dimitriadis & Fleuret 2023 for the estimators; the value is shown here.
Idea: w_m = (-1)^m C(d,m), m > a, annihilates C(m,r); the optimal error alternates in sign like w.
"""

from fractions import Fraction
from math import comb

from lsetheory.proof import (
    And, Claim, Equality, Implies, Mutant, Sum, absolute, as_term, binom, each, eq, function, inv,
    nat, real, vector,
)  # fmt: skip
from lsetheory.proofs.binomial_sums import annihilated, lowest, sign
from lsetheory.proofs.vertices_decide import (
    IN_CUBE, beyond, estimation_error, mean_is_positive, row_end,
)  # fmt: skip

a, size, bound, base, beta = nat("a"), nat("k"), real("c"), real("b"), vector("beta")
zero, one = as_term(0), as_term(1)
c, d = a + 1, a + 1 + size
LEAST = inv(2 * lowest(a, size))


def subset_mean(m, r):
    """S(r) at the vertex of the unit cube with m zeros and d - m ones."""
    return 1 - binom(m, r) * inv(binom(d, r))


def error(constant, weights, m):
    """max x - (β_0 + Σ β_q S(a + 1 + q)) at the vertex with m zeros."""
    return 1 - binom(m, d) - (constant + Sum(size, lambda q: weights(q) * subset_mean(m, c + q)))


def best(q):
    """The optimal β_q."""
    return -sign(size + q) * binom(d, c + q) * lowest(a, q) * inv(lowest(a, size))


def within(constant, weights, limit):
    """No vertex has a larger error than the limit."""
    return each(d + 1, lambda m: absolute(error(constant, weights, m)) <= limit)


def optimal(value):
    """No estimator of this family has a smaller error than the value."""
    return Implies(within(base, lambda q: beta[q], bound), value <= bound)


def attained_by(weights):
    """An estimator with these weights errs by LEAST at most at every sorted point of the cube."""
    return Implies(*IN_CUBE, absolute(estimation_error(LEAST, zero, weights)) <= LEAST)


CLAIM = Claim(
    words="Among the combinations of 1, S(d-k), ..., S(d-1) one has error 1/(2L) on the unit "
    "cube, with L = C(d-1,0) + ... + C(d-1,k), and none has less at its vertices, by the dual "
    "weights (-1)^t C(d,a+1+t) at a+1+t zeros and -C(d-1,a) at a zeros.",
    source="Matoba, Dimitriadis & Fleuret 2023; value here",
    parts={
        "attained": attained_by(best),
        "optimal": optimal(LEAST),
        "dual_constant": eq(Sum(size + 1, lambda t: sign(t) * binom(d, c + t)),
                            binom(a + size, a)),
        "dual_means": each(size, lambda q: eq(
            Sum(size + 1, lambda t: sign(t) * binom(d, c + t) * binom(c + t, c + q)), 0)),
        "dual_norm": eq(Sum(size + 1, lambda t: binom(d, c + t)) + binom(a + size, a),
                        2 * lowest(a, size)),
    },
)  # fmt: skip
TWO = {"a": 0, "k": 1, "z": (0, 1)}
EQUALITY = (  # the optimum is attained: the best estimator refutes any smaller value
    Equality("optimal", {**TWO, "c": Fraction(1, 4), "b": Fraction(1, 4), "beta": (1,)}),
    Equality("attained", {**TWO, "c": 0, "b": 0, "beta": (0,)}),
)
MUTANTS = (
    Mutant("a smaller error", CLAIM.but(optimal=optimal(LEAST * Fraction(10**9 + 1, 10**9))),
           EQUALITY[0].at),
    Mutant("as many coefficients as one more mean would need", CLAIM.but(
        optimal=optimal(inv(2 * lowest(a, zero)))), EQUALITY[0].at),
    Mutant("the wrong sign of the weights", CLAIM.but(
        attained=attained_by(lambda q: -best(q))),
           {**TWO, "c": 0, "b": 0, "beta": (0,)}),
)  # fmt: skip

#: How often 0, 1, 2, 3 are tried: with a = 0 all numbers are dyadic, and large sums take long.
RARELY = (0.6, 0.3, 0.08, 0.02)


def sample(rng):
    """Small families, with estimators near the best one and a bound near its error."""
    a, k = int(rng.choice(4, p=RARELY)), int(rng.choice(4, p=RARELY))
    rows = [sum(comb(a + q, j) for j in range(q + 1)) for q in range(k + 1)]
    least = Fraction(1, 2 * rows[k])
    near = [Fraction(int(rng.integers(-2, 3)), 100) * (rng.random() < 0.5) for _ in range(k + 1)]
    exact = [-((-1) ** (k + q)) * comb(a + 1 + k, a + 1 + q) * Fraction(rows[q], rows[k])
             for q in range(k)]  # fmt: skip
    weights = [v + e for v, e in zip(exact, near, strict=False)]
    limit = least * int(rng.integers(1, 3))
    z = sorted(Fraction(int(v), 8) for v in rng.integers(0, 9, size=a + 1 + k))
    return {"a": a, "k": k, "c": limit, "b": least + near[k], "beta": weights, "z": z}


def either_sign(k, th, i):
    """s v <= c and -s v <= c with s = (-1)^i, from |v| <= c."""
    up, down = k.within(th)
    v, c = up.conclusion.args

    def step(i):
        goal = And(sign(i + 1) * v <= c, -(sign(i + 1) * v) <= c)

        def swapped(before):
            first, second = k.conjuncts(before)
            return k.all(k.by(goal.args[0], second), k.by(goal.args[1], first))

        return k.suppose(And(sign(i) * v <= c, -(sign(i) * v) <= c), swapped)

    start = k.all(k.by(sign(zero) * v <= c, up), k.by(-(sign(zero) * v) <= c, down))
    return k.conjuncts(k.use(k.induction(start, k.nat(step)), i))


def means_vanish(k, q, inside):
    """Σ_t (-1)^t C(d,c+t) C(c+t,c+q) = 0 for q < k: the dual weights annihilate each mean."""
    rest, counted = k.open(k.nat_difference(k.nat_next(inside)))
    th = k.conjuncts(k.lemma("binomial_sums", r=c + q, d=rest))[0]
    same = k.congruent(lambda n: annihilated(n, c + q), k.by(eq(d, c + q + 1 + rest), counted))
    parted = k.sum_split(annihilated(d, c + q), c, size + 1)
    none = k.sum_equal(k.each(c, lambda i, low: beyond(
        k, sign(i) * binom(d, i), i, c + q, low, k.nat_nonnegative(q))))  # fmt: skip
    total = Sum(size + 1, lambda t: sign(t) * binom(d, c + t) * binom(c + t, c + q))
    signed = k.by(eq(sign(c) * total, 0), th, same, parted, none)
    return k.by(eq(total, 0), k.congruent(lambda h: sign(c) * h, signed))


def vanishing(k, first, means):
    """What the alternating weights make of all β_q S(q), and of max x, at their vertices: nothing.

    Gives Σ_t Σ_q w_t γ_q C(c+t, c+q) = 0 and Σ_t w_t C(c+t, d) = 0 for w_t = (-1)^t C(d, c+t),
    γ_q = β_q / C(d, c+q), c = `first` and d = c + k, and γ; `means` is `means_vanish` for all q.
    """
    last = first + size

    def gamma(q):
        return beta[q] * inv(binom(last, first + q))

    def weight(t):
        return sign(t) * binom(last, first + t)

    def term(t, q):
        return weight(t) * gamma(q) * binom(first + t, first + q)

    double = Sum(size + 1, lambda t: Sum(size, lambda q: term(t, q)))
    each_mean = k.sum_equal(k.each(size, lambda q, inside: k.by(
        eq(Sum(size + 1, lambda t: term(t, q)), 0),
        k.congruent(lambda h: gamma(q) * h, k.use(means, q, inside)))))  # fmt: skip
    nothing = k.by(eq(double, 0), k.sum_swap(double), each_mean)
    tops = k.sum_equal(k.each(size, lambda t, inside: beyond(
        k, weight(t), first + t, last, inside)))  # fmt: skip
    return nothing, tops, gamma


def proof(k):
    """The errors at the vertices alternate; the dual weights turn any errors into 1."""
    low, over = lowest(a, size), inv(lowest(a, size))
    counts = k.each(size + 1, lambda j, _: k.nat_nonnegative(binom(a + size, j)))
    start = k.by(0 < size + 1, k.nat_nonnegative(size))
    low_sign = k.by(0 < low, k.sum_term(counts, start))
    cancel = k.equal(low * over, one, low_sign)
    corner = row_end(k, d)
    sums = k.conjuncts(k.lemma("binomial_sums", a=a, t=size))
    constant, norm, inverted = sums[1:4]
    means = k.each(size, lambda q, inside: means_vanish(k, q, inside))
    positive = k.by(0 <= LEAST, k.positive_inverse(low_sign))
    least_size = k.largest2(k.by(LEAST <= LEAST), k.by(-LEAST <= LEAST, positive))

    # the best estimator
    total = Sum(size, best)
    whole = k.by(eq(total, 1 - LEAST - sign(size) * LEAST), cancel,
                 k.congruent(lambda h: sign(size) * over * h, inverted),
                 k.congruent(lambda h: low * over * h, corner))  # fmt: skip

    def seen(m):
        """Σ (-1)^q L(a,q) C(m, c+q), all that the best estimator sees of a vertex."""
        return Sum(size, lambda q: sign(q) * lowest(a, q) * binom(m, c + q))

    def estimate(m):
        """Σ β_q S(q) = Σ β_q + (-1)^k seen(m)/L."""
        return k.sum_equal(k.each(size, lambda q, inside: k.equal(
            best(q) * subset_mean(m, c + q),
            best(q) + sign(size) * over * (sign(q) * lowest(a, q) * binom(m, c + q)),
            mean_is_positive(k, q, inside))))  # fmt: skip

    def bounded(m, equation):
        """|error| <= LEAST, from error = ± LEAST."""
        e = error(LEAST, best, m)
        up, down = either_sign(k, least_size, equation[0])
        return k.largest2(k.by(e <= LEAST, equation[1], up, down),
                          k.by(-e <= LEAST, equation[1], up, down))  # fmt: skip

    def few_zeros(m, below):
        none = k.sum_equal(k.each(size, lambda q, _: beyond(
            k, sign(q) * lowest(a, q), m, c + q, below, k.nat_nonnegative(q))))  # fmt: skip
        unseen = k.congruent(lambda h: sign(size) * over * h, k.by(eq(seen(m), 0), none))
        e = k.by(eq(error(LEAST, best, m), sign(size) * LEAST), whole, estimate(m), unseen,
                 beyond(k, one, m, d, below, k.nat_nonnegative(size)))  # fmt: skip
        return bounded(m, (size, e))

    def some_ones(t, below):
        rest, counted = k.open(k.nat_difference(k.nat_next(below)))
        body = lambda q: sign(q) * lowest(a, q) * binom(c + t, c + q)  # noqa: E731
        same = k.congruent(lambda count: Sum(count, body), counted)
        parted = k.sum_split(Sum(t + 1 + rest, body), t + 1, rest)
        none = k.sum_equal(k.each(rest, lambda i, _: beyond(
            k, sign(t + 1 + i) * lowest(a, t + 1 + i), c + t, c + (t + 1 + i),
            k.nat_nonnegative(i))))  # fmt: skip
        here = k.conjuncts(k.lemma("binomial_sums", a=a, t=t))[3]
        sees = k.by(eq(2 * seen(c + t), 1 + sign(t)), same, parted, none, here)
        e = k.by(eq(error(LEAST, best, c + t), -sign(size + t) * LEAST), whole, estimate(c + t),
                 k.congruent(lambda h: sign(size) * over * h, sees),
                 beyond(k, one, c + t, d, below))  # fmt: skip
        return bounded(c + t, (size + t, e))

    def no_ones():
        e = k.by(eq(error(LEAST, best, d), -sign(zero) * LEAST), corner, estimate(d))
        return bounded(d, (zero, e))

    def moved(th, equation):
        """The bound at m, from the one at n and m = n."""
        m, _ = equation.conclusion.args
        same = k.congruent(lambda v: error(LEAST, best, v), equation)
        up, down = k.within(th)
        e = error(LEAST, best, m)
        return k.largest2(k.by(e <= LEAST, up, same), k.by(-e <= LEAST, down, same))

    def vertex(m, inside):
        def many(above):
            t, counted = k.open(k.nat_difference(above))
            goal = absolute(error(LEAST, best, c + t)) <= LEAST
            place = k.split(
                k.trichotomy(t, size),
                lambda less: some_ones(t, less),
                lambda last: moved(no_ones(), k.by(eq(c + t, d), last)),
                lambda more: k.impossible(goal, k.nat_next(more), inside, counted),
            )
            return moved(place, counted)

        return k.split(k.dichotomy(c, m), many, lambda below: few_zeros(m, below))

    attained = k.each(d + 1, vertex)

    # any estimator
    def none_better(small):
        def e(m):
            return error(base, lambda q: beta[q], m)

        def part(t, inside):
            small_here = k.use(small, c + t, k.by(c + t < d + 1, inside))
            _, down = either_sign(k, small_here, size + t)
            return k.multiply(k.nat_nonnegative(binom(d, c + t)), down)

        parts = k.sum_increasing(k.each(size + 1, part))
        at_a = k.use(small, a, k.by(a < d + 1, k.nat_nonnegative(size)))
        other = k.multiply(k.nat_nonnegative(binom(a + size, a)), either_sign(k, at_a, size)[0])

        nothing, tops, gamma = vanishing(k, c, means)
        at_a_means = k.sum_equal(k.each(size, lambda q, _: beyond(
            k, gamma(q), a, c + q, k.nat_nonnegative(q))))  # fmt: skip
        flat = 1 - base - Sum(size, lambda q: beta[q])
        unit = k.by(
            1 <= 2 * low * bound,
            parts,
            other,
            k.congruent(lambda h: sign(size) * flat * h, constant),
            k.congruent(lambda h: bound * h, norm),
            k.congruent(lambda h: sign(size) * h, nothing),
            k.congruent(lambda h: sign(size) * h, tops),
            k.congruent(lambda h: binom(d, d) * h, corner),
            corner,
            beyond(k, sign(size) * binom(a + size, a), a, d, k.nat_nonnegative(size)),
            k.congruent(lambda h: sign(size) * binom(a + size, a) * h, at_a_means),
        )
        share = k.multiply(k.positive_inverse(low_sign), unit)
        return k.by(LEAST <= bound, share, k.congruent(lambda h: bound * h, cancel))

    values = {"b": LEAST, "s": zero, "beta": function(best), "c": LEAST}
    cube = k.conjuncts(k.lemma("vertices_decide", **values))[0]
    cube = k.supposing(IN_CUBE, lambda *inside: k.use(cube, attained, *inside))
    hypothesis = CLAIM.parts["optimal"].args[0]
    return k.close((), cube, k.suppose(hypothesis, none_better), constant, means, norm)
