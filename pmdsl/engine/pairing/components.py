"""Connected components: columns that share a position, or a pool, are chosen together."""

from __future__ import annotations

import numpy as np

from pmdsl.engine.pairing.columns import Columns, room
from pmdsl.engine.pairing.question import Question
from pmdsl.engine.pairing.sums import sums
from pmdsl.engine.words import Codes, Truth


def components(question: Question, columns: Columns) -> Codes:
    """The component of each column, numbered by the first column of each. Shape (m,)."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    first = columns.legs[:, 0]
    one, other = [first], [first]
    for slot in range(1, columns.legs.shape[1]):
        there = columns.legs[:, slot] >= 0
        one.append(first[there])
        other.append(columns.legs[there, slot])
    for pool in question.pools:
        members = np.flatnonzero(pool.group[columns.row] >= 0)
        members = members[np.argsort(pool.group[columns.row[members]], kind="stable")]
        group = pool.group[columns.row[members]]
        same = np.flatnonzero(group[1:] == group[:-1])
        one.append(first[members[same]])
        other.append(first[members[same + 1]])
    i, j = np.concatenate(one), np.concatenate(other)
    size = len(question.held)
    graph = coo_array((np.ones(len(i), dtype=np.int8), (i, j)), shape=(size, size))
    label = connected_components(graph.tocsr(), directed=False)[1][first]
    _, begin, inverse = np.unique(label, return_index=True, return_inverse=True)
    rank = np.empty(len(begin), dtype=np.int64)
    rank[np.argsort(begin)] = np.arange(len(begin))
    return rank[inverse.reshape(len(label))]


def untroubled(question: Question, columns: Columns, component: Codes) -> Truth:
    """The columns of components without a pool in which all can be taken as often as each can alone.

    Each column saves something, so that this is the cheapest. Shape (m,).
    """
    used = columns.used(columns.most, len(question.held))
    tight = used > room(question.held)
    legs = tight[np.maximum(columns.legs, 0)] & (columns.legs >= 0)
    trouble: Truth = np.logical_or.reduce(legs, axis=1)
    for pool in question.pools:
        trouble |= pool.group[columns.row] >= 0
    troubled = sums(component, trouble, int(component.max(initial=-1)) + 1) > 0
    found: Truth = ~troubled[component]
    return found
