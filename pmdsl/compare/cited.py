"""Which rows and parameters mattered, with their values as written, their places and what they cite."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

import numpy as np

from pmdsl.compare.explanation import Cited, Part, Requirement
from pmdsl.data import shown_path
from pmdsl.engine.demand import Need, demand
from pmdsl.engine.trace import Trace
from pmdsl.names.program import Program
from pmdsl.plan.lower.elaborator import origin_of
from pmdsl.plan.nodes import Node, Origin, Output, below
from pmdsl.rules import Rules
from pmdsl.syntax import ast

CITE = re.compile(r"""^(\w+) at ["'](.*)["']$""")
BASE = "base."
# What was weighed and not taken is cited nowhere.
CHOICES = frozenset({"pairing"})
D = TypeVar("D", bound=ast.Declaration)
NOTES = frozenset({"cite", "because", "unverified", "when", "from", "to"})


@dataclass(frozen=True, eq=False)
class Citations:
    """Looks things up in the program behind a rule set; a written plan knows places and citations alone."""

    rules: Rules
    traced: Trace
    known: dict[tuple[int, int], tuple[Cited, ...]] = field(default_factory=dict)

    @property
    def program(self) -> Program | None:
        return self.rules.compiled.program if self.rules.compiled is not None else None

    # ---- outputs and parameters ----------------------------------------------------------------------------

    def of_output(self, output: Output) -> tuple[str, str, tuple[str, ...], bool]:
        """Formula, place, citations of a requirement, and whether it is unverified."""
        declared = self.program.get(ast.Require, output.name) if self.program is not None else None
        if declared is None:
            origin = self.traced.scene.node(output.node).origin
            return (
                " ".join(origin.text.split()),
                place_of(origin),
                tuple(map(cite_text, origin.cites)),
                origin.unverified,
            )
        cites = tuple(f"{cite.source} {cite.at}" for cite in declared.notes.cites)
        return (
            " ".join(declared.value.span.text.split()),
            place_of_node(declared),
            cites,
            declared.notes.unverified,
        )

    def params(self, output: Output) -> tuple[Cited, ...]:
        """The parameters that a requirement needs, with the segment in force."""
        if self.program is None or self.rules.plan.on is not None:
            return ()
        full = self.rules.plan
        wanted = next(o.node for o in full.outputs if o.kind == "requirement" and o.name == output.name)
        dated = [full.nodes[n] for n in sorted(below(full.nodes, wanted)) if full.nodes[n].op == "dated"]
        return tuple(unique(cited for node in dated if (cited := self.param(node)) is not None))

    def param(self, node: Node) -> Cited | None:
        """The segment of a parameter that is in force; `base.NAME` for what the child has replaced."""
        name, place = str(node.params["name"]), place_of(node.origin)
        for shown in (name, BASE + name):
            found = self.declared(ast.Param, shown)
            if found is not None and place_of_node(found) == place:
                return segment(found, self.traced.scene.world.book.on, shown)
        return None

    def sources(self, requirements: Iterable[Requirement]) -> dict[str, str]:
        """The titles of the sources that are cited somewhere, in the order of the rule set."""
        if self.program is None:
            return {}
        cites = {cite.split(" ")[0] for requirement in requirements for cite in all_cites(requirement)}
        return {
            s.name.text: source_title(s) for s in self.program.all(ast.SourceDecl) if s.name.text in cites
        }

    # ---- rows of tables ------------------------------------------------------------------------------------

    def rows(self, node: int, row: int) -> tuple[Cited, ...]:
        """The rows of tables that mattered to one row of a node."""
        if (node, row) not in self.known:
            self.known[node, row] = tuple(unique(self._rows(node, row)))
        return self.known[node, row]

    def _rows(self, node: int, row: int) -> Iterator[Cited]:
        scene = self.traced.scene
        value = scene.values[node]
        at = np.array([row if len(value) > 1 or scene.node(node).level else 0])
        wanted = {node: Need(at, np.ones((1, *value.shape[1:]), dtype=bool))}
        for number, need in sorted(demand(scene, self.traced.schedule, wanted, CHOICES).items()):
            match = scene.node(number)
            if match.op == "match":
                values = scene.rows_of(number, need.rows).reshape(need.cells.shape)
                for fired in np.unique(values[need.cells & (values >= 0)]).tolist():
                    yield self.row(match, int(fired))

    def row(self, match: Node, number: int) -> Cited:
        """One row of a table."""
        table = str(match.params["table"])
        written = scene_rows(self.traced, match)
        number = next((n for n, row in enumerate(written) if is_of(match, row)), number)
        origin = written[number] if number < len(written) else Origin()
        declared = self.declared(ast.TableDecl, table)
        notes = self.notes(table.removeprefix(BASE), origin.file)
        cites = tuple(map(cite_text, origin.cites or notes.cites))
        unverified = origin.unverified or notes.unverified
        return Cited(table, origin.name, cells(declared, number), place_of(origin), cites, unverified)

    def notes(self, table: str, file: str) -> Origin:
        """What the table of a row cites as a whole; an override has notes of its own."""
        for program in (self.program, self.program.base if self.program is not None else None):
            if program is not None and program.source.name == file:
                changed = [o.declaration for o in program.overridden]
                found = [
                    d for d in (*changed, program.get(ast.TableDecl, table)) if isinstance(d, ast.TableDecl)
                ]
                return next((origin_of(d, table) for d in found if d.name.text == table), Origin())
        return Origin()

    def declared(self, kind: type[D], name: str) -> D | None:
        """What is declared under a name; `base.NAME` is the parent's own. None in a written plan."""
        if self.program is None or not name.startswith(BASE):
            return self.program.get(kind, name) if self.program is not None else None
        return self.program.base.get(kind, name.removeprefix(BASE)) if self.program.base is not None else None

    def base_name(self, node: Node) -> str:
        """`base.NAME` for a value of the parent; "" for any other."""
        base = self.program.base if self.program is not None else None
        if base is None:
            return ""
        name = node.origin.name
        declared = [base.get(ast.Require, name), base.get(ast.Step, name)]
        texts = [found.value.span.text[:200] for found in declared if found is not None]
        return f"base.{name}" if node.origin.text in texts else ""


def scene_rows(traced: Trace, match: Node) -> tuple[Origin, ...]:
    """The rows of a table as written; none where the plan has another table of that name."""
    found = traced.scene.plan.tables.get(str(match.params["table"]))
    rows = found.rows if found is not None else ()
    alone = any(is_of(match, row) for row in rows)
    return rows if alone or len(rows) == len(match.params["rows"]) else ()


def is_of(match: Node, row: Origin) -> bool:
    """Whether a look-up is of one row alone: each row of a `collect` table is a look-up of its own."""
    place = (row.file, row.line, row.column)
    return (
        len(match.params["rows"]) == 1
        and (match.origin.file, match.origin.line, match.origin.column) == place
    )


def cells(declared: ast.TableDecl | None, number: int) -> Mapping[str, str]:
    """The values of a row, each as it was written."""
    if declared is None or declared.body is None:
        return {}
    from pmdsl.plan.lower.tables import layout_of

    layout = layout_of(declared)
    if number >= len(layout.rows):
        return {}
    return {
        word: cell.span.text for word in layout.values if (cell := layout.rows[number].get(word)) is not None
    }


def segment(param: ast.Param, on: date, name: str) -> Cited:
    """The value of a parameter on a date."""
    begun = [found for found in param.segments if found.start <= on]
    held = max(begun, key=lambda found: found.start) if begun else param.segments[0]
    key = f"from {held.start}" + (f" to {held.end}" if held.end else "")
    cites = tuple(f"{cite.source} {cite.at}" for cite in param.notes.cites)
    return Cited(name, key, {"": held.value.span.text}, place_of_node(held), cites, param.notes.unverified)


def unique(rows: Iterable[Cited]) -> list[Cited]:
    found: list[Cited] = []
    for row in rows:
        if row not in found:
            found.append(row)
    return found


def all_cites(requirement: Requirement) -> Iterator[str]:
    """Every citation of a requirement and of what lies below it."""
    yield from requirement.cites
    for param in requirement.params:
        yield from param.cites
    queue: list[Part] = [requirement.whole] if requirement.whole is not None else []
    while queue:
        part = queue.pop()
        queue.extend(part.parts)
        for row in part.cited:
            yield from row.cites


def cite_text(cite: str) -> str:
    """`finra (g)(2)` for `finra at '(g)(2)'`."""
    found = CITE.match(cite)
    return f"{found[1]} {found[2]}" if found else cite


def source_title(source: ast.SourceDecl) -> str:
    """Title and publisher of a source."""
    said = {key: str(value) for key, value in source.fields}
    publisher = said.get("publisher", "")
    title = said.get("title", source.name.text)
    return f"{title}, {publisher}" if publisher and publisher not in title else title


def place_of(origin: Origin) -> str:
    return f"{shown_path(origin.file)}:{origin.line}" if origin.file else ""


def place_of_node(node: ast.Node) -> str:
    return f"{shown_path(node.span.source.name)}:{node.span.line}"
