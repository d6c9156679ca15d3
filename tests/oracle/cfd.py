"""Retail CFDs: leverage by class of underlying under ESMA, FCA and ASIC, and closing at half of the margin.

Sources: ESMA35-43-1000, leverage of 30:1 for major pairs, 20:1 for other pairs, gold and major indices, 10:1
for other commodities and indices, 5:1 for shares and what is not named, 2:1 for crypto, close-out at 50%;
Q&A 1984, a CFD on a future; FCA PS19/18 and its statement of 2 July 2019, certain government bonds at 30:1
and options that work like CFDs from 1 September 2019; ASIC 2020/986, the same classes with the Australian
dollar among the major currencies.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from tests.oracle.lines import Line, in_currency, lines_of, row_of
from tests.oracle.market import Book, BookError, account_ids, as_date, equity_of

LEVERAGE = {
    "major_pair": 30.0,
    "minor_pair": 20.0,
    "gold": 20.0,
    "major_index": 20.0,
    "minor_index": 10.0,
    "commodity": 10.0,
    "equity": 5.0,
    "other": 5.0,
    "crypto": 2.0,
}
OF_KIND = {"index": "minor_index", "commodity": "commodity", "stock": "equity", "crypto": "crypto"}


@dataclass(frozen=True)
class Authority:
    """Whose rules: the currency, the major currencies, what a government bond is, what only the FCA has."""

    currency: str
    majors: Collection[str]
    bonds: float = 5.0
    options_from: str = ""
    crypto_until: str = ""


MAJORS = ("USD", "EUR", "JPY", "GBP", "CAD", "CHF")
ESMA = Authority("EUR", MAJORS)
FCA = Authority("GBP", MAJORS, 30.0, options_from="2019-09-01", crypto_until="2021-01-05")
ASIC = Authority("AUD", (*MAJORS, "AUD"))


@dataclass(frozen=True)
class CfdResult:
    """One account: the margin, the level below which positions are closed, and whether equity is (None:
    not given). `eligible` is about crypto-assets and None where no rule speaks of them.
    """

    account: str
    initial: float
    close_out: float
    closes: bool | None
    eligible: bool | None


def class_of(book: Book, line: Line, authority: Authority) -> str:
    """The class of the underlying; of a future, that of what the future is on."""
    row = line.underlying
    if row["kind"] == "future" and "tracks" in row:
        tracked = row_of(book, "underlyings", row["tracks"])
        if tracked is None:
            raise BookError(f"no underlying {row['tracks']}")
        row = tracked
    if "asset" in row:
        return str(row["asset"])
    if row["kind"] == "currency":
        quote = row.get("quote", row.get("currency", authority.currency))
        both = row["base"] in authority.majors and quote in authority.majors
        return "major_pair" if both else "minor_pair"
    return OF_KIND.get(row["kind"], "other")


def unit_price(book: Book, line: Line, authority: Authority, opened: bool) -> float:
    """What one unit is worth; an option that works like a CFD has the exposure of its underlying."""
    restricted = line.kind == "option" and bool(line.instrument.get("restricted", False))
    if restricted and authority.options_from and as_date(book["on"]) >= as_date(authority.options_from):
        return float(line.underlying["price"])
    is_pair = line.kind == "cash" and line.underlying["kind"] == "currency"
    if line.kind != "cfd" and not is_pair:
        raise BookError(f"{line.kind} on {line.underlying['id']} is no CFD")
    price = line.trade_price if opened else line.price
    if price is None:
        raise BookError(f"no price of {line.underlying['id']}")
    return price


def cfd_margin(
    book: Book, authority: Authority, *, thirty_to_one: float = 1 / 30, opened: bool = False
) -> dict[str, CfdResult]:
    """Every account: each open line by itself, nothing netted. `thirty_to_one`: what 30:1 is taken for;
    `opened`: the price at which each line was opened instead of the current one.
    """
    results = {}
    for account in account_ids(book):
        initial = crypto = 0.0
        for line in lines_of(book, authority.currency):
            if line.account != account:
                continue
            of = class_of(book, line, authority)
            worth = abs(line.quantity) * line.multiplier * unit_price(book, line, authority, opened)
            exposure = in_currency(book, worth, line.currency, authority.currency)
            leverage = authority.bonds if of == "government_bond" else LEVERAGE[of]
            initial += exposure * (thirty_to_one if leverage == 30.0 else 1 / leverage)
            crypto += exposure if of == "crypto" else 0.0
        equity = equity_of(book, account)
        sold = not authority.crypto_until or as_date(book["on"]) <= as_date(authority.crypto_until)
        results[account] = CfdResult(
            account=account,
            initial=initial,
            close_out=initial / 2,
            closes=None if equity is None else equity < initial / 2,
            eligible=(sold or crypto == 0.0) if authority.crypto_until else None,
        )
    return results
