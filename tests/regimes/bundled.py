"""Bundled rule sets as tests run them: compiled once, with the steps of their trees turned down where an
oracle is slow.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from pmdsl.compiler import Compiled, compile_source
from pmdsl.diagnostics import Findings
from pmdsl.names.library import Library
from pmdsl.plan.nodes import Plan
from pmdsl.plan.simplify import simplify


@cache
def library(steps: int, changes: tuple[tuple[str, str], ...]) -> Library:
    """The bundled rule sets with other trees and other texts; each change is found in exactly one of them,
    once.
    """
    folder = Path(mkdtemp(prefix="pmdsl-rules-"))
    found = dict.fromkeys(changes, 0)
    for number, entry in enumerate(Library().entries()):
        text = entry.source.text.replace("steps: 200", f"steps: {steps}")
        for old, new in changes:
            found[old, new] += text.count(old)
            text = text.replace(old, new)
        own = folder / f"rules_{number}"
        own.mkdir()
        (own / "rules.margin").write_text(text, encoding="utf-8")
        for file in entry.folder.iterdir():
            if file.name.endswith(".csv"):
                (own / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    assert all(count == 1 for count in found.values()), found
    return Library((folder,))


@cache
def compiled(name: str, steps: int = 200, changes: tuple[tuple[str, str], ...] = ()) -> Compiled:
    """A bundled rule set, with the steps of its trees and its texts changed."""
    rules = library(steps, changes)
    entry = rules.find(name)
    assert entry is not None
    findings = Findings()
    found = compile_source(entry.source, rules, findings)
    assert not findings.has_errors, "\n".join(map(str, findings))
    return found.methodologies[0]


@cache
def plan(name: str, on: date, steps: int = 200, changes: tuple[tuple[str, str], ...] = ()) -> Plan:
    """The plan of a bundled rule set for a date."""
    undated = compiled(name, steps, changes).plan
    assert undated is not None
    return simplify(undated, on)
