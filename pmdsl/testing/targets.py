"""What an expectation names: an output or a step, one row of its level, one point of its axes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pmdsl.diagnostics import Findings, did_you_mean
from pmdsl.engine import Answer
from pmdsl.engine.index import said
from pmdsl.plan.nodes import Node, Output
from pmdsl.source import Span
from pmdsl.syntax import ast
from pmdsl.testing.constants import constant
from pmdsl.testing.rulesets import STEP
from pmdsl.testing.situation import Situation

ANSWERED = ("requirement", "report", STEP)


@dataclass(frozen=True)
class Target:
    """One value: the output that holds it, its node, the raw value (NaN or -1: none), and whose it is."""

    output: Output
    node: Node
    value: float
    account: str
    said: str


def name_of(target: ast.Path, values: Mapping[str, int]) -> str:
    """The name to be answered for a path: `initial` for `initial.call`, `base.maintenance` as it stands.

    That is as much of the path as names a value; its first part where nothing does.
    """
    longer = (".".join(target.parts[:n]) for n in range(len(target.parts), 0, -1))
    return next((name for name in longer if name in values), target.parts[0])


def resolve(expect: ast.ExpectValue, situation: Situation, findings: Findings) -> Target | None:
    """The value that an expectation names; None where it does not name a single one, which is reported."""
    answer = situation.answer
    assert answer is not None
    name = name_of(expect.target, situation.rules.values)
    number = find_output(answer, name)
    if number is None:
        unknown(expect.target, situation, findings)
        return None
    out = answer.plan.outputs[number]
    node = answer.plan.nodes[out.node]
    args = arguments(expect.args, findings)
    row = row_of(answer, out, node, args, expect.target.span, findings) if args is not None else None
    if row is None:
        return None
    at, account = row
    side = expect.target.parts[name.count(".") + 1 :]
    points = [*side, *([expect.point] if expect.point else [])]
    cell = point_of(answer, node, answer.values[number][at], points, expect.span, findings)
    return Target(out, node, float(cell), account, expect_said(expect)) if cell is not None else None


def find_output(answer: Answer, name: str) -> int | None:
    """The number of the output of a name, requirements and reports first."""
    for kind in ANSWERED:
        for number, out in enumerate(answer.plan.outputs):
            if out.kind == kind and out.name == name:
                return number
    return None


def unknown(target: ast.Path, situation: Situation, findings: Findings) -> None:
    name = str(target)
    hint = (
        did_you_mean(name, situation.rules.values)
        or f"expected a requirement, a report or a step of `{situation.rules.name}`"
    )
    findings.add("PM813", f"`{situation.rules.name}` has no value `{name}`", target.span, hint=hint)


def expect_said(expect: ast.ExpectValue) -> str:
    """How the expectation names its value."""
    args = f"[{', '.join(arg.span.text for arg in expect.args)}]" if expect.args else ""
    return f"{expect.target}{args}" + (f" at {expect.point}" if expect.point else "")


def arguments(args: tuple[ast.Arg, ...], findings: Findings) -> list[str] | None:
    found = [constant(arg.value, findings) for arg in args]
    return [c.said for c in found if c is not None] if None not in found else None


# ---- rows --------------------------------------------------------------------------------------------------


def row_of(
    answer: Answer, out: Output, node: Node, args: list[str], span: Span, findings: Findings
) -> tuple[int, str] | None:
    """The row that arguments name, and its account ("" where it belongs to none)."""
    index = answer.run.index
    if node.level == "":
        return 0, answer.accounts[0] if len(answer.accounts) == 1 else ""
    if not index.owned(node.level):
        labels = [index.label(node.level, row) for row in range(index.size(node.level))]
        at = chosen(labels, args[:1], out.name, node.level, span, findings)
        return (at, "") if at is not None else None
    account, rest = account_of(answer, out.name, args, span, findings)
    if account is None:
        return None
    row = answer.row_of[account]
    if node.level == "account":
        return row, account
    first = index.first_rows(node.level)
    low, high = int(first[row]), int(first[row + 1])
    labels = [index.label(node.level, r) for r in range(low, high)]
    at = chosen(labels, rest, out.name, node.level, span, findings)
    return (low + at, account) if at is not None else None


def account_of(
    answer: Answer, name: str, args: list[str], span: Span, findings: Findings
) -> tuple[str | None, list[str]]:
    """The account that is meant and the arguments after it: the only account need not be named."""
    if args and args[0] in answer.row_of:
        return args[0], args[1:]
    if len(answer.accounts) == 1:
        return answer.accounts[0], args
    if args:
        hint = did_you_mean(args[0], answer.accounts)
        findings.add("PM814", f"this test has no account `{args[0]}`", span, hint=hint)
    else:
        listed = ", ".join(answer.accounts[:6])
        findings.add(
            "PM814",
            f"this test has {len(answer.accounts)} accounts: {listed}",
            span,
            hint=f"write `{name}[{answer.accounts[0]}]`",
        )
    return None, args


def chosen(
    labels: list[str], args: list[str], name: str, level: str, span: Span, findings: Findings
) -> int | None:
    """The row that is called so; the only one where nothing is said."""
    level = level.removesuffix(".key")
    if not args and len(labels) == 1:
        return 0
    if not args:
        hint = f"write `{name}[{labels[0]}]`" if labels else None
        findings.add(
            "PM814", f"`{name}` has {len(labels)} values here, one for each {level}", span, hint=hint
        )
        return None
    if labels.count(args[0]) == 1:
        return labels.index(args[0])
    listed = ", ".join(dict.fromkeys(labels[:8])) or "none"
    many = "more than one" if args[0] in labels else "no"
    hint = did_you_mean(args[0], labels) or f"here they are: {listed}"
    findings.add("PM814", f"`{name}` has {many} {level} `{args[0]}` here", span, hint=hint)
    return None


# ---- points ------------------------------------------------------------------------------------------------


def point_of(
    answer: Answer, node: Node, values: Any, points: list[str], span: Span, findings: Findings
) -> Any:
    """The value at the points that were said, one for each axis; None where they do not fit the axes."""
    axes = list(node.axes)
    for point in points:
        axis = next((a for a in axes if point in names_of(answer, a)), None)
        if axis is None:
            every = [name for a in axes for name in names_of(answer, a)]
            message = (
                f"there is no point `{point}`"
                if axes
                else f"this value has no axis, and `{point}` is a point of one"
            )
            findings.add("PM814", message, span, hint=did_you_mean(point, every))
            return None
        values = (
            values.take(names_of(answer, axis).index(point), axis=axes.index(axis)) if values.ndim else values
        )
        axes.remove(axis)
    if axes:
        points_ = names_of(answer, axes[0])
        hint = f"write `… at {points_[0]}`" if points_ else None
        findings.add("PM814", f"this is still per {axes[0]}", span, hint=hint)
        return None
    return values


def names_of(answer: Answer, axis: str) -> tuple[str, ...]:
    """The points of an axis at run time."""
    found = answer.bound.world.axes.get(axis)
    return found.names if found is not None else ()


def said_value(answer: Answer, node: Node, value: float) -> str | None:
    """A value that is no number as people write it; None where there is none."""
    if node.base == "point":
        return names_of(answer, node.unit)[int(value)] if value >= 0 else None
    if node.base == "text":
        return said(answer.run.index, value, "text") if value >= 0 else None
    return said(answer.run.index, value, node.base) if value == value else None
