"""Lists of mappings to tables: typed columns for the keys of the shape, raw text for a methodology's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from pmdsl.diagnostics import did_you_mean, nearest
from pmdsl.portfolio import scalars
from pmdsl.portfolio.book import Array, Table
from pmdsl.portfolio.fields import Value, read_field, taken
from pmdsl.portfolio.report import Report
from pmdsl.portfolio.shape import Field, Row, Type
from pmdsl.portfolio.tree import MAX_SCALAR, Listing, Mapping, Node, Scalar, describe
from pmdsl.source import Span

NESTED = (Type.NAMES, Type.DIVIDENDS)
TEXTS = (Type.TEXT, Type.WORD)


@dataclass(frozen=True, eq=False)
class Rows:
    """A table and the nodes it was read from; `nested[key][row]` are the nodes of list-valued fields."""

    table: Table
    nested: dict[str, dict[int, Node]]


def read_rows(node: Node | None, shape: Row, report: Report) -> Rows:
    """The rows of a section; an empty table where it is missing. What is wrong is reported, row by row."""
    mappings = list_of_mappings(node, shape.table, report)
    values: dict[str, list[Value]] = {
        key: [] for key, field in shape.fields.items() if field.type not in NESTED
    }
    nested: dict[str, dict[int, Node]] = {}
    extras: dict[str, dict[int, str]] = {}
    for number, row in enumerate(mappings):
        _read_row(number, row, shape, values, nested, extras, report)
    columns = {key: column(shape.fields[key], found) for key, found in values.items()}
    columns |= {key: sparse_text(found, len(mappings)) for key, found in extras.items()}
    places = (row_places(mappings), cell_places(mappings), key_places(mappings))
    return Rows(Table(shape.table, len(mappings), columns, *places), nested)


def list_of_mappings(node: Node | None, name: str, report: Report) -> list[Mapping]:
    """The mappings of a list; whatever else stands there is reported and left out."""
    if node is None:
        return []
    if not isinstance(node, Listing):
        report.add("PM609", f"`{name}`: expected a list of rows, found {describe(node)}", node.span)
        return []
    for item in node.items:
        if not isinstance(item, Mapping):
            message = f"`{name}`: expected a row as {{key: value, …}}, found {describe(item)}"
            report.add("PM609", message, item.span)
    return [item for item in node.items if isinstance(item, Mapping)]


def _read_row(
    number: int,
    row: Mapping,
    shape: Row,
    values: dict[str, list[Value]],
    nested: dict[str, dict[int, Node]],
    extras: dict[str, dict[int, str]],
    report: Report,
) -> None:
    for found in values.values():
        found.append(None)
    for key, node in row:
        field = shape.fields.get(key.text)
        if field is None:
            text = read_attribute(key, node, shape, report)
            if text is not None:
                extras.setdefault(key.text, {})[number] = text
        elif field.type in NESTED:
            nested.setdefault(key.text, {})[number] = node
        else:
            values[key.text][number] = read_field(key.text, node, field, report)
    if any(field.required and values[key][number] is None for key, field in shape.fields.items()):
        report_missing(row, shape, report)


def report_missing(row: Mapping, shape: Row, report: Report) -> None:
    """Report the required keys that a row lacks, with the key that was probably meant for each."""
    for key, field in shape.fields.items():
        if field.required and row.get(key) is None:
            meant = nearest(key, [name.text for name, _ in row if name.text not in shape.fields])
            hint = f"is `{meant}` meant for it?" if meant else None
            report.add(
                "PM608", f"this {shape.name} has no `{key}`: expected {field.expected}", row.span, hint=hint
            )


def read_attribute(key: Scalar, node: Node, shape: Row, report: Report) -> str | None:
    """The raw text of a methodology's own attribute; an unknown key of a closed row is reported."""
    if not shape.open:
        hint = did_you_mean(key.text, shape.fields)
        report.add("PM607", f"a {shape.name} has no key `{key.text}`", key.span, hint=hint)
        return None
    if isinstance(taken("key", scalars.identifier(key.text), key.span, report), str):
        return raw_text(key.text, node, report)
    return None


def raw_text(key: str, node: Node, report: Report) -> str | None:
    """A single value as it was written, for a rule set to give it a type."""
    if not isinstance(node, Scalar):
        report.add("PM609", f"`{key}`: expected a single value, found {describe(node)}", node.span)
        return None
    if node.is_null:
        report.add("PM609", f"`{key}` has no value", node.span, hint="leave the key out: there are no nulls")
        return None
    return taken(key, scalars.identifier(node.text, MAX_SCALAR), node.span, report)


def column(field: Field, values: list[Value]) -> Array:
    """A column of the shape: texts as objects with None, everything else as float64 with NaN."""
    if field.type in TEXTS:
        found = np.empty(len(values), dtype=object)
        found[:] = values
        return found
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def sparse_text(found: dict[int, str], size: int) -> Array:
    """A text column of `size` rows from the rows that have a value."""
    texts = np.full(size, None, dtype=object)
    for row, text in found.items():
        texts[row] = text
    return texts


def row_places(rows: list[Mapping]) -> Callable[[int], Span | None]:
    return lambda row: rows[row].span


def cell_places(rows: list[Mapping]) -> Callable[[int, str], Span | None]:
    def place(row: int, name: str) -> Span | None:
        node = rows[row].get(name)
        return rows[row].span if node is None else node.span

    return place


def key_places(rows: list[Mapping]) -> Callable[[int, str], Span | None]:
    def place(row: int, name: str) -> Span | None:
        return next((key.span for key, _ in rows[row] if key.text == name), None)

    return place
