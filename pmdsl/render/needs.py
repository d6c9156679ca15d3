"""The inputs that a rule set asks for, table by table."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from pmdsl.author.needs import Needs
from pmdsl.plan.nodes import DataTable, InputColumn
from pmdsl.render.amounts import dim
from pmdsl.render.tables import plain_table

PRICES = (
    "It values instruments: options need their right, strike, expiry and exercise, their underlying a price, "
    "and the book a rate; volatilities are given, or solved from prices."
)


def needs_picture(needs: Needs) -> RenderableType:
    """Attributes, tables and matrices; what every book may give is dim."""
    parts: list[RenderableType] = [Text(needs.rules, style="bold"), Text(), columns_table(needs)]
    if needs.tables:
        parts += [Text(), tables_table(needs)]
    if needs.matrices:
        parts += [Text(), Text(f"Matrices by pair: {', '.join(needs.matrices)}")]
    if needs.prices:
        parts += [Text(), dim(PRICES)]
    return Group(*parts)


def columns_table(needs: Needs) -> Table:
    """What each attribute holds, whether it must be given, and which outputs read it."""
    table = plain_table("of", "attribute", "type~", "given", ".read by~")
    order = dict.fromkeys(column.table for column in needs.columns)
    for name in order:
        for column in (c for c in needs.columns if c.table == name):
            given = needs.given(column)
            style = "dim" if given == "in every book" else ""
            table.add_row(name, column.column, type_of(column), given, readers(needs, column), style=style)
    return table


def readers(needs: Needs, column: InputColumn) -> str:
    """The outputs that read an attribute: `all` where every requirement does."""
    names = [output.name for output in needs.read_by(column)]
    if needs.requirements and set(needs.requirements) <= set(names):
        return "all" if len(needs.requirements) > 1 else needs.requirements[0]
    return ", ".join(names)


def type_of(column: InputColumn) -> str:
    """What an attribute holds, in words."""
    return holds(column.base, column.words, column.unit)


def holds(base: str, words: tuple[str, ...], unit: str = "") -> str:
    if words:
        return " | ".join(words)
    if base == "bool":
        return "yes or no"
    return unit if unit not in ("", "number") and base in ("number", "percent") else base


def tables_table(needs: Needs) -> Table:
    table = plain_table("table", "columns~", "given")
    for found in needs.tables:
        given = "with the book" if found.source == "input" else f"--data {found.given_as or found.name}=FILE"
        table.add_row(found.name, columns_of(found), given)
    return table


def columns_of(table: DataTable) -> Text:
    """The columns, the keys among them first and bold."""
    parts = [
        Text.assemble((header, "bold" if place < table.keys else ""), (f" {holds(base, words)}", "dim"))
        for place, (_, header, base, words) in enumerate(table.columns)
    ]
    return Text(", ").join(parts)
