"""A scope as operations of plain Python: every value gets a slot, every node its operation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import prod
from typing import Any

from pmdsl.engine.incremental import light_ops as ops
from pmdsl.engine.incremental import light_points as over
from pmdsl.engine.incremental.light_ops import Op
from pmdsl.engine.incremental.market import Market
from pmdsl.engine.incremental.scope import FOLDS, NotFollowedError
from pmdsl.engine.incremental.smooth import is_sum, smooth_folds
from pmdsl.engine.netting import QUANTITY, TRADE_PRICE
from pmdsl.plan.nodes import Node

# Beyond this many points arrays are quicker than lists.
POINTS = 40
# The first slots: what is held of the instrument after the trade, and what was paid in it.
HELD, PAID, FIRST = 0, 1, 2


@dataclass(frozen=True, eq=False)
class Program:
    """Operations in running order and the slots they use; the first two are those of the trade.

    `fixed` are the slots of what the instrument decides, `constant` of what the market or the account does,
    `rests` of what is left of a group without one member, by the number of the sum. `sums` are those of sums,
    `weighed` pairs of rows and their weight that enter sums unseen, `results` those of the outputs. `zipped`
    are slots that hold others point by point. `records` keeps the fixed values of instruments as numbers.
    """

    market: Market
    ops: tuple[Op, ...]
    size: int
    fixed: Mapping[int, int]
    constant: Mapping[int, int]
    rests: Mapping[int, int]
    results: tuple[int, ...]
    sums: tuple[int, ...]
    weighed: tuple[tuple[int, int], ...]
    zipped: tuple[tuple[int, tuple[int, ...]], ...]
    records: dict[int, list[tuple[int, Any]]] = field(default_factory=dict)

    def record(self, instrument: int) -> list[tuple[int, Any]]:
        """The slots that an instrument fills, with their values; made once."""
        found = self.records.get(instrument)
        if found is None:
            values = ((slot, self.market.fixed[n][instrument]) for n, slot in self.fixed.items())
            found = self.records[instrument] = [(slot, value.tolist()) for slot, value in values]
        return found


def program(market: Market) -> Program | None:
    """The program of a scope; None where an operation, an axis or a sum has no form in plain Python."""
    if market.nothing or market.scope.columns - {QUANTITY, TRADE_PRICE}:
        return None
    try:
        return _Writer(market).written()
    except NotFollowedError:
        return None


@dataclass(frozen=True)
class _Chain:
    """Rows by their weight, summed with the first of `rests` and netted into others: not yet worked out."""

    rows: int
    weight: int
    rests: tuple[int, ...] = ()
    credits: tuple[int, ...] = ()

    def longer(self, rest: int, *credit: int) -> _Chain:
        return _Chain(self.rows, self.weight, (*self.rests, rest), (*self.credits, *credit))


class _Writer:
    """Writes the program of one scope."""

    def __init__(self, market: Market) -> None:
        self.market, self.scope, self.plan = market, market.scope, market.plan
        self.slots: dict[int, int] = {}
        self.rests: dict[int, int] = {}
        self.late: dict[int, _Chain] = {}
        self.next = 0
        self.ops: list[Op] = []
        self.sums: list[int] = []
        self.weighed: list[tuple[int, int]] = []
        self.zipped: list[tuple[int, tuple[int, ...]]] = []
        self.smooth = smooth_folds(self.scope)

    def written(self) -> Program:
        self.next = FIRST
        for number in self.scope.moved:
            self._write(number)
        results = tuple(self._read(t) for t in self.scope.targets)
        fixed = {n: slot for n, slot in self.slots.items() if n in self.market.fixed}
        moved = {*self.scope.moved}
        constant = {n: slot for n, slot in self.slots.items() if n not in fixed and n not in moved}
        return Program(
            self.market,
            tuple(self.ops),
            self.next,
            fixed,
            constant,
            self.rests,
            results,
            tuple(self.sums),
            tuple(self.weighed),
            tuple(self.zipped),
        )

    def _new(self) -> int:
        self.next += 1
        return self.next - 1

    def _add(self, make: Callable[[int], Op]) -> int:
        """The slot of a new operation."""
        slot = self._new()
        self.ops.append(make(slot))
        return slot

    def _read(self, number: int) -> int:
        """The slot of a value: worked out, or in the template. What waited is worked out now."""
        if number in self.late:
            self.slots[number] = self._spelt_out(self.late.pop(number))
        if number not in self.slots:
            self._wide(self.plan.nodes[number])
            self.slots[number] = self._new()
        return self.slots[number]

    def _spelt_out(self, chain: _Chain) -> int:
        """A chain as operations of their own."""
        if not chain.rests:
            return self._add(lambda o: over.scaled(o, chain.rows, chain.weight))
        first, *others = chain.rests
        at = self._add(lambda o: over.join_weighed(o, first, chain.rows, chain.weight))
        self.sums.append(at)
        for rest, credit in zip(others, chain.credits, strict=True):
            at = self._add(lambda o, a=at, r=rest, c=credit: over.join_net(o, r, a, c))  # type: ignore[misc]
            self.sums.append(at)
        return at

    def _wide(self, node: Node) -> bool:
        """Whether a value is a list over points."""
        sizes = [self.market.job.world.axes[axis].size for axis in node.axes]
        if len(sizes) > 1 or prod(sizes) > POINTS:
            raise NotFollowedError("values of many points")
        return bool(sizes)

    def _write(self, number: int) -> None:
        node, call = self.plan.nodes[number], self.market.locals[number]
        if node.op == "input":
            self._column(number, node)
        elif node.op == "down" or (len(call.inputs) == 1 and len(node.inputs) > 1):
            self._alias(number, call.inputs[0][0])
        elif node.op in FOLDS:
            self._sum(number, node)
        elif node.op == "fold_over":
            self._over(number, node)
        else:
            self._elementwise(number, node)

    def _column(self, number: int, node: Node) -> None:
        """What is held after the trade, or what was paid in it."""
        slot = HELD if node.params["column"] == QUANTITY else PAID
        if not node.inputs:
            self.slots[number] = slot
        else:
            default = self._read(node.inputs[0])
            self.slots[number] = self._add(lambda o: ops.given(o, slot, default))

    def _alias(self, number: int, other: int) -> None:
        """A node that is another one."""
        if self._wide(self.plan.nodes[number]) != self._wide(self.plan.nodes[other]):
            raise NotFollowedError("a value that is spread over points")
        if other in self.late:
            self._wait(number, self.late.pop(other))
        else:
            self.slots[number] = self._read(other)

    def _wait(self, number: int, chain: _Chain) -> None:
        """Leave a value that one node alone reads to that node."""
        self.late[number] = chain
        if self.market.reads[number] != 1 or number in self.scope.targets:
            self._read(number)

    # ---- folds ---------------------------------------------------------------------------------------------

    def _sum(self, number: int, node: Node) -> None:
        if not is_sum(node) or number not in self.smooth:
            raise NotFollowedError("a fold that is not a sum")
        if self._wide(node) != self._wide(self.plan.nodes[node.inputs[0]]):
            raise NotFollowedError("a value that is spread over points")
        rest = self.rests[number] = self._new()
        if node.op == "net_into":
            self._net(number, node, rest)
        elif node.params.get("where"):
            self._some(number, node, rest)
        elif node.inputs[0] in self.late and not self.late[node.inputs[0]].rests:
            self._wait(number, self.late.pop(node.inputs[0]).longer(rest))
        else:
            a = self._read(node.inputs[0])
            make = over.join_rows if self._wide(node) else ops.join
            self._summed(number, lambda o: make(o, rest, a))

    def _net(self, number: int, node: Node, rest: int) -> None:
        if len(node.inputs) > 2 or not self._wide(node) or self._wide(self.plan.nodes[node.inputs[1]]):
            raise NotFollowedError("net of another shape")
        first, credit = node.inputs[0], self._read(node.inputs[1])
        if first in self.late and self.late[first].rests:
            self._wait(number, self.late.pop(first).longer(rest, credit))
        else:
            a = self._read(first)
            self._summed(number, lambda o: over.join_net(o, rest, a, credit))

    def _some(self, number: int, node: Node, rest: int) -> None:
        if self._wide(node):
            raise NotFollowedError("members that count at some points")
        a, where = (self._read(i) for i in node.inputs[:2])
        self._summed(number, lambda o: ops.join_where(o, rest, a, where))

    def _summed(self, number: int, make: Callable[[int], Op]) -> None:
        self.slots[number] = self._add(make)
        self.sums.append(self.slots[number])

    def _over(self, number: int, node: Node) -> None:
        kind, x = node.params["kind"], node.inputs[0]
        if kind not in over.OVER or len(node.inputs) > 1 or not self._wide(self.plan.nodes[x]):
            raise NotFollowedError("another fold over points")
        chain = self.late.get(x)
        if kind == "worst" and chain is not None and 0 < len(chain.rests) <= len(over.WORST_OF):
            self.slots[number] = self._worst_of(self.late.pop(x))
        else:
            a = self._read(x)
            self.slots[number] = self._add(lambda o: over.OVER[kind](o, a))

    def _worst_of(self, chain: _Chain) -> int:
        """The worst of a chain in one operation, over points that are put together once."""
        points = self._new()
        first, *others = chain.rests
        self.zipped.append((points, (first, chain.rows, *others)))
        self.weighed.append((chain.rows, chain.weight))
        make = over.WORST_OF[len(chain.rests) - 1]
        return self._add(lambda o: make(o, points, chain.weight, *chain.credits))

    # ---- one row at a time ---------------------------------------------------------------------------------

    def _elementwise(self, number: int, node: Node) -> None:
        read = [self.plan.nodes[i] for i in node.inputs]
        if any(n.base not in ("number", "bool", "date") for n in (node, *read)):
            raise NotFollowedError("words")
        wide = [self._wide(n) for n in read]
        if not self._wide(node) and not any(wide):
            self.slots[number] = self._scalar(node)
        elif node.op == "neg":
            a = self._read(node.inputs[0])
            self.slots[number] = self._add(lambda o: over.negated(o, a))
        elif node.op in over.VECTOR and len(read) == 2:
            self._rows(number, node, wide)
        else:
            raise NotFollowedError(f"`{node.op}` over points")

    def _scalar(self, node: Node) -> int:
        make = ops.SCALAR.get(node.op)
        if make is None:
            raise NotFollowedError(f"the operation `{node.op}`")
        slots = [self._read(i) for i in node.inputs]
        while node.op in ("min", "max") and len(slots) > 2:
            first, second, *others = slots
            slots = [self._add(lambda o, a=first, b=second: make(o, a, b)), *others]  # type: ignore[misc]
        if node.op in ("min", "max") and len(slots) == 1:
            return slots[0]
        return self._add(lambda o: make(o, *slots))

    def _rows(self, number: int, node: Node, wide: list[bool]) -> None:
        a, b = (self._read(i) for i in node.inputs)
        if node.op == "mul" and wide[0] != wide[1]:
            rows = node.inputs[0 if wide[0] else 1]
            if rows in self.market.fixed:
                self._wait(number, _Chain(*((a, b) if wide[0] else (b, a))))
                return
        self.slots[number] = self._add(lambda o: over.VECTOR[node.op](o, a, b, *wide))
