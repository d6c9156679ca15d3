"""Correlations: matrices by pair of keys, and formulas over a pair of members.

Both live at the pair level of a key level: one row a pair of distinct keys, worked out once and shared by all
accounts.
"""

from __future__ import annotations

from pmdsl.diagnostics import did_you_mean
from pmdsl.plan.folding import known
from pmdsl.plan.lower import declarations, tables
from pmdsl.plan.lower.elaborator import Context, Elaborator, origin_of
from pmdsl.plan.lower.graph import Value
from pmdsl.plan.nodes import Level
from pmdsl.source import Span
from pmdsl.syntax import ast
from pmdsl.types.units import NONE
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
            f"the members of `aggregate` are groups, and this is a value for each {e.say(member_level)}",
            span,
            hint="sum it into a group first: `sum … into GROUP`",
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
            hint=did_you_mean(name, candidates, e.findings) or "declare a `matrix` or a `pair`",
        )
        return None
    if e.groups.get(pair.level.text) not in (member_level, None):
        message = f"`{name}` is between members of `{pair.level}`, and these are of `{e.say(member_level)}`"
        e.error("PM322", message, span, hint=f"declare a pair between {e.say(member_level)} a and b")
        return None
    e.used.add((ast.PairDecl, name))
    return declarations.value_of(e, name, ctx, span)


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
        hint = "for example `| SPX | NDX | 80% |`; the header names the three columns"
        e.error("PM406", "a row of a matrix is two keys and a number", row.span, hint=hint)
        return None
    exact = known(value.node, e.graph.nodes)
    if exact is None or value.type.unit != NONE:
        hint = "write a number; correlations that depend on something are a `pair`"
        e.error("PM406", "the entries of a matrix are constants", row.span, hint=hint)
        return None
    return words[0], words[1], str(exact)


def own_level(e: Elaborator, decl: ast.PairDecl) -> str | None:
    """The pair level that a declaration names; None where it names none, which is reported."""
    level = e.groups.get(decl.level.text)
    within = e.groups.get(decl.within.text) if decl.within else ""
    if level is None or within is None:
        wrong = decl.level if level is None else decl.within
        assert wrong is not None
        hint = did_you_mean(wrong.text, e.groups, e.findings)
        e.error("PM225", f"there is no level `{wrong}`", wrong.span, hint=hint)
        return None
    return pair_level(e, level + ".key", within + ".key" if within else "")


def level_at(e: Elaborator, decl: ast.PairDecl, ctx: Context) -> str | None:
    """Where a pair is worked out: inside another pair of the same members, at the level of that one."""
    own, levels = own_level(e, decl), e.graph.order.levels
    if own is None or not ctx.pair or levels[ctx.pair].of != levels[own].of:
        return own
    return ctx.pair if levels[own].within in ("", levels[ctx.pair].within) else own


def pair_value(e: Elaborator, decl: ast.PairDecl, at: str) -> Value | None:
    """A formula over two members, or a table of cases; names of neither member are those of `within`."""
    level = e.graph.order.levels[at]
    locals_ = {
        decl.first.text: f"{level.of}/first",
        decl.second.text: f"{level.of}/second",
        "": decl.first.text + "/" + decl.second.text,
    }
    ctx = Context(origin=origin_of(decl, decl.name.text), locals=locals_, level=level.within, pair=at)
    if not isinstance(decl.content, ast.Expr):
        return cases(e, decl, decl.content, ctx)
    value = e.evaluate(decl.content, ctx)
    return e.at_level(value, at, ctx) if value is not None and value.type.level == "" else value


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
