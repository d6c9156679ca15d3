"""Security deposits for retail foreign exchange under NFA Financial Requirements, Section 12.

Sources: Section 12 (a): 2% in ten listed currencies, 5% in others, short options add the premium received,
long options deposit the entire premium; (b) and the notices of 2015 to 2023: temporary increases; Notice
I-23-08: a pair takes the higher requirement of its two currencies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.oracle.lines import in_currency, lines_of
from tests.oracle.market import Book, BookError, account_ids, as_date, equity_of

LISTED = ("GBP", "CHF", "CAD", "JPY", "EUR", "AUD", "NZD", "SEK", "NOK", "DKK")

# Each currency's requirement from a day on; 0 where an increase was taken back.
NOTICES: Mapping[str, Sequence[tuple[str, float]]] = {
    "GBP": (("2016-11-07", 0.05), ("2021-08-10", 0.03), ("2023-03-13", 0.05)),
    "JPY": (("2015-01-26", 0.03), ("2016-12-05", 0.04), ("2021-08-10", 0.0), ("2023-03-13", 0.05)),
    "CHF": (("2015-01-22", 0.05), ("2016-12-05", 0.03)),
    "SEK": (("2015-01-22", 0.03),),
    "NOK": (("2015-01-22", 0.03), ("2020-03-22", 0.07)),
    "AUD": (("2015-01-26", 0.03),),
    "NZD": (("2016-12-05", 0.03),),
    "RUB": (("2015-01-26", 0.20),),
    "BRL": (("2015-01-26", 0.09),),
    "MXN": (("2015-01-26", 0.06), ("2016-12-05", 0.08), ("2020-03-22", 0.10)),
    "ZAR": (("2018-09-24", 0.07),),
    "TRY": (("2018-09-24", 0.12), ("2023-03-13", 0.25)),
}


@dataclass(frozen=True)
class DepositResult:
    """One account: its deposits, and whether its equity is not sufficient (None: not given)."""

    account: str
    initial: float
    short: bool | None


def rate_of(currency: str, book: Book) -> float:
    """The share of the notional that transactions in a currency deposit on the book's day."""
    if currency == "USD":
        return 0.0
    rate = 0.02 if currency in LISTED else 0.05
    increase = 0.0
    for day, share in NOTICES.get(currency, ()):
        if as_date(book["on"]) >= as_date(day):
            increase = share
    return max(rate, increase)


def deposit_margin(book: Book) -> dict[str, DepositResult]:
    """Every account, each transaction by itself, in dollars."""
    results = {}
    for account in account_ids(book):
        total = 0.0
        for line in lines_of(book, "USD"):
            if line.account != account:
                continue
            if line.kind not in ("cash", "forward", "option") or line.underlying["kind"] != "currency":
                raise BookError(f"{line.kind} on {line.underlying['id']} is no forex")
            quote = line.underlying.get("quote", line.currency)
            rate = max(rate_of(line.underlying["base"], book), rate_of(quote, book))
            size = abs(line.quantity) * line.multiplier
            deposit = 0.0
            if line.kind != "option" or line.quantity < 0:
                spot = line.price if line.kind == "cash" else line.underlying["price"]
                deposit += rate * size * float(spot or 0.0)
            if line.kind == "option":
                premium = line.trade_price if line.trade_price is not None else line.price
                if premium is None:
                    raise BookError(f"no premium of the option on {line.underlying['id']}")
                deposit += size * premium
            total += in_currency(book, deposit, line.currency, "USD")
        equity = equity_of(book, account)
        results[account] = DepositResult(account, total, None if equity is None else equity < total)
    return results
