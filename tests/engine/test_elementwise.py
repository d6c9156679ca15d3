"""Operations on single cells, against the oracle."""

from __future__ import annotations

import math
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmdsl.engine.kernels.elementwise import MAKERS
from tests.engine.building import Building, book
from tests.engine.compare import cells, close, rows, values
from tests.oracle import operators as oracle

NUMBERS = st.one_of(
    st.none(),
    st.sampled_from([0.0, 1.0, -1.0, 0.5, 2.0, 1e-300, 1e300, -3.0]),
    st.floats(-1e6, 1e6, allow_nan=False),
)
TRUTHS = st.sampled_from([None, 0.0, 1.0])
UNARY = ("neg", "abs", "sqrt", "exp", "ln", "floor", "ceil")
NORMAL = ("normal_cdf", "normal_pdf", "normal_quantile")
BINARY = ("add", "sub", "mul", "div", "power", "min", "max", "eq", "ne", "lt", "le", "gt", "ge")


def table(
    element: st.SearchStrategy[float | None], width: int
) -> st.SearchStrategy[list[tuple[float | None, ...]]]:
    return st.lists(st.tuples(*[element] * width), min_size=1, max_size=12)


def apply(
    op: str, data: list[tuple[float | None, ...]], base: str = "number", **params: object
) -> list[float | None]:
    width = len(data[0])
    building = Building()
    inputs = [building.input("underlying", name, base=base) for name in "abc"[:width]]
    result = "bool" if op in ("eq", "ne", "lt", "le", "gt", "ge", "and", "or", "not") else "number"
    building.output(building.add(op, *inputs, base=result, **params))
    listed = rows(
        "abc"[:width], [[None if x is None else int(x) for x in r] if base == "bool" else r for r in data]
    )
    return cells(values(building, book(underlyings=listed))[0])


@pytest.mark.parametrize("op", UNARY)
@given(data=table(NUMBERS, 1))
@settings(max_examples=25, deadline=None)
def test_unary(op: str, data: list[tuple[float | None, ...]]) -> None:
    close(apply(op, data), [oracle.ARITHMETIC[op](*row) for row in data], 1e-14)


NEAR = st.one_of(
    st.none(), st.sampled_from([0.0, 1.0, 0.5, -1.0, 2.0]), st.floats(-9, 9), st.floats(1e-9, 1.0)
)


@pytest.mark.parametrize("op", NORMAL)
@given(data=table(NEAR, 1))
@settings(max_examples=40, deadline=None)
def test_normal(op: str, data: list[tuple[float | None, ...]]) -> None:
    found, wanted = apply(op, data), [oracle.ARITHMETIC[op](*row) for row in data]
    for x, y in zip(found, wanted, strict=True):
        assert (x is None and y is None) or (
            x is not None and y is not None and abs(x - y) < 4e-15 * max(1, abs(y))
        ), (x, y)


@pytest.mark.parametrize("op", BINARY)
@given(data=table(NUMBERS, 2))
@settings(max_examples=25, deadline=None)
def test_binary(op: str, data: list[tuple[float | None, ...]]) -> None:
    close(apply(op, data), [oracle.ARITHMETIC[op](*row) for row in data], 1e-13)


@given(data=table(NUMBERS, 3))
@settings(max_examples=40, deadline=None)
def test_ratio_and_clamp(data: list[tuple[float | None, ...]]) -> None:
    close(apply("ratio", data), [oracle.ratio(*row) for row in data])
    close(apply("clamp", data), [oracle.ARITHMETIC["clamp"](*row) for row in data])


@given(data=table(TRUTHS, 2))
@settings(max_examples=30, deadline=None)
def test_junctions(data: list[tuple[float | None, ...]]) -> None:
    close(apply("and", data, "bool"), [oracle.both(*row) for row in data])
    close(apply("or", data, "bool"), [oracle.either(*row) for row in data])
    close(apply("not", [row[:1] for row in data], "bool"), [oracle.ARITHMETIC["not"](row[0]) for row in data])


@given(data=table(NUMBERS, 3))
@settings(max_examples=30, deadline=None)
def test_choice_shields_the_branch_not_taken(data: list[tuple[float | None, ...]]) -> None:
    building = Building()
    a, b, c = (building.input("underlying", name) for name in "abc")
    condition = building.add("gt", a, building.const(0), base="bool")
    building.output(building.add("if", condition, b, c))
    expected = [oracle.choice(oracle.ARITHMETIC["gt"](x, 0.0), y, z) for x, y, z in data]
    close(cells(values(building, book(underlyings=rows("abc", data)))[0]), expected)


