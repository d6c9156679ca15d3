"""Decision tables, look-ups and brackets, against the oracle."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmdsl.engine.kernels.tables import Finder
from pmdsl.plan.nodes import DataTable
from tests.engine.building import Building, book, table
from tests.engine.compare import cells, close, rows, values
from tests.oracle import operators as oracle

WORD = st.sampled_from([None, "a", "b", "c"])
NUMBER = st.sampled_from([None, 0.0, 1.0, 1.5, 2.0, 5.0, 7.0])
EDGE = st.sampled_from([None, "0", "1", "3/2", "2", "5"])
TRUTH = st.sampled_from([None, 0.0, 1.0])
WORD_PATTERN = st.one_of(
    st.none(), st.lists(st.sampled_from("abc"), min_size=1, max_size=2).map(lambda w: {"is": tuple(w)})
)
NUMBER_PATTERN = st.one_of(
    st.none(),
    st.sampled_from([{"is": ("3/2",)}, {"is": ("1", "7")}]),
    st.fixed_dictionaries({"from": EDGE, "to": EDGE, "from_open": st.booleans(), "to_closed": st.booleans()}),
)
ROW = st.one_of(st.none(), st.tuples(WORD_PATTERN, NUMBER_PATTERN))


@given(
    table_rows=st.lists(st.tuples(ROW, st.booleans()), min_size=1, max_size=5),
    data=st.lists(st.tuples(WORD, NUMBER, *[TRUTH] * 5), min_size=1, max_size=8),
    flat=st.booleans(),
)
@settings(max_examples=150, deadline=None)
def test_match_and_select(table_rows: list[Any], data: list[Any], flat: bool) -> None:
    building = Building()
    keys = [building.input("underlying", "w", base="text"), building.input("underlying", "n")]
    whens = [
        building.input("underlying", f"t{i}", base="bool") for i, (_, when) in enumerate(table_rows) if when
    ]
    marks, next_mark = [], iter(range(5))
    for _, when in table_rows:
        marks.append(next(next_mark) if when else -1)
    row = building.add(
        "match", *keys, *whens, base="row", table="t", keys=2, first=True,
        rows=tuple(pattern for pattern, _ in table_rows), whens=tuple(marks),
    )  # fmt: skip
    if flat:
        chosen = [building.const(10 * k) for k in range(len(table_rows))]
    else:
        chosen = [
            building.input("underlying", "n"),
            *(building.const(10 * k) for k in range(1, len(table_rows))),
        ]
    building.output(row)
    building.output(building.add("select", row, *chosen, table="t", column="c"))
    building.output(building.add("found", row, base="bool"))
    listed = [
        {"id": f"U{i}", "w": w, "n": None if n is None else repr(n)}
        | {f"t{k}": None if t is None else str(int(t)) for k, t in enumerate(truths)}
        for i, (w, n, *truths) in enumerate(data)
    ]
    found = values(building, book(underlyings=listed))
    patterns = [pattern for pattern, _ in table_rows]
    expected = []
    for w, n, *truths in data:
        conditions = [truths[k] if when else "" for k, (_, when) in enumerate(table_rows)]
        expected.append(oracle.match(patterns, [w, n], conditions))
    assert found[0].tolist() == expected
    read = [
        None if r < 0 else (n if r == 0 and not flat else 10.0 * r)
        for r, (_, n, *_) in zip(expected, data, strict=True)
    ]
    close(cells(found[1]), read)
    close(cells(found[2]), [None if r == -2 else float(r >= 0) for r in expected])


def test_a_row_that_is_not_reached_spreads_no_poison() -> None:
    building = Building()
    word, missing = building.input("underlying", "w", base="text"), building.input("underlying", "n")
    condition = building.add("gt", missing, building.const(0), base="bool")
    row = building.add(
        "match", word, condition, base="row", table="t", keys=1, first=True,
        rows=(({"is": ("a",)},), ({"is": ("b",)},), (None,)), whens=(-1, 0, -1),
    )  # fmt: skip
    building.output(
        building.add("select", row, building.const(1), missing, building.const(3), table="t", column="c")
    )
    data = [("a", None), ("b", None), ("b", 4.0), ("b", -4.0), ("c", None)]
    listed = [{"id": f"U{i}", "w": w, "n": None if n is None else repr(n)} for i, (w, n) in enumerate(data)]
    assert cells(values(building, book(underlyings=listed))[0]) == [1.0, None, 4.0, 3.0, 3.0]


@given(data=st.lists(st.tuples(TRUTH, NUMBER, TRUTH, NUMBER), min_size=1, max_size=8))
@settings(max_examples=40, deadline=None)
def test_collect(data: list[Any]) -> None:
    building = Building()
    inputs = [
        building.input("underlying", name, base="bool" if name in "ac" else "number") for name in "abcd"
    ]
    building.output(building.add("collect", *inputs))
    listed = rows(
        "abcd",
        [(*(None if x is None else (int(x) if k % 2 == 0 else x) for k, x in enumerate(r)),) for r in data],
    )
    found = cells(values(building, book(underlyings=listed))[0])
    expected = []
    for a, b, c, d in data:
        total: float | None = 0.0
        for fits, cell in ((a, b), (c, d)):
            part = None if fits is None else cell if fits == 1 else 0.0
            total = None if total is None or part is None else total + part
        expected.append(total)
    close(found, expected)


@given(data=st.lists(st.tuples(st.one_of(NUMBER, st.just(-3.0)), NUMBER, NUMBER), min_size=1, max_size=8))
@settings(max_examples=50, deadline=None)
def test_marginal(data: list[Any]) -> None:
    building = Building()
    x, a, b = (building.input("underlying", name) for name in "xab")
    bounds = ("0", "3/2", "4")
    building.output(building.add("marginal", x, a, b, building.const("1/10"), bounds=bounds))
    found = cells(values(building, book(underlyings=rows("xab", data)))[0])
    close(found, [oracle.marginal(x, bounds, [a, b, 0.1]) for x, a, b in data], 1e-9)


KEY = st.sampled_from(["a", "b", "c"])


@given(
    given_rows=st.dictionaries(st.tuples(KEY, st.sampled_from([1.0, 2.0, 2.5])), NUMBER, max_size=6),
    asked=st.lists(st.tuples(WORD, NUMBER), min_size=1, max_size=8),
)
@settings(max_examples=60, deadline=None)
def test_lookup(given_rows: dict[Any, Any], asked: list[Any]) -> None:
    building = Building()
    columns = (("w", "Word", "text", ()), ("n", "Number", "number", ()), ("v", "Value", "number", ()))
    building.data["t"] = DataTable("t", 2, columns)
    keys = [building.input("underlying", "w", base="text"), building.input("underlying", "n")]
    row = building.add("lookup", *keys, base="row", table="t", source="data")
    building.output(building.add("cell", row, table="t", source="data", column="v"))
    building.output(building.add("found", row, base="bool"))
    building.output(building.add("has", row, base="bool", table="t", source="data", column="v"))
    building.output(building.add("given", base="bool", data="t"))
    listed = [
        {"Word": w, "Number": repr(n), "Value": None if v is None else repr(v)}
        for (w, n), v in given_rows.items()
    ]
    unders = [{"id": f"U{i}", "w": w, "n": None if n is None else repr(n)} for i, (w, n) in enumerate(asked)]
    found = values(building, book(underlyings=unders), t=table("t", listed))
    close(cells(found[0]), [given_rows.get(key) for key in asked])
    close(cells(found[1]), [None if None in key else float(key in given_rows) for key in asked])
    has = [float(given_rows[key] is not None) if key in given_rows else None for key in asked]
    close(cells(found[2]), has)
    assert found[3][0] == 1.0


def test_a_finder_without_rows_finds_nothing() -> None:
    import numpy as np

    empty = np.zeros(0)
    assert Finder([empty]).find([np.array([1.0, 2.0])]).tolist() == [-1, -1]


def test_a_key_that_stands_twice_is_reported() -> None:
    from pmdsl.engine import bind

    building = Building()
    building.data["t"] = DataTable("t", 1, (("w", "w", "text", ()), ("v", "v", "number", ())))
    row = building.add("lookup", building.word("a"), base="row", table="t", source="data")
    building.output(building.add("cell", row, table="t", source="data", column="v"))
    listed = table("t", [{"w": "a", "v": "1"}, {"w": "b", "v": "2"}, {"w": "a", "v": "3"}])
    findings = bind(building.plan(), book(), {"t": listed}).findings
    assert [str(f) for f in findings] == ["error[PM706]: rows 1 and 3 of `t` have the same keys and differ"]
    missing = bind(building.plan(), book(), {"t": table("t", [{"word": "a", "v": "1"}])}).findings
    assert [f.code for f in missing] == ["PM705"]


@pytest.mark.parametrize(("name", "base"), [("yes", "bool"), ("2024-02-30", "date"), ("1,000", "number")])
def test_cells_of_another_type_are_reported_and_poison(name: str, base: str) -> None:
    from pmdsl.engine import bind

    building = Building()
    default = building.const({"bool": "1", "date": "2024-01-01", "number": "5"}[base], base)
    building.output(building.input("underlying", "x", default, base=base))
    bound = bind(building.plan(), book(underlyings=[{"id": "U", "x": name}, {"id": "V"}]))
    first, second = cells(bound.run().values[0])
    assert second is not None
    assert (first is None) == (base != "bool")
    assert len(bound.findings) == (0 if base == "bool" else 1)
