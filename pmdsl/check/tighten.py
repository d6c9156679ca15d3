"""Proof: what `override tighten` gives is at least as strict as the parent's, value by value and day by day.

Strictness is the parent's word: the mark `stricter higher` or `stricter lower` of its parameter or column.
Nothing is proved about margins: a wider range of moves can lower a margin, because the points between its
ends move as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from pmdsl.check import wording
from pmdsl.check.marks import mark_of
from pmdsl.check.scope import first_line
from pmdsl.diagnostics import Findings, Label
from pmdsl.names.program import key_of
from pmdsl.plan.lower.elaborator import Elaborator
from pmdsl.plan.lower.tables import Layout, layout_of, periods, same_case
from pmdsl.source import Span
from pmdsl.syntax import ast
from pmdsl.syntax.exact import exact_value


@dataclass(frozen=True)
class Value:
    """A value as written, and the days on which it holds."""

    written: ast.Expr
    begins: date
    ends: date


@dataclass(frozen=True)
class Comparison:
    """A value of the child and one of the parent that hold on a common day: of what, and by which mark."""

    what: str
    mark: str | None
    column: str | None
    new: Value
    old: Value


def check_tighten(e: Elaborator, findings: Findings) -> None:
    """Every `override tighten` of the rule set."""
    if e.program.base is None:
        return
    for override in e.program.overridden:
        if override.tighten:
            check_override(e, override, findings)


def check_override(e: Elaborator, override: ast.Override, findings: Findings) -> None:
    new = override.declaration
    key = key_of(new)
    old = e.program.base.declared.get(key) if e.program.base is not None else None
    if old is None:
        return  # there is nothing to override, which has been said
    own = Findings()
    if isinstance(new, ast.Param) and isinstance(old, ast.Param):
        compare_all(e, of_params(new, old), override, own)
    elif isinstance(new, ast.TableDecl) and isinstance(old, ast.TableDecl) and is_comparable(old, new):
        merged = e.program.get(ast.TableDecl, key[1])
        compare_all(e, of_tables(merged or new, new, old), override, own)
    else:
        own.add(
            "PM504",
            f"`tighten` proves parameters and unique tables, and `{key[1]}` is neither",
            first_line(override.span),
            hint="override it without `tighten`, and claim what you mean with a `check`",
        )
    findings.extend(own)
    if not own.has_errors:
        note(key[1], override, findings)


def is_comparable(old: ast.TableDecl, new: ast.TableDecl) -> bool:
    return old.policy == "unique" and old.body is not None and new.body is not None


def note(name: str, override: ast.Override, findings: Findings) -> None:
    """What has been proved, and what has not."""
    findings.add(
        "PM503",
        f"every value of `{name}` is at least as strict as the parent's on every day: no "
        "more than that is proved",
        first_line(override.span),
        hint="a wider range can lower a margin, because the points between its ends move; "
        "keep the parent's requirement as a floor, or claim it with a `check`",
    )


# ---- what is compared --------------------------------------------------------------------------------------


def of_params(new: ast.Param, old: ast.Param) -> Iterator[Comparison]:
    mark = mark_of(old.stricter, None)
    for mine in segments(new):
        for theirs in segments(old):
            yield Comparison(f"`{new.name}`", mark, None, mine, theirs)


def segments(param: ast.Param) -> list[Value]:
    """The values of a parameter with the days on which they hold: a later one ends an earlier one."""
    ordered = sorted(param.segments, key=lambda segment: segment.start)
    following = [segment.start for segment in ordered[1:]]
    found: list[Value] = []
    for segment, after in zip(ordered, [*following, None], strict=False):
        ends = segment.end or date.max
        if after is not None and after > segment.start:
            ends = min(ends, after - timedelta(days=1))
        found.append(Value(segment.value, segment.start, ends))
    return found


def of_tables(merged: ast.TableDecl, new: ast.TableDecl, old: ast.TableDecl) -> Iterator[Comparison]:
    """The rows of an override against the parent's rows of equal keys."""
    mine, theirs = layout_of(merged), layout_of(old)
    written = {span.start for span in layout_of(new).spans}
    for row, span, period in zip(mine.rows, mine.spans, periods(mine), strict=True):
        if span.source is not new.span.source or span.start not in written:
            continue
        for other, held in zip(theirs.rows, periods(theirs), strict=True):
            if same_case(row, other, theirs.keys):
                yield from of_rows(old, theirs, row, other, period, held)


def of_rows(
    old: ast.TableDecl,
    layout: Layout,
    row: dict[str, ast.Expr | None],
    other: dict[str, ast.Expr | None],
    period: tuple[str | None, str | None],
    held: tuple[str | None, str | None],
) -> Iterator[Comparison]:
    keys = ", ".join(cell.span.text for key in layout.keys if (cell := row.get(key)) is not None)
    stricter = old.body.stricter if old.body is not None else None
    for column in layout.values:
        mine, theirs = row.get(column), other.get(column)
        if mine is not None and theirs is not None:
            what = f"`{old.name}.{column}` of `{keys}`" if keys else f"`{old.name}.{column}`"
            yield Comparison(
                what,
                mark_of(stricter, column),
                column,
                Value(mine, *whole(period)),
                Value(theirs, *whole(held)),
            )


def whole(period: tuple[str | None, str | None]) -> tuple[date, date]:
    begins, ends = period
    return date.fromisoformat(begins) if begins else date.min, date.fromisoformat(ends) if ends else date.max


# ---- comparing ---------------------------------------------------------------------------------------------


def compare_all(
    e: Elaborator, pairs: Iterator[Comparison], override: ast.Override, findings: Findings
) -> None:
    """Each pair of values that hold on a common day that is covered."""
    start, end = e.program.covers[0], e.program.covers[1] or date.max
    for pair in pairs:
        begins, ends = max(pair.new.begins, pair.old.begins, start), min(pair.new.ends, pair.old.ends, end)
        if begins <= ends and pair.new.written != pair.old.written:
            compare(pair, begins, ends, override, findings)


def compare(pair: Comparison, begins: date, ends: date, override: ast.Override, findings: Findings) -> None:
    mine, theirs = exact_value(pair.new.written), exact_value(pair.old.written)
    if mine is not None and mine == theirs:
        return
    labels = [Label(pair.old.written.span, "the parent's value")]
    if pair.mark is None:
        column = f"{pair.column}: " if pair.column else ""
        findings.add(
            "PM502",
            f"the parent does not say whether higher or lower is stricter for {pair.what}",
            pair.new.written.span,
            labels=labels,
            hint=(
                f"add `stricter {column}higher` or `stricter {column}lower` to the parent, or "
                "override it without `tighten`"
            ),
        )
    elif mine is None or theirs is None or mine[1] != theirs[1]:
        findings.add(
            "PM506",
            f"{pair.what} cannot be compared with the parent's: only constants of one unit can",
            pair.new.written.span,
            labels=labels,
            hint=(
                "write both as numbers, or override it without `tighten` and claim what you "
                "mean with a `check`"
            ),
        )
    elif (mine[0] < theirs[0]) == (pair.mark == "higher"):
        findings.add(
            "PM501",
            f"{pair.what} is {text(pair.new)} {wording.days(begins, ends)}, less strict "
            f"than the parent's {text(pair.old)}",
            pair.new.written.span,
            labels=labels,
            hint=(
                f"{pair.mark} is stricter here; a value that is meant to be less strict is "
                "overridden without `tighten`"
            ),
        )


def text(value: Value) -> str:
    span: Span = value.written.span
    return span.text
