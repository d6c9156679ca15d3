"""Attributes that are missing, of another type, or torn between netted positions."""

from __future__ import annotations

from pmdsl.diagnostics import Finding
from pmdsl.engine.blame import Culprit
from pmdsl.engine.complaints.pricing import by_quotes
from pmdsl.engine.complaints.words import label, needed_by
from pmdsl.engine.demand import Scene
from pmdsl.engine.inputs import SAY, raw_column, row_name, wanted_by
from pmdsl.plan.nodes import Node
from pmdsl.portfolio.book import Table


def missing(scene: Scene, found: Culprit) -> Finding:
    """An attribute that was not given, that is of another type, or that netted positions disagree about."""
    node = scene.node(found.node)
    want = wanted_by(node)
    table, row = book_row(scene, node.level, want.table, found.row)
    span = table.cell_place(row, want.column) or table.place(row) if table.size else None
    subject = subject_of(scene, node.level, want.table, table, row, found.row)
    if torn(scene, node, found.row):
        message = (
            f"{subject} is held in parts that do not agree about `{want.column}`{needed_by(scene, found)}"
        )
        return Finding(
            "PM723", message, span, hint="give the parts one value, or let the rule set say `lots`"
        )
    raw = raw_column(table, want.column)
    if table.size and row < table.size and raw[row] is not None and raw[row] == raw[row]:
        message = f"`{want.column}` of {subject} is `{raw[row]}`, which is not what it must be"
        return Finding("PM710", message + needed_by(scene, found), span)
    priced = (want.table, want.column) == ("instrument", "price")
    hint = by_quotes(str(table.text("id")[row]), True) if priced and table.size else None
    return Finding("PM710", f"{subject} has no `{want.column}`{needed_by(scene, found)}", span, hint=hint)


def book_row(scene: Scene, level: str, name: str, row: int) -> tuple[Table, int]:
    """The table of the book behind an input node, and the row in it."""
    world, index = scene.world, scene.block.index
    if name == "account":
        return scene.holdings.accounts, row + scene.block.span(level)[0]
    table = scene.holdings.positions if name == "position" else world.reader.table(name)
    if level == "":
        return table, 0
    source = index.levels[level].source
    at = row + scene.block.span(level)[0]
    return table, at if source is None else int(source[at])


def subject_of(scene: Scene, level: str, name: str, table: Table, row: int, at: int) -> str:
    """How a message names a row of the book."""
    if name == "position":
        return label(scene, level, at)
    return (
        f"the {row_name(name, table, row)}"
        if name in SAY and name != "market"
        else row_name(name, table, row)
    )


def torn(scene: Scene, node: Node, row: int) -> bool:
    """Whether netted positions disagree about a column."""
    if not scene.world.is_owned(node.level):
        return False
    column = scene.block.columns[node.params["table"], node.params["column"]]
    low = scene.block.span(node.level)[0]
    return column.torn is not None and bool(column.torn[row + low])
