"""|softmax(r x) - softmax(r y)|_p <= (|r|/2) |x - y|_p for every real p >= 1, all real r, n >= 1.

Here t^p is t exp((p - 1) log t), which is 0 at t = 0 whatever log 0 may be.

Source: Nair 2025 (arXiv 2510.23012).
Idea: pair the change δ with sign(δ) |δ|^(p-1) along the line from y to x, and use Young.
"""

from fractions import Fraction

from lsetheory.proof import (
    Claim, Equality, Mutant, Sum, absolute, as_term, eq, function, nat, real, vector,
)  # fmt: skip
from lsetheory.proof.samples import entries
from lsetheory.proofs.softmax_lipschitz import change, moved, rate
from lsetheory.proofs.young_real import powered, rest

n, p, r, x, y = nat("n"), real("p"), real("r"), vector("x"), vector("y")


def size(f):
    """The p-th power of the norm, Σ |f_i|^p."""
    return Sum(n, lambda i: powered(absolute(f(i))))


CLAIM = Claim(
    words="Softmax(r x) is |r|/2-Lipschitz in every l_p norm.",
    source="Nair 2025 (arXiv 2510.23012)",
    given=(1 <= n, 1 <= p),
    parts={"bound": size(moved) <= powered(rate) * size(change)},
)
SMALL = Fraction(1, 1024)
AT = {"n": 2, "p": Fraction(5, 2), "r": 2, "x": (SMALL, 0), "y": (0, SMALL)}
EQUALITY = (Equality("bound", AT, within=1e-5), Equality("bound", {**AT, "p": 1}, within=1e-5))
MUTANTS = (
    Mutant("a smaller constant", CLAIM.but(
        bound=size(moved) <= powered(rate * Fraction(999, 1000)) * size(change)), AT),
    Mutant("without r", CLAIM.but(
        bound=size(moved) <= powered(as_term(1) / 2) * size(change)), {**AT, "r": 3}),
)  # fmt: skip


def sample(rng):
    """Exponents from 1 up, entries of all sizes."""
    n = int(rng.integers(2, 5))
    p = 1 + float(rng.choice([0.0, 0.5, 1.0, 7.25]))
    return {"n": n, "p": p, "r": float(rng.choice([1e-3, 1, -1, 20])),
            "x": entries(rng, n, 30.0), "y": entries(rng, n, 30.0)}  # fmt: skip


def proof(k):
    """The pairing bounds Σ |δ|^p by (1 - 1/p) Σ |δ|^p + (1/p) Σ (|r| |x - y|/2)^p."""
    start, least = map(k.assume, CLAIM.given)
    some = k.by(0 < p, least)
    share = k.positive_inverse(some)

    def nonnegative(t):
        return k.by(0 <= absolute(t), *k.within(k.by(absolute(t) <= absolute(t))))

    def limit(j):
        return rate * absolute(change(j))

    def weight(i):
        """g_i, the sign of δ_i times |δ_i|^(p-1)."""
        return moved(i) / absolute(moved(i)) * rest(absolute(moved(i)))

    def u(i):
        return 2 * (1 - 1 / p) * powered(absolute(moved(i)))

    def v(j):
        return 2 / p * powered(limit(j))

    def near(j):
        """|r x_j - r y_j| <= 2 limit_j."""
        sizes = (k.by(absolute(t) <= absolute(t)) for t in (r, change(j)))
        return k.restate(k.size_of_product(*sizes), absolute(r * x[j] - r * y[j]) <= 2 * limit(j))

    def powers(s, w, s_sign, w_sign):
        """Young's bound under 0 < s, (s w)^p = s^p w^p and 0 <= s^p."""
        return k.conjuncts(k.use(k.lemma("young_real", s=s, w=w), least, s_sign, w_sign))

    def limit_sign(j):
        return k.multiply(k.by(0 <= rate, nonnegative(r)), nonnegative(change(j)))

    def pair(i, j):
        """|g_i (r x_j - r y_j)| <= u_i + v_j: by Young, or because g_i is 0."""
        size, product = absolute(moved(i)), weight(i) * (r * x[j] - r * y[j])
        young, _, own = powers(size, limit(j), nonnegative(moved(i)), limit_sign(j))
        goal = absolute(product) <= u(i) + v(j)

        def seen(above):
            one = k.largest2(*k.conjuncts(k.lemma("sign", t=moved(i)))[1:])
            positive, grown = k.exp_positive(rest(size).args[0]), rest(size)
            other = k.largest2(k.by(grown <= grown), k.by(-grown <= grown, positive))
            bound = k.size_of_product(k.size_of_product(one, other), near(j))
            return k.by(goal, bound, k.use(young, above))

        def null(none):
            """The product is 0, as δ_i is, and 0 <= u_i + v_j."""
            up, down = k.within(k.by(size <= size))
            zero = k.equate(k.by(moved(i) <= 0, none, up), k.by(0 <= moved(i), none, down))
            zero = k.congruent(lambda t: t * (rest(size) / size * (r * x[j] - r * y[j])), zero)
            other = powers(limit(j), limit(j), limit_sign(j), limit_sign(j))[2]
            sums = (k.multiply(k.scale(0 <= 1 - 1 / p, share, least, some), own),
                    k.multiply(share, other))  # fmt: skip
            both = (k.by(t <= u(i) + v(j), zero, *sums) for t in (product, -product))
            return k.largest2(*both)

        return k.split(
            k.trichotomy(as_term(0), size), seen, null,
            lambda below: k.impossible(goal, below, nonnegative(moved(i))))  # fmt: skip

    pairs = k.each(n, lambda i, _: k.each(n, lambda j, _: pair(i, j)))
    pairing = k.lemma("softmax_pairing", g=function(weight), u=function(u), v=function(v),
                      x=function(lambda i: r * x[i]), y=function(lambda i: r * y[i]))  # fmt: skip
    paired = k.use(pairing, start, pairs)

    def as_power(i, _):
        """g_i δ_i = |δ_i|^p."""
        times = k.first(k.lemma("sign", t=moved(i)))
        own = k.congruent(lambda t: rest(absolute(moved(i))) * t, times)
        return k.by(eq(weight(i) * moved(i), powered(absolute(moved(i)))), own)

    def split(j, _):
        """limit_j^p = (|r|/2)^p |x_j - y_j|^p."""
        half = k.by(0 <= rate, nonnegative(r))
        return powers(rate, absolute(change(j)), half, nonnegative(change(j)))[1]

    total = k.by(size(moved) <= paired.conclusion.args[1], k.sum_equal(k.each(n, as_power)), paired)
    total = k.scale(size(moved) <= Sum(n, lambda j: powered(limit(j))), some, total, some)
    return k.close(CLAIM.given, k.by(CLAIM.parts["bound"], total, k.sum_equal(k.each(n, split))))
