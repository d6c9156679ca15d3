"""Building levels: entities, keys and the groups of each account."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from pmdsl.engine.index import NOT_A_MEMBER, UNKNOWN, Index, Rows, compose, key_of
from pmdsl.engine.ranges import ranges
from pmdsl.engine.words import ALONE, Array, Codes, Truth
from pmdsl.plan.nodes import Level, Plan


def add_entity(index: Index, name: str, ids: list[str | None], order: Codes) -> None:
    """An entity, its rows taken in `order`."""
    labels = [ids[row] or "" for row in order.tolist()]
    by_id = {label: row for row, label in reversed(list(enumerate(labels)))}
    index.levels[name] = Rows(index.plan.levels[name], len(labels), labels, source=order, ids=by_id)


def by_text(ids: list[str | None]) -> Codes:
    """The order of ids by their text."""
    return np.array(sorted(range(len(ids)), key=lambda i: ids[i] or ""), dtype=np.int64)


def add_key(index: Index, name: str, parts: tuple[Array, ...]) -> None:
    """A key level from the keys of the rows of its `of` level, in the order of their texts and values."""
    level = index.plan.levels[name]
    n = index.size(level.of)
    parts = tuple(np.broadcast_to(part, (n,)) for part in parts)
    known = np.ones(n, dtype=bool)
    for part in parts:
        known &= ~poisoned(part)
    alone = _alone(index, parts)
    ranks = [index.interner.ranks(p) if p.dtype.kind == "i" else _value_ranks(p) for p in parts]
    ranks.append(np.where(alone, np.arange(n) + 1, 0))
    edge, first = _distinct(ranks, known)
    chosen = tuple(part[first] for part in parts)
    ids = _ids(index, chosen)
    index.levels[name] = Rows(level, len(first), (), chosen, ids=ids, first=first, alone=alone[first])
    index.edges[level.of, name] = edge


def poisoned(x: Array) -> Array:
    """Where a value is poison. Shape of `x`."""
    return x < 0 if x.dtype.kind == "i" else np.isnan(x)


def _alone(index: Index, parts: tuple[Array, ...]) -> Array:
    code = index.interner.codes.get(ALONE, -5)
    found = np.zeros(len(parts[0]), dtype=bool)
    for part in parts:
        if part.dtype.kind == "i":
            found |= part == code
    return found


def _value_ranks(values: Array) -> Codes:
    return np.unique(values, return_inverse=True)[1].astype(np.int64)


def _distinct(ranks: list[Codes], known: Array) -> tuple[Codes, Codes]:
    """The distinct combinations of ranks: the combination of each row, the first row of each combination."""
    code = np.zeros(len(known), dtype=np.int64)
    for rank in ranks:
        code = np.unique(code * (int(rank.max(initial=0)) + 2) + rank, return_inverse=True)[1].astype(
            np.int64
        )
    inside = np.flatnonzero(known)
    _, first, inverse = np.unique(code[inside], return_index=True, return_inverse=True)
    edge = np.full(len(known), UNKNOWN)
    edge[inside] = inverse
    return edge, inside[first].astype(np.int64)


def _ids(index: Index, parts: tuple[Array, ...]) -> Mapping[str, int]:
    """The rows of a key level by the text of their key, where it is one text."""
    if len(parts) != 1 or parts[0].dtype.kind != "i":
        return {}
    return {index.interner.text(code): row for row, code in enumerate(parts[0].tolist())}


def add_group(index: Index, name: str, where: Array | None = None) -> None:
    """A group from its members: one row for each account and key that occur together.

    `where` has a truth value for each row of its `of` level: rows for which it is 0 are in no group.
    """
    level = index.plan.levels[name]
    key = key_of(index.plan, name)
    if where is None and _add_standing(index, level, key):
        return
    account, keys = index.parent(level.of, "account"), index.parent(level.of, key)
    if where is not None:
        keys = np.where(where == 1, keys, np.where(where == 0, NOT_A_MEMBER, UNKNOWN))
    inside = np.flatnonzero(keys != NOT_A_MEMBER)
    code = account[inside] * (index.size(key) + 1) + keys[inside] + 1
    member = np.full(len(keys), NOT_A_MEMBER)
    _, first, member[inside] = np.unique(code, return_index=True, return_inverse=True)
    first = inside[first]
    _add_group_rows(index, level, key, member, account[first], keys[first])


def _add_standing(index: Index, level: Level, key: str) -> bool:
    """The group of members that stand group by group, found range by range; False where they do not."""
    n, account = index.size(level.of), index.parent(level.of, "account")
    below, above = index.lifted(level.of, key)
    found: list[tuple[Codes, ...]] = [(np.empty(0, dtype=np.int64),) * 3]
    before = (UNKNOWN, NOT_A_MEMBER)
    for low, high in ranges(n):
        accounts, keys = account[low:high], below[low:high]
        keys = keys if above is None else compose(keys, above)
        first = np.flatnonzero(_changes(accounts, before[0]) | _changes(keys, before[1]))
        found.append((first + low, accounts[first], keys[first]))
        before = int(accounts[-1]), int(keys[-1])
    starts, accounts, keys = (np.concatenate(part) for part in zip(*found, strict=True))
    if not _are_distinct(_group_codes(index, level.name, accounts, keys)):
        return False
    index.runs[level.of, level.name] = np.append(starts, n)
    _add_group_rows(index, level, key, None, accounts, keys)
    return True


def _group_codes(index: Index, name: str, account: Codes, keys: Codes) -> Codes:
    """A number for each pair of account and key; in the order of the positions where the group is of their
    chain. Shape of `keys`.
    """
    ranks = np.append(key_ranks(index, name), UNKNOWN)
    found: Codes = ranks.take(keys, mode="wrap")
    found += account * len(ranks)
    found += 1
    return found


def key_ranks(index: Index, name: str) -> Codes:
    """The keys of a group in the order of positions: by the groups above it, from the coarsest. Shape
    (keys,).
    """
    key = key_of(index.plan, name)
    ranks: list[Codes] = [np.arange(index.size(key), dtype=np.int64)]
    for above in chain_from(index.plan, name):
        try:
            ranks.append(index.parent(key, key_of(index.plan, above)))
        except KeyError:
            break
    return inverted(np.lexsort(ranks))


def inverted(order: Codes) -> Codes:
    """The place of each row in an order. Shape of `order`."""
    found = np.empty(len(order), dtype=np.int64)
    found[order] = np.arange(len(order))
    return found


def _changes(code: Codes, before: int) -> Truth:
    """Which rows have another number than the row before. Shape of `code`."""
    found = np.empty(len(code), dtype=bool)
    found[0] = code[0] != before
    np.not_equal(code[1:], code[:-1], out=found[1:])
    return found


def _are_distinct(codes: Codes) -> bool:
    """Whether no number stands twice; they ascend as a rule."""
    if (codes[1:] > codes[:-1]).all():
        return True
    ordered = np.sort(codes)
    return not bool((ordered[1:] == ordered[:-1]).any())


def _add_group_rows(
    index: Index, level: Level, key: str, member: Codes | None, account: Codes, keys: Codes
) -> None:
    index.levels[level.name] = Rows(level, len(account))
    index.edges[level.of, level.name] = member
    index.edges[level.name, "account"] = account
    index.edges[level.name, key] = keys
    index.composed = {pair: found for pair, found in index.composed.items() if level.name not in pair}


def chain_from(plan: Plan, base: str) -> tuple[str, ...]:
    """The longest chain of groups above a level, the first declared among equals; finest first."""
    best: tuple[str, ...] = ()
    for name, level in plan.levels.items():
        if level.kind == "group" and level.of == base:
            found = (name, *chain_from(plan, name))
            best = found if len(found) > len(best) else best
    return best
