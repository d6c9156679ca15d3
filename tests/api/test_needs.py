"""What a rule set asks for: whether an attribute must be given, and which outputs read it."""

from __future__ import annotations

from pmdsl.author.needs import needs_of
from tests.api.world import rules


def given(name: str) -> dict[str, str]:
    """For each attribute whether it must be given."""
    needs = needs_of(rules(name))
    return {f"{column.table}.{column.column}": needs.given(column) for column in needs.columns}


def read_by(name: str, attribute: str) -> list[str]:
    needs = needs_of(rules(name))
    column = next(c for c in needs.columns if f"{c.table}.{c.column}" == attribute)
    return [output.name for output in needs.read_by(column)]


def test_what_only_a_condition_reads_is_optional() -> None:
    assert given("us.finra.cpm")["account.equity"] == "optional"
    assert read_by("us.finra.cpm", "account.equity") == ["minimum_equity"]


def test_what_a_requirement_reads_is_needed_for_it() -> None:
    assert given("house.example")["account.equity"] == "needed"
    assert read_by("house.example", "account.equity") == ["house", "minimum_equity", "margin_call", "usage"]
    assert given("generic.covariance")["underlying.daily_volatility"] == "needed"


def test_what_every_book_has_or_can_say_otherwise() -> None:
    found = given("us.finra.cpm")
    assert found["position.quantity"] == "in every book"
    assert found["instrument.multiplier"] == "has a default"
    assert found["instrument.kind"] == "or by its symbol"
    assert found["instrument.exercise"] == "or by its underlying"
    assert found["underlying.breadth"] == "has a default"


def test_programs_are_told_too() -> None:
    inputs = needs_of(rules("us.finra.cpm")).to_json()["inputs"]
    equity = next(found for found in inputs if found["column"] == "equity")
    assert equity["read_by"] == ["minimum_equity"]
