"""What a figure of a benchmark means: medians, ratios, goals, powers, and how they are printed."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import numpy as np
import pytest

from benchmarks import growth
from benchmarks.books import aligned, market, positions
from benchmarks.measure import Measured, Row, against, at_least, at_most, interleaved, missing
from benchmarks.report import amount, as_json, markdown, table

QUICK = Measured("pmdsl", wall=2.0, processor=1.0, others=0.5)
SLOW = Measured("a peer", wall=3.0, processor=4.0, others=0.5)


def test_more_is_better_where_a_goal_says_at_least() -> None:
    row = against("1", "work", QUICK, SLOW, at_least(4), "processor")
    assert (row.ratio, row.met, row.others) == (4.0, True, 0.5)
    assert against("1", "work", QUICK, SLOW, at_least(4), "wall").met is False


def test_less_is_better_where_a_goal_says_at_most() -> None:
    row = against("1", "work", SLOW, QUICK, at_most(4), "processor")
    assert (row.ratio, row.met) == (4.0, True)
    assert against("1", "work", SLOW, QUICK, at_most(3.9), "processor").met is False


def test_what_was_not_measured_is_neither_met_nor_missed() -> None:
    row = missing("1", "work", "a peer", "peer", at_least(2))
    assert (row.ratio, row.met) == (None, None)
    assert row.note == "not measured: pip install peer"
    assert Row("", "work", 1.0, "a peer", 2.0).met is None


def test_contenders_run_in_turns_that_change_direction() -> None:
    told: list[str] = []
    found = interleaved({"a": lambda: told.append("a"), "b": lambda: told.append("b")}, rounds=3, warm=1)
    assert "".join(told) == "ab" + "ab" + "ba" + "ab"
    assert {name: len(one.times) for name, one in found.items()} == {"a": 3, "b": 3}


def test_figures_of_many_calls_are_divided() -> None:
    one = Measured("pmdsl", 2.0, 4.0, None, (2.0, 4.0)).per(2)
    assert (one.wall, one.processor, one.times) == (1.0, 2.0, (1.0, 2.0))


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (1.5, "s", "1.50 s"),
        (0.0125, "s", "12.5 ms"),
        (2.5e-5, "s", "25.0 µs"),
        (3e-9, "s", "3.00 ns"),
        (-0.0125, "s", "-12.5 ms"),
        (123.0, "s", "123 s"),
        (1234.5, "MB", "1,234 MB"),
        (None, "s", "—"),
    ],
)
def test_figures_have_three_digits(value: float | None, unit: str, said: str) -> None:
    assert amount(value, unit) == said


def test_the_table_is_aligned_and_the_rest_says_the_same() -> None:
    rows = [
        against("1", "work", QUICK, SLOW, at_least(4), "wall"),
        missing("2", "more | work", "a peer", "it"),
    ]
    lines = table(rows).split("\n")
    assert lines[0].index("peer") == lines[2].index("a peer") == lines[3].index("a peer")
    assert markdown(rows).split("\n")[3].count(" | ") == markdown(rows).split("\n")[0].count(" | ")
    told = as_json(rows, {"Python": "3"})
    assert told["rows"][0]["ratio"] == 1.5  # type: ignore[index]


def test_a_power_is_the_slope_of_logarithms() -> None:
    found = {n: {"linear": 3.0 * n, "square": 0.5 * n * n, "flat": 7.0} for n in (1, 10, 100, 1_000)}
    powers = [growth.power(found, name) for name in ("linear", "square", "flat")]
    assert powers == pytest.approx([1, 2, 0], abs=1e-9)


def test_drawings_are_sound_and_name_what_they_show() -> None:
    grown = {n: {"bind": n / 1e3, "run": n / 1e4, "megabytes": 10.0 + n} for n in (10, 100, 1_000)}
    for text in (growth.time_drawing({"accounts": grown}), growth.memory_drawing({"accounts": grown})):
        root = ET.fromstring(text)
        said = [node.text for node in root.iter() if node.tag.endswith("text")]
        assert {"Accounts", "10", "1 k"} <= set(said)


def test_books_are_sorted_and_hold_every_instrument_once() -> None:
    given = market(400)
    held = positions(given, 200)
    key = held.account * given.instruments + held.instrument
    assert (np.diff(key) > 0).all()
    assert held.quantity.all()
    assert held.size / held.accounts == pytest.approx(20, rel=0.2)
    assert (given.outcome * 64 / 100 == np.round(given.outcome * 64 / 100)).all()
    assert aligned(given.values).ctypes.data % 64 == 0
