"""Reading tables: `range.down`, `range[key].down`."""

from __future__ import annotations

from dataclasses import replace

from pmdsl.diagnostics import listed
from pmdsl.plan.lower import attributes, names, tables
from pmdsl.plan.lower.elaborator import Context, Elaborator, origin_of
from pmdsl.plan.lower.graph import Value
from pmdsl.plan.lower.operands import joined_type
from pmdsl.plan.nodes import DataTable
from pmdsl.source import Span
from pmdsl.syntax import ast
from pmdsl.types.values import Type


def columns_of(e: Elaborator, name: str) -> tuple[str, ...]:
    """The columns of a table that hold values."""
    decl = e.program.get(ast.TableDecl, name)
    return tables.values_of(decl.body, tables.keys_of(decl)) if decl else ()


def has_column(e: Elaborator, name: str, column: str) -> bool:
    return column in columns_of(e, name)


def only_column(e: Elaborator, decl: ast.TableDecl, ctx: Context, span: Span) -> Value | None:
    """A table of one column, read by its bare name."""
    columns = tables.values_of(decl.body, tables.keys_of(decl))
    if len(columns) != 1:
        e.error(
            "PM219",
            f"`{decl.name}` has {len(columns)} columns: say which",
            span,
            hint=f"for example `{decl.name}.{columns[0]}`" if columns else None,
        )
        return None
    check_guard(e, decl, ctx, span)
    return own_column(e, decl, columns[0], None, ctx, span)


def check_guard(e: Elaborator, decl: ast.TableDecl, ctx: Context, span: Span) -> None:
    """Report a table by something that some instruments lack where nothing has ruled those out."""
    for key in decl.keys:
        found = attributes.partial_attribute(e, key)
        if found is not None and not (ctx.kinds is not None and ctx.kinds <= found.kinds):
            attributes.unguarded(
                e,
                f"`{decl.name}` is a table by `{key.parts[-1]}`, which not every instrument has",
                found,
                span,
            )


def read_table(e: Elaborator, name: str, column: str, ctx: Context, span: Span) -> Value | None:
    """A column of the row that fits here: each key is taken from this level or the nearest above."""
    e.used.add((ast.TableDecl, name))
    decl = e.program.get(ast.TableDecl, name)
    if decl is None:
        return None
    check_guard(e, decl, ctx, span)
    value = own_column(e, decl, column, None, ctx, span)
    return attributes.seen_from(e, value, ctx, span) if value is not None else None


def own_column(
    e: Elaborator, decl: ast.TableDecl, column: str, given: list[Value] | None, ctx: Context, span: Span
) -> Value | None:
    """A column for given keys, or for those that the table names."""
    memo = ("column", decl.name.text, column, *(str(v.node) for v in given or ()))
    if memo in e.memo:
        return e.memo[memo]
    if any(busy == decl.name.text + "." + column for busy, _ in e.busy):
        e.error("PM217", f"`{decl.name}.{column}` needs itself", span, hint="a rule set has no loops")
        return None
    e.busy.append((decl.name.text + "." + column, span))
    try:
        e.memo[memo] = made_column(e, decl, column, given, span)
    finally:
        e.busy.pop()
    return e.memo[memo]


def made_column(
    e: Elaborator, decl: ast.TableDecl, column: str, given: list[Value] | None, span: Span
) -> Value | None:
    ctx = table_context(e, decl)
    layout = tables.layout_of(decl)
    keys = given if given is not None else default_keys(e, decl, ctx)
    if keys is None:
        return None
    written = written_column(e, decl, column, layout, keys, ctx) if layout.rows else None
    remember_match(e, decl, keys, named=given is None)
    if layout.rows and written is None:
        return None
    if decl.outside is None or decl.outside.kind != "data":
        return written
    return data_column(e, decl, column, layout, keys, written, ctx)


def remember_match(e: Elaborator, decl: ast.TableDecl, keys: list[Value], named: bool) -> None:
    """Keep for the static checks which node says what row fits: that of the keys which the table names,
    where it has one.
    """
    row = e.memo.get(("match", decl.name.text, *(str(v.node) for v in keys)))
    if row is not None and (named or decl.name.text not in e.matches):
        e.matches[decl.name.text] = row.node


