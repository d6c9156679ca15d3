"""Holdings laid out range by range: the length of a range changes nothing, and lists say the same."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmdsl.engine import bind, ranges
from tests.engine.building import Building, book
from tests.engine.test_levels import chain

UNDERS = [{"id": f"U{k}", "family": "even" if k % 2 == 0 else "odd"} for k in range(4)]
INSTRUMENTS = [{"id": f"I{k}", "kind": "share", "underlying": f"U{k // 2}"} for k in range(8)]
FOLD: dict[str, Any] = {"kind": "sum", "where": False, "if_empty": False}
ROW = st.tuples(st.sampled_from("ABC"), st.integers(0, 7))
ORDERS = {"sorted": lambda held: sorted(held, key=placed), "as it comes": list}


def placed(row: tuple[str, int]) -> tuple[Any, ...]:
    """The canonical place of a position: account, family, underlying, instrument."""
    account, k = row
    return account, "odd" if k // 2 % 2 else "even", k // 2, k


def laid_out(held: list[tuple[str, int]], turned: bool) -> Any:
    building = Building()
    x, _, _ = chain(building)
    for level in ("under", "family", "account"):
        building.output(building.add("fold_into", x, level=level, **FOLD), level)
    instruments = INSTRUMENTS[::-1] if turned else INSTRUMENTS
    positions = [{"account": a, "instrument": f"I{k}", "quantity": 1.0} for a, k in held]
    return bind(building.plan(), book(positions, instruments, UNDERS, [{"id": a} for a in "ABC"])).hold()


@given(held=st.lists(ROW, max_size=16), order=st.sampled_from(list(ORDERS)), turned=st.booleans())
@settings(max_examples=80, deadline=None)
@pytest.mark.parametrize("rows", [1, 2, 5])
def test_positions_and_groups_stand_as_lists_say(
    rows: int, held: list[tuple[str, int]], order: str, turned: bool
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ranges, "RANGE", rows)
        index = laid_out(ORDERS[order](held), turned).started.index
    kept = sorted(set(held), key=placed)
    names = index.levels["instrument"].names
    found = index.edge("position", "instrument").tolist()
    assert [names[k] for k in found] == [f"I{k}" for _, k in kept]
    for fine, coarse, width in (("position", "under", 3), ("under", "family", 2)):
        members = list(dict.fromkeys(placed(row)[: width + 1] for row in kept))
        groups = list(dict.fromkeys(member[:width] for member in members))
        assert index.size(coarse) == len(groups)
        assert index.edge(fine, coarse).tolist() == [groups.index(member[:width]) for member in members]
        assert ["ABC"[k] for k in index.edge(coarse, "account").tolist()] == [g[0] for g in groups]


def test_a_position_that_is_held_twice_at_the_border_of_two_ranges_becomes_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ranges, "RANGE", 2)
    held = laid_out([("A", 0), ("A", 1), ("A", 1), ("A", 2)], turned=False)
    assert held.started.columns["position", "quantity"].values.tolist() == [1.0, 2.0, 1.0]


def test_groups_that_stand_in_runs_keep_no_array_of_their_members() -> None:
    index = laid_out([("A", 0), ("A", 1), ("B", 3)], turned=False).started.index
    assert index.edges["position", "under"] is None
    assert index.edge("position", "under").tolist() == [0, 0, 1]
    assert index.levels["position"].source is None


def test_ranges_cover_all_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranges, "RANGE", 3)
    assert list(ranges.ranges(0)) == []
    assert list(ranges.ranges(3)) == [(0, 3)]
    assert np.array_equal(list(ranges.ranges(7)), [(0, 3), (3, 6), (6, 7)])