WORDS = st.sampled_from([None, "red", "green", "blue"])


@given(data=st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=8))
@settings(max_examples=30, deadline=None)
def test_words(data: list[tuple[str | None, str | None]]) -> None:
    building = Building()
    a, b = (building.input("underlying", name, base="text") for name in "ab")
    building.output(building.add("eq", a, b, base="bool"))
    building.output(building.add("ne", a, b, base="bool"))
    building.output(building.add("member", a, base="bool", words=("red", "blue")))
    condition = building.add("eq", a, building.word("red"), base="bool")
    building.output(building.add("if", condition, b, a, base="text"))
    listed = [{"id": f"U{i}", "a": x, "b": y} for i, (x, y) in enumerate(data)]
    equal, unequal, member, chosen = values(building, book(underlyings=listed))
    same = [None if None in row else float(row[0] == row[1]) for row in data]
    close(cells(equal), same)
    close(cells(unequal), [None if x is None else 1 - x for x in same])
    close(cells(member), [None if x is None else float(x in ("red", "blue")) for x, _ in data])
    kept = [x is not None and (y if x == "red" else x) is not None for x, y in data]
    assert [x is not None for x in cells(chosen)] == kept


MODES = ("half_up", "half_even", "up", "down", "ceiling", "floor")
UNITS = st.sampled_from([0.01, 1.0, 0.05, 1000.0, 0.125, 0.0001])


@pytest.mark.parametrize("mode", MODES)
@given(
    data=st.lists(
        st.tuples(st.one_of(st.none(), st.integers(-(10**7), 10**7)), UNITS), min_size=1, max_size=12
    )
)
@settings(max_examples=60, deadline=None)
def test_rounding(mode: str, data: list[tuple[int | None, float]]) -> None:
    cents = [(None if x is None else x / 1000, unit) for x, unit in data]
    assert apply("round", cents, mode=mode) == [oracle.rounded(x, unit, mode) for x, unit in cents]


def test_rounding_by_hand() -> None:
    data = [(2.675, 0.01), (-2.675, 0.01), (0.1 + 0.2, 0.1), (1.005, 0.01), (2.5, 1.0), (3.5, 1.0)]
    assert apply("round", data, mode="half_up") == [2.68, -2.68, 0.3, 1.01, 3.0, 4.0]
    assert apply("round", data, mode="half_even") == [2.68, -2.68, 0.3, 1.0, 2.0, 4.0]
    assert apply("round", data, mode="up")[2] == 0.3
    assert apply("round", [(1.0, 0.0)], mode="up") == [None]


DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))


@given(a=DAYS, b=DAYS, months=st.integers(-600, 600))
@settings(max_examples=60, deadline=None)
def test_dates(a: date, b: date, months: int) -> None:
    building = Building()
    first, last = building.const(a, "date"), building.const(b, "date")
    building.output(building.add("add_months", first, building.const(months), base="date"))
    building.output(building.add("days_between", first, last))
    conventions = ("act_365f", "act_360", "act_act_isda", "thirty_360")
    for convention in conventions:
        building.output(building.add("year_fraction", first, last, convention=convention))
    moved, days, *fractions = values(building, book())
    assert date.fromordinal(int(moved[0])) == oracle.add_months(a, months)
    assert days[0] == (b - a) / timedelta(days=1)
    for convention, found in zip(conventions, fractions, strict=True):
        assert found[0] == pytest.approx(oracle.year_fraction(a, b, convention), abs=1e-12)


def test_a_result_beyond_all_bounds_is_poison_even_where_it_is_folded_away() -> None:
    building = Building()
    a = building.input("underlying", "a")
    building.output(building.add("min", building.add("mul", a, a), building.const(5)))
    building.output(building.add("min", building.add("exp", a), building.const(5)))
    product, exponential = values(building, book(underlyings=rows("a", [[1e200], [2.0]])))
    assert math.isnan(product[0])
    assert product[1] == 4.0
    assert math.isnan(exponential[0])
    assert exponential[1] == 5.0


def test_every_elementwise_operation_has_a_kernel() -> None:
    assert {"add", "if", "member", "point_name"} <= set(MAKERS)
