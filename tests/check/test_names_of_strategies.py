"""Legs, strategies and pairings by name: replaced whole by a child, taken away, each name given once."""

from __future__ import annotations

import pytest

from pmdsl.diagnostics import Findings
from pmdsl.names.collect import collect
from pmdsl.names.program import Program
from pmdsl.source import Source
from pmdsl.syntax import ast
from pmdsl.syntax.parser import parse

HEAD = 'version "1" currency USD covers 2020-01-01 onward'
PARENT = f"""pmdsl 1
methodology exchange.options {{
  {HEAD}
  leg stock = position where instrument.kind == share
  leg call  = position where right == call
  strategies cover within name {{
    amount initial
    pattern long_stock {{
      long stock s
      charge initial = s.worth
    }}
  }}
  pairing opening = cover minimising initial
}}
"""


def program(text: str, parent: Program | None = None) -> tuple[Program, list[str]]:
    """What a methodology declares, and what was said of it."""
    findings = Findings()
    (item,) = parse(Source("names.margin", text), findings).items
    assert isinstance(item, ast.Methodology)
    found = collect(item, lambda extends: parent, findings)
    return found, [f"{finding.code} {finding.message}" for finding in findings]


def child(body: str) -> tuple[Program, list[str]]:
    parent, told = program(PARENT)
    assert told == []
    text = f'pmdsl 1\nmethodology broker.own {{\n  {HEAD}\n  extends exchange.options at "1"\n  {body}\n}}\n'
    return program(text, parent)


def test_a_child_has_what_its_parent_declares() -> None:
    found, told = child("")
    assert told == []
    assert [leg.name.text for leg in found.all(ast.LegDecl)] == ["stock", "call"]
    assert found.get(ast.Strategies, "cover") is not None
    assert found.get(ast.Pairing, "opening") is not None


def test_strategies_are_overridden_whole() -> None:
    body = """override strategies cover within name {
    amount opening_amount
    pattern any_stock { any stock s  charge opening_amount = 0 }
  }
  because "another book" """
    found, told = child(body)
    cover = found.get(ast.Strategies, "cover")
    assert told == []
    assert cover is not None
    assert [amount.name.text for amount in cover.amounts] == ["opening_amount"]
    assert [pattern.name.text for pattern in cover.patterns] == ["any_stock"]


def test_legs_and_pairings_are_overridden() -> None:
    body = """override leg stock = position where instrument.kind == cfd because "another book"
  override pairing opening = cover minimising initial only long_stock because "another book" """
    found, told = child(body)
    opening = found.get(ast.Pairing, "opening")
    assert told == []
    assert opening is not None
    assert [name.text for name in opening.only] == ["long_stock"]
    assert len(list(found.all(ast.LegDecl))) == 2


def test_each_may_be_removed() -> None:
    body = """remove leg call because "none are held"
  remove strategies cover because "none are held"
  remove pairing opening because "none are held" """
    found, told = child(body)
    assert told == []
    assert [leg.name.text for leg in found.all(ast.LegDecl)] == ["stock"]
    assert not list(found.all(ast.Strategies))
    assert not list(found.all(ast.Pairing))


def test_an_override_says_why_and_of_what() -> None:
    _, told = child("override leg put = position where right == put")
    assert told == [
        "PM205 the override of `put` does not say why",
        "PM206 `exchange.options` has no `put`",
    ]


def test_a_child_does_not_declare_again() -> None:
    _, told = child("pairing opening = cover minimising initial")
    assert told == ["PM204 the parent declares `opening` already"]


def test_what_stands_twice_in_an_override_is_told() -> None:
    body = """override strategies cover within name {
    amount initial
    amount initial
  }
  because "another book" """
    assert child(body)[1] == ["PM201 `initial` is declared twice"]


@pytest.mark.parametrize(
    "other",
    [
        "step stock = 1",
        "set opening = a, b",
        "param cover: factor { from 2020-01-01 = 1 }",
        "leg opening = position where listed",
        "group cover = underlying.id",
        "level cover = underlying.id of position",
    ],
)
def test_a_name_is_given_once(other: str) -> None:
    _, told = program(PARENT.replace("\n}\n", f"\n  {other}\n}}\n"))
    name = other.split()[1].rstrip(":")
    assert told == [f"PM201 `{name}` is declared twice"]


def test_a_group_and_a_level_of_one_name_are_one_too_many() -> None:
    groups = "group name = underlying.id\n  level name = underlying.id of position"
    _, told = program(f"pmdsl 1\nmethodology m {{\n  {HEAD}\n  {groups}\n}}\n")
    assert told == ["PM201 `name` is declared twice"]


def test_a_slot_may_have_a_name_that_is_declared_outside() -> None:
    """Slots are names of their pattern alone."""
    _, told = program(PARENT.replace("\n}\n", "\n  step s = 1\n}\n"))
    assert told == []
