"""The smaller sections of a portfolio file: values, matrices, fx, market and other tables."""

from __future__ import annotations

import re
from pathlib import Path

from pmdsl.diagnostics import Label, did_you_mean
from pmdsl.portfolio import scalars
from pmdsl.portfolio.book import Pair, Table
from pmdsl.portfolio.fields import read_field, read_text, taken
from pmdsl.portfolio.files import beside
from pmdsl.portfolio.parts import Given
from pmdsl.portfolio.report import Report
from pmdsl.portfolio.rows import raw_text, read_rows
from pmdsl.portfolio.shape import FX_RATE, MATRIX_VALUE, VALUE, Row
from pmdsl.portfolio.tree import Listing, Mapping, Node, Scalar, describe

CURRENCY_PAIR = re.compile(r"[A-Z]{6}")


def entries(name: str, node: Node | None, report: Report) -> list[tuple[Scalar, Node]]:
    """The entries of a section that is a mapping; anything else is reported."""
    if node is None:
        return []
    if isinstance(node, Mapping):
        return [
            (key, value)
            for key, value in node
            if taken(name, scalars.identifier(key.text), key.span, report) is not None
        ]
    report.add("PM609", f"`{name}`: expected a mapping, found {describe(node)}", node.span)
    return []


def read_values(node: Node | None, report: Report) -> dict[str, Given]:
    """Theoretical values by instrument and scenario id."""
    found: dict[str, Given] = {}
    for name, row in entries("values", node, report):
        numbers: dict[str, float] = {}
        if not isinstance(row, Mapping):
            report.add(
                "PM609", f"`{name.text}`: expected {{scenario: number, …}}, found {describe(row)}", row.span
            )
            continue
        for scenario, value in entries(f"values of {name.text}", row, report):
            number = read_field(scenario.text, value, VALUE, report)
            if isinstance(number, float):
                numbers[scenario.text] = number
        found[name.text] = Given(numbers, name.span)
    return found


def read_matrices(node: Node | None, report: Report) -> dict[str, tuple[Pair, ...]]:
    """Pairs by matrix; a pair given twice, in either order, must have one value."""
    found: dict[str, tuple[Pair, ...]] = {}
    for name, rows in entries("matrices", node, report):
        if not isinstance(rows, Listing):
            report.add("PM609", f"`{name.text}`: expected a list of [name, name, number]", rows.span)
            continue
        pairs: dict[frozenset[str], Pair] = {}
        for item in rows.items:
            pair = _pair(name.text, item, report)
            if pair is not None:
                _keep(pair, pairs, report)
        found[name.text] = tuple(pairs.values())
    return found


def _pair(name: str, node: Node, report: Report) -> Pair | None:
    if not isinstance(node, Listing) or len(node.items) != 3:
        what = f"a list of {len(node.items)}" if isinstance(node, Listing) else describe(node)
        report.add("PM609", f"`{name}`: expected [name, name, number], found {what}", node.span)
        return None
    first, second, last = node.items
    words = []
    for item in (first, second):
        if not isinstance(item, Scalar) or item.is_null:
            report.add("PM609", f"`{name}`: expected a name, found {describe(item)}", item.span)
            return None
        words.append(read_text(name, item, report))
    value = read_field(name, last, MATRIX_VALUE, report)
    if words[0] is None or words[1] is None or not isinstance(value, float):
        return None
    return Pair(words[0], words[1], value, node.span)


def _keep(pair: Pair, pairs: dict[frozenset[str], Pair], report: Report) -> None:
    first = pairs.setdefault(frozenset((pair.first, pair.second)), pair)
    if first.value != pair.value:
        labels = [Label(first.place, f"{first.value:g} here")] if first.place else []
        message = (
            f"the pair `{pair.first}`, `{pair.second}` has two values: {first.value:g} and {pair.value:g}"
        )
        report.add("PM616", message, pair.place, labels=labels)


def read_fx(node: Node | None, report: Report) -> dict[str, float]:
    """Exchange rates by six-letter pair: EURUSD is one EUR in USD."""
    found: dict[str, float] = {}
    for name, value in entries("fx", node, report):
        if CURRENCY_PAIR.fullmatch(name.text) is None or name.text[:3] == name.text[3:]:
            message = f"`fx` has no pair `{name.text}`: expected two currencies as six capitals"
            report.add("PM607", message, name.span, hint="EURUSD is the price of one EUR in USD")
            continue
        rate = read_field(name.text, value, FX_RATE, report)
        back = found.get(name.text[3:] + name.text[:3])
        if isinstance(rate, float) and back is not None and abs(rate * back - 1) > 1e-3:
            product = f"{rate:g} times {back:g} is {rate * back:g}, expected 1"
            report.add("PM616", f"`{name.text}` and its inverse disagree: {product}", value.span)
        if isinstance(rate, float):
            found[name.text] = rate
    return found


def read_market(node: Node | None, report: Report) -> dict[str, str]:
    """Market values as they were written, for a rule set to give them types."""
    found = {name.text: raw_text(name.text, value, report) for name, value in entries("market", node, report)}
    return {name: text for name, text in found.items() if text is not None}


def read_tables(node: Node | None, folder: Path | None, report: Report) -> dict[str, Table]:
    """Other input tables: rows with raw text columns, or the rows of a file beside the book."""
    found: dict[str, Table] = {}
    for name, value in entries("tables", node, report):
        table = (
            _file_table(name, value, folder, report)
            if isinstance(value, Mapping)
            else _row_table(name, value, report)
        )
        if table is not None:
            found[name.text] = table
    return found


def _row_table(name: Scalar, node: Node, report: Report) -> Table:
    return read_rows(node, Row(f"row of `{name.text}`", {}, plural=name.text), report).table


def _file_table(name: Scalar, node: Mapping, folder: Path | None, report: Report) -> Table | None:
    for key, _ in node:
        if key.text != "file":
            hint = did_you_mean(key.text, ["file"])
            report.add(
                "PM607", f"a table is rows or {{file: …}}: it has no key `{key.text}`", key.span, hint=hint
            )
    file = node.get("file")
    if not isinstance(file, Scalar) or file.is_null:
        report.add("PM608", f"the table `{name.text}` is a mapping without `file`", node.span)
        return None
    path = beside(file.text, folder, file.span, report)
    if path is None:
        return None
    from pmdsl.portfolio.frames import file_frame, raw_table

    frame = file_frame(path, report, file.span)
    return raw_table(frame, name.text) if frame else None
