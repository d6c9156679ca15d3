"""A witness made small: positions dropped, quantities lowered, attributes left out, as long as the claim
stays broken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from pmdsl.compare.claims.draw import Account

Test = Callable[[Sequence[Account]], Any]
ROUNDS = 60
SIMPLE = (0.0, 1_000_000.0)


def shrunk(account: Account, excess: Test) -> Account:
    """The smallest account found by single steps; `excess` says by how much each of some accounts breaks the
    claim.
    """
    for _ in range(ROUNDS):
        smaller = list(steps(account))
        if not smaller:
            return account
        by = excess(smaller)
        broken = [k for k in range(len(smaller)) if by[k] > 0]
        if not broken:
            return account
        account = smaller[broken[0]]
    return account


def steps(account: Account) -> Iterator[Account]:
    """The accounts one step smaller, the boldest first."""
    for k in range(len(account.positions)):
        yield replace(account, positions=account.positions[:k] + account.positions[k + 1 :])
    for name, rows in account.rows.items():
        for k in range(len(rows)):
            yield replace(account, rows={**account.rows, name: rows[:k] + rows[k + 1 :]})
    if any(abs(quantity) > 1 for _, quantity in account.positions):
        for divisor in (100, 10, 5, 2):
            if all(quantity % divisor == 0 for _, quantity in account.positions):
                yield replace(account, positions=tuple((name, q // divisor) for name, q in account.positions))
    for name, given in account.attributes.items():
        for simple in SIMPLE if isinstance(given, float) and given not in SIMPLE else ():
            yield replace(account, attributes={**account.attributes, name: simple})
        yield replace(account, attributes={key: v for key, v in account.attributes.items() if key != name})
    for k, (name, quantity) in enumerate(account.positions):
        for smaller in dict.fromkeys((1 if quantity > 0 else -1, int(quantity / 2))):
            if smaller not in (0, quantity):
                yield replace(
                    account, positions=(*account.positions[:k], (name, smaller), *account.positions[k + 1 :])
                )
