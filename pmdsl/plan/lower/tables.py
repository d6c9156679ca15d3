"""Tables: their layout, the patterns of their keys, the row that fits, and the columns that are read from
it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from pmdsl.plan.folding import known
from pmdsl.plan.lower import guards
from pmdsl.plan.lower.elaborator import Context, Elaborator, placed
from pmdsl.plan.lower.graph import Value
from pmdsl.plan.lower.operands import condition, joined_type, partial_of
from pmdsl.plan.nodes import Origin, TableRows
from pmdsl.source import Span
from pmdsl.syntax import ast
from pmdsl.types.units import CONTRACTS
from pmdsl.types.values import Type, common_unit

NOTE_COLUMNS = ("cite", "because", "unverified")
SPECIAL = ("when", "from", "to", *NOTE_COLUMNS)
Pattern = dict[str, Any] | None
Period = tuple[str | None, str | None]


@dataclass(frozen=True)
class Layout:
    """A table's columns: keys, values, and the cells of each row by column."""

    keys: tuple[str, ...]
    values: tuple[str, ...]
    rows: tuple[dict[str, ast.Expr | None], ...]
    spans: tuple[Span, ...]


def layout_of(decl: ast.TableDecl) -> Layout:
    """The layout of a table as written."""
    return body_layout(decl.body, keys_of(decl))


def keys_of(decl: ast.TableDecl) -> tuple[str, ...]:
    """The columns that are the keys of a table."""
    return tuple(path.parts[-1] for path in decl.keys)


def body_layout(body: ast.Body | None, keys: tuple[str, ...]) -> Layout:
    """The layout of what stands in the braces of a table, for the columns that are its keys."""
    if body is None or not body.rows:
        return Layout(keys, values_of(body, keys), (), ())
    header = [header_word(cell) for cell in body.rows[0].cells]
    rows = tuple(dict(zip(header, row.cells, strict=False)) for row in body.rows[1:])
    return Layout(keys, values_of(body, keys), rows, tuple(row.span for row in body.rows[1:]))


def values_of(body: ast.Body | None, keys: tuple[str, ...]) -> tuple[str, ...]:
    """The columns that hold values."""
    if body is None or not body.rows:
        return tuple(c.name.text for c in body.columns if c.name.text not in keys) if body else ()
    words = (header_word(cell) for cell in body.rows[0].cells)
    return tuple(word for word in words if word not in keys and word not in SPECIAL)


def header_word(cell: ast.Expr | None) -> str:
    """The name of a column: `stressed` for `stressed(r)`."""
    if isinstance(cell, ast.Call):
        return str(cell.function)
    return cell.parts[-1] if isinstance(cell, ast.Path) else ""


# ---- dates
# ---------------------------------------------------------------------------------------------------------


def day(cell: ast.Expr | None) -> date | None:
    """The date in a cell; None where there is none."""
    return cell.value if isinstance(cell, ast.Date) else None


def periods(layout: Layout) -> list[Period]:
    """From when to when each row holds: a later row of the same keys ends an earlier one, both ends
    inclusive.
    """
    starts: dict[object, list[date]] = {}
    cases = [tuple(row.get(key) for key in (*layout.keys, "when")) for row in layout.rows]
    for row, case in zip(layout.rows, cases, strict=True):
        starts.setdefault(case, []).extend(d for d in [day(row.get("from"))] if d is not None)
    found: list[Period] = []
    for row, case in zip(layout.rows, cases, strict=True):
        start, end = day(row.get("from")), day(row.get("to"))
        later = [d for d in starts[case] if start is None or d > start]
        if later:
            before = min(later) - timedelta(days=1)
            end = min(end, before) if end else before
        found.append((start.isoformat() if start else None, end.isoformat() if end else None))
    return found


def check_days(e: Elaborator, layout: Layout) -> None:
    """Report what stands under `from` or `to` and is no date: a row would hold on days that nobody meant."""
    for row in layout.rows:
        for word in ("from", "to"):
            cell = row.get(word)
            if cell is not None and not isinstance(cell, ast.Date):
                message = f"`{cell.span.text}` is not a date, and `{word}` holds days"
                hint = "write year, month and day, as `2024-01-31`, or leave the cell empty"
                e.error("PM134", message, cell.span, hint=hint)


def same_case(
    left: dict[str, ast.Expr | None], right: dict[str, ast.Expr | None], keys: Sequence[str]
) -> bool:
    """Whether two rows speak of the same keys under the same condition."""
    return all(left.get(key) == right.get(key) for key in (*keys, "when"))


# ---- keys
# ----------------------------------------------------------------------------------------------------------


