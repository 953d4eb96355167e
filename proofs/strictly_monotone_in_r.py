"""M_r(x) < M_s(x) for r < s over all of R, if x has two different entries; mean x is M_0(x).

Source: folklore (power means); Pinheiro & Collobert 2015, section 4, without the strictness.
Idea: Gibbs: p = softmax(r x) attains LSE(r x), misses LSE(s x), and its entropy is at most log n.
"""

from lsetheory.proof import (
    Claim, Implies, Mutant, Sum, as_term, entropy, exp, function, inv, log, mean, nat, ne, pooled,
    real, softmax, vector,
)  # fmt: skip
from lsetheory.proof.samples import entries

n, i, j, r, s, x = nat("n"), nat("i"), nat("j"), real("r"), real("s"), vector("x")
low, high = (pooled(n, t, lambda i: x[i]) for t in (r, s))
middle = mean(n, lambda i: x[i])

CLAIM = Claim(
    words="Unless all entries are equal, the pooled value rises with r.",
    source="folklore (power means)",
    given=(i < n, j < n, x[i] < x[j]),
    parts={
        "apart": Implies(ne(r, 0), ne(s, 0), r < s, low < high),
        "up to zero": Implies(r < 0, low < middle),
        "from zero": Implies(0 < s, middle < high),
    },
)
EQUALITY = ()  # strict comparisons
AT = {"n": 2, "i": 0, "j": 1, "r": 1, "s": 2, "x": (0, 1)}
MUTANTS = (
    Mutant("falls", CLAIM.but(apart=Implies(ne(r, 0), ne(s, 0), r < s, high < low)), AT),
    Mutant("equal entries", CLAIM.but(given=(i < n, j < n, x[i] <= x[j])), {**AT, "x": (0, 0)}),
    Mutant("an entry that is not pooled", CLAIM.but(given=(i < n, x[i] < x[j])),
           {**AT, "n": 1}),
)  # fmt: skip


def sample(rng):
    """Two entries that differ, in order."""
    n = int(rng.integers(2, 5))
    x = entries(rng, n, 30.0)
    i, j = sorted(range(2), key=lambda at: x[at])
    r, s = sorted(float(v) for v in rng.standard_normal(2))
    return {"n": n, "i": i, "j": j, "r": r, "s": s, "x": x}


def weight(t):
    """softmax(t x)."""
    return lambda i: softmax(n, lambda j: t * x[j], i)


def proof(k):
    """Strict tangents for the mean; Gibbs for 0 < r; the mirror image for s < 0."""
    i_here, j_here, rises = map(k.assume, CLAIM.given)
    some = k.by(0 < n, i_here, k.nat_nonnegative(i))
    start = k.by(1 <= n, k.nat_next(some))

    def positive(t):
        return k.positive(Sum(n, lambda i: exp(t * x[i])), some)

    def above_mean(sharp):
        """The tangent lines at s x_i - K(s) average strictly, as s x_i or s x_j is not K(s)."""
        inside = inv(n) * Sum(n, lambda i: exp(s * x[i]))
        centre, known = log(inside), [some, sharp, positive(s)]
        lines = k.each(n, lambda i, _: k.exp_tangent(s * x[i] - centre))

        def strict(at, here, apart):
            total = k.sum_increasing_strict(lines, here, k.exp_tangent_strict(apart))
            rate = k.positive(inv(s) * inv(n), sharp, some)
            return k.scale(middle < high, rate, total, *known)

        def at_i(apart):
            return strict(i, i_here, apart)

        grown = k.multiply(sharp, rises)
        return k.split(
            k.trichotomy(centre, s * x[i]),
            lambda less: at_i(k.apart(less)),
            lambda same: strict(j, j_here, k.apart(k.by(centre < s * x[j], same, grown))),
            lambda more: at_i(k.flip(k.apart(more))))  # fmt: skip

    from_zero = k.suppose(0 < s, above_mean)

    nonnegative, total, _ = k.conjuncts(
        k.use(k.lemma("softmax_weights", x=function(lambda i: r * x[i])), start)
    )

    def gibbs(t, at):
        """At most LSE(t x), attained, attained only there: for p = softmax(r x) and t x."""
        duality = k.lemma("gibbs_duality", p=function(weight(r)), x=function(lambda i: t * x[i]),
                          j=at)  # fmt: skip
        return k.conjuncts(k.use(duality, start, nonnegative, total))

    def same_sign(below, order):
        above = k.chain(below, order)
        known = [some, below, above, positive(r), positive(s)]
        p, q = weight(r), weight(s)

        def missed(at, here, apart):
            """r s (M_s - M_r) = r (LSE(s x) - s Σ p x - H) + (s - r) (log n - H) > 0."""
            less = k.multiply(k.positive_inverse(above), k.use(gibbs(s, at)[2], here, apart))
            equal = k.congruent(lambda t: inv(r) * t, gibbs(r, at)[1])
            room = k.by(0 <= log(n) - entropy(n, p), gibbs(as_term(0), at)[0])
            rates = k.scale(0 <= inv(r) - inv(s), k.positive(inv(r) * inv(s), below, above),
                            order, below, above)  # fmt: skip
            rest = k.multiply(rates, room)
            return k.by(low < high, less, equal, rest, known=known)

        def same(equal):
            """If p_i = q_i then p_j = p_i exp(r (x_j - x_i)) is less than q_j."""
            span = k.by(0 < x[j] - x[i], rises)
            larger = k.exp_increasing(k.scale(r * (x[j] - x[i]) < s * (x[j] - x[i]), span, order))
            larger = k.multiply(k.positive(q(i), positive(s)), larger)
            own = k.congruent(lambda t: t * exp(r * (x[j] - x[i])), equal)
            return missed(j, j_here, k.apart(k.by(p(j) < q(j), larger, own, known=known)))

        return k.split(
            k.trichotomy(p(i), q(i)),
            lambda less: missed(i, i_here, k.apart(less)),
            same,
            lambda more: missed(i, i_here, k.flip(k.apart(more))))  # fmt: skip

    forward = k.supposing((0 < r, r < s), same_sign)
    turned = {"i": j, "j": i, "x": function(lambda i: -x[i])}
    falls = k.by(-x[j] < -x[i], rises)

    def mirrored(th, *more, **values):
        """What a theorem about 0 < r, or 0 < s, says of -x with i and j exchanged."""
        general = k.put(k.close(CLAIM.given, th), **turned, **values)
        return k.use(general, j_here, i_here, falls, *more)

    up_to_zero = k.suppose(r < 0, lambda below: k.restate(
        mirrored(from_zero, below, s=-r), low < middle))  # fmt: skip

    def any_sign(r_apart, s_apart, order):
        return k.split(
            k.sides(s_apart),
            lambda s_below: k.restate(
                mirrored(forward, s_below, k.by(-s < -r, order), r=-s, s=-r), low < high),
            lambda s_above: k.split(
                k.sides(r_apart),
                lambda r_below: k.chain(k.use(up_to_zero, r_below), k.use(from_zero, s_above)),
                lambda r_above: k.use(forward, r_above, order)))  # fmt: skip

    apart = k.supposing((ne(r, 0), ne(s, 0), r < s), any_sign)
    return k.close(CLAIM.given, apart, up_to_zero, from_zero)
