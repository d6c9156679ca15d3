"""A drawn market with drawn accounts: as a book for the engine, and as the text of a portfolio file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from pmdsl.portfolio import book_from_tables
from pmdsl.portfolio.book import Book

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Market:
    """What all accounts share: rows by their section, and single values."""

    on: date
    rate: float
    underlyings: tuple[Row, ...]
    instruments: tuple[Row, ...]
    market: Mapping[str, Any] = field(default_factory=dict)
    tables: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    matrices: Mapping[str, tuple[tuple[str, str, float], ...]] = field(default_factory=dict)
    fx: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Account:
    """Attributes, positions as (instrument, quantity), and rows of other tables by the name of the table."""

    attributes: Row
    positions: tuple[tuple[str, int], ...] = ()
    rows: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How much there is to read in it."""
        return len(self.positions) + sum(len(rows) for rows in self.rows.values())


def book_of(market: Market, accounts: Sequence[Account]) -> Book:
    """All accounts in one book; they are called 0, 1, 2 and so on. Raises PmdslError where that
    is no book.
    """
    held = [(str(k), name, quantity) for k, a in enumerate(accounts) for name, quantity in a.positions]
    positions: dict[str, list[Any]] = {
        "account": [account for account, _, _ in held],
        "instrument": [name for _, name, _ in held],
        "quantity": [float(quantity) for _, _, quantity in held],
    }
    named = [{**account.attributes, "id": str(k)} for k, account in enumerate(accounts)]
    return book_from_tables(
        {name: column(values) for name, values in positions.items()},
        columns(market.instruments) if market.instruments else None,
        columns(market.underlyings),
        columns(named),
        on=market.on,
        rate=market.rate,
        market={name: str(value) for name, value in market.market.items()} or None,
        matrices=market.matrices or None,
        fx=market.fx or None,
        tables={**market.tables, **owned_rows(accounts)} or None,
    )


def owned_rows(accounts: Sequence[Account]) -> dict[str, list[dict[str, Any]]]:
    """The rows of other tables with the accounts they belong to."""
    found: dict[str, list[dict[str, Any]]] = {}
    for number, account in enumerate(accounts):
        for name, rows in account.rows.items():
            found.setdefault(name, []).extend({**row, "account": str(number)} for row in rows)
    return found


def columns(rows: Sequence[Row]) -> dict[str, Any]:
    """Rows as columns; None where a row does not have the key."""
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: column([row.get(name) for row in rows]) for name in names}


def column(values: Sequence[Any]) -> list[Any]:
    """A column of one kind: numbers, dates, or texts."""
    given = [value for value in values if value is not None]
    if any(isinstance(value, str) for value in given):
        return [None if value is None else str(value) for value in values]
    return list(values)


# ---- as text -----------------------------------------------------------------------------------------------


def within(market: Market, account: Account) -> Market:
    """No more of a market than an account holds: its instruments, their underlyings, and what those track."""
    held = {instrument for instrument, _ in account.positions}
    instruments = tuple(row for row in market.instruments if row["id"] in held)
    names = held | {str(row["underlying"]) for row in instruments}
    names |= {str(value) for rows in account.rows.values() for row in rows for value in row.values()}
    underlyings = closed([row for row in market.underlyings if row["id"] in names], market.underlyings)
    kept = {str(row["id"]) for row in underlyings}
    pairs = {
        name: tuple((a, b, x) for a, b, x in found if a in kept and b in kept)
        for name, found in market.matrices.items()
    }
    return replace(market, underlyings=tuple(underlyings), instruments=instruments, matrices=pairs)


def portfolio_text(market: Market, account: Account, name: str = "A1") -> str:
    """The portfolio file of one account with no more of the market than it holds."""
    market = within(market, account)
    lines = [f"on: {market.on}", f"rate: {plain(market.rate)}"]
    lines += section("accounts", [{"id": name, **account.attributes}])
    lines += section("underlyings", market.underlyings)
    lines += section("instruments", market.instruments)
    lines += section("positions", [{"instrument": i, "quantity": q} for i, q in account.positions])
    lines += [f"market: {flow(market.market)}"] if market.market else []
    lines += [f"fx: {flow(market.fx)}"] if market.fx else []
    lines += matrices(market)
    lines += tables({**market.tables, **account.rows})
    return "\n".join(lines) + "\n"


def closed(rows: list[Row], every: Iterable[Row]) -> list[Row]:
    """Underlyings with those that they track."""
    names = {row["id"] for row in rows} | {row.get("tracks") for row in rows}
    return [row for row in every if row["id"] in names]


def section(name: str, rows: Sequence[Row]) -> list[str]:
    return [f"{name}:", *(f"  - {flow(row)}" for row in rows)] if rows else []


def matrices(market: Market) -> list[str]:
    lines = []
    for name, pairs in market.matrices.items():
        lines.append(f"  {name}: [{', '.join(f'[{a}, {b}, {plain(x)}]' for a, b, x in pairs)}]")
    return ["matrices:", *lines] if lines else []


def tables(found: Mapping[str, Sequence[Row]]) -> list[str]:
    lines = []
    for name, rows in found.items():
        lines += [f"  {name}:", *(f"    - {flow(row)}" for row in rows)]
    return ["tables:", *lines] if lines else []


def flow(row: Row) -> str:
    """A row as a YAML mapping on one line."""
    return "{" + ", ".join(f"{key}: {plain(value)}" for key, value in row.items() if value is not None) + "}"


def plain(value: object) -> str:
    """A value as YAML writes it: words as they are, other texts in quotes."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return (
            value
            if value.replace("_", "").replace("-", "").isalnum() and value[0].isalpha()
            else json.dumps(value)
        )
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
