"""The sections of a portfolio file: from its tree to parts."""

from __future__ import annotations

from datetime import date, datetime
from itertools import pairwise
from pathlib import Path

import numpy as np

from pmdsl.diagnostics import did_you_mean
from pmdsl.portfolio import scalars
from pmdsl.portfolio.book import Curve
from pmdsl.portfolio.fields import read_plain, taken
from pmdsl.portfolio.parts import Dividends, Parts, Root, code
from pmdsl.portfolio.report import Report
from pmdsl.portfolio.rows import Rows, read_rows
from pmdsl.portfolio.sections import read_fx, read_market, read_matrices, read_tables, read_values
from pmdsl.portfolio.shape import (
    ACCOUNT,
    CURVE_POINT,
    DIVIDEND,
    INSTRUMENT,
    POSITION,
    RATE,
    SECTIONS,
    UNDERLYING,
)
from pmdsl.portfolio.tree import Listing, Mapping, Node, Scalar, describe
from pmdsl.source import Span

Valuation = tuple[date, datetime | None]


def read_document(root: Node, on: date | None, folder: Path | None, report: Report) -> Parts | None:
    """The parts of a portfolio file; `on` beats the file's. None where it is no mapping or has no date."""
    if not isinstance(root, Mapping):
        expected = "expected a mapping with `on`, `underlyings`, `positions`"
        report.add("PM609", f"{expected}, found {describe(root)}", root.span)
        return None
    for key, _ in root:
        if key.text not in SECTIONS:
            report.add(
                "PM607",
                f"a book has no section `{key.text}`",
                key.span,
                hint=did_you_mean(key.text, SECTIONS),
            )
    dated = _valuation(root, on, report)
    positions = read_rows(root.get("positions"), POSITION, report).table
    underlyings = read_rows(root.get("underlyings"), UNDERLYING, report)
    listed = read_rows(root.get("accounts"), ACCOUNT, report).table
    parts = Parts(
        on=dated[0] if dated else date(1970, 1, 1),
        moment=dated[1] if dated else None,
        curve=_curve(root.get("rate"), report),
        accounts=listed if listed.size else None,
        underlyings=underlyings.table,
        instruments=read_rows(root.get("instruments"), INSTRUMENT, report).table,
        positions=positions,
        position_account=code(positions.text("account").tolist()),
        position_instrument=code(positions.text("instrument").tolist()),
        roots=_roots(underlyings, report),
        dividends=_dividends(underlyings, report),
        values=read_values(root.get("values"), report),
        matrices=read_matrices(root.get("matrices"), report),
        fx=read_fx(root.get("fx"), report),
        market=read_market(root.get("market"), report),
        tables=read_tables(root.get("tables"), folder, report),
        places=_places(root),
        name=Path(root.source.name).stem or "book",
    )
    return parts if dated else None


def _valuation(root: Mapping, on: date | None, report: Report) -> Valuation | None:
    """The valuation date, and the moment where the file gives one and its date is not overridden."""
    node = root.get("on")
    if node is None:
        if on is None:
            hint = "give `on: YYYY-MM-DD`, or a date on the command line"
            place = Span(root.source, root.start, root.start)
            report.add("PM608", "the book has no `on`: expected its valuation date", place, hint=hint)
        return None if on is None else (on, None)
    if not isinstance(node, Scalar) or node.is_null:
        report.add("PM609", f"`on`: expected a date, found {describe(node)}", node.span)
        return None
    if len(node.text) <= 10:
        found = taken_date(node, report)
        return (on, None) if on is not None and found is not None else (found, None) if found else None
    moment = scalars.moment(node.text)
    if isinstance(moment, scalars.Refused):
        report.add(moment.code, f"`on`: {moment.reason}", node.span, hint=moment.hint)
        return None
    return (moment.date(), moment) if on is None or on == moment.date() else (on, None)


def taken_date(node: Scalar, report: Report) -> date | None:
    """The date of a scalar, or None after it was reported."""
    found = scalars.day(node.text)
    if not isinstance(found, scalars.Refused):
        return found
    report.add(
        found.code, f"`on`: {found.reason}", node.span, hint="as 2024-01-19, or 2024-01-19T16:00:00-05:00"
    )
    return None


def _curve(node: Node | None, report: Report) -> Curve | None:
    """A flat rate, or zero rates at tenors that differ, in their order."""
    if node is None:
        return None
    if isinstance(node, Scalar):
        rate = read_plain("rate", node, RATE, report)
        return None if rate is None else Curve((0.0,), (rate,))
    rows = read_rows(node, CURVE_POINT, report).table
    tenors = rows.number("tenor")
    order = np.argsort(tenors, kind="stable")
    for before, after in pairwise(order.tolist()):
        if tenors[before] == tenors[after]:
            place = rows.cell_place(after, "tenor")
            report.add("PM613", f"the rate at tenor {tenors[after]:g} stands twice", place)
    if not rows.size:
        report.add("PM609", "`rate`: expected a number, or a list of {tenor, rate}", node.span)
        return None
    return Curve(tuple(tenors[order].tolist()), tuple(rows.number("rate")[order].tolist()))


def _roots(rows: Rows, report: Report) -> list[Root]:
    """The OSI roots that underlyings claim, in file order."""
    found: list[Root] = []
    for row, node in rows.nested.get("roots", {}).items():
        if not isinstance(node, Listing):
            report.add("PM609", f"`roots`: expected a list of names, found {describe(node)}", node.span)
            continue
        for item in node.items:
            if not isinstance(item, Scalar) or item.is_null:
                report.add("PM609", f"`roots`: expected an OSI root, found {describe(item)}", item.span)
            elif (root := taken("roots", scalars.identifier(item.text), item.span, report)) is not None:
                found.append(Root(root, row, item.span))
    return found


def _dividends(rows: Rows, report: Report) -> dict[str, Dividends]:
    """The known dividends by underlying, in date order."""
    found: dict[str, Dividends] = {}
    for row, node in rows.nested.get("dividends", {}).items():
        table = read_rows(node, DIVIDEND, report).table
        days, amounts = table.number("ex_date"), table.number("amount")
        known = [(int(day), float(amount)) for day, amount in zip(days, amounts, strict=True) if day == day]
        found[str(rows.table.text("id")[row])] = tuple(sorted(known))
    return found


def _places(root: Mapping) -> dict[str, Span]:
    """The places of sections, and of the entries of those that are mappings: `market`, `market.vix`, and
    `market.vix key` of its key.
    """
    places: dict[str, Span] = {}
    for key, node in root:
        places[key.text] = node.span
        if isinstance(node, Mapping):
            places |= {f"{key.text}.{inner.text}": value.span for inner, value in node}
            places |= {f"{key.text}.{inner.text} key": inner.span for inner, _ in node}
    return places
