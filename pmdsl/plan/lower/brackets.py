"""Brackets: `marginal rate.percent of (x)`, each bracket's rate on the part of x that lies in the bracket.

The brackets are the last key of a table. Rows that agree in everything else stand together and are one
schedule, stated as a whole. Where there is one schedule, for every amount, it is one operation. Else the row
that fits at x says which schedule holds, what its lower brackets come to and where its own begins; a key
without a schedule, and an amount beyond the last bracket, is a table without a row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from pmdsl.diagnostics import did_you_mean, listed
from pmdsl.plan.lower import lookups, names, tables
from pmdsl.plan.lower.elaborator import Context, Elaborator
from pmdsl.plan.lower.graph import Value
from pmdsl.plan.lower.operands import numeric
from pmdsl.source import Span
from pmdsl.syntax import ast
from pmdsl.types.values import Type

OPEN = (">", ">=")
Cells = Sequence[Value | None]
EXAMPLE = "for example `| < 100_000 | 5% |`, then `| >= 100_000 | 8% |`"


@dataclass(frozen=True)
class Schedule:
    """Rows that stand together and agree in all but the bracket: where each bracket begins, and its rate."""

    bounds: tuple[str, ...]
    rates: tuple[Value, ...]


def marginal(e: Elaborator, node: ast.Marginal, ctx: Context, expected: Type | None) -> Value | None:
    """The sum over the brackets of the schedule that holds."""
    name, column = node.column.parts[0], node.column.parts[-1]
    decl = e.program.get(ast.TableDecl, name)
    operand = numeric(e, node.operand, ctx)
    if decl is None:
        names.unknown(e, name, node.column.span, "table")
        return None
    e.used.add((ast.TableDecl, name))
    layout = tables.layout_of(decl)
    if operand is None or not is_read_by_brackets(e, decl, layout, column, node.column.span):
        return None
    inner = lookups.table_context(e, decl)
    made = [schedule(e, part, column, operand.type, inner) for part in parts_of(e, layout)]
    found = [one for one in made if one is not None]
    if len(found) < len(made):
        return None
    if len(found) == 1 and holds_always(layout):
        return of_one(e, found[0], operand, name, ctx, node.span)
    return of_several(e, decl, layout, found, operand, inner, node.span)


def holds_always(layout: tables.Layout) -> bool:
    """Whether the rows of a table are brackets and nothing else, and leave no amount out."""
    last = layout.rows[-1].get(layout.keys[-1])
    dated = any(layout.rows[-1].get(word) is not None for word in ("from", "to", "when"))
    return len(layout.keys) == 1 and not dated and isinstance(last, ast.BoundCell) and last.operator in OPEN


def of_one(
    e: Elaborator, found: Schedule, operand: Value, name: str, ctx: Context, span: Span
) -> Value | None:
    """One schedule for everything: one operation."""
    aligned = e.aligned([operand, *found.rates], ctx, span)
    if aligned is None:
        return None
    values, level, axes = aligned
    type_ = operand.type.at(level, axes)
    return e.add("marginal", values, type_, ctx, span, bounds=found.bounds, table=name)


def is_read_by_brackets(
    e: Elaborator, decl: ast.TableDecl, layout: tables.Layout, column: str, span: Span
) -> bool:
    """Whether a table has that column, rows, and a policy under which one schedule holds."""
    if column not in layout.values:
        hint = did_you_mean(column, layout.values, e.findings) or f"its columns are {listed(layout.values)}"
        e.error("PM211", f"table `{decl.name}` has no column `{column}`", span, hint=hint)
        return False
    given = decl.outside is not None and decl.outside.kind == "data"
    if decl.policy == "collect" or given or not layout.rows:
        message = f"`{decl.name}` cannot be read by `marginal`: it has no brackets of its own"
        e.error("PM405", message, span, hint="write its rows in the rule file, in a `unique table`")
        return False
    return True


# ---- the schedule that holds -------------------------------------------------------------------------------


def of_several(
    e: Elaborator,
    decl: ast.TableDecl,
    layout: tables.Layout,
    found: list[Schedule],
    operand: Value,
    ctx: Context,
    span: Span,
) -> Value | None:
    """What the brackets below come to, and the rate of the row's own on what lies above its beginning."""
    keys = [e.evaluate(path, ctx) for path in decl.keys[:-1]]
    known = [value for value in keys if value is not None]
    if len(known) < len(keys):
        return None
    name = decl.name.text
    row = tables.match(e, name, layout, [*known, operand], ctx, decl.policy or "unique", decl.span)
    if row is None:
        return None
    e.matches.setdefault(name, row.node)
    amount = operand.type.at("", ())
    begins: Cells = [number(e, Fraction(bound), amount, ctx) for one in found for bound in one.bounds]
    rates: Cells = [rate for one in found for rate in one.rates]
    below: Cells = [value for one in found for value in sums_below(e, one, amount, ctx, span)]
    told = {"below": below, "rate": rates, "start": begins}
    base, rate, start = (cell_of(e, decl, row, word, told[word], ctx, span) for word in told)
    at_least_0 = joined(e, "max", [operand, number(e, Fraction(0), amount, ctx)], amount, ctx, span)
    above = joined(e, "sub", [at_least_0, start], amount, ctx, span)
    part = joined(e, "mul", [rate, above], amount, ctx, span)
    return joined(e, "add", [base, part], amount, ctx, span)


