"""One trade in one account in plain Python: a fixed list of operations over a copy of a template of slots."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from math import nan
from typing import Any

from pmdsl.engine.incremental.account import Account
from pmdsl.engine.incremental.light_ops import Slots
from pmdsl.engine.incremental.light_program import Program
from pmdsl.engine.incremental.scope import ACCOUNT, POSITION

# More contracts than this take another way, which looks at every value for overflow.
CONTRACTS = 1e12


@dataclass(frozen=True, eq=False)
class Light:
    """A program with the numbers of one account. `templates` keeps the slots of each instrument traded.

    Trades in the instruments of `apart` take another way.
    """

    program: Program
    account: Account
    base: Slots
    apart: frozenset[int]
    templates: dict[int, Slots | None] = field(default_factory=dict)

    @property
    def results(self) -> tuple[int, ...]:
        """The slots of the outputs."""
        return self.program.results

    def after(self, instrument: int, quantity: float, price: float | None = None) -> Slots | None:
        """All slots after a trade; None where it takes another way."""
        try:
            template = self.templates[instrument]
        except KeyError:
            template = self.templates[instrument] = self._template(instrument)
        if template is None:
            return None
        v = template[:]
        v[0] = held = v[0] + quantity
        if price is not None:
            v[1] = price
        if not -CONTRACTS < held < CONTRACTS:
            return None
        for op in self.program.ops:
            op(v)
        return v

    def magnitude(self, slots: Slots) -> float:
        """The sizes of what a trade's operations added up, regardless of signs."""
        program = self.program
        found = sum(_size(slots[slot]) for slot in program.sums)
        return found + sum(_size(slots[rows]) * _size(slots[weight]) for rows, weight in program.weighed)

    def _template(self, instrument: int) -> Slots | None:
        program, account = self.program, self.account
        market = program.market
        if instrument in self.apart or not (market.usable[instrument] and market.tame[instrument]):
            return None
        found = self.base[:]
        for slot, value in program.record(instrument):
            found[slot] = value
        at = account.position_of.get(instrument)
        rows = {POSITION: account.size(POSITION) if at is None else at, ACCOUNT: 0}
        for name, keys in market.keys.items():
            groups = account.group_of[name]
            rows[name] = groups.get(int(keys[instrument]), len(groups))
        for slot, table, fine, members, coarse in self.tables:
            row = rows[fine]
            found[slot] = table[row if row < members else members + rows[coarse]].tolist()
        for slot, others in program.zipped:
            found[slot] = list(zip(*[found[other] for other in others], strict=True))
        found[0] = 0.0 if at is None else float(account.quantities[at])
        found[1] = nan
        return found

    @cached_property
    def tables(self) -> list[tuple[int, Any, str, int, str]]:
        """For each sum the slot of what is left, the table it is in, and members and groups."""
        account, found = self.account, []
        for number, slot in self.program.rests.items():
            fine = account.market.folded[number]
            coarse = account.market.plan.nodes[number].level
            found.append((slot, account.rests[number], fine, account.size(fine), coarse))
        return found


def _size(value: Any) -> float:
    return abs(value) if isinstance(value, float) else max(max(value), -min(value))


def light(written: Program | None, account: Account, apart: frozenset[int]) -> Light | None:
    """The program of an account; None where it has none, or holds what cannot be taken off a sum."""
    if written is None or account.why_not or any(table is None for table in account.rests.values()):
        return None
    still = written.market.scope.still
    base: Slots = [None] * written.size
    for number, slot in written.constant.items():
        value = account.value(number) if number in still else written.market.constant(number)
        base[slot] = value[0].tolist()
    return Light(written, account, base, apart)