def pattern(e: Elaborator, cell: ast.Expr | None, key: Type, ctx: Context) -> Pattern:
    """What a key cell lets through: None for any."""
    if cell is None or isinstance(cell, ast.AnyCell):
        return None
    if isinstance(cell, ast.AloneCell):
        return {"is": ("alone",)}
    if isinstance(cell, ast.Or):
        left, right = pattern(e, cell.left, key, ctx), pattern(e, cell.right, key, ctx)
        return (
            {"is": (*left["is"], *right["is"])} if left and right and "is" in left and "is" in right else None
        )
    if isinstance(cell, ast.BoundCell):
        return bound(e, cell, key, ctx)
    if isinstance(cell, ast.RangeCell):
        low, high = literal(e, cell.low, key, ctx), literal(e, cell.high, key, ctx)
        return {"from": low, "to": high, "from_open": False, "to_closed": False}
    return {"is": (literal(e, cell, key, ctx),)}


def bound(e: Elaborator, cell: ast.BoundCell, key: Type, ctx: Context) -> Pattern:
    """`< 2`, `>= 5`, `== 3`."""
    edge = literal(e, cell.operand, key, ctx)
    match cell.operator:
        case "<" | "<=":
            return {"from": None, "to": edge, "from_open": False, "to_closed": cell.operator == "<="}
        case ">" | ">=":
            return {"from": edge, "to": None, "from_open": cell.operator == ">", "to_closed": False}
        case "==":
            return {"is": (edge,)}
    words = "list the words that are meant, joined by `or`"
    hint = words if key.base in ("text", "point", "bool") else "use <, <=, > or >="
    e.error("PM401", f"`{cell.operator}` makes no key", cell.span, hint=hint)
    return None


def literal(e: Elaborator, cell: ast.Expr, key: Type, ctx: Context) -> str:
    """The text of a constant in a key cell."""
    value = e.evaluate(cell, replace(ctx, locals={}), key)
    if value is None:
        return ""
    text = written_constant(e, value.node)
    if text is None:
        message = f"`{cell.span.text}` is no constant, and a key is one"
        hint = "compare with it in a `when` column of a `first table`"
        e.error("PM402", message, cell.span, hint=hint)
        return ""
    units = value.type.base == "number" and common_unit(value.type, key) is None
    if value.type.base != key.base or units:
        message = f"the key is {key.describe()}, and this is {value.type.describe()}"
        e.error("PM403", message, cell.span, hint=example_of(e, key))
        return ""
    return text


def written_constant(e: Elaborator, index: int) -> str | None:
    """The text of a constant, worked out exactly where it is a sum or a product of constants."""
    node = e.graph.nodes[index]
    if node.op in ("const", "word") or (node.op == "point" and "value" in node.params):
        return str(node.params["value"])
    value = known(index, e.graph.nodes)
    return str(value) if value is not None else None


def example_of(e: Elaborator, key: Type) -> str | None:
    """What a key cell can hold, as a hint."""
    info = e.kinds.get(key.kind) if key.base == "text" else None
    if info is not None:
        return f"its words are {', '.join(info.words)}"
    if key.base == "number" and key.unit.is_money:
        return f"write an amount with its currency, such as `< {e.program.currency} 100`"
    if key.base == "number" and key.unit == CONTRACTS:
        return "write a number of contracts, such as `< 100 contracts`"
    examples = {"number": "`< 2`, `2 up to 5` or `>= 5`", "bool": "`yes` or `no`", "date": "`>= 2026-01-31`"}
    return f"write, for example, {examples[key.base]}" if key.base in examples else None


# ---- rows
# ----------------------------------------------------------------------------------------------------------


def match(
    e: Elaborator,
    name: str,
    layout: Layout,
    keys: list[Value],
    ctx: Context,
    policy: str,
    span: Span,
    held: Sequence[Period] = (),
) -> Value | None:
    """The node that says which row fits; `held`: when each row holds, where others than these decide it."""
    check_days(e, layout)
    types = [value.type for value in keys]
    rows = [
        tuple(pattern(e, row.get(k), t, ctx) for k, t in zip(layout.keys, types, strict=True))
        for row in layout.rows
    ]
    whens: list[Value] = []
    positions: list[int] = []
    for row in layout.rows:
        cell = row.get("when")
        if cell is None or isinstance(cell, ast.AnyCell):
            positions.append(-1)
            continue
        value = condition(e, cell, ctx.narrowed(guards.kinds_of_keys(e, layout, row, types)))
        if value is None:
            return None
        positions.append(len(whens))
        whens.append(value)
    aligned = e.aligned([*keys, *whens], ctx, span)
    if aligned is None:
        return None
    values, level, axes = aligned
    remember_rows(e, name, layout)
    return e.add(
        "match", values, Type("row", level=level, axes=axes), ctx, span,
        table=e.in_plan(name), keys=len(keys), names=layout.keys, rows=tuple(rows), whens=tuple(positions),
        first=policy == "first", periods=tuple(held or periods(layout)),
    )  # fmt: skip


