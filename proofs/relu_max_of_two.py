"""max(x, y) = (relu(x - y) + relu(y - x) + relu(x + y) - relu(-x - y))/2, exactly.

Source: folklore; Arora, Basu, Mianjy & Mukherjee 2018, Understanding deep neural networks with
rectified linear units.
Idea: max(x, y) = (|x - y| + (x + y))/2, |t| = relu(t) + relu(-t), t = relu(t) - relu(-t).
"""

from fractions import Fraction

from lsetheory.proof import Claim, Mutant, as_term, eq, max2, real, relu

x, y, zero = real("x"), real("y"), as_term(0)


def network(other):
    """Four neurons with the last one's weight turned into `other`."""
    return (relu(x - y) + relu(y - x) + relu(x + y) + other * relu(-x - y)) / 2


CLAIM = Claim(
    words="The maximum of two numbers is a network of four rectified linear units, without bias.",
    source="Arora, Basu, Mianjy & Mukherjee 2018",
    parts={"network": eq(max2(x, y), network(-1))},
)
EQUALITY = ()  # an equation
MUTANTS = (
    Mutant("without the last neuron", CLAIM.but(network=eq(max2(x, y), network(0))),
           {"x": -1, "y": -2}),
    Mutant("a weight off by 1e-9", CLAIM.but(network=eq(
        max2(x, y), network(Fraction(1, 10**9) - 1))), {"x": -1, "y": -2}),
    Mutant("three neurons with a sign", CLAIM.but(network=eq(max2(x, y), network(1))),
           {"x": -1, "y": -2}),
)  # fmt: skip


def proof(k):
    """Compare both sides of max(x, y) = y + relu(x - y) and of relu(t) = t + relu(-t)."""
    top, rise = max2(x, y), y + relu(x - y)
    below = k.largest2(k.by(x <= rise, k.max2_left(x - y, zero)),
                       k.by(y <= rise, k.max2_right(x - y, zero)))  # fmt: skip
    above = k.largest2(k.by(x - y <= top - y, k.max2_left(x, y)),
                       k.by(0 <= top - y, k.max2_right(x, y)))  # fmt: skip
    larger = k.equate(below, k.by(rise <= top, above))

    def half(t):
        """relu(t) <= t + relu(-t)."""
        return k.largest2(k.by(t <= t + relu(-t), k.max2_right(-t, zero)),
                          k.by(0 <= t + relu(-t), k.max2_left(-t, zero)))  # fmt: skip

    def odd(t):
        """relu(t) = t + relu(-t)."""
        return k.equate(half(t), k.by(t + relu(-t) <= relu(t), half(-t)))

    return k.close((), k.by(CLAIM.parts["network"], larger, odd(x - y), odd(x + y)))
