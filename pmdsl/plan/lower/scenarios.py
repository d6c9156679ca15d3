"""Scenario axes: their points, the columns of their tables, histories from data, and the distinct values
of a group.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from math import prod

from pmdsl.diagnostics import did_you_mean, listed
from pmdsl.plan.lower import ragged, tables
from pmdsl.plan.lower.circles import once
from pmdsl.plan.lower.elaborator import Context, Elaborator, origin_of, stated_by
from pmdsl.plan.lower.graph import Value
from pmdsl.plan.lower.histories import history
from pmdsl.plan.lower.operands import joined_type
from pmdsl.plan.nodes import Axis
from pmdsl.source import Span
from pmdsl.syntax import ast
from pmdsl.types.values import Type

MOST_POINTS = 10_000


def declare_axes(e: Elaborator) -> None:
    """Enter every axis with its points, before anything that uses them is worked out."""
    for decl in e.program.all(ast.Scenarios):
        name = decl.name.text
        axis = named_apart(e, axis_of(e, decl))
        e.axes[name] = e.axes[axis.name] = axis
        if axis.name not in e.graph.axes:
            e.graph.axes.append(axis.name)
        if isinstance(decl.content, ast.Body):
            e.rows[axis.name] = tables.written_rows(axis.name, tables.body_layout(decl.content, (name,)))


def axis_of(e: Elaborator, decl: ast.Scenarios) -> Axis:
    """The axis that a statement declares."""
    name, content = decl.name.text, decl.content
    if isinstance(content, ast.Body):
        if size_of(content) > MOST_POINTS:
            message = f"`{name}` has {size_of(content):,} points, and an axis may have {MOST_POINTS:,}"
            e.error("PM256", message, decl.span, hint="give long histories as data: `scenarios NAME from …`")
        return Axis(name, "table", tuple(label for label, _ in points(content, name)))
    if isinstance(content, ast.History):
        return history(e, name, content)
    return Axis(name, "distinct")


def named_apart(e: Elaborator, axis: Axis) -> Axis:
    """The axis, under another name where the parent has another axis of this name."""
    theirs = e.base.axes.get(axis.name) if e.base is not None else None
    return axis if theirs is None or theirs == axis else replace(axis, name=f"own.{axis.name}")


def points(body: ast.Body, name: str) -> list[tuple[str, dict[str, ast.Expr | None]]]:
    """The points of a table axis: a label and the cells of each, `each` cells multiplied out."""
    if size_of(body) > MOST_POINTS:
        return []
    layout = tables.body_layout(body, (name,))
    found: list[tuple[str, dict[str, ast.Expr | None]]] = []
    for row in layout.rows:
        label = row.get(name)
        text = (
            str(label) if isinstance(label, ast.Path) else label.value if isinstance(label, ast.Text) else ""
        )
        found.extend(multiplied(text, row))
    return found


def size_of(body: ast.Body) -> int:
    """How many points the rows of an axis make."""
    return sum(
        prod(len(cell.items) for cell in row.cells if isinstance(cell, ast.EachCell)) for row in body.rows[1:]
    )


def multiplied(label: str, row: dict[str, ast.Expr | None]) -> list[tuple[str, dict[str, ast.Expr | None]]]:
    """A row whose `each` cells stand for one point a combination, numbered from one."""
    grids = [(word, cell.items) for word, cell in row.items() if isinstance(cell, ast.EachCell)]
    if not grids:
        return [(label, row)]
    combinations = list(product(*(items for _, items in grids)))
    return [
        (f"{label}_{number}", {**row, **dict(zip((word for word, _ in grids), combination, strict=True))})
        for number, combination in enumerate(combinations, start=1)
    ]


def own_value(e: Elaborator, name: str, ctx: Context, span: Span) -> Value | None:
    """What an axis' bare name is: its points; the dates of a history; the values of a distinct axis."""
    axis = e.axes[name]
    if axis.kind == "distinct":
        return distinct(e, name, span)
    ctx = stated(e, name, ctx)
    if axis.kind == "history":
        return e.add("axis_dates", (), Type("date", axes=(axis.name,)), ctx, span, axis=axis.name)
    return e.add("point", (), Type("point", kind=axis.name, axes=(axis.name,)), ctx, span, axis=axis.name)


def stated(e: Elaborator, name: str, ctx: Context) -> Context:
    """The context of what an axis itself says, as sure as the statement that declares it."""
    return replace(ctx, origin=stated_by(e.program.get(ast.Scenarios, name), name, ctx.origin))


def distinct(e: Elaborator, name: str, span: Span) -> Value | None:
    """`scenarios settle each strike also 0 within class_group`: the distinct values among a group's
    members.
    """
    return once(e, ("distinct", name), name, span, lambda: made_distinct(e, name, span))


