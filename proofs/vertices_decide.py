"""On all sorted points of the unit cube β_0 + β_1 S(1) + Σ β_r S(r) is as near to max x as it is at
the vertices 0..01..1, where S(r) is the mean of the maxima over all r-subsets.

At a sorted point z_0 <= ... <= z_(d-1) S(r) is Σ z_i C(i, r-1)/C(d, r), as z_i is the largest in a
subset with r - 1 entries before it, and max x is z_(d-1). Here d = a + 1 + k, r = a + 1 + q, q < k.

Source: Matoba, Dimitriadis & Fleuret 2023 for the estimators; folklore.
Idea: sum by parts: the error at z is a mean of those at the vertices, with weights z_i - z_(i-1).
"""

from fractions import Fraction

from lsetheory.proof import (
    Claim, Equality, Implies, Mutant, Sum, absolute, as_term, binom, each, eq, function, inv, nat,
    real, vector,
)  # fmt: skip

a, size, bound, m = nat("a"), nat("k"), real("c"), nat("m")
base, slope, beta, z = real("b"), real("s"), vector("beta"), vector("z")
zero, one = as_term(0), as_term(1)
c, d = a + 1, a + 1 + size


def vertex_error(m):
    """max x - (β_0 + β_1 S(1) + Σ β_q S(a + 1 + q)) at the vertex with m zeros."""
    means = Sum(size, lambda q: beta[q] * (1 - binom(m, c + q) * inv(binom(d, c + q))))
    return 1 - binom(m, d) - (base + slope * (1 - m * inv(d)) + means)


def estimation_error(constant, first, weights, a=a):
    """max x - (β_0 + β_1 S(1) + Σ β_q S(a + 1 + q)) at z."""
    d = a + 1 + size

    def mean_of_maxima(q):
        return Sum(d, lambda i: z[i] * binom(i, a + q)) * inv(binom(d, a + 1 + q))

    means = Sum(size, lambda q: weights(q) * mean_of_maxima(q))
    return z[a + size] - (constant + first * (Sum(d, lambda i: z[i]) * inv(d)) + means)


def in_cube(a=a):
    """0 <= z_0 <= z_1 <= ... <= z_(d-1) <= 1."""
    return 0 <= z[0], each(a + size, lambda i: z[i] <= z[i + 1]), z[a + size] <= 1


ERROR = estimation_error(base, slope, lambda q: beta[q])
AT_VERTICES = each(d + 1, lambda m: absolute(vertex_error(m)) <= bound)
IN_CUBE = in_cube()
VERTEX = (m <= d, each(m, lambda i: eq(z[i], 0)),
          each(d, lambda i: Implies(m <= i, eq(z[i], 1))))  # fmt: skip


def everywhere(cube):
    """No sorted point of the cube has a larger error than the vertices."""
    return Implies(AT_VERTICES, *cube, absolute(ERROR) <= bound)


CLAIM = Claim(
    words="An estimator of max by means of maxima over subsets errs in the unit cube at most as "
    "much as at its vertices, sorted; so the families' errors at the vertices are their errors.",
    source="Matoba, Dimitriadis & Fleuret 2023; folklore",
    parts={
        "everywhere": everywhere(IN_CUBE),
        "vertex": Implies(*VERTEX, eq(ERROR, vertex_error(m))),
    },
)
AT = {"a": 0, "k": 1, "c": Fraction(1, 4), "b": Fraction(1, 4), "s": 0, "beta": (1,), "m": 1,
      "z": (0, 1)}  # fmt: skip
EQUALITY = (Equality("everywhere", AT), Equality("everywhere", {**AT, "m": 0, "z": (1, 1)}))
MUTANTS = (
    Mutant("points outside the cube", CLAIM.but(everywhere=everywhere(IN_CUBE[:2])),
           {**AT, "z": (0, 9)}),
    Mutant("points in any order", CLAIM.but(everywhere=everywhere((IN_CUBE[0], IN_CUBE[2]))),
           {**AT, "z": (9, 1)}),
    Mutant("negative entries", CLAIM.but(everywhere=everywhere(IN_CUBE[1:])),
           {**AT, "z": (-9, 1)}),
    Mutant("the vertex with one zero more", CLAIM.but(vertex=Implies(
        *VERTEX, eq(ERROR, vertex_error(m + 1)))), AT),
)  # fmt: skip


