"""The source of the package as the tests of the house see it: files, modules, trees."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "pmdsl"


@dataclass(frozen=True, eq=False)
class Module:
    """A file of the package: its dotted name, where it is, its text and its tree."""

    name: str
    path: Path
    text: str
    tree: ast.Module

    @property
    def shown(self) -> str:
        """The path from the root of the repository, as messages give it."""
        return self.path.relative_to(ROOT).as_posix()


@cache
def modules() -> tuple[Module, ...]:
    """Every module of the package, by path."""
    return tuple(read(path) for path in sorted(PACKAGE.rglob("*.py")))


def read(path: Path) -> Module:
    """One file of the package."""
    text = path.read_text(encoding="utf-8")
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    return Module(name, path, text, ast.parse(text))


@dataclass(frozen=True)
class Import:
    """One module that another imports. `late`: inside a function, or for the type checker alone."""

    importer: str
    imported: str
    line: int
    late: bool
    names: tuple[str, ...] = ()


def imports_of(module: Module) -> Iterator[Import]:
    """What a module imports of the package, down to the file."""
    known = {other.name for other in modules()}
    late = {id(inner) for block in late_blocks(module.tree) for inner in ast.walk(block)}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "pmdsl":
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                target = full if full in known else str(node.module)
                yield Import(module.name, target, node.lineno, id(node) in late, (alias.name,))
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] == "pmdsl":
                    yield Import(module.name, alias.name, node.lineno, id(node) in late)


def late_blocks(tree: ast.Module) -> Iterator[ast.AST]:
    """Functions, and blocks for the type checker."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or (
            isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        ):
            yield node