def made_distinct(e: Elaborator, name: str, span: Span) -> Value | None:
    decl = e.program.get(ast.Scenarios, name)
    assert decl is not None
    assert isinstance(decl.content, ast.Distinct)
    content = decl.content
    ctx = replace(Context(origin=origin_of(decl, name)), kinds=frozenset({"option"}))
    each = e.evaluate(content.each, ctx)
    also = e.evaluate(content.also, ctx, each.type if each else None) if content.also is not None else None
    e.used.add((ast.Level, content.within.text))
    level = e.groups.get(content.within.text)
    if level is None:
        e.error("PM225", f"there is no level `{content.within}`", content.within.span)
    if each is None or level is None or (content.also is not None and also is None):
        return None
    each = e.at_level(each, "position", ctx)
    type_ = replace(each.type, level=level, axes=(e.axes[name].name,))
    made = e.add("distinct", [each, *([also] if also else [])], type_, ctx, span, axis=e.axes[name].name)
    e.axes[name] = e.axes[e.axes[name].name] = replace(e.axes[name], node=made.node, within=level)
    return made


def body_of(e: Elaborator, name: str) -> ast.Body | None:
    decl = e.program.get(ast.Scenarios, name)
    return decl.content if decl is not None and isinstance(decl.content, ast.Body) else None


def columns(e: Elaborator, name: str) -> tuple[str, ...]:
    """The columns of a scenario table that hold values; a column of functions is worked out where it is
    called.
    """
    body = body_of(e, name)
    functions = {
        tables.header_word(cell)
        for cell in (body.rows[0].cells if body and body.rows else ())
        if isinstance(cell, ast.Call)
    }
    return tuple(word for word in tables.values_of(body, (name,)) if word not in functions)


def column(e: Elaborator, name: str, word: str, ctx: Context, span: Span) -> Value | None:
    """A column of a scenario table: one value a point, of any level."""
    return once(
        e, ("axis column", name, word), f"{name}.{word}", span, lambda: made_column(e, name, word, ctx, span)
    )


def made_column(e: Elaborator, name: str, word: str, ctx: Context, span: Span) -> Value | None:
    body = body_of(e, name)
    if body is None:
        return history_column(e, name, word, ctx, span)
    if size_of(body) > MOST_POINTS:
        return None
    layout = tables.body_layout(body, (name,))
    if word not in layout.values:
        e.error(
            "PM211",
            f"axis `{name}` has no column `{word}`",
            span,
            hint=did_you_mean(word, layout.values, e.findings) or f"its columns are {listed(layout.values)}",
        )
        return None
    decl = e.program.get(ast.Scenarios, name)
    inner = Context(origin=origin_of(decl, name)) if decl else ctx
    cells = [row.get(word) for _, row in points(body, name)]
    labels = e.axes[name].points
    words = all(isinstance(cell, ast.Path) and cell.parts[0] in labels for cell in cells)
    expected = Type("point", kind=e.axes[name].name) if words else tables_type(e, name, word, layout, inner)
    values = [
        cell_value(e, cell, expected, inner, row_span)
        for cell, row_span in zip(cells, spans_of(body, name, layout), strict=True)
    ]
    known = [value for value in values if value is not None]
    return stacked(e, name, known, inner, span) if len(known) == len(values) else None


def spans_of(body: ast.Body, name: str, layout: tables.Layout) -> list[Span]:
    """The place of each point's row."""
    return [span for row, span in zip(layout.rows, layout.spans, strict=True) for _ in multiplied("", row)]


def tables_type(e: Elaborator, name: str, word: str, layout: tables.Layout, ctx: Context) -> Type | None:
    """The type of a column of words."""
    return tables.column_type(e, name, word, layout, ctx)


def cell_value(
    e: Elaborator, cell: ast.Expr | None, expected: Type | None, ctx: Context, span: Span
) -> Value | None:
    if cell is None:
        e.error("PM404", "a cell of this row is empty", span, hint="every cell of a table is filled")
        return None
    return e.evaluate(cell, ctx, expected)


def stacked(e: Elaborator, name: str, values: list[Value], ctx: Context, span: Span) -> Value | None:
    """One value a point along the axis: a constant column where all are constants."""
    axis = e.axes[name].name
    labels = e.axes[name].points
    values = [
        at_own_point(e, value, axis, label, ctx, span) for value, label in zip(values, labels, strict=True)
    ]
    if not values:
        return None
    type_ = joined_type(e, values, ast.Node(span=span))
    aligned = e.aligned(values, ctx, span) if type_ else None
    if aligned is None or type_ is None:
        return None
    inputs, level, axes = aligned
    nodes = [e.graph.nodes[value.node] for value in inputs]
    full = e.graph.sorted_axes(axes, (axis,))
    if all(node.op in ("const", "word", "point") and not node.axes for node in nodes):
        texts = tuple(str(node.params["value"]) for node in nodes)
        return e.add(
            "axis_column", (), replace(type_, axes=(axis,), loose=""), ctx, span, axis=axis, values=texts
        )
    return e.add("stack", inputs, replace(type_, level=level, axes=full, loose=""), ctx, span, axis=axis)


