"""Requirements before and after some trades."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from pmdsl.portfolio.trades import Trade
from pmdsl.render.amounts import amount, changed, number, share
from pmdsl.render.margin import heading, origin
from pmdsl.render.tables import plain_table

if TYPE_CHECKING:
    from pmdsl.compare.whatif import WhatIf


def whatif_picture(found: WhatIf, accounts: Sequence[str] | None = None) -> RenderableType:
    """The trades, then before, after and change of each requirement."""
    lines = [trade_line(trade) for trade in found.trades]
    table = changes_table(found, accounts)
    return Group(heading(found.before.book, "What if"), *lines, Text(), table, Text(), origin(found.before))


def trade_line(trade: Trade) -> Text:
    """`buy 10 SPY`."""
    word, style = ("buy", "green") if trade.quantity > 0 else ("sell", "red")
    line = Text("  ")
    line.append(word, style=style)
    line.append(f" {number(abs(trade.quantity))} {trade.instrument}")
    line.append(f" at {trade.price:,g}" if trade.price is not None else "")
    line.append(f" in {trade.account}" if trade.account is not None else "", style="dim")
    return line


def changes_table(found: WhatIf, accounts: Sequence[str] | None) -> Table:
    """A row for each requirement of each account."""
    table = plain_table("account", "requirement", "before>", "after>", "change>", "change %>")
    for change in found.changes(accounts):
        row = (amount(change.before), amount(change.after), changed(change.change))
        table.add_row(change.account, change.requirement, *row, share(change.change, change.before, "+"))
    return table
