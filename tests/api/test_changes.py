"""Requirements of several rule sets: which are held against one another, and what is saved."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

import pmdsl
from pmdsl.asking import ask
from pmdsl.changes import Change, answered, main_requirement, versus
from pmdsl.result import Result
from tests.api.world import SMALL, TINY, rules

NAMES = """\
pmdsl 1

methodology names {
  title    "Several requirements"
  version  "1"
  currency USD
  covers   2020-01-01 onward

  levels position -> account
  scenarios side {
    | side | sign |
    | call |    1 |
    | post |   -1 |
  }
  step worth = sum quantity * multiplier * underlying.price into account

"""


def named(*requirements: str, currency: str = "USD") -> str:
    """A rule set with some requirements."""
    lines = "".join(f"  require {line}\n" for line in requirements)
    return NAMES.replace("currency USD", f"currency {currency}") + lines + "}\n"


def answers(*texts: str, book: str = SMALL) -> list[Result]:
    return ask([pmdsl.load(text) for text in texts], pmdsl.read_portfolio(book), {})


@pytest.mark.parametrize(
    ("requirements", "main"),
    [
        (["initial = worth"], "initial"),
        (["initial = worth", "deposit = worth * 2"], "deposit"),
        (["initial = worth", "maintenance = worth * 2", "house = maintenance * 3"], "house"),
        (["initial = worth", "maintenance = worth * 2", "deposit = initial * 3"], "maintenance"),
        (["maintenance = worth * 2", "initial = maintenance * 2", "deposit = worth * 3"], "maintenance"),
        (["initial = maintenance * 2", "maintenance = worth"], "maintenance"),
    ],
    ids=lambda value: "; ".join(value) if isinstance(value, list) else value,
)
def test_the_requirement_that_stands_for_a_rule_set(requirements: Sequence[str], main: str) -> None:
    assert main_requirement(pmdsl.load(named(*requirements)).plan) == main


def test_an_overlay_stands_by_what_it_puts_on_top() -> None:
    assert main_requirement(rules("house.example").plan) == "house"
    assert main_requirement(rules().plan) == "maintenance"


def test_the_saving_of_an_account() -> None:
    first, second = answers(TINY, named("initial = worth * 10%"))
    found = versus(first, second)
    assert found.names == (("maintenance", "initial"),)
    change = found.changes("A2")[0]
    assert change == Change("A2", "initial", Decimal("1000.00"), Decimal("500.00"))
    assert change.change == Decimal("-500.00")
    assert change.saving == Decimal("500.00")
    assert change.share == Decimal("-0.5")


def test_nothing_is_saved_of_nothing() -> None:
    change = Change("A1", "initial", Decimal("0.00"), Decimal("5.00"))
    assert change.saving == Decimal("-5.00")
    assert change.share is None
    assert Change("A1", "initial", None, Decimal("5.00")).saving is None


def test_currencies_are_never_subtracted() -> None:
    book = SMALL.replace("on: 2026-03-02", "on: 2026-03-02\nfx: {EURUSD: 1.25}")
    first, second = answers(TINY, EUROS, book=book)
    assert second["A2"].maintenance == Decimal("800.00")
    found = versus(first, second)
    assert found.names == ()
    assert found.apart == "tiny is in USD and names in EUR: no saving between currencies"
    assert found.changes("A2") == []


EUROS = named(
    "maintenance = sum convert quantity * multiplier * underlying.price to EUR into account * 20%",
    currency="EUR",
)
EUROS = EUROS.replace("  step worth = sum quantity * multiplier * underlying.price into account\n", "")


def test_sides_are_held_against_the_same_sides() -> None:
    sided = named("initial by side = max(0, worth * side.sign)")
    less = named("initial by side = max(0, worth * side.sign) * 50%")
    first, second = answers(sided, less)
    found = versus(first, second)
    assert found.names == (("initial.call", "initial.call"), ("initial.post", "initial.post"))
    assert [change.saving for change in found.changes("A2")] == [Decimal("2500.00"), Decimal("0.00")]
    whole = versus(answers(TINY)[0], second)
    assert whole.names == ()
    assert whole.apart == "`initial` of names has the sides call, post, and `maintenance` of tiny has none"


def test_totals_are_of_the_accounts_that_all_can_answer() -> None:
    found = versus(*answers(TINY, named("maintenance = worth * 10%")))
    assert answered([found], ["A1", "A2"]) == ["A1", "A2"]
    both = [found.changes("A1")[0], found.changes("A2")[0]]
    (total,) = found.totals(["A1", "A2"])
    assert total.before == sum(change.before for change in both)  # type: ignore[misc]
    assert total.after == sum(change.after for change in both)  # type: ignore[misc]
    broken = SMALL.replace("{id: XYZ, kind: stock, price: 50,", "{id: XYZ, kind: stock,")
    part = versus(*answers(TINY, named("maintenance = worth * 10%"), book=broken))
    assert answered([part], ["A1", "A2"]) == ["A1"]
    assert part.totals([]) == []


def test_a_rule_set_that_requires_nothing_is_held_against_nothing() -> None:
    found = versus(*answers(TINY, NAMES + "  report all = worth\n}\n"))
    assert found.names == ()
    assert found.apart == "names requires nothing"
