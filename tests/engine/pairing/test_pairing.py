"""Pairings against an exhaustive search."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from pmdsl.engine.pairing import Reason, paired
from tests.engine.pairing.asked import books, question
from tests.engine.pairing.brute import Group, search

UNITS = (Fraction(1), Fraction(1, 100), Fraction(1, 3), Fraction(1_234_567_891, 7), Fraction(1, 10**8))


def by_group(groups: tuple[Group, ...], unit: Fraction = Fraction(1)) -> list[list[float]]:
    """How often each way of each group is taken."""
    answer = paired(question(groups, unit))
    assert (answer.reason == Reason.NONE).all()
    found, begin = [], 0
    for group in groups:
        found.append(answer.taken[begin : begin + len(group.ways)].tolist())
        begin += len(group.ways)
    return found


@given(books(), st.sampled_from(UNITS))
@settings(max_examples=300, deadline=None)
def test_the_cheapest_pairing_by_all_amounts_in_turn(groups: tuple[Group, ...], unit: Fraction) -> None:
    expected = [search(group) for group in groups]
    assert by_group(groups, unit) == [[float(n) for n in found or ()] for found in expected]