def table_context(e: Elaborator, decl: ast.TableDecl) -> Context:
    """Inside a table by groups, attributes are those of the group; a table by `right` speaks of options
    alone.
    """
    ctx = Context(origin=origin_of(decl, decl.name.text))
    for key in decl.keys:
        found = attributes.partial_attribute(e, key)
        ctx = ctx.narrowed(found.kinds) if found is not None else ctx
    groups = [path.parts[0] for path in decl.keys if len(path.parts) == 1 and path.parts[0] in e.groups]
    if len(groups) != 1:
        return ctx
    level = e.graph.order.levels[e.groups[groups[0]] + ".key"]
    return replace(ctx, level=level.name, entity=level.entity or "underlying")


def default_keys(e: Elaborator, decl: ast.TableDecl, ctx: Context) -> list[Value] | None:
    """The keys that a table names, as they are found where it is read."""
    found = [e.evaluate(path, ctx) for path in decl.keys]
    known = [value for value in found if value is not None]
    return known if len(known) == len(found) else None


def key_types(e: Elaborator, decl: ast.TableDecl) -> list[Type | None]:
    """The type of each key: as a `column` declares it, else that of the value which the key names, where
    it names one.
    """
    declared = {c.name.text: c.type for c in (decl.body.columns if decl.body else ())}
    ctx = table_context(e, decl)
    found: list[Type | None] = []
    for path in decl.keys:
        written = declared.get(path.parts[-1])
        if written is not None:
            found.append(attributes.type_of(e, written, ""))
        elif is_key_only(e, path, ctx):
            found.append(None)
        else:
            value = e.evaluate(path, ctx)
            found.append(value.type if value else None)
    return found


def is_key_only(e: Elaborator, path: ast.Path, ctx: Context) -> bool:
    """Whether a key names nothing that could be found where the table is read, so that it is always given:
    `t[key]`.
    """
    return names.is_bare_word(e, path, ctx)


def written_column(
    e: Elaborator, decl: ast.TableDecl, column: str, layout: tables.Layout, keys: list[Value], ctx: Context
) -> Value | None:
    """The column of the rows that stand in the rule file."""
    name, types = decl.name.text, [value.type for value in keys]
    if decl.policy == "collect":
        return collected(e, decl, column, layout, keys, ctx)
    memo = ("match", name, *(str(v.node) for v in keys))
    if memo not in e.memo:
        e.memo[memo] = tables.match(e, name, layout, keys, ctx, decl.policy or "unique", decl.span)
    row = e.memo[memo]
    return tables.column(e, name, column, layout, row, types, ctx, decl.span) if row is not None else None


def collected(
    e: Elaborator, decl: ast.TableDecl, column: str, layout: tables.Layout, keys: list[Value], ctx: Context
) -> Value | None:
    """`collect`: the sum of the cells of all rows that fit."""
    parts: list[Value] = []
    cells: list[Value] = []
    held = tables.periods(layout)
    for row, span, period in zip(layout.rows, layout.spans, held, strict=True):
        single = tables.Layout(layout.keys, layout.values, (row,), (span,))
        fits = tables.match(e, decl.name.text, single, keys, ctx, "first", span, [period])
        cell = row.get(column)
        value = e.evaluate(cell, ctx) if cell is not None else None
        if fits is None or value is None:
            return None
        found = e.add("found", (fits,), Type("bool", level=fits.type.level, axes=fits.type.axes), ctx, span)
        parts.extend([found, value])
        cells.append(value)
    tables.remember_rows(e, decl.name.text, layout)
    type_ = joined_type(e, cells, decl)
    aligned = e.aligned(parts, ctx, decl.span) if type_ else None
    if aligned is None or type_ is None:
        return None
    values, level, axes = aligned
    return e.add(
        "collect", values, replace(type_, level=level, axes=axes), ctx, decl.span, table=decl.name.text
    )


