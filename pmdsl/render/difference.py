"""What differs between two rule sets, statement by statement."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from pmdsl.render.amounts import dim, short_digest

if TYPE_CHECKING:
    from pmdsl.compare.difference import Change, Difference

STYLES = {"added": ("+", "green"), "removed": ("-", "red"), "changed": ("~", "yellow")}


def difference_picture(found: Difference) -> RenderableType:
    """Changes in meaning, then what is only cited or called otherwise."""
    parts: list[RenderableType] = [heading(found), Text()]
    if not found.changes:
        parts += [Text("They mean the same.", style="green"), *([Text()] if found.words else [])]
    for (what, name), changes in groupby(found.changes, key=lambda change: (change.what, change.name)):
        parts += statement(what, name, list(changes))
    if found.words:
        parts += [Text("Citations and titles, which change no number", style="bold")]
        parts += [words_line(change) for change in found.words]
    return Group(*parts)


def heading(found: Difference) -> Text:
    line = Text.assemble((found.left, "bold"), " → ", (found.right, "bold"))
    line.append(f" on {found.on}" if found.on else "")
    line.append(f"   {short_digest(found.digests[0])} → {short_digest(found.digests[1])}", style="dim")
    return line


def statement(what: str, name: str, changes: list[Change]) -> list[RenderableType]:
    """One statement with its changes below it, and its place."""
    head = Text.assemble((f"{what} ", "dim"), (name, "bold"))
    head.append(f"   {changes[0].place}" if changes[0].place else "", style="dim")
    return [head, Padding(changes_table(changes), (0, 0, 1, 2))]


def changes_table(changes: list[Change]) -> Table:
    """Key, column, before and after of each change."""
    table = Table.grid(padding=(0, 2))
    keyed = any(change.key or change.column for change in changes)
    for _ in range(3 if keyed else 2):
        table.add_column(overflow="fold")
    for change in changes:
        sign, style = STYLES[change.kind]
        where = Text.assemble(change.key, (f" {change.column}" if change.column else "", "cyan"))
        table.add_row(Text(sign, style=style), *([where] if keyed else []), values(change))
    return table


def values(change: Change) -> Text:
    """Both texts: beside one another where they are short, else below one another."""
    if change.before is None or change.after is None:
        _, style = STYLES[change.kind]
        return Text(change.before or change.after or "", style=style)
    apart = "\n" if len(change.before) + len(change.after) > 70 else " "
    return Text.assemble((change.before, "red"), apart, "→ ", (change.after, "green"))


def words_line(change: Change) -> Text:
    what = f"{change.what} {change.name}".strip()
    return dim(f"  {what}: {change.before or 'nothing'} → {change.after or 'nothing'}")
