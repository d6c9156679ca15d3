"""The small parts of declarations as text: types, notes, marks, dates."""

from __future__ import annotations

from collections.abc import Sequence

from pmdsl.syntax import ast
from pmdsl.syntax.print_expressions import expr_text


def type_text(kind: ast.TypeName) -> str:
    return kind.name if kind.per is None else f"{kind.name} per {kind.per}"


def cite_text(cite: ast.Cite) -> str:
    return f'cite {cite.source} at "{cite.at}"'


def words_of(notes: ast.Notes) -> tuple[str, ...]:
    """Each note as text; `unverified` joins the last citation."""
    words = [cite_text(cite) for cite in notes.cites]
    if notes.unverified:
        words[-1:] = [f"{words[-1]} unverified" if words else "unverified"]
    if notes.because is not None:
        words.append(f'because "{notes.because}"')
    return tuple(words)


def note_lines(notes: ast.Notes) -> list[tuple[ast.Node, str]]:
    """Each note on a line of its own, with the node that it stands for."""
    nodes: list[ast.Node] = list(notes.cites)
    if notes.unverified and not nodes:
        nodes.append(ast.Node(span=notes.unverified_span or notes.span))
    if notes.because is not None:
        nodes.append(ast.Node(span=notes.because_span or notes.span))
    return list(zip(nodes, words_of(notes), strict=True))


def stricter_text(stricter: ast.Stricter) -> str:
    marks = [mark if column is None else f"{column}: {mark}" for column, mark in stricter.marks]
    return f"stricter {', '.join(marks)}"


def dated_text(segment: ast.Dated) -> str:
    end = "" if segment.end is None else f" to {segment.end.isoformat()}"
    return f"from {segment.start.isoformat()}{end} = {expr_text(segment.value)}"


def outside_text(outside: ast.Outside | None) -> str:
    """` from file "x.csv"`, with the blank before it."""
    if outside is None:
        return ""
    if outside.kind == "file":
        return f' from file "{outside.name}"'
    return f" from {outside.kind}" if outside.name is None else f" from {outside.kind} {outside.name}"


def keys_text(keys: Sequence[object]) -> str:
    return ", ".join(str(key) for key in keys)


def exprs_text(exprs: Sequence[ast.Expr]) -> str:
    return ", ".join(expr_text(expr) for expr in exprs)


def where_text(where: ast.Expr | None) -> str:
    return "" if where is None else f" where {expr_text(where)}"


def field_text(field: ast.Field) -> str:
    default = "" if field.default is None else f" default {expr_text(field.default)}"
    return f"{field.name}: {type_text(field.type)}{default}"


def distinct_text(content: ast.Distinct) -> str:
    also = "" if content.also is None else f" also {expr_text(content.also)}"
    return f"each {expr_text(content.each)}{also} within {content.within}"


def history_text(content: ast.History) -> str:
    last = "" if content.last is None else f" last {content.last}"
    return f"from {content.path}{last}{where_text(content.where)}"
