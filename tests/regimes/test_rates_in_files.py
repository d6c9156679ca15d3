"""Every row of a bundled table of dated rates, with its first day and its last; and random books in them.

The files are read here by themselves: what they say is what is charged, no more and no less.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from pmdsl.diagnostics import PmdslError
from pmdsl.engine import evaluate
from pmdsl.portfolio import read_portfolio
from tests.oracle.futures_books import futures_books
from tests.oracle.outright import Rate, outright_margin, rates_of_file
from tests.regimes.bundled import compiled, plan
from tests.regimes.test_against_oracles import answer, close

RULES = "us.exchange_futures"
RATES = rates_of_file()
DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "futures_margins"
many = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def book(products: Iterable[str], day: date) -> dict[str, Any]:
    """A speculator for each product, who is long one contract of it."""
    return {
        "on": day.isoformat(),
        "accounts": [{"id": product} for product in products],
        "underlyings": [{"id": product, "kind": "index", "price": 100} for product in products],
        "instruments": [{"id": f"{p}-F", "kind": "future", "underlying": p} for p in products],
        "positions": [{"account": p, "instrument": f"{p}-F", "quantity": 1} for p in products],
    }


def stretch(rate: Rate) -> tuple[date, date]:
    """The first and the last day of a rate."""
    later = [other.start for other in RATES if other.product == rate.product and other.start > rate.start]
    ends = [day - timedelta(days=1) for day in later] + ([rate.to] if rate.to else [])
    return rate.start, min(ends)


def test_each_row_of_the_plan_is_a_row_of_the_file_with_its_days() -> None:
    """For all dates at once: who reads the file by himself finds the same keys, days and amounts."""
    whole = compiled(RULES).plan
    assert whole is not None
    (match,) = (node for node in whole.nodes if node.op == "match" and node.params["table"] == "outright")
    assert len(match.params["rows"]) == len(RATES) + 1
    for rate, row, period in zip(RATES, match.params["rows"], match.params["periods"], strict=False):
        assert row == ({"is": (rate.product,)},)
        assert tuple(map(date.fromisoformat, period)) == stretch(rate)
    for column in ("initial", "maintenance"):
        (select,) = (node for node in whole.nodes if node.op == "select" and node.params["column"] == column)
        cells = [float(whole.nodes[i].params["value"]) for i in select.inputs[1:-1]]
        assert cells == [getattr(rate, column) for rate in RATES]


@pytest.mark.parametrize("day", sorted({rate.start for rate in RATES if rate.start.year > 1999})[::12])
def test_a_day_charges_what_the_file_says_of_it(day: date) -> None:
    in_force = [rate for rate in RATES if stretch(rate)[0] <= day <= stretch(rate)[1]]
    found = evaluate(plan(RULES, day), read_portfolio(book([rate.product for rate in in_force], day)))
    for rate in in_force:
        asked = found.requirements(rate.product)
        assert (asked["initial"], asked["maintenance"]) == (rate.initial, rate.maintenance)


@pytest.mark.parametrize("product", sorted({rate.product for rate in RATES} - {"6E", "VX"}))
def test_the_day_before_the_first_rate_is_an_error_that_names_it(product: str) -> None:
    day = min(rate.start for rate in RATES if rate.product == product) - timedelta(days=1)
    found = evaluate(plan(RULES, day), read_portfolio(book([product], day)))
    assert found.requirements(product) == {"maintenance": None, "initial": None}
    messages = [finding.message for finding in found.messages(product)]
    assert any(f"`outright` has no row for product = {product} on {day}" in text for text in messages)


def test_before_the_first_rate_of_all_nothing_is_covered() -> None:
    with pytest.raises(PmdslError, match="covers 2000-01-01 onward"):
        plan(RULES, date(1999, 12, 31))


@many
@given(row=futures_books(RATES))
def test_random_books(row: dict[str, Any]) -> None:
    found = answer(RULES, row)
    for account, wanted in outright_margin(row, rates=RATES).items():
        at = found.row_of[account]
        assert close(found.amounts("initial")[at], wanted.initial, wanted.initial)
        assert close(found.amounts("maintenance")[at], wanted.maintenance, wanted.maintenance)
        assert [alert.name for alert in found.alerts(account)] == ["margin_call"] * bool(wanted.called)


def test_a_rate_that_repeats_the_one_before_is_no_row() -> None:
    for before, after in pairwise(RATES):
        same = (before.product, before.initial, before.maintenance)
        assert same != (after.product, after.initial, after.maintenance)


@pytest.mark.skipif(not DATA.is_dir(), reason="the tables that the file was cut from are not at hand")
def test_the_file_says_what_its_source_says() -> None:
    """Each change of the source stands in the file, and nothing else does."""
    for path in DATA.glob("*.csv"):
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line[:1].isdigit()]
        theirs = {day: (float(initial), float(daily)) for day, initial, daily in csv.reader(lines)}
        ours = {
            rate.start.strftime("%Y%m%d"): (rate.initial, rate.maintenance)
            for rate in RATES
            if rate.product == path.stem
        }
        assert ours.items() <= theirs.items()
        last = (0.0, 0.0)
        for day in sorted(theirs):
            assert day in ours or theirs[day] == last, (path.stem, day)
            last = theirs[day]
