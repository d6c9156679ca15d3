"""Constants as tests write them: cells, rates and expected values, exact and without a rule set."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from pmdsl.diagnostics import Findings
from pmdsl.syntax import ast

UNITS = ("money", "contracts")
TRUTHS = {"yes": True, "true": True, "no": False, "false": False}


@dataclass(frozen=True)
class Constant:
    """A value as written: `kind` is number, percent, money, contracts, word, text or date.

    A word or a text stands in `text`, a date in `day`, anything else in `value`.
    """

    kind: str
    value: Fraction = Fraction(0)
    text: str = ""
    currency: str = ""
    day: date | None = None

    @property
    def is_number(self) -> bool:
        return self.kind in ("number", "percent", *UNITS)

    @property
    def unit(self) -> str:
        """The kind of what is no plain number, else ""."""
        return self.kind if self.kind in UNITS else ""

    @property
    def said(self) -> str:
        """The value as a file of data writes it: `-0.08`, `2026-03-02`, `broad`."""
        if self.is_number:
            return decimal(self.value)
        return self.day.isoformat() if self.day is not None else self.text


def constant(expr: ast.Expr, findings: Findings) -> Constant | None:
    """The value of an expression without names; anything else is reported as PM812."""
    found = _constant(expr)
    if found is None:
        hint = "a test states its data: numbers, percentages, money, dates, words, texts, and sums of them"
        findings.add("PM812", f"`{expr.span.text}` is no constant", expr.span, hint=hint)
    return found


def _constant(expr: ast.Expr) -> Constant | None:
    match expr:
        case ast.Number():
            return Constant("number", expr.value)
        case ast.Percent():
            return Constant("percent", expr.value)
        case ast.Money():
            return Constant("money", expr.value, currency=expr.currency)
        case ast.Contracts():
            return Constant("contracts", expr.value)
        case ast.Text():
            return Constant("text", text=expr.value)
        case ast.Date():
            return Constant("date", day=expr.value)
        case ast.Path():
            return Constant("word", text=str(expr))
        case ast.AloneCell():
            return Constant("word", text="alone")
        case ast.Paren():
            return _constant(expr.inner)
        case ast.Sign():
            return _signed(expr)
        case ast.Binary():
            return _binary(expr)
    return None


def _signed(expr: ast.Sign) -> Constant | None:
    inner = _constant(expr.operand)
    if inner is None or not inner.is_number:
        return None
    return inner if expr.operator == "+" else Constant(inner.kind, -inner.value, currency=inner.currency)


def _binary(expr: ast.Binary) -> Constant | None:
    """A sum of one unit, or a product in which at most one side has one."""
    left, right = _constant(expr.left), _constant(expr.right)
    if left is None or right is None or not left.is_number or not right.is_number:
        return None
    if expr.operator in "+-":
        if left.unit != right.unit or left.currency != right.currency:
            return None
        total = left.value + right.value if expr.operator == "+" else left.value - right.value
        return Constant(left.kind, total, currency=left.currency)
    if expr.operator == "/" and (right.value == 0 or right.unit):
        return None
    if left.unit and right.unit:
        return None
    value = left.value * right.value if expr.operator == "*" else left.value / right.value
    measured = left if left.unit else right
    return Constant(measured.unit or "number", value, currency=measured.currency)


def decimal(value: Fraction) -> str:
    """An exact decimal where there is one of at most 40 digits, else the nearest binary fraction's."""
    denominator, places = value.denominator, 0
    for prime in (2, 5):
        power = 0
        while denominator % prime == 0:
            denominator //= prime
            power += 1
        places = max(places, power)
    if denominator != 1 or places > 40:
        return repr(float(value))
    scaled = abs(value.numerator) * 10**places // value.denominator
    digits = str(scaled).rjust(places + 1, "0")
    text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"-{text}" if value < 0 else text
