"""How often each match is taken: each position exactly once over, at the least cost.

`question.py` says what is asked. `singles.py` finds what each position costs alone, `columns.py` what is
saved by putting several together, `components.py` what has to be chosen together; `rows.py`, `worst.py` and
`build.py` write that as integer programs, `settle.py` solves them: by `relax.py`, or by `whole.py` one at a
time, which narrows them down by `lines.py` until `points.py` can try all that is left.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from pmdsl.engine.pairing.build import program_of
from pmdsl.engine.pairing.columns import WHOLE, Columns, columns_of, room
from pmdsl.engine.pairing.components import components, untroubled
from pmdsl.engine.pairing.question import Pool, Question, Scan
from pmdsl.engine.pairing.settle import settled
from pmdsl.engine.pairing.singles import cheapest
from pmdsl.engine.words import Codes, Number, Truth

__all__ = ["Pairing", "Pool", "Question", "Reason", "Scan", "paired", "room"]

MOST_COLUMNS = 20_000


class Reason(IntEnum):
    """Why a group has no pairing.

    An input that matters is poison; a match takes no contracts of a leg; no pattern of one slot takes a
    position; there are too many matches; the solver found nothing that holds.
    """

    NONE = 0
    SPOILT = 1
    EMPTY = 2
    UNTAKEN = 3
    TOO_LARGE = 4
    UNSOLVED = 5


@dataclass(frozen=True, eq=False)
class Pairing:
    """How often each row is taken, shape (R,), and why a group has no answer, shape (G,) of `Reason`."""

    taken: Number
    reason: Codes


def paired(question: Question) -> Pairing:
    """The cheapest pairing of every group."""
    reason = np.full(question.groups, Reason.NONE, dtype=np.int64)
    singles = cheapest(question)
    lone = (question.home >= 0) & (question.held > 0) & (singles.row < 0)
    reason[question.home[lone]] = Reason.UNTAKEN
    columns = columns_of(question, singles)
    columns = columns.take(reason[question.group[columns.row]] == Reason.NONE)
    count, failed = chosen(question, columns)
    for why, which in failed.items():
        reason[question.group[columns.row[which]]] = why
    left = question.held - columns.used(count, len(question.held))
    left[np.abs(left) <= WHOLE * (1 + question.held)] = 0.0
    taken = np.zeros(len(question.group))
    taken[columns.row] = count
    alone = np.flatnonzero((singles.row >= 0) & (question.home >= 0))
    taken[singles.row[alone]] = left[alone] / question.taken[singles.row[alone], 0]
    reason[question.home[alone[left[alone] < 0]]] = Reason.UNSOLVED
    return Pairing(taken, reason)


def chosen(question: Question, columns: Columns) -> tuple[Number, dict[Reason, Truth]]:
    """How often each column is taken, and the columns that could not be decided."""
    count, nowhere = np.zeros(len(columns.row)), np.zeros(len(columns.row), dtype=bool)
    if len(columns.row) == 0:
        return count, {}
    component = components(question, columns)
    easy = untroubled(question, columns, component)
    count[easy] = columns.most[easy]
    large = ~easy & (np.bincount(component)[component] > MOST_COLUMNS)
    unsolved = nowhere.copy()
    hard = np.flatnonzero(~easy & ~large)
    hard = hard[np.argsort(component[hard], kind="stable")]
    if len(hard):
        number = np.unique(component[hard], return_inverse=True)[1].reshape(len(hard))
        program = program_of(question, columns.take(hard), number)
        x, solved = settled(program)
        count[hard] = x[program.whole]
        unsolved[hard] = ~solved[number]
    return count, {Reason.TOO_LARGE: large, Reason.UNSOLVED: unsolved}