def sample(rng):
    """Sorted points and vertices of the cube, with dyadic estimators."""
    a, k = int(rng.integers(0, 3)), int(rng.integers(0, 4))
    n = a + 1 + k
    m = int(rng.integers(0, n + 1))
    inner = sorted(Fraction(int(v), 8) for v in rng.integers(0, 9, size=n))
    corner = [Fraction(int(i >= m)) for i in range(n)]
    b, s, *beta = (Fraction(int(v), 8) for v in rng.integers(-9, 10, size=k + 2))
    return {"a": a, "k": k, "m": m, "c": Fraction(int(rng.integers(0, 20)), 4), "b": b, "s": s,
            "beta": beta, "z": corner if rng.random() < 0.5 else inner}  # fmt: skip


# Steps shared with the families.


def row_end(k, n):
    """C(n, n) = 1, for a term n."""
    i = nat("i")
    over = k.binomial_beyond(k.by(i < i + 1))
    step = k.suppose(eq(binom(i, i), 1), lambda th: k.by(
        eq(binom(i + 1, i + 1), 1), th, over, k.binomial_next(i, i)))  # fmt: skip
    start = k.equal(binom(zero, zero), one)
    return k.use(k.induction(start, k.generalise(step, i)), n)


def beyond(k, factor, n, r, *premises):
    """factor C(n, r) = 0, where n < r follows from the premises."""
    over = k.binomial_beyond(k.by(n < r, *premises))
    return k.by(eq(factor * binom(n, r), 0), k.congruent(lambda h: factor * h, over))


def mean_is_positive(k, q, inside):
    """0 < C(d, c + q) for q < k."""
    n, j = nat("n"), nat("j")
    more = k.suppose(1 <= binom(n + 1 + j, n + 1), lambda th: k.by(
        1 <= binom(n + 1 + (j + 1), n + 1), th, k.nat_nonnegative(binom(n + 1 + j, n)),
        k.binomial_next(n + 1 + j, n)))  # fmt: skip
    start = k.by(1 <= binom(n + 1 + zero, n + 1), row_end(k, n + 1))
    every = k.put(k.induction(start, k.generalise(more, j)), n=a + q)
    rest, counted = k.open(k.nat_difference(k.nat_next(inside)))
    same = k.congruent(lambda m: binom(m, c + q), k.by(eq(d, c + q + 1 + rest), counted))
    return k.by(0 < binom(d, c + q), k.use(every, rest + 1), same)


