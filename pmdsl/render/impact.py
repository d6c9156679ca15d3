"""The same books under two rule sets: a line an account, and what they come to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import PurePath
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from pmdsl.render.amounts import NOTHING, amount, changed, share
from pmdsl.render.margin import heading, origin
from pmdsl.render.tables import plain_table

if TYPE_CHECKING:
    from pmdsl.changes import Change
    from pmdsl.compare.impact import Impact, Line
    from pmdsl.engine import Bind


def impact_picture(found: Impact) -> RenderableType:
    """What each account is asked by both; then how many rise and fall, and by how much."""
    parts: list[RenderableType] = [title(found), Text(), lines_table(found), Text()]
    parts += [*summary_lines(found), Text()]
    return Group(*parts, *origins(found))


def title(found: Impact) -> Text:
    """`Compare on 2026-03-02   02_collar`, and what is compared."""
    one = next(iter(found.books.values())) if len(found.books) == 1 else None
    head = Text(f"Compare   {len(found.books)} books") if one is None else heading(one.first.book, "Compare")
    compared = f"{found.before} of {found.left.name} → {found.after} of {found.right.name}"
    return head.append(f"\n{compared}, in {found.left.currency}", style="not bold dim")


def lines_table(found: Impact) -> Table:
    """Before, after and change of each account, and what bound it; below its book where there are several."""
    several = len(found.books) > 1
    table = plain_table("account~", "before>", "after>", "change>", "change %>", ".bound by~")
    for portfolio, lines in groupby(found.lines, key=lambda line: line.portfolio):
        if several:
            table.add_row(Text(label(portfolio, found.books), style="bold"))
        for line in lines:
            account = f"  {line.change.account}" if several else line.change.account
            table.add_row(account, *change_cells(line.change), bound_text(line))
    total, failed = found.summary.total, found.summary.failed
    if total is not None and len(found.lines) > 1:
        table.add_section()
        table.add_row(f"total of {len(found.lines) - failed}" if failed else "total", *change_cells(total))
    return table


def label(portfolio: str, books: Iterable[str]) -> str:
    """The name of a book without its folder and ending, where no other book has it."""
    short = PurePath(portfolio).stem
    return short if [PurePath(name).stem for name in books].count(short) == 1 else portfolio


def change_cells(change: Change) -> list[Text]:
    before, after = (
        Text("error", style="bold red") if value is None else Text(amount(value))
        for value in (change.before, change.after)
    )
    return [before, after, changed(change.change), Text(share(change.change, change.before, "+"))]


def bound_text(line: Line) -> str:
    """`XYZ d5 → XYZ d4`; once where both are bound by the same, nothing where there is no answer."""
    if line.change.change is None:
        return ""
    old, new = bound_side(line.bound_before), bound_side(line.bound_after)
    return old if old == new else f"{old or NOTHING} → {new or NOTHING}"


def bound_side(parts: Sequence[Bind]) -> str:
    """The largest group with the point that set it, and how many others there are."""
    if not parts:
        return ""
    more = f", {len(parts) - 1} more" if len(parts) > 1 else ""
    return " ".join(filter(None, (parts[0].group, parts[0].by))) + more


def summary_lines(found: Impact) -> list[Text]:
    """`4 up, 3 down, 1 equal`, and the largest of each."""
    summary = found.summary
    counts = f"{summary.up} up, {summary.down} down, {summary.equal} equal"
    counts += f", {summary.failed} without an answer" if summary.failed else ""
    extremes = [("largest rise", summary.largest_rise), ("largest fall", summary.largest_fall)]
    return [Text(counts, style="bold"), *(extreme(found, word, line) for word, line in extremes if line)]


def extreme(found: Impact, word: str, line: Line) -> Text:
    """`largest rise  +2,652.30  +5.0%  A1 of 01_demo`."""
    change = line.change
    where = f" of {label(line.portfolio, found.books)}" if len(found.books) > 1 else ""
    percent = share(change.change, change.before, "+")
    return Text.assemble(
        (word, "dim"), "  ", changed(change.change), f"  {percent}  ", change.account, (where, "dim")
    )


def origins(found: Impact) -> list[Text]:
    """Which rule sets these were; by the first book."""
    first = next(iter(found.books.values()), None)
    return [origin(first.first), origin(first.other)] if first is not None else []
