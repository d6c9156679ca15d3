"""What must hold between the columns of a book: prices and strikes by kind, kinds by their words."""

from __future__ import annotations

import numpy as np

from pmdsl.diagnostics import nearest
from pmdsl.portfolio.book import Table
from pmdsl.portfolio.parts import filled
from pmdsl.portfolio.report import Report
from pmdsl.portfolio.roster import Roster
from pmdsl.portfolio.shape import UNDERLYING_KINDS

# Spreads, futures and rates trade below zero; a share, a fund, an index or a coin does not.
NEVER_NEGATIVE = ("stock", "etf", "etn", "index", "currency", "crypto")


def check_underlyings(table: Table, report: Report) -> None:
    """Report kinds that look misspelt and prices below zero where the kind has none."""
    kinds, prices = table.text("kind"), table.number("price")
    for row, kind in enumerate(kinds.tolist()):
        meant = nearest(kind, UNDERLYING_KINDS) if kind is not None and kind not in UNDERLYING_KINDS else None
        if meant:
            message = f"`kind`: an underlying of kind `{kind}` is not known"
            report.add("PM612", message, table.cell_place(row, "kind"), hint=f"did you mean `{meant}`?")
    report.rows(
        "PM611",
        np.isin(kinds, NEVER_NEGATIVE) & (prices < 0),
        lambda row: (
            f"`price`: expected at least 0 for an underlying of kind `{kinds[row]}`, found {prices[row]:g}"
        ),
        lambda row: table.cell_place(row, "price"),
    )


def check_instruments(roster: Roster, underlyings: Table, report: Report) -> None:
    """Report options with a price below zero, or with a strike that is not above it where none can be."""
    table = roster.table
    option = table.text("kind") == "option"
    prices, strikes, ids = table.number("price"), table.number("strike"), table.text("id")
    kinds = filled(underlyings.text("kind").tolist(), roster.underlying)
    report.rows(
        "PM611",
        option & (prices < 0),
        lambda row: f"`price`: expected at least 0 for the option `{ids[row]}`, found {prices[row]:g}",
        lambda row: table.cell_place(row, "price"),
    )
    report.rows(
        "PM611",
        option & (strikes <= 0) & np.isin(kinds, NEVER_NEGATIVE),
        lambda row: f"`strike`: expected more than 0 for the option `{ids[row]}`, found {strikes[row]:g}",
        lambda row: table.cell_place(row, "strike"),
    )
