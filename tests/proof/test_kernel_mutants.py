"""Mutants of the kernel's own source, each of which some test of the kernel must notice.

A mutant is one piece of text of one file replaced by another. The package is loaded from that
mutated source beside the real one, in memory, and the named test file is run against it.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from itertools import product
from pathlib import Path
from types import CodeType, ModuleType

import pytest

import lsetheory
import lsetheory.proof as real_package

SOURCE = Path(real_package.__file__).parent
HERE = Path(__file__).parent

#: File of the kernel, text, text of the mutant, test file that notices.
MUTANTS = [
    # Logic.
    ("theorem", "if token is not _TOKEN:", "if False:", "kernel"),
    ("theorem", "if not _is_a(arg, hints[label]):", "if False:", "kernel"),
    ("theorem", "!= name:\n                raise",
     "!= name and False:\n                raise", "kernel"),
    ("rules_logic", "return th.hypotheses - {f}, formula",
     "return Hypotheses(), formula", "sequents"),
    ("rules_logic", "demand(th.conclusion is f, repr(f)", "demand(True, repr(f)", "kernel"),
    ("rules_logic", "return hypotheses(implication, th), g", "return th.hypotheses, g", "sequents"),
    ("rules_logic", 'return hypotheses(left, right), formula("and"',
     'return left.hypotheses, formula("and"', "sequents"),
    ("rules_logic", "(right.hypotheses - {g})", "(right.hypotheses - {f, g})", "sequents"),
    ("rules_logic", "demand(left.conclusion is right.conclusion,", "demand(True,", "kernel"),
    ("rules_logic", "return disjunction.hypotheses | remaining", "return remaining", "sequents"),
    ("rules_logic", 'parts(th.conclusion, "false")\n', "", "kernel"),
    ("rules_logic", 'demand(h.free.isdisjoint(variable.free), f"no', 'demand(True, f"no', "kernel"),
    ("rules_logic", "demand(opened(body, value) is th.conclusion,", "demand(True,", "kernel"),
    ("rules_logic", 'variable.op == "var" and variable.args[1] == kind', "True", "kernel"),
    ("rules_logic", "for f in (th.conclusion, existence.conclusion, *rest):",
     "for f in (th.conclusion, existence.conclusion):", "kernel"),
    ("rules_logic", "for f in (th.conclusion, existence.conclusion, *rest):",
     "for f in (th.conclusion, *rest):", "kernel"),
    ("rules_logic", "for f in (th.conclusion, existence.conclusion, *rest):",
     "for f in (existence.conclusion, *rest):", "kernel"),
    ("rules_logic", "return existence.hypotheses | rest", "return rest", "sequents"),
    ("rules_logic", "new = frozenset(substitute(h, mapping) for h in th.hypotheses)",
     "new = th.hypotheses", "sequents"),
    ("rules_logic", "demand(substitute(pattern, {name: a}) is th.conclusion,",
     "demand(True,", "kernel"),
    ("rules_logic", "return hypotheses(equation, th), substitute",
     "return th.hypotheses, substitute", "sequents"),
    ("rules_logic", "return hypotheses(th, *known), f", "return th.hypotheses, f", "sequents"),
    ("rules_logic", "demand(same(th.conclusion, f, facts(*known)),", "demand(True,", "kernel"),
    ("theorem", 'facts_from([g for op, g in gaps if op == "lt"]',
     "facts_from([g for op, g in gaps]", "kernel"),
    ("theorem", 'turned = f.op in ("eq", "ne") and', "turned =", "kernel"),
    ("theorem", "if f.op != g.op:", "if False:", "kernel"),
    ("theorem", "return a[0] == b[0] and same(opened", "return same(opened", "kernel"),
    ("theorem", "return bodies and all(", "return all(", "kernel"),
    ("theorem", "a[1:], b[1:]))", "a[1:2], b[1:2]))", "kernel"),
    # Terms.
    ("binders", 'if node.args[1] == "nat" and not is_nat(value):', "if False:", "sequents"),
    ("binders", 'return make("bound", depth, kind)', 'return make("bound", 0, kind)', "kernel"),
    ("terms", "return all(k == kind for k in _bound_kinds(body, 0))", "return True", "sequents"),
    ("binders", "value.loose or depth != arity or", "depth != arity or", "sequents"),
    ("binders", 'if kind in ("nat", "map") and not is_nat(body):', "if False:", "kernel"),
    ("binders", "lift(value, depth, 0) if", "value if", "sequents"),
    ("binders", 'make("bound", node.args[0] - 1, node.args[1]) if above',
     "node if above", "sequents"),
    ("terms", "t.args[0].denominator == 1 and t.args[0] >= 0",
     "t.args[0].denominator == 1", "sequents"),
    ("terms", "return all(is_nat(a) for a in t.args)",
     "return any(is_nat(a) for a in t.args)", "sequents"),
    ("terms", "return isinstance(arg, Term) and is_nat(arg)",
     "return isinstance(arg, Term)", "kernel"),
    ("terms", '(isinstance(args[1], Term) or arg == "both")', "True", "kernel"),
    ("binders", 'for i in counting() if f"#{i}" not in taken', "for i in counting()", "kernel"),
    ("terms", "and not isinstance(value, bool):", "and True:", "kernel"),
    # The normal form.
    ("polynomial", "if base in exponents and facts.is_nonzero(base):",
     "if base in exponents:", "normal"),
    ("polynomial", 'return unused("nat", t, *self.positive, *self.nonzero)',
     'return unused("nat", t)', "kernel"),
    ("polynomial", 'power = atom.op == "power" and number_sign(atom.args[0]) != 0',
     'power = atom.op == "power"', "sequents"),
    ("normal", "c.denominator == 1 and _known_positive(base, facts)",
     "c.denominator == 1", "normal"),
    ("normal", "return c > 0 and _all_positive", "return _all_positive", "normal"),
    ("normal", "if c <= 0 or not _all_positive(factors, core, facts):", "if c <= 0:", "normal"),
    ("normal", "if c <= 0 or not _all_positive(factors, core, facts):",
     "if not _all_positive(factors, core, facts):", "normal"),
    ("normal", "all(map(facts.is_positive, bases)) and (core is ONE or facts.is_positive(core))",
     "all(map(facts.is_positive, bases))", "normal"),
    ("equality", "if scale > 0 and core is ONE and [k for",
     "if core is ONE and [k for", "sequents"),
    ("equality", "[k for _, k in factors] == [1] * len(factors)", "True", "sequents"),
    ("equality", "== [1] * len(factors) \\\n                and len(unknown) == 1:",
     "== [1] * len(factors) and unknown:", "sequents"),
    ("equality", "known = sorted((d for d in denominators if facts.is_nonzero(d)), key=Term.key)",
     "known = sorted(denominators, key=Term.key)", "normal"),
    ("equality", "left = top - dict(factors).get(over, 0)", "left = top", "normal"),
    ("polynomial", "exponents[a] %= 2", "exponents[a] %= 1", "normal"),
    ("normal", "for j in range(c)), Poly())", "for j in range(1, c)), Poly())", "normal"),
    ("normal", "inside = tuple(f for f in factors if name in f[0].free)", "inside = ()", "normal"),
    ("normal", "dependent = {m: c for m, c in parts.items() if name in to_term({m: c}).free}",
     "dependent = {}", "normal"),
    ("normal", "sign / c}", "1 / c}", "normal"),
    ("normal", "if c < 0:\n        out", "if False:\n        out", "normal"),
    ("normal", "for number, over in ((abs(c.numerator), False), (c.denominator, True)):",
     "for number, over in ((abs(c.numerator), False),):", "normal"),
    ("normal", "if body is ONE else", "if True else", "normal"),
    ("normal", "inside, sign = (base.args[0], -k)", "inside, sign = (base.args[0], k)", "normal"),
    ("polynomial", "ZERO if expo is not ZERO else e)", "ZERO)", "normal"),
    ("normal", "sorted((normal(a, facts) for a in args), key=Term.key)",
     "[normal(args[0], facts)] * 2", "normal"),
    # Reals.
    ("rules_real", "demand(vanishes(a - b, facts(*known)),", "demand(True,", "kernel"),
    ("rules_real", 'return hypotheses(*known), formula("eq", a, b)',
     'return NO_HYPOTHESES, formula("eq", a, b)', "sequents"),
    ("rules_real", "demand(value is not None and value >= 0,",
     "demand(value is not None,", "kernel"),
    ("rules_real", 'demand(right, f"the sign', 'demand(True, f"the sign', "kernel"),
    ("rules_real", 'strict |= positive and premise.conclusion.op == "lt"',
     'strict |= premise.conclusion.op == "lt"', "kernel"),
    ("rules_real", 'strict |= positive and premise.conclusion.op == "lt"',
     "strict |= positive", "kernel"),
    ("rules_real", "left_over is None or left_over < 0 or", "left_over is None or", "kernel"),
    ("rules_real", 'left_over > 0 and goal.op == "eq"', "False", "kernel"),
    ("rules_real", 'demand(goal.op != "eq", "equations', 'demand(True, "equations', "kernel"),
    ("rules_real", 'demand(goal.op != "lt" or strict or left_over > 0,', "demand(True,", "kernel"),
    ("rules_real", "hypotheses(*premises, *used, *known), goal",
     "hypotheses(*premises), goal", "sequents"),
    ("rules_real", 'demand(zero is as_term(0), "0 < t", th.conclusion)', "", "kernel"),
    ("rules_real", 'demand(reverse.conclusion is formula("le", b, a),', "demand(True,", "kernel"),
    ("rules_real", 'formula("ne", *parts(th.conclusion, "lt"))',
     'formula("ne", *parts(th.conclusion, "lt", "le"))', "kernel"),
    ("rules_real", '"le": gap < 0,', '"le": gap <= 0,', "kernel"),
    ("rules_real", 'parts(th.conclusion, "ne")\n    return th.hypotheses, formula("lt", 1',
     'parts(th.conclusion, "ne", "le")\n    return th.hypotheses, formula("lt", 1', "kernel"),
    ("rules_real", 'demand(positive.conclusion is formula("lt", as_term(0), a),',
     "demand(True,", "kernel"),
    ("rules_real", 'demand(zero is as_term(0), "0 < t", positive.conclusion)', "", "kernel"),
    ("rules_real", "demand(not f.free,", "demand(True,", "kernel"),
    ("rules_real", "compare(f.op, a, b) is True", "compare(f.op, a, b) is not False", "kernel"),
    ("balls", '"le": (lambda gap: gap >= 0', '"le": (lambda gap: not gap < 0', "kernel"),
    # Sums and indices.
    ("rules_sum", "i is variable and variable.free.isdisjoint(n.free)", "i is variable", "kernel"),
    ("rules_sum", "demand(bound is n and is_nat(j),", "demand(is_nat(j),", "kernel"),
    ("rules_sum", 'left, right, *_ = _sums(th, "eq")',
     'left, right, *_ = _sums(th, "eq", "le")', "kernel"),
    ("rules_sum", "demand(strict.conclusion is expected,", "demand(True,", "kernel"),
    ("rules_sum", 'demand(zero is as_term(0), "0 <= f(i)", th.conclusion)\n    j = ', "j = ",
     "kernel"),
    ("rules_sum", 'demand(distinct.conclusion is formula("ne", j, k),', "demand(True,", "kernel"),
    ("rules_sum", "demand(vanishes(n - (m + rest)),", "demand(True,", "kernel"),
    ("rules_sum", 'demand(condition is formula("ne", i, j),', "demand(True,", "kernel"),
    ("rules_sum", 'i = unused("nat", th.conclusion, inside.conclusion)',
     'i = unused("nat", th.conclusion)', "kernel"),
    ("rules_sum", "_opened_sum(inner, i, double)", "_opened_sum(inner, double)", "kernel"),
    ("rules_sum", "_opened_sum(inner, i, double)", "_opened_sum(inner, i)", "kernel"),
    ("rules_sum", 'demand(i.free.isdisjoint(m.free), "ranges', 'demand(True, "ranges', "kernel"),
    ("rules_sum", 'demand(bound is n, f"p(i)', 'demand(True, f"p(i)', "kernel"),
    ("rules_sum", "demand(same_range and collision is expected,", "demand(same_range,", "kernel"),
    ("rules_sum", "demand(same_range and collision is expected,",
     "demand(collision is expected,", "kernel"),
    ("rules_sum", 'demand(nonempty.conclusion is formula("lt", as_term(0), n),',
     "demand(True,", "kernel"),
    ("rules_sum", 'demand(is_nat(t), "a natural number", t)', "", "kernel"),
    ("rules_sum", 'demand(is_nat(a) and is_nat(b), "natural numbers", th.conclusion)\n    return',
     "return", "kernel"),
    ("rules_sum", 'demand(is_nat(a) and is_nat(b), "natural numbers", th.conclusion)\n    m =',
     "m =", "kernel"),
    ("rules_sum", "demand(after is opened(f, k + 1),", "demand(True,", "kernel"),
    ("rules_sum", "demand(base.conclusion is opened(f, as_term(0)),", "demand(True,", "kernel"),
    # Derivatives and limits.
    ("rules_analysis", 'needs.append(formula("ne", ZERO, a[0]))', "", "kernel"),
    ("rules_analysis", 'needs.append(formula("lt", ZERO, a[0]))', "", "kernel"),
    ("rules_analysis", "need_here = substitute(need, {_name(variable): at})",
     "need_here = need", "kernel"),
    ("rules_analysis", "return number > 0 or (number != 0 and not positive)",
     "return number != 0", "kernel"),
    ("rules_analysis", "return constant(t * inv(t), known) == 1", "return True", "kernel"),
    ("rules_analysis", "needs.append(need if need.free.isdisjoint(i.free) else bounded)",
     "pass", "kernel"),
    ("rules_analysis", 'return hypotheses(*known), formula("deriv"',
     'return NO_HYPOTHESES, formula("deriv"', "sequents"),
    ("rules_analysis", "* inv(a[0]) ** 2", "* inv(a[0])", "sequents"),
    ("rules_analysis", "a[0] ** (a[1] - 1)", "a[0] ** a[1]", "sequents"),
    ("rules_analysis", "demand((above, below) == range_,", "demand(True,", "kernel"),
    ("rules_analysis", "demand(at is t and t.free.isdisjoint(f.free),",
     "demand(at is t,", "kernel"),
    ("rules_analysis", "demand((other, other_side) == (point, side),", "demand(True,", "kernel"),
    ("rules_analysis", "demand(at is limit,", "demand(True,", "kernel"),
    ("rules_analysis", 'other = "-inf" if point == "inf" else "inf"', "other = point", "sequents"),
    ("rules_analysis", 'demand(both == "both" and isinstance(point, Term),',
     "demand(True,", "kernel"),
    ("rules_analysis", "demand(below.conclusion is other,", "demand(True,", "kernel"),
    ("rules_analysis", 'demand(side == "above", "a limit from above", above.conclusion)',
     "", "kernel"),
    ("rules_analysis", 'demand(a is b, f"two limits', 'demand(True, f"two limits', "kernel"),
    ("rules_analysis", 'demand(below is formula("le", opened(low, t), g),',
     "demand(True,", "kernel"),
    ("rules_analysis", 'demand(above is formula("le", g, opened(high, t)),',
     "demand(True,", "kernel"),
    ("rules_analysis", '(own_side and side != "both")', "own_side", "kernel"),
    ("rules_analysis", "demand(all(allowed),", "demand(True,", "kernel"),
    ("rules_analysis", "return variable is t and t.free.isdisjoint(bound.free)",
     "return variable is t", "kernel"),
    ("rules_analysis", 't = unused("real", between.conclusion, *others)',
     't = unused("real", between.conclusion)', "kernel"),
    # Replay.
    ("replay", "proved.get(args[0]) is not args[1]", "False", "replay"),
    ("replay", "if th.conclusion is not claimed:", "if False:", "replay"),
    ("replay", "if th.hypotheses != frozenset(", "if False and frozenset(", "replay"),
    ("replay", "if th.hypotheses:\n", "if False:\n", "replay"),
    ("replay", "if th.conclusion is not statement:", "if False:", "replay"),
    ("written", "type(i) is not int or not 0 <= i < len(items)", "i >= len(items)", "replay"),
]  # fmt: skip


class MutatedCopy(MetaPathFinder, Loader):
    """Imports lsetheory.proof from its sources, one text of one file replaced."""

    def __init__(self, file: str, old: str, new: str) -> None:
        self.file, self.old, self.new = f"kernel/{file}.py", old, new

    def find_spec(self, name, path=None, target=None):
        if not f"{name}.".startswith("lsetheory.proof."):
            return None
        place = SOURCE.joinpath(*name.split(".")[2:])
        if place.is_dir():
            return ModuleSpec(name, self, origin=str(place / "__init__.py"), is_package=True)
        return ModuleSpec(name, self, origin=f"{place}.py")

    def exec_module(self, module: ModuleType) -> None:
        origin = Path(module.__spec__.origin)
        text = origin.read_text(encoding="utf-8")
        mutated = text.replace(self.old, self.new) if origin == SOURCE / self.file else text
        exec(compiled(mutated, str(origin)), vars(module))


@lru_cache(maxsize=200)
def compiled(text: str, origin: str) -> CodeType:
    # optimize=0 keeps the asserts of test files under python -O
    return compile(text, origin, "exec", optimize=0)


@contextmanager
def loaded(finder: MutatedCopy) -> Iterator[None]:
    """Have `import lsetheory.proof` find the mutated copy, and put things back afterwards."""
    packages = ("lsetheory.proof", "lsetheory.proofs")
    kept = {name: module for name, module in sys.modules.items() if name.startswith(packages)}
    attributes = {name: vars(lsetheory)[name] for name in ("proof", "proofs")
                  if name in vars(lsetheory)}  # fmt: skip
    for name in kept:
        del sys.modules[name]
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in [name for name in sys.modules if name.startswith(packages)]:
            del sys.modules[name]
        sys.modules.update(kept)
        vars(lsetheory).update(attributes)


def first_failure(target: str) -> str | None:
    """Run a test file as it is imported now; the name of the first test that fails, if any."""
    path = HERE / f"test_{target}.py"
    module = ModuleType("mutation_target")
    try:
        exec(compiled(path.read_text(encoding="utf-8"), str(path)), vars(module))
    except Exception as error:
        return f"import: {error}"
    tests = [(n, f) for n, f in vars(module).items() if n.startswith("test_")]
    return next((name for name, test in tests if fails(test)), None)


def fails(test) -> bool:
    """Whether a test fails for one of its parameters."""
    for arguments in cases(test):
        try:
            test(**arguments)
        except (Exception, pytest.fail.Exception):
            return True
    return False


def cases(test) -> Iterator[dict[str, object]]:
    """The arguments that pytest.mark.parametrize gives to a test."""
    tables = []
    for mark in getattr(test, "pytestmark", []):
        names, values = mark.args
        single = isinstance(names, str)
        tables.append([{names: v} if single else dict(zip(names, v, strict=True)) for v in values])
    for rows in product(*tables):
        yield {name: value for row in rows for name, value in row.items()}


def label(mutant: tuple[str, str, str, str]) -> str:
    return f"{mutant[0]}: {' '.join(mutant[1].split())} -> {' '.join(mutant[2].split())}"


@pytest.mark.parametrize("mutant", MUTANTS, ids=label)
def test_mutant_is_noticed(mutant):
    file, old, new, target = mutant
    assert (SOURCE / f"kernel/{file}.py").read_text(encoding="utf-8").count(old) == 1, (
        "not one such text"
    )
    with loaded(MutatedCopy(file, old, new)):
        assert first_failure(target) is not None


@pytest.mark.parametrize("target", sorted({mutant[3] for mutant in MUTANTS}))
def test_unmutated_copy_passes(target):
    """The copy itself is no reason to fail, and it is a copy."""
    with loaded(MutatedCopy("terms", "", "")):
        assert sys.modules.get("lsetheory.proof") is not real_package
        assert first_failure(target) is None
    assert sys.modules["lsetheory.proof"] is real_package
