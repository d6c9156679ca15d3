"""Correlations: matrices by pair of keys, and formulas over a pair of members.

Both live at the pair level of a key level: one row a pair of distinct keys, worked out once and shared by all
accounts.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from pmdsl.diagnostics import did_you_mean
from pmdsl.plan.lower import tables
from pmdsl.plan.lower.elaborator import Context, Elaborator, origin_of
from pmdsl.plan.lower.graph import Value
from pmdsl.plan.lower.operands import condition
from pmdsl.plan.nodes import Level
from pmdsl.source import Span
from pmdsl.syntax import ast
from pmdsl.types.values import Type


def pair_level(e: Elaborator, key_level: str, within: str = "") -> str:
    """The level of pairs of a key level, perhaps only inside a coarser key level."""
    name = f"pair:{key_level}" + (f"|{within}" if within else "")
    if name not in e.graph.order.levels:
        e.graph.order.add(
            Level(name, "pair", of=key_level, within=within), ("", *((within,) if within else ()))
        )
    return name


def correlation(e: Elaborator, name: str, member_level: str, ctx: Context, span: Span) -> Value | None:
    """The correlation of each pair of members of a group level."""
    key_level = member_level + ".key"
    if key_level not in e.graph.order.levels:
        e.error(
            "PM322",
            f"members of `aggregate` are groups, and these are {e.say(member_level)}s",
            span,
            hint="sum into a group first",
        )
        return None
    matrix = e.program.get(ast.Matrix, name)
    if matrix is not None:
        return matrix_value(e, matrix, key_level, span)
    pair = e.program.get(ast.PairDecl, name)
    if pair is None:
        candidates = [m.name.text for m in e.program.all(ast.Matrix)] + [
            p.name.text for p in e.program.all(ast.PairDecl)
        ]
        e.error(
            "PM231",
            f"there is no correlation `{name}`",
            span,
            hint=did_you_mean(name, candidates) or "declare a `matrix` or a `pair`",
        )
        return None
    e.used.add((ast.PairDecl, name))
    key = ("declared", name)
    if key not in e.memo:
        e.memo[key] = pair_value(e, pair)
    return e.memo[key]


def matrix_value(e: Elaborator, decl: ast.Matrix, key_level: str, span: Span) -> Value | None:
    """A matrix as rows of pairs: from the rule file, or from the book under `matrices:`."""
    e.used.add((ast.Matrix, decl.name.text))
    ctx = Context(origin=origin_of(decl, decl.name.text))
    entries: list[tuple[str, str, str]] = []
    default = ""
    if decl.body is not None:
        for row in decl.body.rows[1:]:
            entry = matrix_entry(e, row, ctx)
            if entry is not None:
                entries.append(entry)
        if decl.body.default is not None:
            value = e.evaluate(decl.body.default, ctx)
            default = str(e.graph.nodes[value.node].params.get("value", "")) if value else ""
    source = decl.outside.kind if decl.outside else "rows"
    params = {"name": decl.name.text, "source": source, "entries": tuple(entries), "default": default}
    return e.add("matrix", (), Type(level=pair_level(e, key_level)), ctx, decl.span, **params)


def matrix_entry(e: Elaborator, row: ast.Row, ctx: Context) -> tuple[str, str, str] | None:
    """A row of a matrix: two keys and a number."""
    words = [
        cell.value if isinstance(cell, ast.Text) else str(cell)
        for cell in row.cells[:2]
        if isinstance(cell, ast.Text | ast.Path)
    ]
    cell = row.cells[2] if len(row.cells) == 3 else None
    value = e.evaluate(cell, ctx) if cell is not None else None
    if len(words) != 2 or value is None:
        e.error("PM406", "a row of a matrix is two keys and a number", row.span)
        return None
    node = e.graph.nodes[value.node]
    sign = -1 if node.op == "neg" else 1
    constant = e.graph.nodes[node.inputs[0]] if node.op == "neg" else node
    if constant.op != "const":
        e.error("PM406", "the entries of a matrix are constants", row.span)
        return None
    return words[0], words[1], str(sign * Fraction(str(constant.params["value"])))


def pair_value(e: Elaborator, decl: ast.PairDecl) -> Value | None:
    """A formula over the attributes of two members, or a table of cases."""
    level = e.groups.get(decl.level.text)
    within = e.groups.get(decl.within.text) if decl.within else None
    if level is None or (decl.within is not None and within is None):
        wrong = decl.level if level is None else decl.within
        assert wrong is not None
        e.error("PM225", f"there is no level `{wrong}`", wrong.span, hint=did_you_mean(wrong.text, e.groups))
        return None
    pair_level(e, level + ".key")
    locals_ = {
        decl.first.text: f"{level}.key/first",
        decl.second.text: f"{level}.key/second",
        "": decl.first.text + "/" + decl.second.text,
    }
    ctx = replace(Context(origin=origin_of(decl, decl.name.text)), locals=locals_)
    if isinstance(decl.content, ast.Expr):
        value = e.evaluate(decl.content, ctx)
        return (
            e.at_level(value, pair_level(e, level + ".key"), ctx)
            if value is not None and value.type.level == ""
            else value
        )
    return cases(e, decl, decl.content, ctx)


def cases(e: Elaborator, decl: ast.PairDecl, body: ast.Body, ctx: Context) -> Value | None:
    """The first case that fits a pair; key columns are attributes that both members share."""
    header = [tables.header_word(cell) for cell in body.rows[0].cells] if body.rows else []
    keys = tuple(word for word in header if word not in tables.SPECIAL and word != decl.name.text)
    layout = tables.body_layout(body, keys)
    values = [e.evaluate(ast.Path((decl.first.text, key), span=decl.span), ctx) for key in keys]
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return None
    row = tables.match(e, decl.name.text, layout, known, ctx, "first", decl.span)
    if row is None:
        return None
    e.matches[decl.name.text] = row.node
    return tables.column(
        e, decl.name.text, decl.name.text, layout, row, [value.type for value in known], ctx, decl.span
    )


# ---- same, both, either
# ----------------------------------------------------------------------------------------------


def members_of(e: Elaborator, node: ast.Call, ctx: Context) -> tuple[str, str] | None:
    """The names of a pair's two members."""
    found = ctx.locals.get("")
    if not isinstance(found, str):
        e.error(
            "PM232",
            f"`{node.function}` is about the two members of a `pair`, and there are none here",
            node.span,
            hint="it stands in a `pair NAME between LEVEL a and b`",
        )
        return None
    if len(node.args) != 1:
        e.error(
            "PM232",
            f"`{node.function}` takes one thing that is asked of both members",
            node.span,
            hint="join conditions with `and`",
        )
        return None
    first, second = found.split("/")
    return first, second


def qualified(node: ast.Expr, member: str) -> ast.Expr:
    """An expression about one member: `type == yield` becomes `a.type == yield`."""
    if isinstance(node, ast.Compare):
        return replace(node, left=qualified(node.left, member))
    if isinstance(node, ast.Path):
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
    left, right = (about(node.args[0].value, member) for member in members)
    return condition(e, ast.And(left, right, span=node.span), ctx)


def either(e: Elaborator, node: ast.Call, ctx: Context) -> Value | None:
    """either(condition): it holds of at least one member."""
    members = members_of(e, node, ctx)
    if members is None:
        return None
    left, right = (about(node.args[0].value, member) for member in members)
    return condition(e, ast.Or(left, right, span=node.span), ctx)


def about(node: ast.Expr, member: str) -> ast.Expr:
    """A condition about one member; a bare attribute is a truth value of it."""
    return qualified(node, member)
