"""Builders of tables: cells, rows, bodies, and where rows come from."""

from __future__ import annotations

from typing import TypeVar

from pmdsl.source import Span
from pmdsl.syntax import ast
from pmdsl.syntax.build_parts import Default, Parts, name_of, notes_of, optional_text, text_of
from pmdsl.syntax.lexer import Token
from pmdsl.syntax.machine import Builder

N = TypeVar("N", bound=ast.Node)


def first_of(parts: Parts, kind: type[N]) -> N | None:
    """The first part of a kind, None where there is none."""
    return next((part for part in parts if isinstance(part, kind)), None)


def all_of(parts: Parts, kind: type[N]) -> tuple[N, ...]:
    return tuple(part for part in parts if isinstance(part, kind))


def body(span: Span, parts: Parts) -> ast.Body:
    default = first_of(parts, Default)
    return ast.Body(
        notes=notes_of(parts),
        stricter=first_of(parts, ast.Stricter),
        columns=all_of(parts, ast.Column),
        default=None if default is None else default.value,
        rows=all_of(parts, ast.Row),
        span=span,
    )


def column(span: Span, parts: Parts) -> ast.Column:
    name, type_name, header = parts
    return ast.Column(name_of(name, span), type_name, optional_text(header), span=span)


def row(span: Span, parts: Parts) -> ast.Row:
    """The cells between the bars; an empty one after the last bar is none."""
    cells: list[ast.Expr | None] = []
    for part in parts[1:]:
        if isinstance(part, Token):
            continue
        cells.append(part)
    if len(cells) > 1 and cells[-1] is None:
        cells.pop()
    return ast.Row(tuple(cells), span=span)


def any_cell(span: Span, parts: Parts) -> ast.AnyCell:
    return ast.AnyCell(span=span)


def alone_cell(span: Span, parts: Parts) -> ast.AloneCell:
    return ast.AloneCell(span=span)


def each_cell(span: Span, parts: Parts) -> ast.EachCell:
    return ast.EachCell(tuple(parts), span=span)


def bound_cell(span: Span, parts: Parts) -> ast.BoundCell:
    operator, operand = parts
    return ast.BoundCell(operator.text, operand, span=span)


def range_cell(span: Span, parts: Parts) -> ast.RangeCell:
    low, high = parts
    return ast.RangeCell(low, high, span=span)


def from_file(span: Span, parts: Parts) -> ast.Outside:
    return ast.Outside("file", text_of(parts[0]), span=span)


def from_data(span: Span, parts: Parts) -> ast.Outside:
    return ast.Outside("data", parts[0].text, span=span)


def from_book(span: Span, parts: Parts) -> ast.Outside:
    return ast.Outside("book", None, span=span)


TABLES: dict[str, Builder] = {
    "body": body,
    "column": column,
    "row": row,
    "any_cell": any_cell,
    "alone_cell": alone_cell,
    "each_cell": each_cell,
    "bound_cell": bound_cell,
    "range_cell": range_cell,
    "from_file": from_file,
    "from_data": from_data,
    "from_book": from_book,
}