def at_own_point(e: Elaborator, value: Value, axis: str, label: str, ctx: Context, span: Span) -> Value:
    """A cell that reads another column of its own axis means that column at its own point."""
    if axis not in value.type.axes:
        return value
    point = e.add("point", (), Type("point", kind=axis), ctx, span, axis=axis, value=label)
    rest = tuple(a for a in value.type.axes if a != axis)
    return e.add("pick", (value, point), value.type.at(value.type.level, rest), ctx, span, axis=axis)


def history_column(e: Elaborator, name: str, word: str, ctx: Context, span: Span) -> Value | None:
    """`day.age`: how many points later the newest is; `day.date`."""
    axis = e.axes[name].name
    if e.axes[name].kind == "history" and word == "age":
        return e.add("axis_age", (), Type(axes=(axis,)), stated(e, name, ctx), span, axis=axis)
    e.error(
        "PM211",
        f"axis `{name}` has no column `{word}`",
        span,
        hint="a history has `age`, counted back from its newest point",
    )
    return None


def call_column(e: Elaborator, node: ast.Call, ctx: Context) -> Value | None:
    """`regime.stressed(r)`: a column of functions, each applied at its own point."""
    name, word = node.function.parts
    body = body_of(e, name)
    header = next(
        (
            cell
            for cell in (body.rows[0].cells if body and body.rows else ())
            if isinstance(cell, ast.Call) and str(cell.function) == word
        ),
        None,
    )
    if body is None or header is None:
        e.error("PM211", f"axis `{name}` has no function `{word}`", node.span)
        return None
    e.used.add((ast.Scenarios, name))
    params = [str(arg.value) for arg in header.args]
    if len(node.args) != len(params):
        e.error("PM228", f"`{name}.{word}` takes {len(params)}: {', '.join(params)}", node.span)
        return None
    args = [e.evaluate(arg.value, ctx) for arg in node.args]
    known = {p: v for p, v in zip(params, args, strict=True) if v is not None}
    if len(known) < len(params):
        return None
    inner = replace(ctx, locals={**ctx.locals, **known})
    cells = [row.get(word) for _, row in points(body, name)]
    values = [cell_value(e, cell, None, inner, node.span) for cell in cells]
    found = [value for value in values if value is not None]
    return stacked(e, name, found, inner, node.span) if len(found) == len(values) else None


def at_end(e: Elaborator, value: Value, place: ast.Call, ctx: Context, span: Span) -> Value | None:
    """`x at last(day)`, `x at first(day)`."""
    which = str(place.function)
    name = str(place.args[0].value) if len(place.args) == 1 else ""
    if which not in ("first", "last") or name not in e.axes:
        message = "after `at` stands a point, `first(AXIS)` or `last(AXIS)`"
        e.error("PM313", message, place.span, hint=f"for example `last({next(iter(e.axes), 'day')})`")
        return None
    axis = e.axes[name].name
    if axis not in value.type.axes:
        e.error("PM319", f"this value is not per {name}", span)
        return None
    hint = (
        f"choose one with a step, `step chosen = choose smallest {name} over {name}`, and write `x at chosen`"
    )
    if not ragged.shared(e, name, "it has no first and no last", place.span, hint):
        return None
    rest = tuple(a for a in value.type.axes if a != axis)
    point = e.add("point", (), Type("point", kind=axis), ctx, span, axis=axis, value=which, end=True)
    return e.add("pick", (value, point), value.type.at(value.type.level, rest), ctx, span, axis=axis)


def count(e: Elaborator, node: ast.Call, ctx: Context) -> Value | None:
    """count(AXIS): how many points an axis has."""
    name = str(node.args[0].value) if len(node.args) == 1 else ""
    if name not in e.axes:
        hint = did_you_mean(name, e.axes, e.findings) or (
            f"the axes are {listed(e.axes)}" if e.axes else "declare one with `scenarios`"
        )
        e.error(
            "PM226",
            f"`count` takes an axis, and `{name}` is none" if name else "`count` takes an axis",
            node.span,
            hint=hint,
        )
        return None
    e.used.add((ast.Scenarios, name))
    hint = f"`sum (if {name} == {name} then 1 else 0) over {name}` counts those of each"
    if not ragged.shared(e, name, "there is no one number of them", node.span, hint):
        return None
    return e.add("axis_size", (), Type(), stated(e, name, ctx), node.span, axis=e.axes[name].name)
