"""What a plan answers for each account: arrays first, decimals and messages when one account is looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from pmdsl.diagnostics import Finding, Findings
from pmdsl.engine.binding import Bind, BindColumns, of_account, of_all
from pmdsl.engine.blame import culprit
from pmdsl.engine.complaints import complaint
from pmdsl.engine.index import said
from pmdsl.engine.job import Run
from pmdsl.engine.kernels.site import bad
from pmdsl.engine.notes import floored
from pmdsl.engine.rounding import as_rounded, money
from pmdsl.engine.trace import Trace, trace
from pmdsl.plan.nodes import Output, Plan

if TYPE_CHECKING:
    from pmdsl.engine.bound import Bound

Value = Decimal | float | str | bool | None


@dataclass(frozen=True)
class Alert:
    """An alert that is raised."""

    name: str
    severity: str
    message: str


@dataclass(frozen=True)
class AccountAnswer:
    """Everything about one account. A requirement that could not be had is None, and `messages` say why."""

    account: str
    requirements: Mapping[str, Decimal | None]
    reports: Mapping[str, Any]
    eligible: Mapping[str, bool | None]
    alerts: tuple[Alert, ...]
    messages: tuple[Finding, ...]


@dataclass(eq=False)
class Answer:
    """The answer for all accounts of some holdings. `values[k]` belongs to output k of the plan.

    Values of account outputs have shape (accounts,) or (accounts, sides); others the rows of their level.
    """

    bound: Bound
    run: Run
    values: Mapping[int, Any]
    memory: dict[Any, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<Answer of {self.size} accounts by {self.bound}>"

    @property
    def plan(self) -> Plan:
        return self.bound.plan

    @property
    def findings(self) -> Findings:
        """What is wrong with the book as a whole, as the plan reads it."""
        return Findings([*self.bound.findings, *self.run.findings])

    @cached_property
    def accounts(self) -> tuple[str, ...]:
        """The ids of the accounts in the order of the book."""
        return tuple(self.run.index.levels["account"].names[:])

    @property
    def size(self) -> int:
        """How many accounts there are."""
        return self.run.index.size("account")

    @cached_property
    def row_of(self) -> Mapping[str, int]:
        """The row of each account by its id."""
        return self.run.index.levels["account"].ids

    def amounts(self, name: str, kind: str = "requirement") -> Any:
        """The unrounded values of an output, NaN where it could not be had. Shape (accounts, ...)."""
        return self.values[self.bound.numbers[kind, name]]

    def outputs(self, kind: str) -> list[tuple[int, Output]]:
        """The outputs of a kind with their numbers, in the order of the plan."""
        return [(k, out) for k, out in enumerate(self.plan.outputs) if out.kind == kind]

    def requirements(self, account: str) -> dict[str, Decimal | None]:
        """The requirements of an account, rounded; one with sides has an entry `NAME.SIDE` for each."""
        row = self.row_of[account]
        found: dict[str, Decimal | None] = {}
        for number, out in self.outputs("requirement"):
            for name, value in self._sides(out, self.values[number][row]):
                found[name] = self.rounded(out.node, value)
        return found

    def rounded(self, node: int, value: float) -> Decimal | None:
        """An amount of money as the rule set rounds it, or half up to the minor unit where it does not."""
        if np.isnan(value):
            return None
        convert = as_rounded if self.plan.nodes[node].op == "round" else money
        return convert(float(value), self.plan.currency)

    def _sides(self, out: Output, value: Any) -> Sequence[tuple[str, float]]:
        if not out.by:
            return [(out.name, value)]
        names = self.bound.world.axes[out.by].names
        return [(f"{out.name}.{name}", side) for name, side in zip(names, value, strict=True)]

    def reports(self, account: str) -> dict[str, Any]:
        """The reports of an account: a value, or a mapping from the names of rows of a finer level."""
        return {out.name: self._report(k, out, account) for k, out in self.outputs("report")}

    def _report(self, number: int, out: Output, account: str) -> Any:
        node, row, index = self.plan.nodes[out.node], self.row_of[account], self.run.index
        values = self.values[number]
        if node.level in ("", "account"):
            return self._shown(out, values[row if node.level else 0])
        rows = index.rows_of(row, node.level).tolist()
        return {index.label(node.level, r): self._shown(out, values[r]) for r in rows}

    def _shown(self, out: Output, value: Any) -> Any:
        node = self.plan.nodes[out.node]
        if node.axes:
            names = self.bound.world.axes[node.axes[0]].names
            return {name: self._plain(out, cell) for name, cell in zip(names, value, strict=True)}
        return self._plain(out, value)

    def _plain(self, out: Output, value: Any) -> Value:
        node = self.plan.nodes[out.node]
        if node.base == "point":
            axis = node.unit if node.unit in self.plan.axes else ""
            return self.bound.world.axes[axis].names[int(value)] if axis and value >= 0 else None
        if node.base in ("text", "row"):
            return said(self.run.index, value, "text") if value >= 0 else None
        if np.isnan(value):
            return None
        if node.base == "number":
            return self.rounded(out.node, value) if node.unit == "money" else float(value)
        return bool(value) if node.base == "bool" else said(self.run.index, value, node.base)

    def eligible(self, account: str) -> dict[str, bool | None]:
        """Whether each named condition holds; None where its inputs were not given."""
        row = self.row_of[account]
        found = {out.name: self.values[k][row] for k, out in self.outputs("eligible")}
        return {name: None if np.isnan(value) else bool(value) for name, value in found.items()}

    def alerts(self, account: str) -> tuple[Alert, ...]:
        """The alerts that are raised for an account."""
        row = self.row_of[account]
        raised = [out for k, out in self.outputs("alert") if self.values[k][row] == 1]
        return tuple(Alert(out.name, out.severity, out.message) for out in raised)

    def binding(self, account: str) -> dict[str, tuple[Bind, ...]]:
        """What bound each requirement of an account, the parts that count only; worked out when asked."""
        run, row = self._bound_run(), self.row_of[account]
        return of_account(self.plan, self.bound.world, run, row)

    def bindings(self, name: str) -> tuple[BindColumns, ...]:
        """What bound a requirement of all accounts, one table of columns for each of its parts."""
        out = next(out for _, out in self.outputs("requirement") if out.name == name)
        return of_all(out, self.bound.world, self._bound_run())

    def _bound_run(self) -> Run:
        """The run that has the nodes of all bindings."""
        parts = [b for _, out in self.outputs("requirement") for b in out.binding]
        targets = {node for b in parts for node in (b.amount, b.by, b.active) if node >= 0}
        return self._again(tuple(sorted(targets)))

    @property
    def _targets(self) -> tuple[int, ...]:
        return tuple(out.node for out in self.plan.outputs)

    def _again(self, targets: tuple[int, ...], keep: bool = False) -> Run:
        """A run of the same holdings for other nodes; made once."""
        if (targets, keep) not in self.memory:
            self.memory[targets, keep] = self.bound.again(self.run, targets, keep)
        found: Run = self.memory[targets, keep]
        return found

    def failed(self) -> Any:
        """Whether some requirement or report of each account could not be had. Shape (accounts,)."""
        found = np.zeros(self.size, dtype=bool)
        for kind in ("requirement", "report"):
            for number, out in self.outputs(kind):
                found |= self._poisoned(number, out)
        return found

    def _poisoned(self, number: int, out: Output) -> Any:
        """The accounts of which some cell of an output is poison; worked out once. Shape (accounts,)."""
        if ("poisoned", number) not in self.memory:
            self.memory["poisoned", number] = self._find_poison(number, out)
        return self.memory["poisoned", number]

    def _find_poison(self, number: int, out: Output) -> Any:
        values, level, index = self.values[number], self.plan.nodes[out.node].level, self.run.index
        rows = bad(values).any(axis=tuple(range(1, values.ndim)))
        if level == "" or not rows.any():
            return np.full(self.size, rows.any())
        if not index.owned(level):
            base = index.base_of(level)
            if base is None:
                return np.full(self.size, rows.any())
            above = index.parent(base, level)
            level, rows = base, (above >= 0) & rows[np.maximum(above, 0)]
        accounts = index.parent(level, "account")
        return np.bincount(accounts[rows], minlength=self.size) > 0

    def messages(self, account: str) -> tuple[Finding, ...]:
        """Why outputs of an account could not be had, and what else is to be said; worked out when asked."""
        row = self.row_of[account]
        findings = Findings()
        for number, out in (*self.outputs("requirement"), *self.outputs("report")):
            if self._poisoned(number, out)[row]:
                findings.extend(self._reasons(out.node, row))
        findings.extend(floored(self.bound.world, self.run, row))
        return tuple(findings)

    def _reasons(self, node: int, row: int) -> list[Finding]:
        """One finding for each poisoned row of an output in an account."""
        scene, level = self.trace(row).scene, self.plan.nodes[node].level
        mine = self.run.index.rows_of(row, level) - scene.block.span(level)[0]
        found = []
        for at in scene.poison(node, scene.everything(node)).rows.tolist():
            if at not in mine:
                continue
            cell = (
                tuple(int(i) for i in np.argwhere(bad(scene.values[node][at]))[0])
                if scene.values[node].ndim > 1
                else ()
            )
            found.append(complaint(scene, culprit(scene, node, at, cell)))
        return found

    def trace(self, account: str | int) -> Trace:
        """One account with the value of every node that its outputs need; the last one asked for is kept."""
        row = self.row_of[account] if isinstance(account, str) else account
        found: Trace | None = self.memory.get("trace")
        if found is None or found.account != row:
            found = trace(self.bound.world, self._again(self._targets, True), row)
            self.memory["trace"] = found
        return found

    def account(self, account: str) -> AccountAnswer:
        """Everything about one account."""
        return AccountAnswer(
            account,
            self.requirements(account),
            self.reports(account),
            self.eligible(account),
            self.alerts(account),
            self.messages(account),
        )
