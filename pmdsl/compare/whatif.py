"""What some trades would change: the requirement before, after, and by how much."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pmdsl.asking import ask
from pmdsl.changes import Change
from pmdsl.diagnostics import Finding, Findings, PmdslError
from pmdsl.portfolio.book import Book
from pmdsl.portfolio.trades import Trade, with_trades
from pmdsl.render.shown import Shown
from pmdsl.result import Result
from pmdsl.rules import Rules
from pmdsl.source import Source, Span

if TYPE_CHECKING:
    from rich.console import RenderableType

    from pmdsl.portfolio.quotes import QuoteFile

FORMAT_VERSION = 1
TRADE = re.compile(
    r"\s*(?P<sign>[+-]?)(?P<quantity>[0-9][0-9_]*(?:\.[0-9]+)?)\s+(?P<instrument>\S.*?)"
    r"(?:\s+@\s*(?P<price>[0-9][0-9_]*(?:\.[0-9]+)?))?\s*"
)
HINT = (
    'a trade is a quantity and an instrument, as "+10 SPY", "-2 SPY   240315C00460000" or "+10 SPY @ 451.20"'
)


@dataclass(frozen=True, eq=False)
class WhatIf(Shown):
    """The answers before and after some trades."""

    before: Result = field(repr=False)
    after: Result = field(repr=False)
    trades: tuple[Trade, ...]

    def changes(self, accounts: Sequence[str] | None = None) -> Iterator[Change]:
        """Every requirement, account by account."""
        for account in accounts if accounts is not None else self.before:
            old, new = self.before[account].requirements, self.after[account].requirements
            yield from (Change(account, name, old[name], new[name]) for name in old)

    def to_json(self, accounts: Sequence[str] | None = None) -> dict[str, Any]:
        """Plain data, with the version of its form; amounts are decimal texts."""
        from pmdsl.result_json import message_record, plain

        rules = self.before.rules
        return {
            "format_version": FORMAT_VERSION,
            "on": self.before.book.on.isoformat(),
            "rules": rules.name,
            "digest": rules.digest,
            "currency": rules.currency,
            "trades": [trade_record(trade) for trade in self.trades],
            "results": [
                {
                    "account": change.account,
                    "requirement": change.requirement,
                    "before": plain(change.before),
                    "after": plain(change.after),
                    "change": plain(change.change),
                }
                for change in self.changes(accounts)
            ],
            "messages": [message_record(message) for message in self.messages(accounts)],
        }

    def messages(self, accounts: Sequence[str] | None = None) -> list[Finding]:
        """What is wrong or worth knowing of either answer, each once."""
        listed = list(accounts if accounts is not None else self.before)
        both = (self.before, self.after)
        return list(dict.fromkeys(m for result in both for name in listed for m in result[name].messages))

    def __rich__(self) -> RenderableType:
        from pmdsl.render.whatif import whatif_picture

        return whatif_picture(self)


def trade_record(trade: Trade) -> dict[str, Any]:
    return {
        "account": trade.account,
        "instrument": trade.instrument,
        "quantity": trade.quantity,
        "price": trade.price,
    }


def whatif(
    rules: Rules,
    book: Book,
    trades: Sequence[Trade],
    *,
    data: Mapping[str, object] | None = None,
    quotes: Sequence[str | Path] = (),
) -> WhatIf:
    """A rule set's answers before and after some trades. `quotes` price symbols that the book does not hold.

    A trade names what a position may: an instrument, an underlying, an OSI symbol. Raises PmdslError.
    """
    findings = Findings()
    changed = with_trades(book, trades, findings, quote_files(quotes, findings))
    findings.raise_if_errors()
    assert changed is not None
    before, after = ask([rules], book, data or {}), ask([rules], changed, data or {})
    return WhatIf(before[0], after[0], tuple(trades))


def quote_files(quotes: Sequence[str | Path], findings: Findings) -> list[QuoteFile]:
    from pmdsl.portfolio.assemble import open_quotes
    from pmdsl.portfolio.report import Report

    return open_quotes(quotes, Report(findings))


def parse_trade(text: str, account: str | None = None) -> Trade:
    """The trade that a text says. Raises PmdslError."""
    found = TRADE.fullmatch(text)
    source = Source("--trade", text)
    if found is None:
        raise PmdslError.single("PM908", f"`{text}` is no trade", hint=HINT)
    quantity = float(found["quantity"].replace("_", "")) * (-1 if found["sign"] == "-" else 1)
    price = None if found["price"] is None else float(found["price"].replace("_", ""))
    place = Span(source, found.start("instrument"), found.end("instrument"))
    return Trade(found["instrument"], quantity, account, price, place)