def remember_rows(e: Elaborator, name: str, layout: Layout) -> None:
    """Keep each row's place, label and citation for explanations and coverage."""
    shown = e.in_plan(name)
    e.rows[shown] = written_rows(shown, layout)


def written_rows(shown: str, layout: Layout) -> TableRows:
    """The rows of a table or axis as written, under the name that the plan has for it."""
    places = zip(layout.rows, layout.spans, strict=True)
    return TableRows(shown, tuple(row_origin(row, span, layout) for row, span in places))


def row_origin(row: dict[str, ast.Expr | None], span: Span, layout: Layout) -> Origin:
    words = [
        cell.span.text if (cell := row.get(key)) is not None else "any"
        for key in (*layout.keys, "when")
        if key in row
    ]
    cite = row.get("cite")
    unverified = row.get("unverified")
    return replace(
        placed(Origin(name=", ".join(words)), span),
        cites=(cite.span.text,) if cite is not None else (),
        unverified=isinstance(unverified, ast.Path) and unverified.parts[0] in ("yes", "true"),
    )


def column(
    e: Elaborator,
    name: str,
    word: str,
    layout: Layout,
    row: Value,
    key_types: list[Type],
    ctx: Context,
    span: Span,
) -> Value | None:
    """The node that reads one column of the row that fits."""
    expected = column_type(e, name, word, layout, ctx)
    cells: list[Value] = []
    for line, place in zip(layout.rows, layout.spans, strict=True):
        cell = line.get(word)
        if cell is None:
            e.error(
                "PM404", f"this row has nothing under `{word}`", place, hint="every cell of a table is filled"
            )
            return None
        inner = ctx.narrowed(guards.kinds_of_row(e, layout, line, key_types))
        value = (
            e.word("alone", expected.kind if expected else "", ctx)
            if isinstance(cell, ast.AloneCell)
            else e.evaluate(cell, inner, expected)
        )
        if value is None:
            return None
        cells.append(value)
    type_ = (
        joined_type(e, cells, layout_node(span), [line.get(word) for line in layout.rows]) if cells else None
    )
    aligned = e.aligned([row, *cells], ctx, span) if type_ is not None else None
    if aligned is None or type_ is None:
        return None
    values, level, axes = aligned
    type_ = replace(type_, level=level, axes=axes, partial=partial_of(cells))
    return e.add("select", values, type_, ctx, span, table=e.in_plan(name), column=word)


def layout_node(span: Span) -> ast.Node:
    return ast.Node(span=span)


def column_type(e: Elaborator, name: str, word: str, layout: Layout, ctx: Context) -> Type | None:
    """What a column of bare words holds: a closed kind of its own, unless the words belong to a declared
    kind.
    """
    cells = [cell for row in layout.rows for cell in alternatives(row.get(word))]
    decl = e.program.get(ast.TableDecl, name)
    declared = next(
        (c for c in (decl.body.columns if decl and decl.body else ()) if c.name.text == word), None
    )
    if declared is not None:
        from pmdsl.plan.lower import attributes

        return attributes.type_of(e, declared.type, "")
    truth = all(isinstance(c, ast.Path) and c.parts[0] in ("yes", "no", "true", "false") for c in cells)
    if cells and truth:
        return Type("bool")
    words = [c.parts[0] for c in cells if isinstance(c, ast.Path) and is_free_word(e, c, ctx)]
    texts = any(isinstance(c, ast.Text) for c in cells)
    if not words and not any(isinstance(c, ast.AloneCell) for c in cells):
        return Type("text") if texts else None
    known = next((k for k, info in e.kinds.items() if words and set(words) <= set(info.words)), None)
    kind = known or (word if word == name else f"{name}.{word}")
    if known is None:
        from pmdsl.plan.lower.elaborator import KindInfo

        mixed = any(
            not isinstance(c, ast.Path | ast.AloneCell)
            or (isinstance(c, ast.Path) and not is_free_word(e, c, ctx))
            for c in cells
        )
        alone = ["alone"] if any(isinstance(c, ast.AloneCell) for c in cells) else []
        e.kinds[kind] = KindInfo(tuple(dict.fromkeys([*words, *alone])), mixed)
    return Type("text", kind=kind)


def alternatives(cell: ast.Expr | None) -> tuple[ast.Expr | None, ...]:
    """What a cell may hold: each item of an `each` cell."""
    return cell.items if isinstance(cell, ast.EachCell) else (cell,)


def is_free_word(e: Elaborator, cell: ast.Path, ctx: Context) -> bool:
    from pmdsl.plan.lower import names

    return names.is_bare_word(e, cell, ctx)
