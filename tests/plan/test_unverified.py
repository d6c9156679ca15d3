"""How much of what an answer uses nobody has verified: counted in the plan, and again in what is written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from functools import cache

import pytest

import pmdsl
from pmdsl.names.library import scan
from pmdsl.names.program import Program
from pmdsl.rules import Rules
from pmdsl.syntax import ast
from tests.plan.written import ROOT

Key = tuple[type[ast.Declaration], str]
DAYS = ("2010-01-04", "2018-06-01", "2022-03-01", "2024-06-03", "2026-03-02")
BUNDLED = {"us.finra.cpm": 12, "house.example": 12, "generic.stress": 1, "generic.covariance": 0}

FRAME = """pmdsl 1
methodology example.unverified {
  version  "1"
  currency USD
  covers   2020-01-01 onward
  source book { title "The book"  read_on 2026-01-01 }
  levels position -> name -> account
  group name = underlying.id
  step worth = quantity * multiplier * underlying.price
"""


def count(body: str, on: str = "2024-01-02") -> int:
    """How many unverified declarations and rows a methodology uses on a day."""
    return pmdsl.load(f"{FRAME}{body}\n}}\n").on(on).unverified


# ---- the bundled rule sets, counted from what is written ---------------------------------------------------


def in_force(start: date | None, end: date | None, on: date) -> bool:
    return (start is None or start <= on) and (end is None or on <= end)


def day(cell: ast.Expr | None) -> date | None:
    return cell.value if isinstance(cell, ast.Date) else None


def rows_in_force(body: ast.Body, on: date) -> Iterator[dict[str, ast.Expr | None]]:
    """The rows of a table on a day, by column; a later row of the same case ends an earlier one."""
    header = [str(cell.function) if isinstance(cell, ast.Call) else str(cell) for cell in body.rows[0].cells]
    rows = [dict(zip(header, row.cells, strict=True)) for row in body.rows[1:]]
    dated = [word for word in ("from", "to") if word in header]
    for row in rows:
        case = [row[word] for word in header[: header.index(dated[0])]] if dated else []
        later = [
            other
            for other in rows
            if dated and [other[word] for word in header[: header.index(dated[0])]] == case
            if (start := day(other["from"])) is not None and start <= on
            if day(row["from"]) is None or start > day(row["from"])  # type: ignore[operator]
        ]
        if in_force(day(row.get("from")), day(row.get("to")), on) and not later:
            yield row


def words_of(value: object) -> Iterator[str]:
    """Every word in a part of the tree that might be a name."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | list):
        for item in value:
            yield from words_of(item)
    elif isinstance(value, ast.Node) and not isinstance(value, ast.Notes):
        for spec in fields(value):
            if spec.name != "span":
                yield from words_of(getattr(value, spec.name))


def parts_on(declared: ast.Declaration, on: date) -> list[object]:
    """The parts of a declaration that hold on a day."""
    if isinstance(declared, ast.Param):
        begun = sorted((s for s in declared.segments if s.start <= on), key=lambda s: s.start)
        return [begun[-1].value] if begun else []
    body = getattr(declared, "body", None)
    if isinstance(declared, ast.TableDecl | ast.Pricing) and body is not None and body.rows:
        return [declared.keys if isinstance(declared, ast.TableDecl) else (), [
            cell for row in rows_in_force(body, on) for cell in row.values()
        ]]  # fmt: skip
    return [declared]


def marks(declared: ast.Declaration, on: date) -> int:
    """How many marks a declaration carries that hold on a day: its own, and those of its rows or patterns."""
    parts = [declared, getattr(declared, "body", None), getattr(declared, "content", None)]
    own = any(notes.unverified for part in parts if (notes := getattr(part, "notes", None)) is not None)
    bodies = [part for part in parts if isinstance(part, ast.Body) and part.rows]
    rows = [row.get("unverified") for body in bodies for row in rows_in_force(body, on)]
    patterns = declared.patterns if isinstance(declared, ast.Strategies) else ()
    own += sum(pattern.notes.unverified for pattern in patterns)
    return own + sum(isinstance(cell, ast.Path) and cell.parts[0] in ("yes", "true") for cell in rows)


def counted(program: Program, on: date) -> int:
    """The marks of every declaration that the answers of a day name, directly or through others."""
    answers = (ast.Require, ast.Report, ast.Eligible, ast.Alert)
    chain = {name.text for name in program.chain}
    todo = [(program, key) for key in program.declared if issubclass(key[0], answers) or key[1] in chain]
    seen: dict[tuple[str, int], ast.Declaration] = {}
    while todo:
        where, key = todo.pop()
        declared = where.declared[key]
        place = (declared.span.source.name, declared.span.start)
        if place not in seen:
            seen[place] = declared
            todo += named_by(where, declared, on)
    return sum(marks(declared, on) for declared in seen.values())


def named_by(program: Program, declared: ast.Declaration, on: date) -> list[tuple[Program, Key]]:
    """What a declaration names on a day: of its own rule set, and of the parent after `base`."""
    words = set(words_of(parts_on(declared, on)))
    if words & {"value", "model_delta", "volatility", "price"}:
        words.add("")  # the table of models has no name
    where = [program, program.base] if "base" in words and program.base else [program]
    return [(found, key) for found in where for key in found.declared if key[1] in words]


def bundled() -> list[tuple[str, str]]:
    names = [entry.name for entry in scan(ROOT / "rules", "bundled")]
    return [(name, on) for name in names for on in DAYS if on >= rules(name).plan.covers[0].isoformat()]


@cache
def rules(name: str) -> Rules:
    return pmdsl.load(name)


@pytest.mark.parametrize(("name", "on"), bundled())
def test_the_bundled_rule_sets_count_what_is_written(name: str, on: str) -> None:
    found = rules(name)
    assert found.on(on).unverified == counted(found.compiled.program, date.fromisoformat(on))


@pytest.mark.parametrize("name", BUNDLED)
def test_the_bundled_rule_sets_say_how_many(name: str) -> None:
    assert rules(name).on("2026-03-02").unverified == BUNDLED[name]


# ---- one case each -----------------------------------------------------------------------------------------

BUFFER = '  param buffer: percent { from 2020-01-01 = 10%  cite book at "1" unverified }\n'
OTHER = '  param other: percent { from 2020-01-01 = 10%  cite book at "1" }\n'
HALF = """
  pair half  between name a and b = 50%  cite book at "1" unverified
  pair other between name a and b = 50%  cite book at "1"
"""
DAYS_OF = """
  input returns by underlying, date { move: percent }
  scenarios day from returns.date last 5  cite book at "1" unverified
"""
KIND = '  level sort = underlying.kind of position  cite book at "1" unverified\n'
TWICE = """
  step one = quantity * multiplier * underlying.price * 2  cite book at "1" unverified
  step two = quantity * multiplier * underlying.price * 2  cite book at "1"
"""
CASES = {
    "a parameter": (BUFFER + "require initial = USD 5 * (1 + buffer)", 1),
    "a parameter that nothing reads": (BUFFER + "require initial = USD 5", 0),
    "one that is folded into another": (
        BUFFER + "param twice: percent { from 2020-01-01 = 2 * buffer }  require initial = USD 5 * twice",
        1,
    ),
    "a verified one of the same value": (BUFFER + OTHER + "require initial = USD 5 * other * 10%", 0),
    "two of one value": (
        BUFFER + OTHER.replace(" }", " unverified }") + "require initial = USD 5 * other * buffer",
        2,
    ),
    "of two equal steps the unverified one": (TWICE + "require initial = sum one into account", 1),
    "of two equal steps the verified one": (TWICE + "require initial = sum two into account", 0),
    "an attribute that an unverified step reads too": (TWICE + "require initial = sum worth into account", 0),
    "an input": (
        """
  input account { weight: factor default 1  floor: money default USD 1 }  cite book at "1" unverified
  require initial = account.weight * account.floor
""",
        1,
    ),
    "a table": (
        """
  unique table rate by underlying.kind { cite book at "1" unverified
    | kind | rate |
    | any  |  10% |
  }
  require initial = sum worth * rate into account
""",
        1,
    ),
    "rows that are in force": (
        """
  first table rate by underlying.kind {
    | kind  | from       | to         | rate | unverified |
    | stock | 2020-01-01 | 2021-12-31 |  10% | yes        |
    | stock | 2022-01-01 |            |  11% | yes        |
    | etf   |            |            |  12% | yes        |
    | any   |            |            |  13% | no         |
  }
  require initial = sum worth * rate into account
""",
        2,
    ),
    "rows that are added up": (
        BUFFER
        + """
  collect table rate by underlying.kind {
    | kind  | from       | to         | rate   | unverified |
    | stock | 2020-01-01 | 2021-12-31 | buffer | yes        |
    | stock | 2022-01-01 |            |    11% | no         |
    | any   |            |            |    12% | yes        |
  }
  require initial = sum worth * rate into account
""",
        1,
    ),
    "points": (
        """
  scenarios point {
    | point | move | unverified |
    | down  | -10% | yes        |
    | up    |  10% | yes        |
  }
  require initial = worst (sum worth * point.move into account) over point
""",
        2,
    ),
    "an axis": (
        """
  scenarios point { cite book at "1" unverified
    | point | move |
    | down  | -10% |
    | up    |  10% |
  }
  require initial = worst (sum worth * point.move into account) over point
""",
        1,
    ),
    "a history": (
        DAYS_OF + "require initial = worst (sum worth * returns[underlying, day].move into account) over day",
        1,
    ),
    "the number of days of a history": (DAYS_OF + "require initial = USD 1 * count(day)", 1),
    "an axis of distinct values": (
        """
  scenarios settle each strike also 0 within name  cite book at "1" unverified
  step payoff for option = quantity * multiplier * max(0, settle - strike)
  require initial = sum (worst (sum payoff into name) over settle) into account
""",
        1,
    ),
    "models": (
        """
  pricing {
    | when | model  | unverified |
    | any  | linear | yes        |
  }
  require initial = sum quantity * multiplier * value into account
""",
        1,
    ),
    "a group": (KIND + "require initial = sum abs(sum worth into sort) into account", 1),
    "a group that nothing is reduced into": (KIND + "require initial = sum worth into account", 0),
    "a pair": (HALF + "require initial = aggregate (sum worth into name) with half into account", 1),
    "another pair": (HALF + "require initial = aggregate (sum worth into name) with other into account", 0),
    "a requirement": ('require initial = USD 5  cite book at "1" unverified', 1),
    "a claim, which answers nothing": (BUFFER + 'require initial = USD 5  check "small": buffer < 11%', 0),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_used_counts(name: str) -> None:
    body, expected = CASES[name]
    assert count(body) == expected


@pytest.mark.parametrize("name", CASES)
def test_without_marks_nothing_counts(name: str) -> None:
    body = re.sub(r" unverified(?= *(\n|\}|$))", "", CASES[name][0])
    assert count(re.sub(r"\byes\b", "no", body)) == 0
