"""One trade in one account in plain Python: a fixed list of operations over a copy of a template of slots."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import nan
from typing import Any

from pmdsl.engine.incremental.account import NEW, Account
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
        if instrument in self.apart or not (market.usable[instrument] and program.tame[instrument]):
            return None
        found = self.base[:]
        for slot, value in program.record(instrument):
            found[slot] = value
        rows = {POSITION: account.position_of.get(instrument, NEW), ACCOUNT: 0}
        for name, keys in market.keys.items():
            rows[name] = account.group_of[name].get(int(keys[instrument]), NEW)
        for number, slot in program.rests.items():
            found[slot] = self._rest(number, rows)
        for slot, others in program.zipped:
            found[slot] = list(zip(*(found[other] for other in others), strict=True))
        at = rows[POSITION]
        found[0] = float(account.quantities[at]) if at != NEW else 0.0
        found[1] = nan
        return found

    def _rest(self, number: int, rows: Mapping[str, int]) -> Any:
        """What is left of the group of a trade without the member that it changes."""
        account = self.account
        table = account.rests[number]
        assert table is not None
        fine, coarse = account.market.scope.folded(number), account.market.plan.nodes[number].level
        at = rows[fine]
        if at == NEW:
            group = rows[coarse]
            at = account.size(fine) + (account.size(coarse) if group == NEW else group)
        return table[at].tolist()


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
