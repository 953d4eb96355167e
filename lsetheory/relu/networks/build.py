"""Building blocks: neurons collected layer by layer, and the maximum of two values."""

from collections.abc import Sequence
from fractions import Fraction

from lsetheory.relu.networks.network import Form, Network, affine, combine

ONE, HALF = Fraction(1), Fraction(1, 2)


class HiddenLayer:
    """One hidden layer that grows: each verb takes forms over the layer below and returns one here.

    Equal neurons are made once.
    """

    def __init__(self) -> None:
        self._places: dict[tuple[tuple[int, Fraction], ...], int] = {}

    @property
    def forms(self) -> list[Form]:
        """The neurons' input forms, in order of making."""
        return [dict(key) for key in self._places]

    def relu(self, form: Form) -> Form:
        """[form]₊; nothing is made for the zero form."""
        key = tuple(sorted((j, w) for j, w in form.items() if w))
        return {self._places.setdefault(key, len(self._places)): ONE} if key else {}

    def carry(self, form: Form) -> Form:
        """form = [form]₊ − [−form]₊, two neurons."""
        return combine((ONE, self.relu(form)), (-ONE, self.relu(combine((-ONE, form)))))

    def spread(self, a: Form, b: Form) -> Form:
        """|a − b| = [a − b]₊ + [b − a]₊, two neurons."""
        forward, back = combine((ONE, a), (-ONE, b)), combine((ONE, b), (-ONE, a))
        return combine((ONE, self.relu(forward)), (ONE, self.relu(back)))

    def maximum(self, a: Form, b: Form) -> Form:
        """max(a, b) = (|a − b| + a + b)/2 by four neurons, as the paper has it."""
        return combine((HALF, self.spread(a, b)), (HALF, self.carry(combine((ONE, a), (ONE, b)))))

    def shared_maximum(self, a: Form, b: Form) -> Form:
        """The same with a and b carried apart: maxima that share an argument share its carriers."""
        return combine((HALF, self.spread(a, b)), (HALF, self.carry(a)), (HALF, self.carry(b)))


def variables(d: int) -> list[Form]:
    """The inputs x_0..x_{d−1} as forms."""
    return [{i: ONE} for i in range(d)]


def assemble(
    d: int,
    layers: Sequence[HiddenLayer],
    outputs: Sequence[Form],
    constant: Fraction = Fraction(0),
) -> Network:
    """The network of d inputs with these hidden layers; outputs are forms over the last one."""
    fan_ins = [d, *(len(layer.forms) for layer in layers)]
    hidden = [affine(la.forms, n) for la, n in zip(layers, fan_ins, strict=False)]
    return Network((*hidden, affine(outputs, fan_ins[-1], [constant] * len(outputs))))
