"""The oracle against published facts and against sums done by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.oracle.covariance import covariance_margin
from tests.oracle.cpm import (
    ELEVEN_GRID,
    GRID,
    OFFSETS,
    RANGES,
    GroupResult,
    cpm_margin,
    moves_of,
    possible_bindings,
)
from tests.oracle.house import BUFFER, house_margin, value_on
from tests.oracle.market import BookError, as_date
from tests.oracle.stress import stress_margin
from tests.oracle.vector_file import read_vectors

VECTORS = {vector["id"]: vector for vector in read_vectors("us_portfolio_margin.yaml")}
BROAD_HIGH: dict[str, Any] = {"breadth": "broad", "capitalization": "high"}


def shares(quantity: float = 1000, price: float = 100.0, **attributes: Any) -> dict[str, Any]:
    """A book of one underlying held outright in one account."""
    return {
        "on": "2026-03-02",
        "accounts": [{"id": "A1"}],
        "underlyings": [{"id": "XYZ", "kind": "etf", "price": price, **attributes}],
        "positions": [{"account": "A1", "instrument": "XYZ", "quantity": quantity}],
    }


def only_group(book: dict[str, Any], **parameters: Any) -> GroupResult:
    """The one group of the one account."""
    [group] = cpm_margin(book, **parameters)["A1"].groups
    return group


@pytest.mark.parametrize(
    ("attributes", "leverage"), [({}, 6.67), ({"breadth": "broad"}, 10.0), (BROAD_HIGH, 12.5)]
)
def test_leverage_on_the_equity(attributes: dict[str, Any], leverage: float) -> None:
    """A long needs 15%, 10% or 8%: 6.67 ("Portfolio margin", encyclopaedia), 10, 12.5 times the equity."""
    assert 100_000 / cpm_margin(shares(**attributes))["A1"].maintenance == pytest.approx(leverage, abs=0.005)


def test_the_points_of_each_range() -> None:
    """Ten points, none of them at zero; 3% apart on a single name, 1.6% down and 1.2% up on a high-cap
    index.
    """
    moves = moves_of(shares(), "XYZ", RANGES, GRID)
    assert [round(100 * move, 9) for move in moves.values()] == [-15, -12, -9, -6, -3, 3, 6, 9, 12, 15]
    moves = moves_of(shares(breadth="broad"), "XYZ", RANGES, GRID)
    assert [round(100 * move, 9) for move in moves.values()] == [-10, -8, -6, -4, -2, 2, 4, 6, 8, 10]
    moves = moves_of(shares(**BROAD_HIGH), "XYZ", RANGES, GRID)
    assert [round(100 * move, 9) for move in moves.values()] == [
        -8,
        -6.4,
        -4.8,
        -3.2,
        -1.6,
        1.2,
        2.4,
        3.6,
        4.8,
        6,
    ]


@pytest.mark.parametrize(
    ("leverage", "lowest", "highest"), [(2, -16, 12), (-1, 8, -6), (-2, 16, -12), (3, -24, 18)]
)
def test_leverage_scales_the_range_and_keeps_its_sign(leverage: int, lowest: float, highest: float) -> None:
    """The move of the fund where its index falls furthest, and where it rises furthest."""
    moves = moves_of(shares(**BROAD_HIGH, leverage=leverage), "XYZ", RANGES, GRID)
    assert [100 * moves["d5"], 100 * moves["u5"]] == pytest.approx([lowest, highest])


def test_another_grid_changes_interior_points_only() -> None:
    """Eleven even points less the middle one: -8, -6.6, -5.2, -3.8, -2.4, 0.4, 1.8, 3.2, 4.6, 6."""
    moves = moves_of(shares(**BROAD_HIGH), "XYZ", RANGES, ELEVEN_GRID)
    assert [round(100 * move, 9) for move in moves.values()] == [
        -8,
        -6.6,
        -5.2,
        -3.8,
        -2.4,
        0.4,
        1.8,
        3.2,
        4.6,
        6,
    ]
    moves = moves_of(shares(), "XYZ", RANGES, ELEVEN_GRID)
    assert [round(100 * move, 9) for move in moves.values()] == [-15, -12, -9, -6, -3, 3, 6, 9, 12, 15]


def test_an_offset_of_nothing_charges_the_worse_loss_and_not_the_sum() -> None:
    """Long 10,000 and short 10,000 of two groups that fall and rise by 10%: 1,000, where alone they take
    2,000.
    """
    book = shares(quantity=100, tracks="X", breadth="broad")
    book["underlyings"].append({"id": "B", "kind": "etf", "price": 100.0, "tracks": "Y", "breadth": "broad"})
    book["positions"].append({"account": "A1", "instrument": "B", "quantity": -100})
    no_credit = OFFSETS | {"broad_index": (0.0, 0.0)}  # type: ignore[operator]
    assert only_group(book, offsets=no_credit).amount == pytest.approx(1_000)
    assert only_group(book).amount == pytest.approx(100)


def test_a_group_of_its_own_is_not_taken_for_a_named_group() -> None:
    book = shares(tracks="indexes")
    book["underlyings"].append({"id": "SPY", "kind": "etf", "price": 100.0, "tracks": "SPX", **BROAD_HIGH})
    book["positions"].append({"account": "A1", "instrument": "SPY", "quantity": -1000})
    groups = cpm_margin(book)["A1"].groups
    assert [(group.group, group.alone, round(group.amount, 9)) for group in groups] == [
        ("indexes", True, 15_000),
        ("indexes", False, 6_000),
    ]


def test_security_futures_bear_the_minimum_and_broad_index_futures_do_not() -> None:
    """FINRA Rule 4210(g)(7) names security futures beside options: 2 x 100 x 0.375, against a loss of 3."""
    book = shares(quantity=0)
    book["instruments"] = [
        {"id": "F", "kind": "future", "underlying": "XYZ", "multiplier": 100, "price": 0.1}
    ]
    book["positions"] = [{"account": "A1", "instrument": "F", "quantity": -2}]
    assert only_group(book).amount == pytest.approx(75)
    assert only_group(book, security_futures=False).amount == pytest.approx(3)
    book["underlyings"][0] |= BROAD_HIGH
    assert only_group(book).amount == pytest.approx(1.20)


def test_the_other_readings_of_the_minimum() -> None:
    """Uncapped, a cheap long takes it whole; by class group, the 75 of two idle options come on top of
    1,000.
    """
    cheap = VECTORS["minimum_of_one_short_and_one_long_option"]["book"]
    assert cpm_margin(cheap, cap_long=False)["long_and_cheap"].maintenance == pytest.approx(37.5)
    two_classes = VECTORS["minimum_enters_once_for_the_whole_portfolio_group"]["book"]
    assert cpm_margin(two_classes)["A1"].maintenance == pytest.approx(1_000)
    assert cpm_margin(two_classes, minimum_at="class_group")["A1"].maintenance == pytest.approx(1_075)


def test_ties_go_to_the_first_point_and_no_loss_binds_nothing() -> None:
    assert only_group(shares(quantity=0)).by is None
    assert possible_bindings(only_group(shares(quantity=0))) == set()
    tied = GroupResult("G", False, 5.0, "d5", 5.0, 5.0, {"d5": -5.0, "u1": 2.0, "u5": -5.0})
    assert possible_bindings(tied) == {"d5", "u5", "minimum"}


def test_a_held_price_is_said() -> None:
    [message] = cpm_margin(shares(leverage=8))["A1"].messages
    assert "below zero" in message


def test_the_buffer_by_date() -> None:
    days = ("2023-01-03", "2025-04-06", "2025-04-07", "2025-07-31", "2025-08-01", "2030-01-01")
    assert [value_on(as_date(day), BUFFER) for day in days] == [0.05, 0.05, 0.15, 0.15, 0.10, 0.10]
    with pytest.raises(BookError, match="no value"):
        value_on(as_date("2023-01-02"), BUFFER)
    with pytest.raises(BookError, match="no value"):
        value_on(as_date("2025-08-01"), BUFFER[:2])


def test_the_overlay_needs_equity_and_a_day_that_it_covers() -> None:
    result = house_margin(shares())["A1"]
    assert result.house is None
    assert "no equity" in result.message
    with pytest.raises(BookError, match="begins"):
        house_margin(shares() | {"on": "2023-01-02"})


def test_concentration_is_counted_by_class_group() -> None:
    """Two names that lose 25,000 each against an equity of 40,000: 5,000 each; one that gains pays for
    neither.
    """
    book = shares() | {"accounts": [{"id": "A1", "equity": 40_000}]}
    for name, quantity in (("B", 1000), ("C", -1000)):
        book["underlyings"].append({"id": name, "kind": "stock", "price": 100.0})
        book["positions"].append({"account": "A1", "instrument": name, "quantity": quantity})
    result = house_margin(book)["A1"]
    assert result.concentration == pytest.approx(10_000)
    assert result.house == pytest.approx((60_000 + 10_000) * 1.1)


@pytest.mark.parametrize(
    ("correlation", "expected"), [(0.8, 18_629.01), (1.0, 1_200.0), (0.0, 41_586.54), (-1.0, 58_800.0)]
)
def test_covariance_of_a_long_and_a_short(correlation: float, expected: float) -> None:
    """A long of 1,000,000 at 1% and a short of 800,000 at 1.2%: perfectly correlated they all but cancel."""
    book = VECTORS["covariance_of_the_pair"]["book"]
    changed = book | {"matrices": {"correlation": [["NDX", "SPX", correlation]]}}
    assert covariance_margin(changed)["pair"].maintenance == pytest.approx(expected, abs=0.005)


def test_impossible_and_missing_correlations_are_errors() -> None:
    book = VECTORS["covariance_of_the_pair"]["book"]
    with pytest.raises(BookError, match="no correlation of SPX and NDX"):
        covariance_margin(book | {"matrices": {}})
    with pytest.raises(BookError, match=r"is 1\.2"):
        covariance_margin(book | {"matrices": {"correlation": [["SPX", "NDX", 1.2]]}})


def test_the_hedged_pair_under_the_whole_stress_test() -> None:
    """10% of each leg and of their difference, and a buffer of 10% on each: 110,000, 88,000 and 22,000."""
    results = stress_margin(VECTORS["hedged_pair_and_its_legs"]["book"])
    assert {name: round(result.maintenance, 6) for name, result in results.items()} == {
        "long_leg": 110_000,
        "short_leg": 88_000,
        "pair": 22_000,
    }
    assert [results[name].by for name in ("long_leg", "short_leg", "pair")] == ["down_10", "up_10", "down_10"]


def test_stress_of_a_leveraged_fund_with_and_without_its_factor() -> None:
    book = shares(leverage=-2)
    assert stress_margin(book, buffer=0.0)["A1"].by == "down_10"
    assert stress_margin(book, buffer=0.0, leverage=True)["A1"].worst_loss == pytest.approx(20_000)
