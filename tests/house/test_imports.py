"""Imports go downward: a module imports what stands above it in this list, never what stands below.

A late import (inside a function, or for the type checker) may point the other way where that is listed, so
that a value can offer what is worked out further down: `rules.margin(book)`.
"""

from __future__ import annotations

from tests.house.source import Import, imports_of, modules

# The order of the house. The longest prefix counts, so a file may stand elsewhere than its folder.
ORDER = (
    ("pmdsl.version", "pmdsl.data", "pmdsl.source", "pmdsl.threads", "pmdsl.jit", "pmdsl.memory"),
    ("pmdsl.diagnostics",),
    ("pmdsl.syntax",),
    ("pmdsl.names",),
    # The contract between the compiler and the engine, and its operations on constants.
    ("pmdsl.plan.nodes", "pmdsl.plan.operations", "pmdsl.plan.folding"),
    ("pmdsl.types",),
    ("pmdsl.pricing",),
    ("pmdsl.plan.lower",),
    ("pmdsl.check",),
    ("pmdsl.plan",),
    ("pmdsl.compiler",),
    ("pmdsl.portfolio",),
    ("pmdsl.engine",),
    ("pmdsl.kept_plans", "pmdsl.rules", "pmdsl.loading", "pmdsl.foreign_plans", "pmdsl.table_digest"),
    ("pmdsl.author",),
    ("pmdsl.result", "pmdsl.result_arrow", "pmdsl.result_json", "pmdsl.changes", "pmdsl.render"),
    ("pmdsl.asking", "pmdsl.bound_rules", "pmdsl.held_account"),
    ("pmdsl.compare", "pmdsl.testing"),
    ("pmdsl.batch",),
    ("pmdsl.cli",),
    ("pmdsl", "pmdsl.__main__"),
)

# Late imports that point against the order: a value offers what is worked out further down.
OFFERED = {
    ("pmdsl.author", "pmdsl.compare"): "claims are decided where a file is checked",
    ("pmdsl.rules", "pmdsl.asking"): "`rules.margin(book)`",
    ("pmdsl.rules", "pmdsl.bound_rules"): "`rules.compile(instruments)`",
    ("pmdsl.rules", "pmdsl.result"): "the type of an answer",
    ("pmdsl.result", "pmdsl.compare"): "`result.explain(account)`",
    ("pmdsl.render", "pmdsl.compare"): "the types of what is shown",
    ("pmdsl.asking", "pmdsl.loading"): "attributes that another rule set at hand reads",
}


def place(module: str) -> tuple[int, str]:
    """Where a module stands, and the name under which it stands there."""
    found = [
        (len(name), number, name)
        for number, names in enumerate(ORDER)
        for name in names
        if module == name or module.startswith(name + ".")
    ]
    _, number, name = max(found)
    return number, name


def against(found: Import) -> bool:
    """Whether an import points against the order."""
    return place(found.imported)[0] > place(found.importer)[0]


def test_every_module_has_its_place_in_the_order() -> None:
    whole = "pmdsl"
    known = {name for names in ORDER for name in names}
    lost = [m.name for m in modules() if place(m.name)[1] == whole and m.name not in known]
    assert not lost


def test_imports_go_downward() -> None:
    wrong = [
        f"{found.importer} imports {found.imported} in line {found.line}"
        for module in modules()
        for found in imports_of(module)
        if not found.late and against(found)
    ]
    assert not wrong


def test_late_imports_against_the_order_are_those_that_are_listed() -> None:
    pairs = {
        (place(found.importer)[1], place(found.imported)[1]): f"{found.importer}:{found.line}"
        for module in modules()
        for found in imports_of(module)
        if found.late and against(found)
    }
    # The package itself offers its names when they are asked for.
    assert {pair: where for pair, where in pairs.items() if pair not in OFFERED and pair[0] != "pmdsl"} == {}
