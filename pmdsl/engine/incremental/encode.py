"""Encodes a scope, for one trade or for an account with all of its rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import prod

import numpy as np

from pmdsl.engine.incremental.market import Market
from pmdsl.engine.incremental.records import ELEMENTWISE, HEAD, WIDTH, Code, Constant, Do
from pmdsl.engine.incremental.scope import FOLDS
from pmdsl.engine.incremental.smooth import is_sum
from pmdsl.engine.netting import QUANTITY
from pmdsl.engine.words import Codes
from pmdsl.plan.nodes import Node


class CannotEncodeError(Exception):
    """A node has no record."""


def code_of(
    market: Market, sizes: Callable[[str], int], edges: Callable[[str, str], Codes] | None
) -> Code | None:
    """The code of a scope for levels of some sizes; `edges` of the runs of members, None for one trade.

    None where something has no record.
    """
    if market.nothing or market.scope.columns - {QUANTITY}:
        return None
    try:
        return _Encoder(market, sizes, edges).code()
    except CannotEncodeError:
        return None


@dataclass(frozen=True)
class _Place:
    """Where a value stands, its rows and points; constants count from their own beginning."""

    at: int
    rows: int
    points: int
    constant: bool = False


class _Encoder:
    """Encodes one scope."""

    def __init__(
        self, market: Market, sizes: Callable[[str], int], edges: Callable[[str, str], Codes] | None
    ) -> None:
        self.market, self.scope, self.plan = market, market.scope, market.plan
        self.sizes, self.edges = sizes, edges
        self.places: dict[int, _Place] = {}
        self.records: list[list[int]] = []
        self.tails: list[Codes] = []
        self.tail = 0
        self.space = sizes("position")
        self.constants: list[Constant] = []
        self.room = 0
        self.late: dict[int, tuple[int, int]] = {}

    def code(self) -> Code:
        for number in self.scope.moved:
            self._write(number, self.plan.nodes[number])
        results = [self._read(target) for target in self.scope.targets]
        if any(place.constant or place.points != 1 for place in results):
            raise CannotEncodeError
        records = np.array(self.records, dtype=np.int64).reshape(-1, WIDTH)
        for record in records:
            self._settle(record, len(records) * WIDTH + HEAD)
        end = HEAD + records.size + self.tail
        head = np.array([len(records), self.space, end], dtype=np.int64)
        program = np.concatenate([head, records.ravel(), *self.tails]).astype(np.int64)
        return Code(program, tuple(self.constants), tuple(p.at for p in results))

    def _settle(self, record: Codes, behind: int) -> None:
        """Constants behind the values, and edges of runs behind the records."""
        for k in range(4, WIDTH, 3):
            if record[k] < 0:
                record[k] = self.space - record[k] - 1
        if record[0] in (Do.SUM, Do.WEIGHED):
            record[7] += behind

    def _points(self, node: Node) -> int:
        return prod(self.market.job.world.axes[axis].size for axis in node.axes)

    def _new(self, rows: int, points: int) -> _Place:
        self.space += rows * points
        return _Place(self.space - rows * points, rows, points)

    def _read(self, number: int) -> _Place:
        """Where a value stands; one that was left to a sum is worked out now."""
        if number in self.late:
            rows, weight = self.late.pop(number)
            self.places[number] = self._elementwise(Do.MUL, self.plan.nodes[number], (rows, weight))
        if number not in self.places:
            node = self.plan.nodes[number]
            if number in self.scope.moved or node.base not in ("number", "bool", "date"):
                raise CannotEncodeError
            self.places[number] = self._constant(Constant(number), node.level, self._points(node))
        return self.places[number]

    def _constant(self, constant: Constant, level: str, points: int) -> _Place:
        rows = self.sizes(level) if level else 1
        self.constants.append(constant)
        self.room += rows * points
        return _Place(self.room - rows * points, rows, points, constant=True)

    def _record(self, do: Do, out: _Place, operands: list[_Place], tail: int = 0) -> _Place:
        """A record; a value of fewer rows or points stands for all of them."""
        record = [int(do), out.at, out.rows, out.points]
        for place in operands:
            down = 0 if place.rows == 1 else place.points
            along = 0 if place.points == 1 else 1
            record += [-place.at - 1 if place.constant else place.at, down, along]
        record += [0] * (WIDTH - len(record))
        if do in (Do.SUM, Do.WEIGHED):
            record[7] = tail
        self.records.append(record)
        return out

    def _elementwise(self, do: Do, node: Node, inputs: tuple[int, ...]) -> _Place:
        operands = [self._read(i) for i in inputs]
        return self._record(do, self._new(self.sizes(node.level), self._points(node)), operands)

    def _write(self, number: int, node: Node) -> None:
        call = self.market.locals[number]
        if node.op == "input":
            if node.inputs:
                raise CannotEncodeError
            self.places[number] = _Place(0, self.sizes("position"), 1)
        elif node.op == "down" or (len(call.inputs) == 1 and len(node.inputs) > 1):
            self._same(number, call.inputs[0][0])
        elif node.op in FOLDS:
            self._fold(number, node)
        elif node.op == "fold_over":
            self._over(number, node)
        elif node.op == "mul" and self._weighs(number, node):
            return
        elif node.op in ELEMENTWISE and (len(node.inputs) == 2 or node.op in ("neg", "abs", "not", "if")):
            self.places[number] = self._elementwise(ELEMENTWISE[node.op], node, node.inputs)
        else:
            raise CannotEncodeError

    def _same(self, number: int, other: int) -> None:
        if other in self.late and self.market.reads[number] == 1:
            self.late[number] = self.late.pop(other)
            return
        place = self._read(other)
        if (place.rows, place.points) != (
            self.sizes(self.plan.nodes[number].level),
            self._points(self.plan.nodes[number]),
        ):
            raise CannotEncodeError
        self.places[number] = place

    def _weighs(self, number: int, node: Node) -> bool:
        """Leave a product of fixed rows and one number each to the sum that reads it alone."""
        for rows, weight in (node.inputs, node.inputs[::-1]):
            wide, other = self.plan.nodes[rows], self.plan.nodes[weight]
            fits = rows in self.scope.fixed and wide.axes == node.axes and not other.axes
            alone = weight in self.scope.moved and self.market.reads[number] == 1
            if fits and node.axes and alone and self.edges:
                self.late[number] = (rows, weight)
                return True
        return False

    def _over(self, number: int, node: Node) -> None:
        x = self._read(node.inputs[0])
        if (
            node.params["kind"] != "worst"
            or len(node.inputs) > 1
            or len(self.plan.nodes[node.inputs[0]].axes) != 1
        ):
            raise CannotEncodeError
        out = self._new(x.rows, 1)
        # The record says how many points are read, of which one number comes.
        self._record(Do.WORST, _Place(out.at, x.rows, x.points), [x])
        self.places[number] = out

    def _fold(self, number: int, node: Node) -> None:
        if not is_sum(node) or (node.op == "net_into" and len(node.inputs) > 2):
            raise CannotEncodeError
        fine, first, points = self.market.folded[number], node.inputs[0], self._points(node)
        if self._points(self.plan.nodes[first]) != points or self.plan.nodes[first].level != fine:
            raise CannotEncodeError
        if first in self.late:
            rows, weight = (self._read(i) for i in self.late.pop(first))
            self.places[number] = self._run_sum(node, fine, Do.WEIGHED, [rows, rows, weight])
            return
        share = self._read(first)
        if node.op == "net_into" or node.params.get("where"):
            do = Do.NET if node.op == "net_into" else Do.SOME
            share = self._record(do, self._new(share.rows, points), [share, self._read(node.inputs[1])])
        if self.edges is None:
            rest = self._constant(Constant(number, rest=True), node.level, points)
            self.places[number] = self._record(Do.ADD, self._new(1, points), [rest, share])
        else:
            self.places[number] = self._run_sum(node, fine, Do.SUM, [share])

    def _run_sum(self, node: Node, fine: str, do: Do, operands: list[_Place]) -> _Place:
        assert self.edges is not None
        edges, at = self.edges(fine, node.level), self.tail
        self.tails.append(edges)
        self.tail += len(edges)
        out = self._new(self.sizes(node.level), self._points(node))
        return self._record(do, out, operands, tail=at)
