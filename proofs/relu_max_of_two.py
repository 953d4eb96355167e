"""max(x, y) = (relu(x - y) + relu(y - x) + relu(x + y) - relu(-x - y))/2, exactly.

Source: folklore; Arora, Basu, Mianjy & Mukherjee 2018, Understanding deep neural networks with
rectified linear units.
Idea: max(x, y) = (|x - y| + (x + y))/2, |t| = relu(t) + relu(-t), t = relu(t) - relu(-t).
"""

from fractions import Fraction

from lsetheory.proof import Claim, Mutant, eq, max2, real, relu

x, y = real("x"), real("y")


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
    """max(x, y) = y + relu(x - y), and relu(t) = t + relu(-t) at x - y and x + y."""
    larger = k.piecewise(eq(max2(x, y), y + relu(x - y)))
    odd = (k.piecewise(eq(relu(t), t + relu(-t))) for t in (x - y, x + y))
    return k.close((), k.by(CLAIM.parts["network"], larger, *odd))
