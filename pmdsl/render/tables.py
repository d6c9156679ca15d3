"""The one look of tables: a line under the head, nothing else."""

from __future__ import annotations

from rich.box import Box
from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

# A line under the head, and one above what is set apart by `add_section`.
LINES = Box("    \n    \n ── \n    \n ── \n    \n    \n    \n")
UNBOUNDED = 10_000


class Fitting:
    """The first of some tables for which there is room; else the last. `below` belongs to the first."""

    def __init__(self, *tables: Table, below: Text | None = None) -> None:
        self.tables = tables
        self.below = below

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        free = options.update_width(UNBOUNDED)
        fitting = (t for t in self.tables if console.measure(t, options=free).maximum <= options.max_width)
        table = next(fitting, self.tables[-1])
        yield table
        if self.below and table is self.tables[0]:
            yield self.below


def cut(text: str) -> Text:
    """A cell that stays on one line, cut where there is no room for all of it."""
    return Text(text, no_wrap=True, overflow="ellipsis")


def plain_table(*columns: str) -> Table:
    """A table with named columns, each on one line.

    A name that begins with `.` is dim; one that ends in `>` is set to the right, one in `~` gives way where
    the table is too wide: its cells take several lines, or are `cut`.
    """
    table = Table(box=LINES, pad_edge=False, show_edge=False, header_style="bold")
    for column in columns:
        add_column(table, column)
    return table


def add_column(table: Table, column: str) -> None:
    """One more column, by the same marks."""
    quiet, mark = column.startswith("."), column[-1:]
    table.add_column(
        column.strip(".>~"),
        justify="right" if mark == ">" else "left",
        style="dim" if quiet else "",
        header_style="not bold dim" if quiet else "bold",
        no_wrap=mark != "~",
        overflow="fold",
    )
