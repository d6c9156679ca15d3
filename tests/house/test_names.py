"""What is offered says what it is, nothing is called `utils`, and a file can be read at one sitting."""

from __future__ import annotations

import ast

from tests.house.source import Module, imports_of, modules

LONGEST = 400
NO_NAMES = ("utils", "util", "helpers", "helper", "common", "misc", "stuff")


def package_of(name: str) -> str:
    """The folder of a module, as a dotted name."""
    return name.rpartition(".")[0]


def test_every_module_says_what_it_is() -> None:
    silent = [
        module.shown for module in modules() if module.text.strip() and not ast.get_docstring(module.tree)
    ]
    assert not silent


def test_no_module_is_a_drawer_of_odds_and_ends() -> None:
    assert not [m.shown for m in modules() if set(m.shown.removesuffix(".py").split("/")) & set(NO_NAMES)]


def test_no_file_is_longer_than_one_sitting() -> None:
    lines = {module.shown: module.text.count("\n") for module in modules()}
    assert not {name: count for name, count in lines.items() if count > LONGEST}


def test_what_one_package_offers_to_another_says_what_it_does() -> None:
    """Functions and classes that are imported from another folder have a docstring."""
    offered = {
        (found.imported, name)
        for module in modules()
        for found in imports_of(module)
        for name in found.names
        if package_of(found.imported) != package_of(found.importer)
    }
    silent = [
        f"{module.shown}:{node.lineno} {node.name}"
        for module in modules()
        for node in definitions(module)
        if (module.name, node.name) in offered and not ast.get_docstring(node)
    ]
    assert not silent


def definitions(module: Module) -> list[ast.FunctionDef | ast.ClassDef]:
    """The functions and classes at the top of a module."""
    return [node for node in module.tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
