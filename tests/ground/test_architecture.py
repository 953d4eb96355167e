"""Who may import whom, and what no file may do: read from the sources, nothing is run."""

import ast
from pathlib import Path

import pytest

from lsetheory.sources import imported

ROOT = Path(__file__).parents[2]
GROUND = {"errors", "environment", "sources", "work", "dispatch", "workers", "catalogue"}

#: Room -> the rooms it may import, besides itself and the ground floor.
ARROWS: dict[str, set[str]] = {
    "errors": set(),
    "environment": set(),
    "sources": set(),
    "work": set(),
    "dispatch": set(),
    "workers": set(),
    "catalogue": set(),
    "pooling": set(),
    "proof": set(),
    "faithful": set(),
    "audit": {"pooling", "faithful"},
    "relu": {"pooling"},
    "report": set(),
    "testing": {"audit"},
    "proofs": {"proof"},
    "figures": {"audit", "relu", "proofs", "pooling", "proof", "faithful"},
    "cli": {"audit", "relu", "proof", "proofs", "report", "pooling", "faithful"},
    "__main__": {"cli"},
    "__init__": set(),
}


def sources() -> dict[str, Path]:
    """Every module the package ships, by dotted name."""
    found = {}
    for base, prefix in (("lsetheory", ""), ("proofs", "lsetheory."), ("figures", "lsetheory.")):
        for path in sorted((ROOT / base).rglob("*.py")):
            name = prefix + ".".join(path.relative_to(ROOT).with_suffix("").parts)
            found[name.removesuffix(".__init__")] = path
    return found


SOURCES = sources()


def room(module: str) -> str:
    return module.split(".")[1] if "." in module else "__init__"


@pytest.mark.parametrize("module", SOURCES)
def test_imports_follow_the_arrows(module: str) -> None:
    here = room(module)
    allowed = ARROWS[here] | GROUND | {here, "__init__"}
    used = {
        room(m) for m in imported(SOURCES[module].read_bytes(), module) if m.startswith("lsetheory")
    }
    assert used <= allowed, f"{module} may not import {sorted(used - allowed)}"


def forbidden(tree: ast.AST) -> list[str]:
    """Statements that vanish under -O, and calls that would run or unpickle text."""
    found = [f"assert at line {n.lineno}" for n in ast.walk(tree) if isinstance(n, ast.Assert)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called in {"eval", "exec"} or called.split(".")[-1] in {"sympify", "parse_expr"}:
                found.append(f"{called} at line {node.lineno}")
            if called.startswith("pickle.") or "allow_pickle=True" in ast.unparse(node):
                found.append(f"unpickling at line {node.lineno}")
    return found


@pytest.mark.parametrize("module", SOURCES)
def test_no_assert_and_no_evaluation_of_text(module: str) -> None:
    assert forbidden(ast.parse(SOURCES[module].read_text())) == []


@pytest.mark.parametrize(
    "planted",
    [
        "assert x",
        "eval('1')",
        "sympy.sympify(t)",
        "pickle.load(f)",
        "np.load(f, allow_pickle=True)",
    ],
)
def test_each_forbidden_thing_is_noticed(planted: str) -> None:
    assert len(forbidden(ast.parse(planted))) == 1


def test_an_import_against_the_arrows_is_noticed() -> None:
    source = b"def f():\n    from lsetheory.cli import main\n    from lsetheory import work\n"
    assert {room(m) for m in imported(source, "lsetheory.audit.x")} == {"cli", "work"}


def printing(tree: ast.AST) -> list[int]:
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in {"print", "sys.exit", "exit", "input"}
    ]


@pytest.mark.parametrize("module", [m for m in SOURCES if room(m) not in {"cli", "__main__"}])
def test_only_the_command_line_prints_or_exits(module: str) -> None:
    if module.endswith("record"):
        pytest.skip("runs alone as a script on a machine without this package")
    assert printing(ast.parse(SOURCES[module].read_text())) == []
