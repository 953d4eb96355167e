"""t · t/|t| = |t| and |t/|t|| <= 1 for every real t, 0 included: t/|t| is a sign.

Source: folklore.
Idea: |t| is t or -t; at t = 0 both sides are 0 whatever 1/0 may be.
"""

from lsetheory.proof import And, Claim, Equality, Mutant, absolute, as_term, eq, real

t = real("t")


def facts(t, size):
    """What is claimed, of t and |t|."""
    return (eq(t * (t / size), size), t / size <= 1, -(t / size) <= 1)


CLAIM = Claim(
    words="A number over its size is a sign: times the number it is the size, and it is at most 1.",
    source="folklore",
    parts=dict(zip(("times", "high", "low"), facts(t, absolute(t)), strict=True)),
)
EQUALITY = (Equality("high", {"t": 3}), Equality("low", {"t": -3}))
MUTANTS = (
    Mutant("never negative", CLAIM.but(low=0 <= t / absolute(t)), {"t": -1}),
    Mutant("the number itself", CLAIM.but(times=eq(t * (t / absolute(t)), t)), {"t": -1}),
)


def proof(k):
    """Three cases; in each, what |t| equals gives way to |t|."""
    zero, hole = as_term(0), k.new()

    def checked(t, size, *known):
        """The facts, as the normal form sees them at once."""
        times, high, low = facts(t, size)
        return k.all(k.equal(*times.args, *known), k.by(high, known=known), k.by(low, known=known))

    def sized(th, equal):
        return k.rewrite(equal, th, And(*facts(t, hole)), hole)

    def positive(above):
        low = k.largest2(k.by(t <= t), k.by(-t <= t, above))
        return sized(checked(t, t, above), k.equate(k.max2_left(t, -t), low))

    def negative(below):
        low = k.largest2(k.by(t <= -t, below), k.by(-t <= -t))
        known = k.by(0 < -t, below)
        return sized(checked(t, -t, known), k.equate(k.max2_right(t, -t), low))

    def null(none):
        at_zero = k.rewrite(none, checked(zero, zero), And(*facts(hole, zero)), hole)
        low = k.largest2(k.by(t <= 0, none), k.by(-t <= 0, none))
        return sized(at_zero, k.equate(k.by(0 <= absolute(t), none, k.max2_left(t, -t)), low))

    return k.split(k.trichotomy(zero, t), positive, null, negative)