def sums_below(
    e: Elaborator, one: Schedule, amount: Type, ctx: Context, span: Span
) -> Iterator[Value | None]:
    """For each bracket of a schedule what those below it come to when they are full."""
    total: Value | None = number(e, Fraction(0), amount, ctx)
    yield total
    for low, high, rate in zip(one.bounds, one.bounds[1:], one.rates, strict=False):
        width = number(e, Fraction(high) - Fraction(low), amount, ctx)
        full = joined(e, "mul", [rate, width], amount, ctx, span)
        total = joined(e, "add", [total, full], amount, ctx, span)
        yield total


def number(e: Elaborator, value: Fraction, amount: Type, ctx: Context) -> Value:
    """A constant of the unit of the amounts."""
    return e.constant(value, ctx, amount.unit, currency=amount.currency)


def cell_of(
    e: Elaborator, decl: ast.TableDecl, row: Value, word: str, cells: Cells, ctx: Context, span: Span
) -> Value | None:
    """What the row that fits says, one value for each row."""
    known = [value for value in cells if value is not None]
    aligned = e.aligned([row, *known], ctx, span) if len(known) == len(cells) else None
    if aligned is None:
        return None
    values, level, axes = aligned
    type_ = known[0].type.at(level, axes)
    return e.add("select", values, type_, ctx, span, table=e.in_plan(decl.name.text), column=word)


def joined(e: Elaborator, op: str, values: Cells, amount: Type, ctx: Context, span: Span) -> Value | None:
    """An operation on amounts, and on rates, which are plain numbers."""
    known = [value for value in values if value is not None]
    aligned = e.aligned(known, ctx, span) if len(known) == len(values) else None
    if aligned is None:
        return None
    inputs, level, axes = aligned
    return e.add(op, inputs, amount.at(level, axes), ctx, span)


# ---- schedules ---------------------------------------------------------------------------------------------


def parts_of(e: Elaborator, layout: tables.Layout) -> list[tables.Layout]:
    """The rows of a table by schedule; one that is not in one piece, or not in force as one, is reported."""
    found: list[tables.Layout] = []
    seen: list[object] = []
    held = tables.periods(layout)
    told = [said_of(row, layout) for row in layout.rows]
    begun = 0
    for end in range(1, len(layout.rows) + 1):
        if end < len(layout.rows) and told[end] == told[begun]:
            continue
        rows, spans = layout.rows[begun:end], layout.spans[begun:end]
        if told[begun] in seen:
            message = "this bracket stands apart from the others of its case"
            hint = "keep the brackets of one case together, from the lowest to the highest"
            e.error("PM405", message, spans[0], hint=hint)
        if len(set(held[begun:end])) > 1:
            message = "the brackets of this schedule do not end on one day"
            e.error(
                "PM405", message, spans[0], hint="state the later schedule as a whole, with all its brackets"
            )
        seen.append(told[begun])
        found.append(tables.Layout(layout.keys, layout.values, rows, spans))
        begun = end
    return found


def said_of(row: dict[str, ast.Expr | None], layout: tables.Layout) -> tuple[ast.Expr | None, ...]:
    """What a row says beside its bracket and its values: the other keys, the condition and the days."""
    return tuple(row.get(word) for word in (*layout.keys[:-1], "when", "from", "to"))


def schedule(
    e: Elaborator, layout: tables.Layout, column: str, amount: Type, ctx: Context
) -> Schedule | None:
    """The brackets and the rates of one schedule."""
    patterns = [tables.pattern(e, row.get(layout.keys[-1]), amount, ctx) for row in layout.rows]
    rates = [
        rate_of(e, row.get(column), place, ctx) for row, place in zip(layout.rows, layout.spans, strict=True)
    ]
    known = tuple(rate for rate in rates if rate is not None)
    bounds = lower_bounds(e, patterns, layout)
    return Schedule(bounds, known) if bounds is not None and len(known) == len(rates) else None


def rate_of(e: Elaborator, cell: ast.Expr | None, span: Span, ctx: Context) -> Value | None:
    if cell is None:
        e.error("PM404", "this bracket has no rate", span, hint="every cell of a table is filled")
        return None
    value = numeric(e, cell, ctx)
    if value is not None and value.type.unit.powers:
        message = f"a rate of `marginal` is a plain number, and this is {value.type.describe()}"
        e.error("PM405", message, cell.span, hint="write a percentage or a fraction")
        return None
    return value


def lower_bounds(
    e: Elaborator, patterns: list[tables.Pattern], layout: tables.Layout
) -> tuple[str, ...] | None:
    """Where each bracket begins; each must begin where the one before it ends."""
    found: list[str] = []
    previous: tuple[str | None, bool] = (None, False)
    for number, (pattern, span) in enumerate(zip(patterns, layout.spans, strict=True)):
        if pattern is not None and "" in (pattern.get("from"), pattern.get("to")):
            return None  # an edge that is no number, which has been said
        if pattern is None or "is" in pattern:
            e.error("PM405", "a bracket of `marginal` is a range", span, hint=EXAMPLE)
            return None
        begins = pattern["from"]
        if number == 0 and begins is not None and Fraction(begins) != 0:
            e.error("PM405", "the first bracket does not begin at 0", span, hint=EXAMPLE)
            return None
        if number > 0 and not meet(previous, (begins, pattern["from_open"])):
            message = "this bracket does not begin where the one before it ends"
            e.error(
                "PM405", message, span, hint="write the brackets from the lowest to the highest, without gaps"
            )
            return None
        found.append(str(begins or "0"))
        previous = (pattern["to"], pattern["to_closed"])
    return tuple(found)


def meet(ends: tuple[str | None, bool], begins: tuple[str | None, bool]) -> bool:
    """Whether a bracket begins where another ends, and one of the two has the edge."""
    (end, closed), (begin, open_) = ends, begins
    return (
        end is not None and begin is not None and Fraction(end) == Fraction(begin) and (closed or not open_)
    )
