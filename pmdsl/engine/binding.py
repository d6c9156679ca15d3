"""What bound a requirement: for each group its amount, and the point or minimum that set it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from pmdsl.engine.blocks import Block
from pmdsl.engine.index import Index
from pmdsl.engine.job import Run, collect
from pmdsl.engine.rounding import money
from pmdsl.engine.run import Values
from pmdsl.engine.words import Array, Codes, Number
from pmdsl.engine.world import World
from pmdsl.plan.nodes import Binding, Output, Plan


@dataclass(frozen=True)
class Bind:
    """One part of a requirement: its group, its amount, and the point or minimum that set it."""

    level: str
    group: str
    amount: Decimal | None
    by: str | None


@dataclass(frozen=True, eq=False)
class BindColumns:
    """One part of a requirement for all accounts, one entry a row: the row of the account, the group (texts),
    the unrounded amount, and the point or minimum that set it (texts, None where nothing did). Shapes
    (rows,).
    """

    level: str
    account: Codes
    group: Array
    amount: Number
    by: Array


def of_account(plan: Plan, world: World, run: Run, account: int) -> dict[str, tuple[Bind, ...]]:
    """What bound each requirement of one account."""
    outs = [out for out in plan.outputs if out.kind == "requirement" and out.binding]
    block = run.block(account)
    values = run.execute(block) if outs else []
    return {out.name: tuple(_of_block(out, world, block, values)) for out in outs}


def _of_block(out: Output, world: World, block: Block, values: Values) -> Iterator[Bind]:
    for part in out.binding:
        if part.active >= 0 and values[part.active][0] != 1:
            continue
        low, high = block.span(part.level)
        amounts = np.broadcast_to(values[part.amount], (high - low,))
        words = said_by(part, world, amounts, np.broadcast_to(values[part.by], (high - low,)))
        for row, (amount, word) in enumerate(zip(amounts.tolist(), words.tolist(), strict=True)):
            decimal = None if amount != amount else money(amount, world.plan.currency)
            yield Bind(part.level, group_of(block.index, part.level, low + row), decimal, word)


def group_of(index: Index, level: str, row: int) -> str:
    """What a binding calls a group; nothing for the account itself."""
    return "" if level in ("", "account") else index.label(level, row)


def said_by(part: Binding, world: World, amounts: Number, codes: Codes) -> Array:
    """The words for what set each amount, None where nothing did. Shape (rows,)."""
    node = world.plan.nodes[part.by]
    distinct, inverse = np.unique(codes, return_inverse=True)
    points = world.axes[node.unit].names if node.base == "point" else ()
    texts = [_word(world, points, int(code)) for code in distinct]
    words = np.array([*texts, None], dtype=object)[inverse]
    words[(amounts == 0) | np.isnan(amounts)] = None
    return words


def _word(world: World, points: tuple[str, ...], code: int) -> str | None:
    if code < 0:
        return None
    return points[code] if points else world.interner.text(code) or None


def of_all(out: Output, world: World, run: Run) -> tuple[BindColumns, ...]:
    """What bound a requirement of all accounts."""
    targets = {node for part in out.binding for node in (part.amount, part.by, part.active) if node >= 0}
    values = collect(run, sorted(targets), run.blocks())
    return tuple(_columns(part, world, run.index, values) for part in out.binding)


def _columns(part: Binding, world: World, index: Index, values: dict[int, Any]) -> BindColumns:
    size = index.size(part.level)
    account = np.arange(size) if part.level == "account" else index.parent(part.level, "account")
    counts = np.ones(size, dtype=bool)
    if part.active >= 0:
        counts = np.broadcast_to(values[part.active], (index.size("account"),))[account] == 1
    rows = np.flatnonzero(counts)
    amounts = np.broadcast_to(values[part.amount], (size,))[rows]
    codes = np.broadcast_to(values[part.by], (size,))[rows]
    groups = names_of(index, part.level)[rows]
    return BindColumns(part.level, account[rows], groups, amounts, said_by(part, world, amounts, codes))


def names_of(index: Index, level: str) -> Array:
    """What the rows of a level are called, each key of a group named once. Shape (rows,), texts."""
    if level == "account":
        return np.full(index.size(level), "", dtype=object)
    if index.plan.levels[level].kind != "group":
        return np.array([index.label(level, row) for row in range(index.size(level))], dtype=object)
    key = index.key_level(level)
    names = [index.label(key, row) for row in range(index.size(key))]
    return np.array([*names, "unknown"], dtype=object)[np.maximum(index.edge(level, key), -1)]
