"""The rule sets at hand as a table."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table

from pmdsl.names.library import Entry
from pmdsl.render.tables import plain_table


def rules_table(entries: Sequence[Entry]) -> Table:
    """Name, title and origin of each rule set."""
    table = plain_table("rule set", "title~", ".from~")
    for entry in entries:
        table.add_row(entry.name, entry.title, entry.origin)
    return table
