"""Writes the calls that work out an account for other quantities of its positions."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from pmdsl.engine.incremental.account import Account
from pmdsl.engine.incremental.calls import Local
from pmdsl.engine.incremental.light_ops import Op, Slots
from pmdsl.engine.incremental.replay import Replay
from pmdsl.engine.incremental.scope import FOLDS
from pmdsl.engine.incremental.smooth import is_sum
from pmdsl.engine.kernels import MAKERS
from pmdsl.engine.kernels.site import Site, filled
from pmdsl.engine.netting import QUANTITY
from pmdsl.plan.nodes import Node

PLAIN: Mapping[str, np.ufunc] = {
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "neg": np.negative,
    "abs": np.abs,
    "min": np.minimum,
    "max": np.maximum,
}


def replay(account: Account) -> Replay | None:
    """The calls for an account; None where its plan is not followed."""
    return None if account.why_not else _Writer(account).written()


class _Writer:
    """Writes the calls for one account."""

    def __init__(self, account: Account) -> None:
        self.account, self.market = account, account.market
        self.scope, self.plan = account.market.scope, account.market.plan
        self.block = account.run.block(0)
        self.reads = dict(self.market.reads)
        self.alias: dict[int, int] = {}
        self.late: dict[int, tuple[int, int]] = {}
        self.ops: list[Op] = []
        self.quiet = True

    def written(self) -> Replay:
        quantity: list[int] = []
        kept: set[int] = set()
        for number in self.scope.moved:
            node = self.plan.nodes[number]
            if node.op != "input":
                self._write(number, node)
            elif node.params["column"] == QUANTITY:
                quantity.append(number)
            else:
                kept.add(number)
        moved = {*self.scope.moved} - kept
        base = [None if n in moved else self.account.values[n] for n in range(len(self.plan.nodes))]
        for number, other in self.alias.items():
            base[number] = base[other]
        return Replay(self.account, base, tuple(quantity), tuple(self.ops), self.quiet)

    def _write(self, number: int, node: Node) -> None:
        call = self.market.locals[number]
        if len(call.inputs) == 1 and len(node.inputs) > 1:
            self._same(number, call.inputs[0][0])
        elif node.op == "mul" and self._weighs(number, node):
            return
        elif is_sum(node) and len(node.axes) == 1 and not node.params.get("where") and len(node.inputs) < 3:
            self._sum_of_rows(number, node, call)
        elif is_sum(node) and node.op == "fold_into" and not node.axes and len(node.inputs) == 1:
            self._sum_of_numbers(number, node)
        elif node.op in PLAIN and all(shape is None for _, shape in call.inputs):
            self._plain(number, node)
        elif node.op == "fold_over" and node.params["kind"] == "worst" and len(node.inputs) == 1:
            self._worst(number, node)
        else:
            self._kernel(number, node, call)

    def _plain(self, number: int, node: Node) -> None:
        """An operation that numpy has."""
        function, inputs = PLAIN[node.op], [self._read(i) for i in node.inputs]
        if len(inputs) == 1:
            (a,) = inputs

            def one(v: Slots) -> None:
                v[number] = function(v[a])

            self.ops.append(one)
        elif len(inputs) == 2:
            a, b = inputs

            def two(v: Slots) -> None:
                v[number] = function(v[a], v[b])

            self.ops.append(two)
        else:
            self._kernel(number, node, self.market.locals[number])

    def _worst(self, number: int, node: Node) -> None:
        x = self._read(node.inputs[0])
        if len(self.plan.nodes[node.inputs[0]].axes) != 1:
            self._kernel(number, node, self.market.locals[number])
            return

        def run(v: Slots) -> None:
            v[number] = -np.minimum.reduce(v[x], axis=1, initial=0.0)

        self.ops.append(run)

    def _read(self, number: int) -> int:
        """The slot of an input; a product that no sum has taken in is worked out now."""
        number = self.alias.get(number, number)
        if number in self.late:
            rows, weight = self.late.pop(number)

            def run(v: Slots) -> None:
                v[number] = v[rows] * v[weight][:, None]

            self.ops.append(run)
        return number

    def _same(self, number: int, other: int) -> None:
        """A node that is another one, in as many rows and at as many points."""
        other = self.alias.get(other, other)
        node, seen = self.plan.nodes[number], self.plan.nodes[other]
        if (
            other not in self.scope.moved
            or number in self.scope.targets
            or (seen.level, seen.axes) != (node.level, node.axes)
        ):
            self._kernel(number, node, self.market.locals[number])
            return
        self.alias[number] = other
        self.reads[other] += self.reads[number] - 1

    def _weighs(self, number: int, node: Node) -> bool:
        """Whether a product is of rows that stay and of one number for each, and one sum alone reads it."""
        for rows, weight in (node.inputs, node.inputs[::-1]):
            wide, number_ = self.plan.nodes[rows], self.plan.nodes[weight]
            moved = weight in self.scope.moved and number_.level == node.level
            if (
                rows in self.scope.fixed
                and wide.axes == node.axes
                and len(node.axes) == 1
                and moved
                and not number_.axes
            ):
                self.late[number] = (rows, self._read(weight))
                if self.reads[number] > 1:
                    self._read(number)
                return True
        return False

    def _sum_of_rows(self, number: int, node: Node, call: Local) -> None:
        """A sum over members as a sparse product, which adds the members of a group in their order."""
        fine = self.scope.folded(number)
        first = self.alias.get(node.inputs[0], node.inputs[0])
        size, groups = self.account.size(fine), self.account.size(node.level)
        if self.plan.nodes[first].level != fine or not size:
            self._kernel(number, node, call)
            return
        edges = self.account.edges(fine, node.level).astype(np.int32)
        columns = np.arange(size, dtype=np.int32)
        # One row a group with its members.
        members = csr_array((np.ones(size), columns, edges), shape=(groups, size))
        if node.op == "net_into":
            self._net(number, node, call, members)
        elif first in self.late:
            rows, weight = self.late.pop(first)
            table, turn = np.ascontiguousarray(self.account.values[rows]), Lock()

            def weighed(v: Slots) -> None:
                with turn:
                    members.data[:] = v[weight]
                    v[number] = members @ table

            self.ops.append(weighed)
        else:
            x = self._read(first)

            def added(v: Slots) -> None:
                v[number] = members @ v[x]

            self.ops.append(added)

    def _net(self, number: int, node: Node, call: Local, members: Any) -> None:
        (x, _), (credit, shape) = call.inputs
        x = self._read(x)
        if credit in self.scope.moved:
            self._kernel(number, node, call)
            return
        share = self.account.values[credit]
        share = share if shape is None else share[shape]
        single = self.account.size(self.scope.folded(number)) == self.account.size(node.level)
        # Where only a part of a gain is credited, the smaller of both is what counts.
        if single and ((share >= 0.0) & (share <= 1.0)).all():

            def run(v: Slots) -> None:
                v[number] = np.minimum(v[x], share * v[x])

        elif ((share >= 0.0) & (share <= 1.0)).all():

            def run(v: Slots) -> None:
                v[number] = members @ np.minimum(v[x], share * v[x])

        else:

            def run(v: Slots) -> None:
                v[number] = members @ (np.minimum(v[x], 0.0) + share * np.maximum(v[x], 0.0))

        self.ops.append(run)

    def _sum_of_numbers(self, number: int, node: Node) -> None:
        fine = self.scope.folded(number)
        x, size = self._read(node.inputs[0]), self.account.size(fine)
        groups = np.ascontiguousarray(self.account.parent(fine, node.level))
        least = self.account.size(node.level)

        def run(v: Slots) -> None:
            v[number] = np.bincount(groups, filled(v[x], size), least)

        self.ops.append(run)

    def _kernel(self, number: int, node: Node, call: Local) -> None:
        """Any other operation by its kernel."""
        self.quiet = False
        inputs = tuple((self._read(i), shape) for i, shape in call.inputs)
        block, kernel = self.block, call.kernel
        if node.op in FOLDS or (kernel is None and node.op == "down"):
            kernel = MAKERS[node.op](Site.of(self.market.job.world, node))
        assert kernel is not None
        shape = (self.account.size(node.level), *call.axes)

        def run(v: Slots) -> None:
            found = kernel(block, [v[i] if r is None else v[i][r] for i, r in inputs])
            v[number] = found if found.shape == shape else np.broadcast_to(found, shape)

        self.ops.append(run)
