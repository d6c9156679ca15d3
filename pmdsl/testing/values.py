"""`expect maintenance = USD 750.00`: one value against the one that is expected."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from pmdsl.diagnostics import Findings
from pmdsl.engine import Answer
from pmdsl.engine.rounding import digits_of
from pmdsl.syntax import ast
from pmdsl.testing.constants import TRUTHS, Constant, constant, decimal
from pmdsl.testing.situation import Situation
from pmdsl.testing.targets import Target, resolve, said_value

RELATIVE = Fraction(1, 10**9)


def expect_value(expect: ast.ExpectValue, situation: Situation, findings: Findings) -> None:
    """Report a value that is not the one expected."""
    wanted = constant(expect.value, findings)
    within = constant(expect.within, findings) if expect.within is not None else None
    if wanted is None or (expect.within is not None and within is None):
        return
    if situation.answer is None:
        return
    target = resolve(expect, situation, findings)
    if target is None:
        return
    if target.node.base == "number":
        compare_numbers(expect, target, wanted, within, situation, findings)
    else:
        compare_words(expect, target, wanted, situation, findings)


def compare_words(
    expect: ast.ExpectValue, target: Target, wanted: Constant, situation: Situation, findings: Findings
) -> None:
    assert situation.answer is not None
    found = said_value(situation.answer, target.node, target.value)
    meant = wanted.said
    if target.node.base == "bool" and meant in TRUTHS:
        meant = "yes" if TRUTHS[meant] else "no"
    if found is None:
        missing(expect, target, situation, findings)
    elif found != meant:
        findings.add("PM801", f"`{target.said}` is {found}, expected {meant}", expect.span)


def missing(expect: ast.ExpectValue, target: Target, situation: Situation, findings: Findings) -> None:
    """The value could not be had."""
    reason = situation.reason(target.account)
    findings.add(
        "PM801",
        f"`{target.said}` could not be had, expected {expect.value.span.text}",
        expect.span,
        hint=reason,
    )


def compare_numbers(
    expect: ast.ExpectValue,
    target: Target,
    wanted: Constant,
    within: Constant | None,
    situation: Situation,
    findings: Findings,
) -> None:
    answer = situation.answer
    assert answer is not None
    if not fits_unit(expect, target, wanted, answer, findings):
        return
    if target.value != target.value:
        missing(expect, target, situation, findings)
        return
    raw = Fraction(target.value)
    printed = answer.rounded(target.output.node, target.value) if is_printed_money(target) else None
    found = Fraction(printed) if printed is not None and within is None else raw
    if abs(found - wanted.value) <= allowed(wanted, within, printed):
        return
    shown = shown_number(target, printed if within is None else None, answer.plan.currency)
    message = f"`{target.said}` is {shown}, expected {expect.value.span.text}"
    off = f"{shown_difference(found - wanted.value)} off"
    findings.add("PM801", message, expect.span, hint="; ".join([off, *bound_by(target, answer)]))


def fits_unit(
    expect: ast.ExpectValue, target: Target, wanted: Constant, answer: Answer, findings: Findings
) -> bool:
    """Whether the expected value has the unit of what it is compared with; a bare 0 fits every unit."""
    money = "money" in target.node.unit.split() or target.node.unit == "price"
    place = expect.value.span
    if not wanted.is_number:
        findings.add("PM815", f"`{target.said}` is a number, and `{place.text}` is none", place)
    elif money and wanted.kind != "money" and wanted.value != 0:
        findings.add(
            "PM815", f"`{target.said}` is money", place, hint=f"write {answer.plan.currency} {place.text}"
        )
    elif not money and wanted.kind == "money":
        findings.add(
            "PM815", f"`{target.said}` is {target.node.unit or 'a plain number'} and no money", place
        )
    elif wanted.kind == "contracts" and target.node.unit != "contracts":
        findings.add(
            "PM815", f"`{target.said}` is {target.node.unit or 'a plain number'} and no contracts", place
        )
    elif target.output.kind == "requirement" and money and wanted.currency not in ("", answer.plan.currency):
        findings.add("PM815", f"`{target.said}` is in {answer.plan.currency}", place)
    else:
        return True
    return False


def is_printed_money(target: Target) -> bool:
    """Requirements, and reports in money, are compared as they are printed."""
    return target.output.kind == "requirement" or (
        target.output.kind == "report" and target.node.unit == "money"
    )


def allowed(wanted: Constant, within: Constant | None, printed: Decimal | None) -> Fraction:
    """How far the value may lie from the one expected; a percentage of money is a share of it."""
    if within is None:
        return Fraction(0) if printed is not None else RELATIVE * max(Fraction(1), abs(wanted.value))
    share = within.kind == "percent" and wanted.kind == "money"
    dust = RELATIVE * abs(wanted.value) / 1000
    return (abs(wanted.value) * within.value if share else within.value) + dust


def shown_number(target: Target, printed: Decimal | None, currency: str) -> str:
    if printed is not None:
        return f"{currency} {printed}"
    prefix = f"{currency} " if target.node.unit == "money" else ""
    return prefix + format(target.value, ".12g")


def shown_difference(difference: Fraction) -> str:
    text = decimal(difference) if difference.denominator < 10**6 else format(float(difference), ".6g")
    return text if text.startswith("-") else f"+{text}"


def bound_by(target: Target, answer: Answer) -> list[str]:
    """What bound the requirement, for a hint."""
    if target.output.kind != "requirement" or not target.output.binding or not target.account:
        return []
    binds = [b for b in answer.binding(target.account).get(target.output.name, ()) if b.by and b.amount]
    smallest = Decimal(1).scaleb(-digits_of(answer.plan.currency))
    told = [
        f"{b.group or target.account} by {b.by} ({b.amount.quantize(smallest)})"
        for b in binds[:4]
        if b.amount
    ]
    return [f"bound: {', '.join(told)}"] if told else []
