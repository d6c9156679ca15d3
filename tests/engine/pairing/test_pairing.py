"""Pairings against an exhaustive search."""

from __future__ import annotations

import random
from fractions import Fraction
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmdsl.engine import pairing
from pmdsl.engine.pairing import Reason, paired, points, whole
from pmdsl.engine.pairing.build import program_of
from pmdsl.engine.pairing.columns import columns_of
from pmdsl.engine.pairing.components import components
from pmdsl.engine.pairing.program import Program
from pmdsl.engine.pairing.relax import relaxed
from pmdsl.engine.pairing.settle import settled
from pmdsl.engine.pairing.singles import cheapest
from pmdsl.engine.words import Number
from tests.engine.pairing.asked import books, larger, question
from tests.engine.pairing.brute import Group, Way, search
from tests.engine.pairing.in_turn import in_turn
from tests.engine.pairing.naive import smallest, total

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
@settings(max_examples=150, deadline=None)
def test_the_cheapest_pairing_by_all_amounts_in_turn(groups: tuple[Group, ...], unit: Fraction) -> None:
    expected = [search(group) for group in groups]
    assert by_group(groups, unit) == [[float(n) for n in found or ()] for found in expected]


# ---- the relaxation is not enough --------------------------------------------------------------------------


def odd_cycle(length: int, held: int = 1) -> Group:
    """Positions in a ring, each of which may be put together with the next: half of each pair looks best."""
    alone = [Way((p,), (1,), (10,)) for p in range(length)]
    ring = [Way((p, (p + 1) % length), (1, 1), (12,)) for p in range(length)]
    return Group((Fraction(held),) * length, (*alone, *ring))


@pytest.mark.parametrize(("length", "pairs"), [(3, 1), (5, 2), (7, 3)])
def test_where_the_relaxation_is_too_low_whole_numbers_are_found(length: int, pairs: int) -> None:
    group = odd_cycle(length)
    asked = question([group])
    columns = columns_of(asked, cheapest(asked))
    program = program_of(asked, columns, components(asked, columns))
    found = relaxed(program, program.costs[0])
    x, solved = settled(program)
    assert found.bound[0] < program.total(program.costs[0], x)[0] - 1
    assert solved.all()
    taken = by_group((group,))[0]
    assert sum(taken[length:]) == pairs
    assert taken == [float(n) for n in search(group) or ()]


def test_many_odd_cycles_at_once_and_by_integer_programs_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    groups = tuple(odd_cycle(n, held) for n in (3, 5) for held in (1, 3))
    expected = by_group(groups)
    monkeypatch.setattr(points, "MOST_POINTS", 1)
    assert by_group(groups) == expected


@given(books(), st.sampled_from(UNITS))
@settings(max_examples=150, deadline=None)
def test_integer_programs_find_what_trying_all_points_finds(
    groups: tuple[Group, ...], unit: Fraction
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(points, "MOST_POINTS", 1)
        found = by_group(groups, unit)
    assert found == [[float(n) for n in search(group) or ()] for group in groups]


# ---- larger groups -----------------------------------------------------------------------------------------


def large(seed: int, positions: int, most: int) -> Group:
    """A group beyond an exhaustive search: random pairs and threes, and a pool."""
    choose = random.Random(seed)
    alone = [choose.randint(1000, 500_000) for _ in range(positions)]
    ways = [Way((p,), (1,), (alone[p], choose.randint(0, 100_000))) for p in range(positions)]
    for _ in range(2 * positions):
        legs = tuple(choose.sample(range(positions), choose.choice([2, 2, 2, 3])))
        contracts = tuple(choose.choice([1, 1, 1, 2]) for _ in legs)
        apart = sum(alone[leg] * n for leg, n in zip(legs, contracts, strict=True))
        charges = (int(apart * choose.uniform(0.5, 1.1)), choose.randint(0, 100_000))
        ways.append(Way(legs, contracts, charges))
    for p in range(0, positions, 2):
        gains = tuple(choose.randint(-300_000, 300_000) for _ in range(6))
        charges = (int(alone[p] * choose.uniform(0, 0.5)), choose.randint(0, 1000))
        side = choose.choice(["long", "short"])
        ways.append(
            Way((p,), (1,), charges, side, choose.choice([1, 1, 10]), choose.randint(0, 1), 0,
                choose.randint(1, 4), (gains,))
        )  # fmt: skip
    held = tuple(Fraction(choose.randint(1, most)) for _ in range(positions))
    return Group(held, tuple(ways), ((0, 1),), objectives=2)


@given(larger(), st.sampled_from(UNITS))
@settings(max_examples=40, deadline=None)
def test_a_larger_group_is_paired_as_by_one_integer_program_after_the_other(
    group: Group, unit: Fraction
) -> None:
    assert by_group((group,), unit)[0] == [float(n) for n in in_turn(group)]


@given(books())
@settings(max_examples=40, deadline=None)
def test_one_integer_program_after_the_other_finds_what_trying_everything_finds(
    groups: tuple[Group, ...],
) -> None:
    assert [in_turn(group) for group in groups] == [search(group) for group in groups]


@pytest.mark.parametrize("seed", range(8))
def test_a_larger_group_costs_what_one_plain_integer_program_finds(seed: int) -> None:
    asked = question([large(seed, 8 + 2 * seed, (3, 20, 200)[seed % 3])], Fraction(1, 100))
    answer = paired(asked)
    assert (answer.reason == Reason.NONE).all()
    assert total(asked, answer.taken) == pytest.approx(smallest(asked), rel=1e-9)


def test_cents_count_where_totals_are_large() -> None:
    """A million contracts of 800,000.00: a pair that saves a cent is taken, one that costs a cent is not."""
    price = 80_000_000
    held = (Fraction(10**6), Fraction(10**6))
    for saved, expected in ((1, 10**6), (-1, 0)):
        ways = (
            Way((0,), (1,), (price,)), Way((1,), (1,), (price,)), Way((0, 1), (1, 1), (2 * price - saved,)),
            Way((0, 1), (2, 1), (3 * price,)),
        )  # fmt: skip
        found = by_group((Group(held, ways),), Fraction(1, 100))[0]
        assert found[2] == expected


# ---- without an answer -------------------------------------------------------------------------------------


def test_reasons_for_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    alone = Group((Fraction(1), Fraction(0)), (Way((0,), (1,), (1,)),))
    lost = Group((Fraction(1), Fraction(1)), (Way((0,), (1,), (1,)), Way((0, 1), (1, 1), (1,))))
    assert paired(question([alone, lost])).reason.tolist() == [Reason.NONE, Reason.UNTAKEN]
    monkeypatch.setattr(pairing, "MOST_COLUMNS", 2)
    assert paired(question([alone, odd_cycle(3)])).reason.tolist() == [Reason.NONE, Reason.TOO_LARGE]


def test_a_solver_that_gives_up_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(points, "MOST_POINTS", 1)
    monkeypatch.setattr(whole, "_ask", lambda program, cost: SimpleNamespace(status=1))
    groups = [odd_cycle(3), odd_cycle(4)]
    assert paired(question(groups)).reason.tolist() == [Reason.UNSOLVED, Reason.NONE]


def test_a_solver_that_is_wrong_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(program: Program, cost: Number) -> SimpleNamespace:
        return SimpleNamespace(status=0, x=program.most, mip_dual_bound=0.0)

    monkeypatch.setattr(points, "MOST_POINTS", 1)
    monkeypatch.setattr(whole, "_ask", wrong)
    assert paired(question([odd_cycle(3)])).reason.tolist() == [Reason.UNSOLVED]
