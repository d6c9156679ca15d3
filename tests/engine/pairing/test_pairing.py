"""Pairings against an exhaustive search."""

from __future__ import annotations

from hypothesis import given, settings

from pmdsl.engine.pairing import Reason, paired
from tests.engine.pairing.asked import books, question
from tests.engine.pairing.brute import Group, search


def by_group(groups: tuple[Group, ...]) -> list[list[float]]:
    """How often each way of each group is taken."""
    answer = paired(question(groups))
    assert (answer.reason == Reason.NONE).all()
    found, begin = [], 0
    for group in groups:
        found.append(answer.taken[begin : begin + len(group.ways)].tolist())
        begin += len(group.ways)
    return found


@given(books())
@settings(max_examples=300, deadline=None)
def test_the_cheapest_pairing_by_all_amounts_in_turn(groups: tuple[Group, ...]) -> None:
    expected = [search(group) for group in groups]
    assert by_group(groups) == [[float(n) for n in found or ()] for found in expected]
