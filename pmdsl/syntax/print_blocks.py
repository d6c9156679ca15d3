"""The statements that have braces, as drafts and entries."""

from __future__ import annotations

from pmdsl.syntax import ast
from pmdsl.syntax.drafts import Draft, Printed, hung, plain
from pmdsl.syntax.layout import INDENT, Entry, Layout
from pmdsl.syntax.print_parts import (
    dated_text,
    distinct_text,
    field_text,
    history_text,
    keys_text,
    note_lines,
    outside_text,
    stricter_text,
    type_text,
    words_of,
)
from pmdsl.syntax.print_tables import body_entries


def source(node: ast.SourceDecl, layout: Layout) -> Printed:
    """Fields in columns, aligned with those of neighbours that have the same fields."""
    fields = [
        f'{name} "{value}"' if isinstance(value, str) else f"{name} {value.isoformat()}"
        for name, value in node.fields
    ]
    if not fields:
        return plain(node, "", f"source {node.name} {{ }}")
    key = " ".join(["source", *(name for name, _ in node.fields)])
    columns = (f"source {node.name}", f"{{ {fields[0]}", *fields[1:])
    columns = (*columns[:-1], f"{columns[-1]} }}")
    return Draft(node, key, columns, (), lambda: broken_source(node))


def broken_source(node: ast.SourceDecl) -> Entry:
    width = max(len(name) for name, _ in node.fields)
    lines = [
        f"{'':{INDENT}}{name:{width}} " + (f'"{value}"' if isinstance(value, str) else value.isoformat())
        for name, value in node.fields
    ]
    return Entry(node, (f"source {node.name} {{", *lines, "}"))


def block(node: ast.Node, head: str, body: ast.Body, notes: ast.Notes) -> Entry:
    """`head { … }`, with its notes behind the brace, on a line of their own."""
    below = tuple(line.removeprefix(" " * INDENT) for line in hung(words_of(notes)))
    return Entry(node, (f"{head} {{",), body_entries(body), ("}", *below))


def input_table(node: ast.Input, layout: Layout) -> Printed:
    by = "" if not node.keys else f" by {keys_text(node.keys)}"
    data = "" if node.data is None else f" from data {node.data}"
    head = f"input {node.name}{by}{data}"
    below = tuple(line.removeprefix(" " * INDENT) for line in hung(words_of(node.notes)))
    parts = tuple(Entry(field, (field_text(field),)) for field in node.fields)
    many = Entry(node, (f"{head} {{",), parts, ("}", *below))
    if len(node.fields) > 1 or layout.holds_comment(node):
        return many
    inner = f"{field_text(node.fields[0])} " if node.fields else ""
    return Draft(node, "", (f"{head} {{ {inner}}}",), words_of(node.notes), lambda: many)


def param(node: ast.Param, layout: Layout) -> Printed:
    """One value with at most notes stands on one line."""
    head = f"param {node.name}: {type_text(node.type)}"
    segments = tuple(Entry(segment, (dated_text(segment),)) for segment in node.segments)
    marks = () if node.stricter is None else (Entry(node.stricter, (stricter_text(node.stricter),)),)
    notes = tuple(Entry(note, (line,)) for note, line in note_lines(node.notes))
    many = Entry(node, (f"{head} {{",), (*segments, *marks, *notes), ("}",))
    if len(node.segments) != 1 or node.stricter is not None or layout.holds_comment(node):
        return many
    told = " ".join(words_of(node.notes))
    value = f"{{ {dated_text(node.segments[0])}"
    columns = (head, value, f"{told} }}") if told else (head, f"{value} }}")
    return Draft(node, "param with notes" if told else "param", columns, (), lambda: many)


def params(node: ast.Params, layout: Layout) -> Printed:
    return block(node, "params", node.body, node.notes)


def pricing(node: ast.Pricing, layout: Layout) -> Printed:
    return block(node, "pricing", node.body, node.notes)


def table(node: ast.TableDecl, layout: Layout) -> Printed:
    policy = "" if node.policy is None else f"{node.policy} "
    head = f"{policy}table {node.name} by {keys_text(node.keys)}{outside_text(node.outside)}"
    return with_body(node, head)


def matrix(node: ast.Matrix, layout: Layout) -> Printed:
    return with_body(node, f"matrix {node.name} by {node.by}{outside_text(node.outside)}")


def with_body(node: ast.TableDecl | ast.Matrix, head: str) -> Printed:
    if node.body is None:
        return plain(node, "", head, notes=words_of(node.notes))
    return block(node, head, node.body, node.notes)


def scenarios(node: ast.Scenarios, layout: Layout) -> Printed:
    head = f"scenarios {node.name}"
    if isinstance(node.content, ast.Body):
        return block(node, head, node.content, node.notes)
    told = (
        history_text(node.content) if isinstance(node.content, ast.History) else distinct_text(node.content)
    )
    return plain(node, "scenarios", head, told, notes=words_of(node.notes))
