"""One trade in one account in plain Python: a fixed list of operations over a copy of a template of slots."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import nan
from typing import Any

from pmdsl.engine.incremental.account import Account
from pmdsl.engine.incremental.light_ops import Slots
from pmdsl.engine.incremental.light_program import HELD, PAID, Program

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
        v[HELD] = held = v[HELD] + quantity
        if price is not None:
            v[PAID] = price
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
        rows = account.rows_of(instrument)
        for number, slot in program.rests.items():
            found[slot] = account.rest(number, rows).tolist()
        for slot, others in program.zipped:
            found[slot] = list(zip(*[found[other] for other in others], strict=True))
        found[HELD], found[PAID] = account.held(instrument), nan
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
