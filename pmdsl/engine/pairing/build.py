"""From columns to the integer programs of their components."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from pmdsl.engine.pairing.columns import Columns
from pmdsl.engine.pairing.program import LARGEST_BITS, NEAR, TOTAL_BITS, WORST_BITS, Program
from pmdsl.engine.pairing.question import Question
from pmdsl.engine.pairing.rows import Rows, pool_rows, position_rows
from pmdsl.engine.pairing.worst import Worst, worst_of
from pmdsl.engine.words import Array, Codes, Number

# Totals that differ by less than this part of themselves are equal.
ROUND_OFF = 2.0**-48


@dataclass(frozen=True, eq=False)
class Units:
    """What 1 means in each component: of each cost, (C, K + 1), and of worst cases, (C,). Powers of two."""

    cost: Number
    worst: Number


def program_of(question: Question, columns: Columns, component: Codes) -> Program:
    """The program of all components; its whole variables are the columns, component by component."""
    scans = [worst_of(columns, question.pools[scan.pool], scan) for scan in question.scans]
    units = units_of(columns, component, scans)
    owner = np.concatenate([component, *(component[scan.member] for scan in scans)])
    most = [columns.most, *(scan.most / units.worst[component[scan.member]] for scan in scans)]
    costs = [(columns.cost / units.cost[component]).T]
    costs += [worst_costs(scan, component[scan.member], units) for scan in scans]
    rows = [position_rows(question, columns), *pool_rows(question, columns)]
    rows += scan_rows(scans, component, units)
    order = np.argsort(owner, kind="stable")
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return Program(
        size=len(units.worst),
        owner=owner[order],
        whole=(np.arange(len(owner)) < len(component))[order],
        least=np.zeros(len(owner)),
        most=np.concatenate(most)[order],
        costs=np.hstack(costs)[:, order],
        near=nearness(columns, component, units),
        **in_order(rows, owner, place),
    )


def units_of(columns: Columns, component: Codes, scans: Sequence[Worst]) -> Units:
    """Units in which the largest amount of each component has `LARGEST_BITS`, totals `TOTAL_BITS` at most.

    More would be finer than what the solver calls feasible.
    """
    size = int(component.max(initial=-1)) + 1
    largest = np.zeros((size, columns.cost.shape[1]))
    gain, most = np.zeros(size), np.ones(size)
    np.maximum.at(most, component, columns.most)
    np.maximum.at(largest, component, np.abs(columns.cost))
    for scan in scans:
        home = component[scan.member]
        np.maximum.at(gain, home, scan.gain)
        for objective in scan.objectives:
            np.maximum.at(largest[:, objective], home, scan.gain)
    bits = np.minimum(LARGEST_BITS, TOTAL_BITS - np.frexp(most)[1])
    return Units(power_of_two(largest, bits[:, None]), power_of_two(gain, np.full(size, WORST_BITS)))


def power_of_two(largest: Number, bits: Codes) -> Number:
    """The unit in which amounts up to this have so many bits; 1 where there are none."""
    exponent = np.frexp(np.where(largest > 0, largest, 1.0))[1]
    return np.where(largest > 0, np.ldexp(1.0, exponent - bits), 1.0)


def nearness(columns: Columns, component: Codes, units: Units) -> Number:
    """How far totals of each component may lie apart and be equal. Shape (C, K + 1)."""
    total = np.zeros(units.cost.shape)
    np.maximum.at(total, component, columns.size * columns.most[:, None])
    return NEAR + ROUND_OFF * total / units.cost


def worst_costs(scan: Worst, home: Codes, units: Units) -> Number:
    """What each worst case costs in each objective. Shape (K + 1, worst cases)."""
    counts = np.isin(np.arange(units.cost.shape[1]), scan.objectives)[:, None]
    return np.where(counts, units.worst[home] / units.cost[home].T, 0.0)


def scan_rows(scans: Sequence[Worst], component: Codes, units: Units) -> Iterator[Rows]:
    """Losses at each point are no more than the worst case."""
    offset = len(component)
    for scan in scans:
        unit = units.worst[component[scan.column]]
        points = np.arange(len(scan.of))
        yield Rows(
            row=np.concatenate([scan.point, points]),
            variable=np.concatenate([scan.column, offset + scan.of]),
            value=np.concatenate([scan.loss / unit, np.full(len(points), -1.0)]),
            right=np.zeros(len(points)),
            worst=offset + scan.of,
        )
        offset += len(scan.member)


def in_order(parts: Sequence[Rows], owner: Codes, place: Codes) -> dict[str, Array]:
    """All rows in the order of their components, with their variables at their places."""
    begin = np.cumsum([0, *(len(part.right) for part in parts)])
    row = np.concatenate([part.row + start for part, start in zip(parts, begin, strict=False)])
    variable = np.concatenate([part.variable for part in parts])
    home = np.zeros(int(begin[-1]), dtype=np.int64)
    home[row] = owner[variable]
    order = np.argsort(home, kind="stable")
    number = np.empty(len(order), dtype=np.int64)
    number[order] = np.arange(len(order))
    worst = np.concatenate([part.worst for part in parts])[order]
    equal = np.concatenate([np.full(len(part.right), part.equal) for part in parts])[order]
    return {
        "row_owner": home[order],
        "right": np.concatenate([part.right for part in parts])[order],
        "equal": equal,
        "worst": np.where(worst < 0, -1, place[worst]),
        "row": number[row],
        "variable": place[variable],
        "value": np.concatenate([part.value for part in parts]),
    }
