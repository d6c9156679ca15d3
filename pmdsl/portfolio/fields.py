"""One value of a tree against one field of the shape."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

from pmdsl.diagnostics import Fix, nearest
from pmdsl.portfolio import scalars
from pmdsl.portfolio.report import Report
from pmdsl.portfolio.scalars import Refused
from pmdsl.portfolio.shape import Field, Type
from pmdsl.portfolio.tree import Node, Scalar, describe
from pmdsl.source import Span

Value = float | str | None
T = TypeVar("T", str, float)


def read_field(key: str, node: Node, field: Field, report: Report) -> Value:
    """A float for numbers, dates (ordinals) and truths (0 or 1), else a text; None where it was refused."""
    if not isinstance(node, Scalar):
        report.add("PM609", f"`{key}`: expected {field.expected}, found {describe(node)}", node.span)
        return None
    if node.is_null:
        hint = "leave the key out where the value is not known: there are no nulls"
        report.add("PM609", f"`{key}` has no value: expected {field.expected}", node.span, hint=hint)
        return None
    if field.type is Type.TEXT:
        return read_text(key, node, report)
    if field.type is Type.WORD:
        return read_word(key, node, field, report)
    return read_plain(key, node, field, report)


def read_text(key: str, node: Scalar, report: Report) -> str | None:
    """A name. Plain `true` and `false` are refused: nobody can tell whether they are names."""
    if node.is_truth:
        fix = Fix(node.span, f'"{node.text}"')
        report.add(
            "PM609", f"`{key}`: expected a text, found the truth value `{node.text}`", node.span, fix=fix
        )
        return None
    return taken(key, scalars.identifier(node.text), node.span, report)


def read_word(key: str, node: Scalar, field: Field, report: Report) -> str | None:
    """A word of a closed list."""
    wrong = wrong_word(key, node.text, field)
    if wrong is None:
        return node.text
    message, meant = wrong
    fix = Fix(node.span, meant) if meant else None
    report.add("PM612", message, node.span, hint=f"did you mean `{meant}`?" if meant else None, fix=fix)
    return None


def wrong_word(key: str, text: str, field: Field) -> tuple[str, str | None] | None:
    """Why a text is no word of the field's list and which one was meant; None where it is one."""
    if text in field.words:
        return None
    lower = text.lower()
    first = [word for word in field.words if lower == word[0]]
    meant = first[0] if len(first) == 1 else nearest(lower, field.words)
    return f"`{key}`: expected {field.expected}, found `{text[:80]}`", meant


def read_plain(key: str, node: Scalar, field: Field, report: Report) -> float | None:
    """A number, a date as its ordinal, or a truth value as 0 or 1."""
    if node.quoted and field.type is not Type.DATE:
        loose = parse(node.text, field)
        fix = Fix(node.span, node.text) if isinstance(loose, float) else None
        hint = None if fix is None else "numbers and truth values stand without quotes"
        message = f"`{key}`: expected {field.expected}, found {describe(node)}"
        report.add("PM609", message, node.span, hint=hint, fix=fix)
        return None
    value = taken(key, parse(node.text, field), node.span, report)
    if value is None:
        return None
    reason = out_of_bounds(value, field)
    if reason is not None:
        report.add(
            "PM611", f"`{key}`: {reason}, found {node.text}", node.span, hint=as_fraction(value, field)
        )
        return None
    return value


def parse(text: str, field: Field) -> float | Refused:
    """The number behind a text of a NUMBER, DATE or TRUTH field."""
    if field.type is Type.DATE:
        found = scalars.day(text)
        return float(found.toordinal()) if isinstance(found, date) else found
    if field.type is Type.TRUTH:
        if text in ("true", "false"):
            return float(text == "true")
        return Refused(f"expected true or false, found `{text[:80]}`", code="PM609")
    return scalars.number(text)


def out_of_bounds(value: float, field: Field) -> str | None:
    """Why a number is outside its field's bounds, or None where it is inside."""
    if field.above is not None and not value > field.above:
        return f"expected more than {field.above:g}"
    if field.least is not None and value < field.least:
        return f"expected at least {field.least:g}"
    if field.most is not None and value > field.most:
        return f"expected at most {field.most:g}"
    return None


def as_fraction(value: float, field: Field) -> str | None:
    """A hint for a percentage that stands where a fraction is meant."""
    if field.most is None or not value > field.most or out_of_bounds(value / 100, field) is not None:
        return None
    return f"{value:g}% is written {value / 100:.12g}"


def taken(key: str, found: T | Refused, span: Span, report: Report) -> T | None:
    """The value, or None after its refusal was reported."""
    if not isinstance(found, Refused):
        return found
    fix = Fix(span, found.replacement) if found.replacement else None
    report.add(found.code, f"`{key}`: {found.reason}", span, hint=found.hint, fix=fix)
    return None
