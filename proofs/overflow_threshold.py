"""Naive log-sum-exp exceeds Ω on its way exactly if LSE(x) > log Ω; the shifted form never does.

Ω > 0 is any threshold, say the largest finite number of a format; arithmetic is exact here.

Source: folklore; Blanchard, Higham & Higham 2021, section 1.
Idea: exp and log are increasing, and a partial sum of positive terms is at most the whole sum.
"""

from fractions import Fraction

from lsetheory.proof import (
    Claim, Equality, Implies, Max, Mutant, Sum, each, eq, exp, log, lse, nat, real, some, vector,
)  # fmt: skip

n, omega, x = nat("n"), real("omega"), vector("x")
top, y = Max(n, lambda i: x[i]), lse(n, lambda i: x[i])


def partial(m):
    """The sum of the first m exponentials."""
    return Sum(m, lambda i: exp(x[i]))


def shifted(m):
    """The sum of the first m exponentials after the maximum is subtracted."""
    return Sum(m, lambda i: exp(x[i] - top))


def no_shifted_term(bound):
    """No shifted exponential exceeds a bound."""
    return each(n, lambda j: exp(x[j] - top) <= bound)


CLAIM = Claim(
    words="Some exponential exceeds the largest finite number exactly if max x > log Omega, some "
    "partial sum exactly if LSE(x) > log Omega; with the maximum subtracted no exponential exceeds "
    "1 and no partial sum n, so neither exceeds Omega if n <= Omega; and the value is the same.",
    source="Blanchard, Higham & Higham 2021, section 1",
    given=(1 <= n, 0 < omega),
    parts={
        "term": Implies(log(omega) < top, some(n, lambda j: omega < exp(x[j]))),
        "term_only": Implies(some(n, lambda j: omega < exp(x[j])), log(omega) < top),
        "sum": Implies(log(omega) < y, omega < partial(n)),
        "sum_only": Implies(some(n, lambda j: omega < partial(j + 1)), log(omega) < y),
        "shifted_terms": no_shifted_term(1),
        "shifted_sums": each(n, lambda j: shifted(j + 1) <= n),
        "terms_fit": Implies(n <= omega, no_shifted_term(omega)),
        "sum_fits": Implies(n <= omega, shifted(n) <= omega),
        "sums_fit": Implies(n <= omega, each(n, lambda j: shifted(j + 1) <= omega)),
        "value": eq(y, top + log(shifted(n))),
    },
)
EQUALITY = (
    Equality("sum_fits", {"n": 3, "omega": 3, "x": (700, 700, 700)}),
    Equality("sum_fits", {"n": 1, "omega": 1, "x": (-5,)}),
)
NEARLY = Fraction(10**9 - 1, 10**9)
MUTANTS = (
    Mutant("the sum overflows only with a term", CLAIM.but(
        sum_only=Implies(some(n, lambda j: omega < partial(j + 1)), log(omega) < top)),
        {"n": 2, "omega": Fraction(3, 2), "x": (0, 0)}),
    Mutant("a term overflows with the sum", CLAIM.but(
        term=Implies(log(omega) < y, some(n, lambda j: omega < exp(x[j])))),
        {"n": 2, "omega": Fraction(3, 2), "x": (0, 0)}),
    Mutant("room for nearly n", CLAIM.but(sum_fits=Implies(n * NEARLY <= omega,
                                                           shifted(n) <= omega)),
           {"n": 2, "omega": 2 - Fraction(1, 10**9), "x": (5, 5)}),
    Mutant("the naive sum never overflows", CLAIM.but(sum_fits=Implies(n <= omega,
                                                                       partial(n) <= omega)),
           {"n": 2, "omega": 2, "x": (0, 1)}),
    Mutant("no room asked for", CLAIM.but(sum_fits=shifted(n) <= omega),
           {"n": 2, "omega": 1, "x": (0, 0)}),
)  # fmt: skip


def proof(k):
    """Compare exponentials with Ω = exp(log Ω), and partial sums with the whole sum."""
    start, positive = map(k.assume, CLAIM.given)
    nonempty = k.by(0 < n, start)
    same = k.exp_log(positive)
    total = k.positive(partial(n), nonempty)
    exponentials = [k.each(n, lambda i, _, s=s: k.exp_positive(x[i] - s)) for s in (0 * top, top)]

    def at_most_whole(f, signs, j, here):
        """The sum of the first j + 1 positive terms is at most the sum of all."""
        rest, counted = k.open(k.nat_difference(k.nat_next(here)))
        whole = k.congruent(lambda count: Sum(count, f), counted)
        parted = k.sum_split(Sum(j + 1 + rest, f), j + 1, rest)

        def later(i, inside):
            place = k.by(j + 1 + i < n, inside, counted)
            return k.by(0 <= f(j + 1 + i), k.use(signs, j + 1 + i, place))

        over = k.sum_increasing(k.each(rest, later))
        return k.by(Sum(j + 1, f) <= Sum(n, f), whole, parted, over)

    def term(above):
        j, inside, equals = k.attained(top, nonempty)
        more = k.by(omega < exp(x[j]), k.exp_increasing(k.by(log(omega) < x[j], above, equals)),
                    same)  # fmt: skip
        return k.witness(k.both(inside, more), CLAIM.parts["term"].args[1], j)

    def term_only(exceeded):
        _, found = k.open(exceeded)
        inside, more = k.conjuncts(found)
        return k.by(log(omega) < top, k.log_increasing(positive, more), k.max_upper(top, inside))

    def sum_only(exceeded):
        j, found = k.open(exceeded)
        inside, more = k.conjuncts(found)
        whole = at_most_whole(lambda i: exp(x[i]), exponentials[0], j, inside)
        return k.log_increasing(positive, k.by(omega < partial(n), more, whole))

    def summed(above):
        return k.by(omega < partial(n), k.exp_increasing(above), same, k.exp_log(total))

    small = k.each(n, lambda j, inside: k.by(
        exp(x[j] - top) <= 1,
        k.exp_increasing(k.by(x[j] - top <= 0, k.max_upper(top, inside)))))  # fmt: skip
    whole = k.by(shifted(n) <= n, k.sum_increasing(small))
    sums = k.each(n, lambda j, inside: k.by(
        shifted(j + 1) <= n, whole,
        at_most_whole(lambda i: exp(x[i] - top), exponentials[1], j, inside)))  # fmt: skip

    return k.close(
        CLAIM.given,
        k.suppose(log(omega) < top, term),
        k.suppose(CLAIM.parts["term_only"].args[0], term_only),
        k.suppose(log(omega) < y, summed),
        k.suppose(CLAIM.parts["sum_only"].args[0], sum_only),
        small,
        sums,
        k.suppose(n <= omega, lambda room: k.each(n, lambda j, inside: k.by(
            exp(x[j] - top) <= omega, k.use(small, j, inside), start, room))),
        k.suppose(n <= omega, lambda room: k.by(shifted(n) <= omega, whole, room)),
        k.suppose(n <= omega, lambda room: k.each(n, lambda j, inside: k.by(
            shifted(j + 1) <= omega, k.use(sums, j, inside), room))),
        k.equal(y, top + log(shifted(n)), total),
    )  # fmt: skip
