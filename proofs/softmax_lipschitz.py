"""softmax(r x) is r/2-Lipschitz: |softmax(r x) - softmax(r y)|_p <= (|r|/2) |x - y|_p.

For every n >= 1, all real r, every natural exponent p = q + 1 >= 1 and the maximum norm.

Source: Nair 2025 (arXiv 2510.23012); softmax_lipschitz_every_p has every real p >= 1.
Idea: along the line from y to x, pair the change with what is dual to it, and use Young.
"""

from fractions import Fraction

from lsetheory.proof import (
    Claim, Equality, Max, Mutant, Sum, absolute, eq, function, inv, nat, power, real, softmax,
    vector,
)  # fmt: skip

n, q, r, x, y = nat("n"), nat("q"), real("r"), vector("x"), vector("y")


def at(z):
    """softmax(r z)."""
    return lambda i: softmax(n, lambda j: r * z[j], i)


def moved(i):
    """What entry i of softmax changes by."""
    return at(x)(i) - at(y)(i)


def change(i):
    """What entry i of the input changes by."""
    return x[i] - y[i]


def size(f):
    """The power of the norm, Σ |f_i|^(q+1)."""
    return Sum(n, lambda i: power(absolute(f(i)), q + 1))


def largest(f):
    """The maximum norm."""
    return Max(n, lambda i: absolute(f(i)))


rate = absolute(r) / 2

CLAIM = Claim(
    words="Softmax(r x) is |r|/2-Lipschitz in every norm of integer exponent and in the maximum's.",
    source="Nair 2025 (arXiv 2510.23012)",
    given=(1 <= n,),
    parts={
        "powers": size(moved) <= power(rate, q + 1) * size(change),
        "largest": largest(moved) <= rate * largest(change),
    },
)
SMALL = Fraction(1, 1024)
AT = {"n": 2, "q": 1, "r": 2, "x": (SMALL, 0), "y": (0, SMALL)}
EQUALITY = (
    Equality("powers", AT, within=1e-5),
    Equality("largest", AT, within=1e-5),
    Equality("powers", {**AT, "q": 0}, within=1e-5),
)
MUTANTS = (
    Mutant("a smaller constant", CLAIM.but(
        largest=largest(moved) <= rate * Fraction(999, 1000) * largest(change)), AT),
    Mutant("without r", CLAIM.but(powers=size(moved) <= power(inv(2), q + 1) * size(change)),
           {**AT, "r": 3}),
    Mutant("the sum by the maximum", CLAIM.but(
        powers=size(moved) <= power(rate, q + 1) * power(largest(change), q + 1)), {**AT, "q": 0}),
)  # fmt: skip


def proof(k):
    """Pair with sign(δ) |δ|^q, δ the move of softmax; the maximum is softmax_entry's."""
    start = k.assume(1 <= n)
    some, more = k.by(0 < n, start), k.by(0 < q + 1, k.nat_nonnegative(q))
    scaled = {"x": function(lambda i: r * x[i]), "y": function(lambda i: r * y[i])}

    def nonnegative(t):
        return k.by(0 <= absolute(t), *k.within(k.by(absolute(t) <= absolute(t))))

    def input_size(j):
        """|r x_j - r y_j| <= |r| |x_j - y_j|."""
        sizes = (k.by(absolute(t) <= absolute(t)) for t in (r, change(j)))
        goal = absolute(r * x[j] - r * y[j]) <= absolute(r) * absolute(change(j))
        return k.restate(k.size_of_product(*sizes), goal)

    def weight(i):
        """g_i, the sign of δ_i times |δ_i|^q."""
        return moved(i) / absolute(moved(i)) * power(absolute(moved(i)), q)

    def u(i):
        return 2 * q / (q + 1) * power(absolute(moved(i)), q + 1)

    def v(j):
        return 2 / (q + 1) * power(rate * absolute(change(j)), q + 1)

    def pair(i, j):
        """|g_i (r x_j - r y_j)| <= u_i + v_j, by Young."""
        size, limit = absolute(moved(i)), rate * absolute(change(j))
        young, positive = k.conjuncts(k.use(
            k.lemma("young", k=q, s=size, w=limit), nonnegative(moved(i)),
            k.multiply(k.by(0 <= rate, nonnegative(r)), nonnegative(change(j)))))  # fmt: skip
        one, grown = k.largest2(*k.conjuncts(k.lemma("sign", t=moved(i)))[1:]), power(size, q)
        own = k.largest2(k.by(grown <= grown), k.by(-grown <= grown, positive))
        product = k.size_of_product(k.size_of_product(one, own), input_size(j))
        return k.chain(product, k.scale(product.conclusion.args[1] <= u(i) + v(j),
                                        k.positive(2 / (q + 1), more), young, more))  # fmt: skip

    pairs = k.each(n, lambda i, _: k.each(n, lambda j, _: pair(i, j)))
    pairing = k.lemma("softmax_pairing", **scaled, g=function(weight), u=function(u), v=function(v))
    paired = k.use(pairing, start, pairs)

    def as_power(i, _):
        """g_i δ_i = |δ_i|^(q+1)."""
        times = k.first(k.lemma("sign", t=moved(i)))
        own = k.congruent(lambda t: power(absolute(moved(i)), q) * t, times)
        return k.by(eq(weight(i) * moved(i), power(absolute(moved(i)), q + 1)), own)

    left = k.sum_equal(k.each(n, as_power))
    powers = k.by(size(moved) <= paired.conclusion.args[1], left, paired)
    powers = k.scale(CLAIM.parts["powers"], more, powers, more)

    far = largest(change)
    reach = k.each(n, lambda j, here: k.chain(
        input_size(j), k.multiply(nonnegative(r), k.max_upper(far, here))))  # fmt: skip
    j, inside, equals = k.attained(largest(moved), some)
    entry = k.lemma("softmax_entry", **scaled, i=j, d=absolute(r) * far)
    top = k.by(largest(moved) <= rate * far, k.use(entry, inside, reach), equals)
    return k.close(CLAIM.given, powers, top)
