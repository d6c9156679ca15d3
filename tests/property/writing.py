"""A drawn rule set as text: the declarations in any order."""

from __future__ import annotations

from collections.abc import Sequence

from tests.property.drawing import LEAVES, POINTS, SHOCKS, Program, Step

FIXED = [
    "  input position { bucket: text  a: factor  b: factor }",
    "  levels position -> bucket -> account",
    "  group bucket = position.bucket",
    "  scenarios point {\n    | point | shock |\n"
    + "".join(f"    | {point} | {shock} |\n" for point, shock in zip(POINTS, SHOCKS, strict=True))
    + "  }",
    "  param rate: factor { from 2020-01-01 = 9  from 2024-01-01 = 1.5  from 2025-01-01 = 7 }",
]
WORDS = {"a": "position.a", "b": "position.b", "shock": "point.shock", "rate": "rate"}


def declarations(program: Program) -> list[str]:
    """Each declaration of a program as text; every step is reported."""
    found = list(FIXED)
    for number, step in enumerate(program):
        found += WRITERS[step.op](number, step)
        by = " by point" if step.axis else ""
        found.append(f"  report r{number}{by} = s{number}")
    return found


def text(program: Program, order: Sequence[int] | None = None) -> str:
    """The body of the rule set, its declarations in the order asked for."""
    found = declarations(program)
    return "\n".join(found[k] for k in (order if order is not None else range(len(found))))


def leaf(number: int, step: Step) -> list[str]:
    return [f"  step s{number} = {WORDS[step.words[0]]}"]


def arithmetic(number: int, step: Step) -> list[str]:
    (word,), (a, b) = step.words, step.inputs
    formula = f"s{a} {word} s{b}" if word in "+-" else f"{word}(s{a}, s{b})"
    return [f"  step s{number} = {formula}"]


def scaled(number: int, step: Step) -> list[str]:
    return [f"  step s{number} = s{step.inputs[0]} * {WORDS[LEAVES[step.inputs[1]]]}"]


def branch(number: int, step: Step) -> list[str]:
    a, b, c, d = step.inputs
    return [f"  step s{number} = if s{a} {step.words[0]} s{b} then s{c} else s{d}"]


def table(number: int, step: Step) -> list[str]:
    key, low, high = step.inputs
    rows = f"| < 0 | s{low} |\n    | 0 up to 2.5 | s{high} |\n    | >= 2.5 | s{low} - s{high} |\n"
    body = f"{{\n    column key: factor\n    | key | cell |\n    {rows}  }}"
    return [
        f"  {step.words[0]} table t{number} by key {body}",
        f"  step s{number} = t{number}[s{key}].cell",
    ]


def fold(number: int, step: Step) -> list[str]:
    (kind, into), (x, condition) = step.words, step.inputs
    return [f"  step s{number} = {kind} s{x} where s{condition} > 0 into {into} if_empty 2"]


def net(number: int, step: Step) -> list[str]:
    into, share = step.words
    return [f"  step s{number} = net s{step.inputs[0]} into {into} crediting {share} of gains"]


def over(number: int, step: Step) -> list[str]:
    return [f"  step s{number} = {step.words[0]} s{step.inputs[0]} over point"]


def at_name(number: int, step: Step) -> list[str]:
    return [f"  step s{number} = s{step.inputs[0]} at {step.words[0]}"]


def at_point(number: int, step: Step) -> list[str]:
    x, other = step.inputs
    return [f"  step m{number} = largest s{other} over point", f"  step s{number} = s{x} at m{number}.point"]


WRITERS = {
    "leaf": leaf, "arithmetic": arithmetic, "scaled": scaled, "branch": branch, "table": table, "fold": fold,
    "net": net, "over": over, "at_name": at_name, "at_point": at_point,
}  # fmt: skip