def data_column(
    e: Elaborator,
    decl: ast.TableDecl,
    column: str,
    layout: tables.Layout,
    keys: list[Value],
    written: Value | None,
    ctx: Context,
) -> Value | None:
    """The column of the rows given at run time; where they have no row of the key, that of the rule file's
    rows.
    """
    data = decl.outside.name or "" if decl.outside else ""
    typed = {c.name.text: c for c in (decl.body.columns if decl.body else ())}
    wanted = typed.get(column)
    if wanted is None:
        e.error(
            "PM220",
            f"`{decl.name}` is given at run time and does not say what `{column}` holds",
            decl.span,
            hint=f"add `column {column}: TYPE`",
        )
        return None
    type_ = attributes.type_of(e, wanted.type, "")
    if type_ is None:
        return None
    if type_.unit.is_money:
        type_ = replace(type_, currency=e.program.currency)
    declare_data(e, data, decl, layout, typed, keys)
    name = e.in_plan(decl.name.text)
    aligned = e.aligned(keys, ctx, decl.span)
    if aligned is None:
        return None
    values, level, axes = aligned
    row = e.add(
        "lookup", values, Type("row", level=level, axes=axes), ctx, decl.span, table=name, source="data"
    )
    cell = e.add(
        "cell", (row,), type_.at(level, axes), ctx, decl.span, table=name, source="data", column=column
    )
    if written is None:
        return cell
    joined = joined_type(e, [cell, written], decl)
    found = e.add("found", (row,), Type("bool", level=level, axes=axes), ctx, decl.span)
    triple = e.aligned([found, cell, written], ctx, decl.span)
    if joined is None or triple is None:
        return None
    values, level, axes = triple
    return e.add("if", values, replace(joined, level=level, axes=axes), ctx, decl.span)


def declare_data(
    e: Elaborator,
    data: str,
    decl: ast.TableDecl,
    layout: tables.Layout,
    typed: dict[str, ast.Column],
    keys: list[Value],
) -> None:
    """Tell the engine which columns a table given at run time must have."""
    columns: list[tuple[str, str, str, tuple[str, ...]]] = []
    for word, value in zip(layout.keys, keys, strict=True):
        header = typed[word].header if word in typed else None
        columns.append((word, header or word, value.type.base, ()))
    for word, column in typed.items():
        if word in layout.keys:
            continue
        type_ = attributes.type_of(e, column.type, "")
        info = e.kinds.get(type_.kind) if type_ else None
        words = info.words if info and not info.open else ()
        columns.append((word, column.header or word, base_of(type_), words))
    name = e.in_plan(decl.name.text)
    e.data[name] = DataTable(name, len(layout.keys), tuple(columns), "data", data)


def base_of(type_: Type | None) -> str:
    """The base of a column; a percent is told from other numbers, because files write it in two ways."""
    if type_ is None:
        return "text"
    return "percent" if type_.kind == "percent" else type_.base


def indexed_table(e: Elaborator, decl: ast.TableDecl, node: ast.Index, ctx: Context) -> Value | None:
    e.used.add((ast.TableDecl, decl.name.text))
    layout = tables.layout_of(decl)
    column = node.column or (layout.values[0] if len(layout.values) == 1 else None)
    if column is None or column not in layout.values:
        e.error(
            "PM211",
            f"say which column of `{decl.name}` is meant",
            node.span,
            hint=f"its columns are {listed(layout.values)}",
        )
        return None
    if len(node.args) != len(layout.keys):
        wanted = f"`{decl.name}[{', '.join(layout.keys)}].{column}`"
        e.error(
            "PM221",
            f"`{decl.name}` is a table by {len(layout.keys)} keys, and {len(node.args)} are given",
            node.span,
            hint=f"write {wanted}",
        )
        return None
    types = key_types(e, decl)
    keys = [e.evaluate(arg.value, ctx, type_) for arg, type_ in zip(node.args, types, strict=True)]
    known = [value for value in keys if value is not None]
    return own_column(e, decl, column, known, ctx, node.span) if len(known) == len(keys) else None
