"""Five finite sums of binomial coefficients, for all natural a, b, d, r, t:

Σ_{m<=d} (-1)^m C(d,m) C(m,r) = 0 for r < d (differences annihilate polynomials of lower degree);
Σ_{t<=k} (-1)^t C(a+1+k,a+1+t) = C(a+k,a);
Σ_{t<=k} C(a+1+k,a+1+t) + C(a+k,a) = 2 L(a,k), with L(a,k) = Σ_{j<=k} C(a+k,j);
Σ_{q<=t} (-1)^q L(a,q) C(a+1+t,a+1+q) = (1 + (-1)^t)/2;
Σ_{q<=t} (-1)^q C(b+q,b) C(b+2+t,b+2+q) = t + 1.

Source: Graham, Knuth & Patashnik 1994, Concrete Mathematics, section 5.1, for the first two.
Idea: Pascal's rule makes each sum a combination of the same sum at smaller arguments.
"""

from lsetheory.proof import (
    Claim, ForAll, Mutant, Sum, as_term, binom, eq, function, nat, power, vector,
)  # fmt: skip

a, b, d, r, t = map(nat, "abdrt")
zero, one = as_term(0), as_term(1)


def sign(i):
    """(-1)^i."""
    return power(-1, i)


def lowest(a, q):
    """L(a, q): how many subsets of a + q things have at most q."""
    return Sum(q + 1, lambda j: binom(a + q, j))


def annihilated(d, r):
    """The d-th difference of C(m, r) at m = 0, but for its sign."""
    return Sum(d + 1, lambda m: sign(m) * binom(d, m) * binom(m, r))


def alternating(a, k):
    """The last k + 1 binomial coefficients of their row, with signs."""
    return Sum(k + 1, lambda t: sign(t) * binom(a + 1 + k, a + 1 + t))


def inverse(weight, c, t):
    """Σ_{q<=t} (-1)^q weight(q) C(c+t, c+q)."""
    return Sum(t + 1, lambda q: sign(q) * weight(q) * binom(c + t, c + q))


CLAIM = Claim(
    words="Alternating sums of binomial coefficients that annihilate lower degrees, add up parts "
    "of a row, and invert partial sums of rows.",
    source="Graham, Knuth & Patashnik 1994, section 5.1; here",
    parts={
        "annihilated": eq(annihilated(r + 1 + d, r), 0),
        "alternating": eq(alternating(a, t), binom(a + t, a)),
        "norm": eq(Sum(t + 1, lambda j: binom(a + 1 + t, a + 1 + j)) + binom(a + t, a),
                   2 * lowest(a, t)),
        "inverse": eq(2 * inverse(lambda q: lowest(a, q), a + 1, t), 1 + sign(t)),
        "inverse_row": eq(inverse(lambda q: binom(b + q, b), b + 2, t), t + 1),
    },
)  # fmt: skip
EQUALITY = ()  # equations
AT = {"a": 2, "b": 1, "d": 1, "r": 2, "t": 3}
MUTANTS = (
    Mutant("the degree itself", CLAIM.but(annihilated=eq(annihilated(r + d, r), 0)),
           {**AT, "d": 0}),
    Mutant("a row too far", CLAIM.but(alternating=eq(alternating(a, t), binom(a + 1 + t, a))), AT),
    Mutant("without the last coefficient", CLAIM.but(norm=eq(
        Sum(t + 1, lambda j: binom(a + 1 + t, a + 1 + j)), 2 * lowest(a, t))), AT),
    Mutant("without signs", CLAIM.but(inverse=eq(2 * inverse(lambda q: lowest(a, q), a + 1, t), 2)),
           AT),
)  # fmt: skip


def sample(rng):
    """Small natural numbers."""
    return {name: int(rng.integers(0, 9)) for name in ("a", "b", "d", "r", "t")}


