"""The signature of the language of claims: every op and the sorts of its arguments."""

#: op -> the sorts of its arguments, one letter or word each:
#: R real term, N nat term, P formula, "R.R" a body that binds a real, "N.R" one that binds a nat,
#: "K.P" a formula that binds a variable of the kind given first; q rational, s string, i integer.
TERMS = {
    "num": ("q",),
    "var": ("s", "kind"),
    "bound": ("i", "kind"),
    "at": ("s", "fkind", "N*"),
    "add": ("R*",),
    "mul": ("R*",),
    "ipow": ("R", "i"),
    "inv": ("R",),
    "exp": ("R",),
    "log": ("R",),
    "sum": ("N", "N.R"),
    "max": ("N", "N.R"),
    "max2": ("R", "R"),
    "power": ("R", "N"),
    "binom": ("N", "N"),
}
FORMULAS = {
    "le": ("R", "R"),
    "lt": ("R", "R"),
    "eq": ("R", "R"),
    "ne": ("R", "R"),
    "false": (),
    "and": ("P", "P"),
    "or": ("P", "P"),
    "implies": ("P", "P"),
    "forall": ("kind", "K.P"),
    "exists": ("kind", "K.P"),
    "deriv": ("R.R", "R", "R"),
    "tends": ("R.R", "point", "side", "R"),
}
LAMBDAS = {"lam": ("N.L",)}
OPS: dict[str, tuple[str, ...]] = {**TERMS, **FORMULAS, **LAMBDAS}

KINDS = ("real", "nat")
FUNCTION_KINDS = ("vec", "map")
SIDES = ("both", "above", "below")
INFINITIES = ("inf", "-inf")


def sorts_of(sorts: tuple[str, ...], length: int) -> tuple[str, ...]:
    """The sorts of an op for so many arguments: the last one repeated where it ends in `*`."""
    if sorts and sorts[-1].endswith("*"):
        return sorts[:-1] + (sorts[-1][:-1],) * max(length - len(sorts) + 1, 1)
    return sorts
