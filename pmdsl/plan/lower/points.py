"""Brackets and points: `table[key].column`, `loss[worst.point]`, `loss at chosen`, `loss.point.pair`."""

from __future__ import annotations

from pmdsl.plan.lower import keyed, lookups, names, scenarios
from pmdsl.plan.lower.elaborator import Context, Elaborator
from pmdsl.plan.lower.graph import Value
from pmdsl.source import Span
from pmdsl.syntax import ast
from pmdsl.types.values import Type


def index(e: Elaborator, node: ast.Index, ctx: Context, expected: Type | None) -> Value | None:
    """`table[key].column`, `input[key].column`, or `step[point]`."""
    name = node.target.parts[0]
    decl = e.program.get(ast.TableDecl, name)
    if decl is not None:
        return lookups.indexed_table(e, decl, node, ctx)
    declared = e.program.get(ast.Input, name)
    if declared is not None and declared.keys:
        return keyed.read(e, name, node.column or "", ctx, node.span, node.args)
    value = e.evaluate(node.target, ctx)
    if value is None or not node.args:
        return None
    return picked(e, value, node.args[0], ctx, node.span)


def picked(e: Elaborator, value: Value, arg: ast.Arg, ctx: Context, span: Span) -> Value | None:
    """A value at one point of one of its axes."""
    axes = value.type.axes
    axis = arg.name if arg.name is not None else (axes[0] if len(axes) == 1 else None)
    if axis is None or axis not in axes:
        listed = ", ".join(axes) or "none"
        example = next(iter(e.axes[axes[0]].points), "POINT") if axes and axes[0] in e.axes else "POINT"
        hint = (
            f"for example `x[{axes[0]}: {example}]`" if axes else "a value without an axis is read as it is"
        )
        e.error("PM313", f"say along which axis: this value has {listed}", span, hint=hint)
        return None
    point = e.evaluate(arg.value, ctx, Type("point", kind=axis))
    if point is None:
        return None
    if point.type.base != "point" or point.type.kind != axis:
        e.error("PM313", f"a point of `{axis}` is needed, and this is {point.type.describe()}", arg.span)
        return None
    aligned = e.aligned([value, point], ctx, span)
    if aligned is None:
        return None
    values, level, _ = aligned
    rest = e.graph.sorted_axes(tuple(a for a in axes if a != axis), point.type.axes)
    return e.add("pick", values, value.type.at(level, rest), ctx, span, axis=axis)


def at_point(e: Elaborator, node: ast.At, ctx: Context) -> Value | None:
    """`x at d5`, `x at chosen`, `x at last(day)`."""
    value = e.evaluate(node.operand, ctx)
    if value is None:
        return None
    if isinstance(node.place, ast.Call):
        return scenarios.at_end(e, value, node.place, ctx, node.span)
    assert isinstance(node.place, ast.Path)
    place = node.place
    axes = [axis for axis in value.type.axes if place.parts[0] in e.axes[axis].points]
    if len(place.parts) == 1 and axes:
        return picked(e, value, ast.Arg(axes[0], place, span=place.span), ctx, node.span)
    other = next((name for name, axis in e.axes.items() if str(place) in axis.points), None)
    if other is not None and names.is_bare_word(e, place, ctx):
        has = f"it is per {', '.join(value.type.axes)}" if value.type.axes else "it has no axis"
        e.error("PM319", f"this value is not per {other}, of which `{place}` is a point: {has}", node.span)
        return None
    point = e.evaluate(place, ctx)
    if point is None:
        return None
    if point.type.base != "point":
        points = [word for axis in value.type.axes if axis in e.axes for word in e.axes[axis].points]
        none = "this value has no axis, so that there is no point to read it at"
        hint = f"the points are {', '.join(points[:6])}" if points else none
        message = f"a point is needed after `at`, and this is {point.type.describe()}"
        e.error("PM313", message, place.span, hint=hint)
        return None
    return picked(e, value, ast.Arg(point.type.kind, place, span=place.span), ctx, node.span)


def point_of(e: Elaborator, name: str, rest: list[str], ctx: Context, span: Span) -> Value | None:
    """`loss.point`: where a `worst`, `largest` or `smallest` was reached; `loss.point.pair` reads a column
    there.
    """
    value = e.evaluate(ast.Path((name,), span=span), ctx)
    if value is None:
        return None
    node = e.graph.nodes[value.node]
    if node.op != "fold_over" or node.params["kind"] not in (
        "largest",
        "smallest",
        "worst",
        "worst_unfloored",
    ):
        message = f"`{name}` is no `worst`, `largest` or `smallest` over an axis: it has no point"
        hint = "name the extreme with a step of its own, `step s = worst x over AXIS`, and read `s.point`"
        e.error("PM314", message, span, hint=hint)
        return None
    axis = str(node.params["axis"])
    inputs = [Value(i, value.type) for i in node.inputs]
    point = e.add(
        "arg_over",
        inputs,
        Type("point", kind=axis, level=node.level, axes=node.axes),
        ctx,
        span,
        **node.params,
    )
    for column in rest:
        read = axis_column(e, axis, column, ctx, span)
        if read is None:
            return None
        moved = e.add("pick", (read, point), read.type.at(node.level, node.axes), ctx, span, axis=axis)
        point, axis = moved, moved.type.kind
    return point


def axis_value(e: Elaborator, axis: str, ctx: Context, span: Span) -> Value | None:
    return scenarios.own_value(e, axis, ctx, span)


def axis_column(e: Elaborator, axis: str, column: str, ctx: Context, span: Span) -> Value | None:
    """A column of a scenario table, one value a point."""
    e.used.add((ast.Scenarios, axis))
    return scenarios.column(e, axis, column, ctx, span)
