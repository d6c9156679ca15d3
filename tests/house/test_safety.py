"""Texts from strangers are never run: calls that could do so do not stand in the package."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.house.source import Module, modules

FORBIDDEN = frozenset(
    [
        "eval",
        "exec",
        "compile",
        "__import__",
        "sympify",
        "parse_expr",
        "parse_latex",
        "lambdify",
        "pickle.load",
        "pickle.loads",
        "marshal.load",
        "marshal.loads",
        "yaml.load",
        "yaml.load_all",
        "yaml.unsafe_load",
        "yaml.full_load",
        "os.system",
        "os.popen",
        "subprocess.run",
        "subprocess.Popen",
        "subprocess.check_output",
        "shelve.open",
    ]
)

# The one file that reads data in a format of Python's own, and why it may.
REVIEWED = {
    (
        "pmdsl/syntax/cache.py",
        "marshal.loads",
    ): "a folder that only the user may enter, plain data, a checksum first",
}


def calls(module: Module) -> Iterator[tuple[str, int]]:
    """The names of what a module calls, as they are written, and their lines."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node.lineno


def is_forbidden(name: str) -> bool:
    """Whether a call is one of the forbidden ones, however the module that has it is called."""
    last = name.rsplit(".", 1)[-1]
    return name in FORBIDDEN or last in ("sympify", "parse_expr", "parse_latex", "lambdify")


def test_nothing_turns_text_into_code() -> None:
    found = [
        f"{module.shown}:{line} {name}"
        for module in modules()
        for name, line in calls(module)
        if is_forbidden(name) and (module.shown, name) not in REVIEWED
    ]
    assert not found


def test_the_reviewed_exceptions_still_exist() -> None:
    found = {(module.shown, name) for module in modules() for name, _ in calls(module)}
    assert set(REVIEWED) <= found


def test_pickle_is_not_imported() -> None:
    names = [
        (module.shown, node.lineno)
        for module in modules()
        for node in ast.walk(module.tree)
        if (isinstance(node, ast.Import) and any(a.name in ("pickle", "shelve", "dill") for a in node.names))
        or (isinstance(node, ast.ImportFrom) and node.module in ("pickle", "shelve", "dill"))
    ]
    assert not names