def proof(k):
    """Pascal's rule in every term, then induction."""
    F, G, c = vector("F"), vector("G"), nat("c")

    def front(total, rest):
        """Σ_{i<rest+1} f(i) = f(0) + Σ_{i<rest} f(i+1)."""
        return k.sum_split(total, one, rest)

    def pascal(count, factor, n, c):
        """Σ factor(i) C(n(i)+1, c(i)+1) = Σ factor(i) (C(n(i), c(i)) + C(n(i), c(i)+1))."""
        return k.sum_equal(k.each(count, lambda i, _: k.congruent(
            lambda h: factor(i) * h, k.binomial_next(n(i), c(i)))))  # fmt: skip

    def beyond(factor, n, *rest):
        """factor C(n, n + 1 + rest) = 0."""
        c = n + 1 + sum(rest, zero)
        over = k.by(n < c, *map(k.nat_nonnegative, rest))
        return k.by(eq(factor * binom(n, c), 0),
                    k.congruent(lambda h: factor * h, k.binomial_beyond(over)))  # fmt: skip

    def inductive(start, step, f):
        """∀i. f(i), from f(0) and f(i) → f(i + 1), each in any form equal to it."""
        base = k.restate(start, f(zero))
        after = k.nat(lambda i: k.suppose(f(i), lambda th: k.by(f(i + 1), *step(i, th))))
        return k.induction(base, after)

    full = inductive(k.equal(binom(zero, zero), one),
                     lambda i, th: (th, k.binomial_next(i, i), beyond(one, i)),
                     lambda i: eq(binom(i, i), 1))  # fmt: skip

    # differences: T(d+1, 0) = 0 and T(d+1, r+1) = -T(d, r)
    def none(d):
        whole, tail = annihilated(d + 1, zero), Sum(d + 1 + 1, lambda m: sign(m) * binom(d, m))
        return k.by(eq(whole, 0), front(whole, d + 1), front(tail, d + 1), beyond(sign(d), d),
                    pascal(d + 1, sign, lambda m: d, lambda m: m))  # fmt: skip

    def lower(r):
        def next_one(before):
            def at(d):
                n = r + 1 + d
                whole = annihilated(n + 1, r + 1)
                tail = Sum(n + 1 + 1, lambda m: sign(m) * binom(n, m) * binom(m, r + 1))
                return k.by(
                    eq(annihilated(r + 1 + 1 + d, r + 1), 0),
                    k.use(before, d),
                    front(whole, n + 1),
                    front(tail, n + 1),
                    beyond(one, zero, r),
                    beyond(sign(n) * binom(n + 1, r + 1), n),
                    pascal(n + 1, lambda m: sign(m) * binom(m + 1, r + 1), lambda m: n,
                           lambda m: m),
                    pascal(n + 1, lambda m: sign(m) * binom(n, m), lambda m: m, lambda m: r),
                )  # fmt: skip

            return k.nat(at)

        return k.suppose(degree(r), next_one)

    def degree(r):
        return ForAll("nat", lambda d: eq(annihilated(r + 1 + d, r), 0))

    base = k.nat(lambda d: k.by(eq(annihilated(zero + 1 + d, zero), 0), none(d)))
    differences = k.induction(base, k.nat(lower))

    # a row with signs, and without
    def row(factor):
        """Σ_{i<t+1} factor(i) C(a+t+1, a+1+i) by Pascal's rule, and what goes with it."""
        tail = Sum(t + 1 + 1, lambda i: factor(i) * binom(a + t, a + i))
        return (pascal(t + 1, factor, lambda i: a + t, lambda i: a + i), front(tail, t + 1),
                beyond(factor(t), a + t))  # fmt: skip

    signs = k.by(CLAIM.parts["alternating"], *row(sign))

    def upper(a, q):
        """The last q + 1 coefficients of row a + q."""
        return Sum(q + 1, lambda j: binom(a + q, a + j))

    def lowest_next(a, q):
        """L(a+1, q+1) = L(a, q+1) + L(a+1, q)."""
        n = a + q + 1
        return k.by(eq(lowest(a + 1, q + 1), lowest(a, q + 1) + lowest(a + 1, q)),
                    front(lowest(a + 1, q + 1), q + 1), front(lowest(a, q + 1), q + 1),
                    pascal(q + 1, lambda j: one, lambda j: n, lambda j: j))  # fmt: skip

    def upper_next(a, q):
        """The same for the other end of the row."""
        n = a + q + 1
        return k.by(eq(upper(a + 1, q + 1), upper(a, q + 1) + upper(a + 1, q)), beyond(one, n),
                    pascal(q + 1 + 1, lambda j: one, lambda j: n, lambda j: a + j))  # fmt: skip

    def mirrored(a):
        return ForAll("nat", lambda q: eq(lowest(a, q), upper(a, q)))

    def mirror(a):
        def next_one(before):
            start = k.by(eq(lowest(a + 1, zero), upper(a + 1, zero)), k.use(full, a + 1))
            return inductive(
                start,
                lambda q, th: (th, lowest_next(a, q), upper_next(a, q), k.use(before, q + 1)),
                lambda q: eq(lowest(a + 1, q), upper(a + 1, q)),
            )

        return k.suppose(mirrored(a), next_one)

    mirrors = k.induction(k.nat(lambda q: k.by(eq(lowest(zero, q), upper(zero, q)))), k.nat(mirror))
    norm = k.by(CLAIM.parts["norm"], *row(lambda i: one), k.use(mirrors, a, t))

    # inverse(F, c+1, t+1) = inverse(F, c, t+1) + inverse(F, c+1, t)
    def entry(F):
        return lambda q: F[q]

    whole = inverse(entry(F), c + 1, t + 1)
    split = k.by(eq(whole, inverse(entry(F), c, t + 1) + inverse(entry(F), c + 1, t)),
                 pascal(t + 1 + 1, lambda q: sign(q) * F[q], lambda q: c + t + 1,
                        lambda q: c + q),
                 beyond(sign(t) * F[t + 1], c + t + 1))  # fmt: skip

    def lowered(start, steps):
        """inverse(G, c+1, t+1) = inverse(F, c, t+1) if G_0 = F_0 and G_(q+1) = F_(q+1) + G_q."""
        terms = k.sum_equal(k.each(t + 1, lambda q, _: k.congruent(
            lambda h: sign(q) * binom(c + t + 1, c + 1 + q) * h, k.use(steps, q))))  # fmt: skip
        return k.by(eq(inverse(entry(G), c + 1, t + 1), inverse(entry(F), c, t + 1)),
                    k.put(split, F=function(lambda q: G[q])), terms,
                    front(inverse(entry(F), c, t + 1), t + 1),
                    front(inverse(entry(G), c, t + 1), t + 1),
                    k.congruent(lambda h: binom(c + t + 1, c) * h, start))  # fmt: skip

    STEPS = ForAll("nat", lambda q: eq(G[q + 1], F[q + 1] + G[q]))
    general = k.supposing((eq(G[0], F[0]), STEPS), lowered)

    def weighted(a, t):
        return inverse(lambda q: lowest(a, q), a + 1, t)

    # 2 Σ (-1)^q 2^q C(1+t, 1+q) = 1 + (-1)^t
    def doubled(q):
        """L(0, q+1) = 2 L(0, q)."""
        tail = Sum(q + 1 + 1, lambda j: binom(q, j))
        return k.by(eq(lowest(zero, q + 1), 2 * lowest(zero, q)), beyond(one, q),
                    front(lowest(zero, q + 1), q + 1), front(tail, q + 1),
                    pascal(q + 1, lambda j: one, lambda j: q, lambda j: j))  # fmt: skip

    DOUBLED = ForAll("nat", lambda q: eq(F[q + 1], 2 * F[q]))

    def first(start, double):
        """inverse(F, 1, t+1) = 1 - inverse(F, 1, t) if F_0 = 1 and F_(q+1) = 2 F_q."""
        terms = k.sum_equal(k.each(t + 1, lambda q, _: k.congruent(
            lambda h: sign(q) * binom(t + 1, 1 + q) * h, k.use(double, q))))  # fmt: skip
        return k.by(eq(inverse(entry(F), one, t + 1), 1 - inverse(entry(F), one, t)), terms,
                    k.put(split, c=zero), front(inverse(entry(F), zero, t + 1), t + 1),
                    start)  # fmt: skip

    powers = k.supposing((eq(F[0], 1), DOUBLED), first)
    of_first = k.put(powers, F=function(lambda q: lowest(zero, q)))
    of_first = k.use(of_first, k.equal(lowest(zero, zero), one), k.nat(doubled))
    of_first = k.generalise(of_first, t)

    def halved(a):
        return ForAll("nat", lambda t: eq(2 * weighted(a, t), 1 + sign(t)))

    base = inductive(k.equal(2 * weighted(zero, zero), 1 + sign(zero)),
                     lambda i, th: (th, k.use(of_first, i)),
                     lambda i: eq(2 * weighted(zero, i), 1 + sign(i)))  # fmt: skip
    values = {"F": function(lambda q: lowest(a, q)), "G": function(lambda q: lowest(a + 1, q)),
              "c": a + 1}  # fmt: skip
    same = k.use(k.put(general, **values), k.equal(lowest(a + 1, zero), lowest(a, zero)),
                 k.nat(lambda q: lowest_next(a, q)))  # fmt: skip
    same = k.generalise(k.generalise(same, t), a)

    def each_row(a):
        def next_one(before):
            start = k.by(eq(2 * weighted(a + 1, zero), 1 + sign(zero)), k.use(full, a + 1 + 1))
            step = k.nat(lambda i: k.by(eq(2 * weighted(a + 1, i + 1), 1 + sign(i + 1)),
                                        k.use(same, a, i), k.use(before, i + 1)))  # fmt: skip
            return inductive(start, lambda i, th: (k.use(step, i),),
                             lambda i: eq(2 * weighted(a + 1, i), 1 + sign(i)))  # fmt: skip

        return k.suppose(halved(a), next_one)

    inverted = k.use(k.induction(base, k.nat(each_row)), a, t)

    # Σ (-1)^q C(b+q, b) C(c+t, c+q) for c = b, b + 1, b + 2 is 0, 1, t + 1
    def column(q):
        return binom(b + q, b)

    n = b + 1 + t
    zeros = k.sum_equal(k.each(b, lambda i, inside: k.by(
        eq(sign(i) * binom(n, i) * binom(i, b), 0),
        k.congruent(lambda h: sign(i) * binom(n, i) * h, k.binomial_beyond(inside)))))  # fmt: skip
    split_sum = k.sum_split(annihilated(n, b), b, t + 1 + 1)
    nothing = k.by(eq(sign(b) * inverse(column, b, t + 1), 0), zeros, split_sum,
                   k.use(differences, b, t))  # fmt: skip
    nothing = k.by(eq(inverse(column, b, t + 1), 0), k.congruent(lambda h: sign(b) * h, nothing))
    nothing = k.generalise(nothing, t)
    split = k.put(split, F=function(column))
    once = k.generalise(k.put(split, c=b), t)
    twice = k.generalise(k.put(split, c=b + 1), t)

    def corner(c):
        """C(b, b) C(c, c) = 1."""
        return k.by(eq(binom(b, b) * binom(c, c), 1), k.use(full, c), k.congruent(
            lambda h: h * binom(c, c), k.use(full, b)))  # fmt: skip

    ones = inductive(k.by(eq(inverse(column, b + 1, zero), 1), corner(b + 1)),
                     lambda i, th: (th, k.use(once, i), k.use(nothing, i)),
                     lambda i: eq(inverse(column, b + 1, i), 1))  # fmt: skip
    counts = inductive(k.by(eq(inverse(column, b + 2, zero), zero + 1), corner(b + 2)),
                       lambda i, th: (th, k.use(twice, i), k.use(ones, i + 1)),
                       lambda i: eq(inverse(column, b + 2, i), i + 1))  # fmt: skip
    return k.close((), k.use(differences, r, d), signs, norm, inverted, k.use(counts, t))
