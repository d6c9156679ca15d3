"""Correlated sums against two loops, and what goes wrong with them."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pmdsl.engine.kernels.correlation as kernels
from pmdsl.engine import bind
from tests.engine.building import Building, book
from tests.engine.compare import cells, close
from tests.oracle import operators as oracle

NUMBER = st.one_of(st.integers(-5, 5).map(float), st.floats(-10, 10).map(lambda x: round(x, 2)))
UNDERS = ("U0", "U1", "U2", "U3")
HELD = st.lists(
    st.fixed_dictionaries(
        {
            "account": st.sampled_from("AB"),
            "u": st.integers(0, 3),
            "x": st.one_of(NUMBER, st.none()) if False else NUMBER,
            "c": NUMBER,
            "where": st.sampled_from([0.0, 1.0, 1.0]),
        }
    ),
    max_size=8,
    unique_by=lambda row: (row["account"], row["u"]),
)
RHO = st.sampled_from([0.0, 0.3, 0.5, -0.2, 1.0])


def plan_of(within: bool = False, **params: Any) -> Building:
    """One position an underlying; x, c and where are its attributes; the matrix comes with the book."""
    building = Building()
    key = building.input("underlying", "id", base="text")
    building.group("under", "position", "underlying", key, entity="underlying")
    fold: dict[str, Any] = {"level": "under", "kind": "sum", "where": False, "if_empty": False}
    x = building.add("fold_into", building.input("position", "x"), **fold)
    c = building.add("fold_into", building.input("position", "c"), **fold)
    where = building.add(
        "gt",
        building.add("fold_into", building.input("position", "where"), **fold),
        building.const(0),
        base="bool",
    )
    matrix = building.add("matrix", level=building.pairs("under.key"), name="m", source="book", default="")
    inputs = [x, matrix, *([c] if params["carrying"] else []), *([where] if params["where"] else [])]
    building.output(building.add("aggregate", *inputs, level="account", **params))
    return building


def book_of(held: list[dict[str, Any]], rho: list[float]) -> Any:
    unders = [{"id": name} for name in UNDERS]
    instruments = [{"id": name, "underlying": name} for name in UNDERS]
    positions = [
        {"account": r["account"], "instrument": UNDERS[r["u"]], "quantity": 1.0}
        | {k: None if r[k] is None else repr(r[k]) for k in ("x", "c", "where")}
        for r in held
    ]
    entries = [(UNDERS[i], UNDERS[j], rho[n]) for n, (i, j) in enumerate(PAIRS)]
    return book(positions, instruments, unders, [{"id": "A"}, {"id": "B"}], matrices={"m": entries})


PAIRS = [(i, j) for i in range(4) for j in range(i + 1, 4)]


@given(
    held=HELD,
    rho=st.lists(RHO, min_size=6, max_size=6),
    carrying=st.booleans(),
    clamped=st.sampled_from(["", "always", "when negative"]),
    dropping=st.booleans(),
    where=st.booleans(),
)
@settings(max_examples=120, deadline=None)
def test_aggregate(
    held: list[Any], rho: list[float], carrying: bool, clamped: str, dropping: bool, where: bool
) -> None:
    building = plan_of(carrying=carrying, clamped=clamped, dropping=dropping, where=where)
    found = cells(bind(building.plan(), book_of(held, rho)).run().values[0])
    expected = []
    for account in "AB":
        mine = sorted((r for r in held if r["account"] == account), key=lambda r: r["u"])
        unders = [r["u"] for r in mine]
        expected.append(
            oracle.aggregate(
                [r["x"] for r in mine],
                lambda i, j, unders=unders: rho[PAIRS.index((unders[i], unders[j]))],
                [r["c"] for r in mine] if carrying else None,
                clamped,
                dropping,
                [r["where"] for r in mine] if where else None,
            )
        )
    close(found, expected, 1e-9)


def test_two_positions_by_hand() -> None:
    held = [
        {"account": "A", "u": 0, "x": 3.0, "c": 0.0, "where": 1.0},
        {"account": "A", "u": 1, "x": 4.0, "c": 0.0, "where": 1.0},
    ]
    building = plan_of(carrying=False, clamped="", dropping=False, where=False)
    found = bind(building.plan(), book_of(held, [0.5] * 6)).run().values[0]
    assert found.tolist() == [math.sqrt(9 + 16 + 2 * 0.5 * 12), 0.0]


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ([("U0", "U1", 1.2)], "the correlation of U0 and U1 is of size 1.2, which is beyond one"),
        ([], "the matrix `m` has no entry for U0 and U1"),
        ([("U1", "U0", -1.0)], None),
    ],
)
def test_pairs_that_cannot_be(entries: list[tuple[str, str, float]], said: str | None) -> None:
    building = plan_of(carrying=False, clamped="", dropping=False, where=False)
    unders = [{"id": "U0"}, {"id": "U1"}]
    instruments = [{"id": name, "underlying": name} for name in ("U0", "U1")]
    positions = [
        {"instrument": name, "quantity": 1.0, "x": "2", "c": "0", "where": "1"} for name in ("U0", "U1")
    ]
    answer = bind(building.plan(), book(positions, instruments, unders, matrices={"m": entries})).run()
    messages = [m.message for m in answer.messages("A")]
    assert answer.values[0].tolist() == [0.0] if said is None else said in messages[0]


def test_a_form_below_zero_is_an_error_that_says_so() -> None:
    building = plan_of(carrying=False, clamped="", dropping=False, where=False)
    held = [{"account": "A", "u": u, "x": 1.0, "c": 0.0, "where": 1.0} for u in range(3)]
    answer = bind(building.plan(), book_of(held, [-0.9, -0.9, 0, -0.9, 0, 0])).run()
    assert "the root of a number below zero" in answer.messages("A")[0].message


def test_chunks_of_any_size_give_the_same_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    held = [{"account": "A", "u": u, "x": 0.1 * (u + 1), "c": 0.7 - u / 3, "where": 1.0} for u in range(4)]
    held += [{"account": "B", "u": u, "x": 1 / 3 + u, "c": 0.2, "where": 1.0} for u in range(3)]
    building = plan_of(carrying=True, clamped="", dropping=False, where=False)
    seen = set()
    for size in (1, 2, 3, 1 << 20):
        monkeypatch.setattr(kernels, "PAIRS_AT_ONCE", size)
        found = bind(building.plan(), book_of(held, [0.3, 0.1, 0.2, 0.5, 0.4, 0.6])).run().values[0]
        seen.add(found.tobytes())
    assert len(seen) == 1


def test_pairs_inside_a_coarser_group_only() -> None:
    building = Building()
    key = building.input("underlying", "id", base="text")
    building.group("under", "position", "underlying", key, entity="underlying")
    family = building.add(
        "agree", building.input("underlying", "family", base="text"), level="under.key", base="text"
    )
    building.group("family", "under", "under.key", family)
    pairs = building.pairs("under.key", "family.key")
    number = building.add("agree", building.input("underlying", "n"), level="under.key")
    first = building.add("down", number, level=pairs, along="first")
    second = building.add("down", number, level=pairs, along="second")
    rho = building.add("div", building.add("mul", first, second), building.const(100))
    quantity = building.input("position", "quantity")
    x = building.add("fold_into", quantity, level="under", kind="sum", where=False, if_empty=False)
    params: dict[str, Any] = {"carrying": False, "clamped": "", "dropping": False, "where": False}
    building.output(building.add("aggregate", x, rho, level="family", **params), "k")
    building.output(rho, "rho")
    unders = [{"id": f"U{i}", "family": "even" if i % 2 == 0 else "odd", "n": str(i + 1)} for i in range(5)]
    instruments = [{"id": u["id"], "underlying": u["id"]} for u in unders]
    positions = [{"instrument": u["id"], "quantity": 1.0 + i} for i, u in enumerate(unders)]
    answer = bind(building.plan(), book(positions, instruments, unders)).run()
    assert list(answer.reports("A")["rho"]) == ["U0 and U2", "U0 and U4", "U2 and U4", "U1 and U3"]
    even = oracle.aggregate([1, 3, 5], lambda i, j: [1, 3, 5][i] * [1, 3, 5][j] / 100)
    odd = oracle.aggregate([2, 4], lambda i, j: 8 / 100)
    close(list(answer.reports("A")["k"].values()), [even, odd])