def proof(k):
    """The error at z is H(d) - Σ z_i (H(i+1) - H(i)), with H the errors at the vertices."""
    H, corner = vertex_error, row_end(k, d)
    d_over = k.equal(d * inv(d), one, k.positive(d, k.by(0 < d, k.nat_nonnegative(a + size))))

    def gamma(q):
        return beta[q] * inv(binom(d, c + q))

    def rise(i):
        """H(i+1) - H(i)."""
        pascal = k.sum_equal(k.each(size, lambda q, _: k.congruent(
            lambda h: gamma(q) * h, k.binomial_next(i, a + q))))  # fmt: skip
        goal = eq(H(i + 1) - H(i), slope * inv(d) - binom(i, a + size)
                  + Sum(size, lambda q: gamma(q) * binom(i, a + q)))  # fmt: skip
        return k.by(goal, pascal, k.binomial_next(i, a + size))

    rises = k.sum_equal(k.each(d, lambda i, _: k.congruent(lambda h: z[i] * h, rise(i))))
    total = rises.conclusion.args[0]
    double = Sum(d, lambda i: Sum(size, lambda q: z[i] * gamma(q) * binom(i, a + q)))
    tops = k.sum_equal(k.each(a + size, lambda i, inside: beyond(k, z[i], i, a + size, inside)))
    top = k.by(eq(z[a + size] * binom(a + size, a + size), z[a + size]),
               k.congruent(lambda h: z[a + size] * h, row_end(k, a + size)))  # fmt: skip
    full = k.sum_equal(k.each(size, lambda q, inside: k.equal(
        beta[q] * (1 - binom(d, c + q) * inv(binom(d, c + q))), zero,
        mean_is_positive(k, q, inside))))  # fmt: skip
    last = k.by(eq(H(d), -base), full, corner, k.congruent(lambda h: slope * h, d_over))
    by_parts = k.by(eq(ERROR, H(d) - total), rises, last, tops, top, k.sum_swap(double))

    def kept(j):
        """z_j H(j+1) - Σ_{i<=j} z_i (H(i+1) - H(i))."""
        return z[j] * H(j + 1) - Sum(j + 1, lambda i: z[i] * (H(i + 1) - H(i)))

    def cube(small, least, rising, most):
        def goal(j):
            return Implies(j < d, absolute(kept(j)) <= bound * z[j])

        def both(value, limit, above, below):
            return k.largest2(k.by(value <= limit, *above), k.by(-value <= limit, *below))

        def start(here):
            up, down = (
                k.multiply(k.by(0 <= z[zero], least), th)
                for th in k.within(k.use(small, zero, k.by(zero < d + 1, here)))
            )
            return both(kept(zero), bound * z[zero], (up,), (down,))

        def step(j):
            def next_one(before, here):
                up, down = k.within(k.use(before, k.by(j < d, here)))
                gap = k.by(0 <= z[j + 1] - z[j], k.use(rising, j, k.by(j < a + size, here)))
                more, less = (k.multiply(gap, th) for th in k.within(
                    k.use(small, j + 1, k.by(j + 1 < d + 1, here))))  # fmt: skip
                return both(kept(j + 1), bound * z[j + 1], (up, more), (down, less))

            return k.supposing((goal(j), j + 1 < d), next_one)

        every = k.induction(k.suppose(zero < d, start), k.nat(step))
        up, down = k.within(k.use(every, a + size, k.by(a + size < d)))
        rest = k.by(0 <= 1 - z[a + size], most)
        more, less = (k.multiply(rest, th)
                      for th in k.within(k.use(small, d, k.by(d < d + 1))))  # fmt: skip
        return both(ERROR, bound, (by_parts, up, more), (by_parts, down, less))

    def vertex(few, zeros, ones):
        rest, counted = k.open(k.nat_difference(few))

        def f(i):
            return z[i] * (H(i + 1) - H(i))

        same = k.congruent(lambda count: Sum(count, f), counted)
        parted = k.sum_split(Sum(m + rest, f), m, rest)
        none = k.sum_equal(
            k.each(
                m,
                lambda i, here: k.by(
                    eq(f(i), 0), k.congruent(lambda h: h * (H(i + 1) - H(i)), k.use(zeros, i, here))
                ),
            )
        )

        def one_more(i, here):
            inside = k.by(m + i < d, here, counted)
            on = k.use(ones, m + i, inside, k.by(m <= m + i, k.nat_nonnegative(i)))
            return k.by(eq(f(m + i), H(m + i + 1) - H(m + i)),
                        k.congruent(lambda h: h * (H(m + i + 1) - H(m + i)), on))  # fmt: skip

        G = vector("G")
        telescope = k.induction(
            k.equal(Sum(zero, lambda i: G[i + 1] - G[i]), G[zero] - G[0]),
            k.nat(lambda n: k.suppose(
                eq(Sum(n, lambda i: G[i + 1] - G[i]), G[n] - G[0]),
                lambda th: k.by(eq(Sum(n + 1, lambda i: G[i + 1] - G[i]), G[n + 1] - G[0]), th))),
        )  # fmt: skip
        falls = k.use(k.put(telescope, G=function(lambda i: H(m + i))), rest)
        end = k.congruent(H, counted)
        return k.by(eq(ERROR, H(m)), by_parts, same, parted, none,
                    k.sum_equal(k.each(rest, one_more)), falls, end)  # fmt: skip

    return k.close((), k.supposing((AT_VERTICES, *IN_CUBE), cube), k.supposing(VERTEX, vertex))
