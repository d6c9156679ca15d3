"""Axes: reductions, points, quantiles, weighted history, ragged axes, against the oracle."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmdsl.engine import bind
from pmdsl.plan.nodes import Axis
from tests.engine.building import Building, book, table
from tests.engine.compare import cells, close, rows, values
from tests.oracle import operators as oracle

POINTS = ("p", "q", "r", "s")
NUMBER = st.one_of(st.none(), st.integers(-4, 4).map(float), st.floats(-50, 50).map(lambda x: round(x, 2)))
SOUND = st.one_of(st.integers(-4, 4).map(float), st.floats(-50, 50).map(lambda x: round(x, 2)))
TRUTH = st.sampled_from([None, 0.0, 1.0, 1.0, 1.0])
KINDS = ("sum", "largest", "smallest", "average", "worst", "worst_unfloored")


def vectors(element: st.SearchStrategy[Any], width: int = 4) -> st.SearchStrategy[list[tuple[Any, ...]]]:
    return st.lists(st.tuples(*[element] * width), min_size=1, max_size=6)


def along(building: Building, names: str, base: str = "number") -> int:
    """Columns of underlyings as one value along the axis."""
    inputs = [building.input("underlying", name, base=base) for name in names]
    return building.add("stack", *inputs, axes=("point",), axis="point", base=base)


@pytest.mark.parametrize("kind", KINDS)
@given(data=vectors(NUMBER), where=vectors(TRUTH))
@settings(max_examples=40, deadline=None)
def test_fold_over(kind: str, data: list[Any], where: list[Any]) -> None:
    data, where = data[: len(where)], where[: len(data)]
    building = Building()
    building.axis("point", *POINTS)
    x, w, empty = along(building, "abcd"), along(building, "efgh", "bool"), building.const(-7)
    params: dict[str, Any] = {"axis": "point", "kind": kind, "axes": ()}
    building.output(building.add("fold_over", x, **params, where=False, if_empty=False))
    building.output(building.add("fold_over", x, w, **params, where=True, if_empty=False))
    building.output(building.add("fold_over", x, w, empty, **params, where=True, if_empty=True))
    building.output(building.add("arg_over", x, **params, base="point", where=False, if_empty=False))
    building.output(building.add("arg_over", x, w, **params, base="point", where=True, if_empty=False))
    listed = rows(
        "abcdefgh",
        [(*a, *(None if c is None else int(c) for c in b)) for a, b in zip(data, where, strict=True)],
    )
    found = [cells(array) for array in values(building, book(underlyings=listed))]
    close(found[0], [oracle.fold(kind, x) for x in data])
    both = list(zip(data, where, strict=True))
    close(found[1], [oracle.fold(kind, x, w) for x, w in both])
    close(found[2], [oracle.fold(kind, x, w, -7.0) for x, w in both])
    if kind in ("largest", "smallest", "worst", "worst_unfloored"):
        assert found[3] == [oracle.first_reached(kind, x) for x in data]
        assert found[4] == [oracle.first_reached(kind, x, w) for x, w in both]


@given(data=vectors(NUMBER), at=st.lists(st.sampled_from(POINTS), min_size=6, max_size=6))
@settings(max_examples=30, deadline=None)
def test_pick_reads_another_point(data: list[Any], at: list[str]) -> None:
    building = Building()
    building.axis("point", *POINTS)
    x = along(building, "abcd")
    place = building.input("underlying", "at", base="point", unit="point")
    building.output(building.add("pick", x, place, axes=(), axis="point"))
    pair = building.column("point", "q", "p", "s", "r", base="point")
    building.output(building.add("pick", x, pair, axis="point"))
    building.output(building.add("point_name", place, base="text", axis="point"))
    listed = [{**row, "at": word} for row, word in zip(rows("abcd", data), at, strict=False)]
    bound = bind(building.plan(), book(underlyings=listed))
    picked, paired, names = bound.run().values.values()
    close(cells(picked), [row[POINTS.index(word)] for row, word in zip(data, at, strict=False)])
    close(cells(paired), [[row[1], row[0], row[3], row[2]] for row in data])
    assert [bound.world.interner.text(int(code)) for code in names] == at[: len(data)]


CONVENTIONS = ("kth_worst", "kth_worst_up", "interpolated", "first_reaching")
LEVELS = st.sampled_from(["99/100", "1/2", "3/4", "0", "1", "2/3", "39/40"])


@pytest.mark.parametrize("kind", ["quantile", "tail_mean"])
@pytest.mark.parametrize("by", CONVENTIONS)
@given(
    data=vectors(NUMBER),
    where=vectors(TRUTH),
    weights=vectors(st.sampled_from([0.1, 0.25, 0.5, 0.0])),
    p=LEVELS,
)
@settings(max_examples=40, deadline=None)
def test_quantiles(kind: str, by: str, data: list[Any], where: list[Any], weights: list[Any], p: str) -> None:
    size = min(map(len, (data, where, weights)))
    data, where, weights = data[:size], where[:size], weights[:size]
    building = Building()
    building.axis("point", *POINTS)
    x, w, v = along(building, "abcd"), along(building, "efgh", "bool"), along(building, "ijkl")
    weighing = by == "first_reaching"
    last = [v] if weighing else []
    params: dict[str, Any] = {"axis": "point", "kind": kind, "by": by, "weighing": weighing, "axes": ()}
    level = building.const(p)
    building.output(building.add("quantile_over", x, level, *last, **params, where=False))
    building.output(building.add("quantile_over", x, level, w, *last, **params, where=True))
    flat = [
        (*a, *(None if c is None else int(c) for c in b), *d)
        for a, b, d in zip(data, where, weights, strict=True)
    ]
    found = [cells(array) for array in values(building, book(underlyings=rows("abcdefghijkl", flat)))]
    each = list(zip(data, where, weights, strict=True))
    close(
        found[0],
        [oracle.quantile(kind, by, Fraction(p), x, None, v if weighing else None) for x, _, v in each],
    )
    close(
        found[1], [oracle.quantile(kind, by, Fraction(p), x, w, v if weighing else None) for x, w, v in each]
    )


def test_one_percent_of_five_hundred_is_the_fifth_worst() -> None:
    building = Building()
    building.axis("day", *(f"d{i}" for i in range(500)))
    loss = building.column("day", *range(500))
    params: dict[str, Any] = {
        "axis": "day",
        "kind": "quantile",
        "axes": (),
        "where": False,
        "weighing": False,
    }
    for by in ("kth_worst", "kth_worst_up", "interpolated"):
        building.output(building.add("quantile_over", loss, building.const("99/100"), **params, by=by))
    building.output(
        building.add("quantile_over", loss, building.const("4949/5000"), **params, by="kth_worst")
    )
    building.output(
        building.add("quantile_over", loss, building.const("4949/5000"), **params, by="kth_worst_up")
    )
    found = [float(array[0]) for array in values(building, book())]
    assert found == pytest.approx([495.0, 495.0, 494.01, 495.0, 494.0], abs=1e-12)


@given(data=vectors(NUMBER), decay=st.sampled_from([0.97, 0.5, 0.0, 1.0]))
@settings(max_examples=30, deadline=None)
def test_ewma(data: list[Any], decay: float) -> None:
    building = Building()
    building.axis("point", *POINTS)
    building.output(building.add("ewma_over", along(building, "abcd"), building.const(decay), axis="point"))
    found = cells(values(building, book(underlyings=rows("abcd", data)))[0])
    close(found, [oracle.ewma(row, decay) for row in data])


@given(first=vectors(SOUND), second=vectors(SOUND), ties=st.sampled_from([0.0, 0.25]))
@settings(max_examples=30, deadline=None)
def test_choose(first: list[Any], second: list[Any], ties: float) -> None:
    size = min(len(first), len(second))
    building = Building()
    building.axis("point", *POINTS)
    a, b, slack = along(building, "abcd"), along(building, "efgh"), building.const(ties)
    kinds = ("largest", "smallest")
    params: dict[str, Any] = {"axis": "point", "axes": (), "base": "point", "kinds": kinds, "ties": True}
    building.output(building.add("choose_over", a, b, slack, **params))
    flat = [(*x, *y) for x, y in zip(first[:size], second[:size], strict=True)]
    found = cells(values(building, book(underlyings=rows("abcdefgh", flat)))[0])
    assert found == [
        oracle.choose(kinds, pair, ties) for pair in zip(first[:size], second[:size], strict=True)
    ]


# ---- axes of distinct values -------------------------------------------------------------------------------

HELD = st.lists(
    st.tuples(
        st.sampled_from("AB"), st.sampled_from(["U", "V"]), st.sampled_from([None, 40.0, 50.0, 60.0]), SOUND
    ),
    max_size=10,
)


@given(held=HELD)
@settings(max_examples=50, deadline=None)
def test_the_worst_payoff_over_the_strikes_of_a_group(held: list[Any]) -> None:
    building = Building()
    under = building.input("underlying", "id", base="text")
    building.group("under", "position", "underlying", under, entity="underlying")
    strike = building.add("down", building.input("instrument", "strike"), level="position")
    building.axes["settle"] = Axis("settle", "distinct", node=strike, within="under")
    points = building.add(
        "distinct", strike, building.const(0), level="under", axes=("settle",), axis="settle"
    )
    quantity = building.input("position", "quantity")
    struck = building.add("not", building.add("eq", quantity, quantity, base="bool"), base="bool")
    strike_or_zero = building.add("if", struck, strike, building.input("position", "quantity"))
    gain = building.add("sub", building.add("down", points, level="position"), strike_or_zero)
    payoff = building.add("mul", quantity, building.add("max", gain, building.const(0)))
    total = building.add("fold_into", payoff, level="under", kind="sum", where=False, if_empty=False)
    for kind in ("worst", "sum", "average"):
        building.output(
            building.add("fold_over", total, axes=(), axis="settle", kind=kind, where=False, if_empty=False)
        )
    worst = building.add(
        "arg_over", total, axes=(), axis="settle", kind="worst", base="point", unit="settle", where=False
    )
    building.output(building.add("point_name", worst, base="text", axis="settle"), "name")
    instruments = [{"id": f"I{i:02d}", "underlying": u, "strike": k} for i, (_, u, k, _) in enumerate(held)]
    positions = [
        {"account": a, "instrument": f"I{i:02d}", "quantity": q} for i, (a, _, _, q) in enumerate(held)
    ]
    plan = building.plan()
    bound = bind(plan, book(positions, instruments, [{"id": "U"}, {"id": "V"}], [{"id": "A"}, {"id": "B"}]))
    answer = bound.run(rows=1)
    expected = []
    for account in "AB":
        for name in "UV":
            mine = [(k, q) for a, u, k, q in held if (a, u) == (account, name)]
            if mine:
                settles = sorted({0.0, *(k for k, _ in mine if k is not None)})
                expected.append([sum(q * max(s - q, 0.0) for _, q in mine) for s in settles])
    close(cells(answer.values[0]), [oracle.fold("worst", row) for row in expected])
    close(cells(answer.values[1]), [oracle.fold("sum", row) for row in expected], 1e-9)
    close(cells(answer.values[2]), [oracle.fold("average", row) for row in expected], 1e-9)


# ---- histories ---------------------------------------------------------------------------------------------


def test_a_history_has_the_dates_of_its_table_and_looks_up_by_them() -> None:
    from pmdsl.plan.nodes import DataTable

    building = Building()
    building.axes["day"] = Axis("day", "history", source={"path": ("returns", "date"), "last": 3})
    columns = (
        ("underlying", "underlying", "text", ()),
        ("date", "date", "date", ()),
        ("move", "move", "number", ()),
    )
    building.data["returns"] = DataTable("returns", 2, columns, "input")
    under = building.input("underlying", "id", base="text")
    day = building.add("axis_dates", axes=("day",), base="date", axis="day")
    row = building.add("lookup", under, day, base="row", table="returns", source="input")
    move = building.add("cell", row, table="returns", source="input", column="move")
    building.output(move)
    building.output(building.add("found", row, base="bool"))
    building.output(building.add("axis_age", axes=("day",), axis="day"))
    building.output(building.add("axis_size", axis="day"))
    last = building.add("point", base="point", unit="day", axis="day", value="last", end=True)
    building.output(building.add("pick", move, last, axes=(), axis="day"))
    listed = [
        {"underlying": u, "date": f"2024-01-0{d}", "move": str(d / 100 if u == "X" else -d / 100)}
        for u in "YX"
        for d in (3, 1, 2, 4)
        if (u, d) != ("Y", 3)
    ]
    found = values(building, book(underlyings=[{"id": "X"}, {"id": "Y"}], tables={"returns": listed}))
    close(cells(found[0]), [[0.02, 0.03, 0.04], [-0.02, None, -0.04]])
    assert cells(found[1]) == [[1.0, 1.0, 1.0], [1.0, 0.0, 1.0]]
    assert cells(found[2]) == [[2.0, 1.0, 0.0]]
    assert cells(found[3]) == [3.0]
    close(cells(found[4]), [0.04, -0.04])


def test_a_table_made_of_nothing_has_no_columns() -> None:
    assert table("empty", []).size == 0
