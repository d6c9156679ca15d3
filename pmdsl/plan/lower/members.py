"""The two members of a pair: `a.tenor`, `same(name)`, `both(type == yield)`, `either(table.column)`."""

from __future__ import annotations

from dataclasses import replace

from pmdsl.plan.lower import attributes
from pmdsl.plan.lower.elaborator import Context, Elaborator
from pmdsl.plan.lower.graph import Value
from pmdsl.plan.lower.operands import condition
from pmdsl.syntax import ast


def of_member(e: Elaborator, key_and_side: str, path: ast.Path, ctx: Context) -> Value | None:
    """`a.tenor`: what the rest of a name means for the first or the second member."""
    key_level, side = key_and_side.rsplit("/", 1)
    inner = replace(ctx, level=key_level, pair="", locals={})
    rest = ast.Path(path.parts[1:], span=path.span)
    found = own(e, rest, inner)
    if found is None:
        return None
    seen = attributes.seen_from(e, found, inner, path.span)
    if not e.graph.order.reads(key_level, seen.type.level):
        message = f"`{rest}` is not known for each {e.say(key_level)}"
        e.error("PM301", message, path.span, hint="a pair reads what belongs to its members")
        return None
    value = e.at_level(seen, key_level, ctx)
    if value.type.level == "":
        return value
    return e.add("down", (value,), value.type.at(ctx.pair, value.type.axes), ctx, path.span, along=side)


def own(e: Elaborator, rest: ast.Path, ctx: Context) -> Value | None:
    """An attribute of the members, else whatever the name means by itself."""
    tables = [*attributes.finest(e), "underlying", "instrument", "position"]
    name = rest.parts[0]
    table = next((t for t in tables if len(rest.parts) == 1 and attributes.exists(e, t, name)), None)
    if table is not None:
        return attributes.own_attribute(e, table, name, ctx, rest.span)
    return e.evaluate(rest, ctx)


def members_of(e: Elaborator, node: ast.Call, ctx: Context) -> tuple[str, str] | None:
    """The names of a pair's two members."""
    found = ctx.locals.get("")
    if not isinstance(found, str):
        message = f"`{node.function}` is about the two members of a `pair`, and there are none here"
        e.error("PM232", message, node.span, hint="it stands in a `pair NAME between LEVEL a and b`")
        return None
    if len(node.args) != 1:
        message = f"`{node.function}` takes one thing that is asked of both members"
        e.error("PM232", message, node.span, hint="join conditions with `and`")
        return None
    first, second = found.split("/")
    return first, second


def qualified(node: ast.Expr, member: str) -> ast.Expr:
    """An expression about one member: `type == yield` becomes `a.type == yield`."""
    match node:
        case ast.Compare():
            return replace(node, left=qualified(node.left, member))
        case ast.And() | ast.Or():
            return replace(node, left=qualified(node.left, member), right=qualified(node.right, member))
        case ast.Not() | ast.Member():
            return replace(node, operand=qualified(node.operand, member))
        case ast.Paren():
            return replace(node, inner=qualified(node.inner, member))
        case ast.Path():
            return replace(node, parts=(member, *node.parts))
    return node


def same(e: Elaborator, node: ast.Call, ctx: Context) -> Value | None:
    """same(name): both members have one value of it."""
    members = members_of(e, node, ctx)
    if members is None:
        return None
    left, right = (qualified(node.args[0].value, member) for member in members)
    return condition(e, ast.Compare("==", left, right, span=node.span), ctx)


def both(e: Elaborator, node: ast.Call, ctx: Context) -> Value | None:
    """both(condition): it holds of each member."""
    members = members_of(e, node, ctx)
    if members is None:
        return None
    left, right = (qualified(node.args[0].value, member) for member in members)
    return condition(e, ast.And(left, right, span=node.span), ctx)


def either(e: Elaborator, node: ast.Call, ctx: Context) -> Value | None:
    """either(condition): it holds of at least one member."""
    members = members_of(e, node, ctx)
    if members is None:
        return None
    left, right = (qualified(node.args[0].value, member) for member in members)
    return condition(e, ast.Or(left, right, span=node.span), ctx)
