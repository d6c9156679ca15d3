"""The attributes that every book may give, without a rule set declaring them; see `interfaces` of the
portfolio file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pmdsl.types.units import CONTRACTS, MONEY, MULTIPLIER, NONE, PRICE, Unit

OPTIONS = frozenset({"option", "warrant"})
DATED = OPTIONS | {"future", "forward"}


@dataclass(frozen=True)
class Attribute:
    """A built-in attribute: `kinds` are the kinds of instrument that have it (empty: all)."""

    base: str = "number"
    unit: Unit = NONE
    kind: str = ""
    currency: str = ""
    kinds: frozenset[str] = frozenset()
    required: bool = True


KINDS: Mapping[str, tuple[str, ...]] = {
    "underlying_kind": (
        "stock",
        "etf",
        "etn",
        "index",
        "future",
        "currency",
        "commodity",
        "crypto",
        "rate",
        "bond",
        "fund",
        "other",
    ),
    "instrument_kind": (
        "share",
        "option",
        "future",
        "forward",
        "perpetual",
        "swap",
        "bond",
        "warrant",
        "cfd",
        "cash",
    ),
    "right": ("call", "put"),
    "exercise": ("american", "european"),
    "settlement": ("physical", "cash"),
}

ATTRIBUTES: Mapping[tuple[str, str], Attribute] = {
    ("account", "id"): Attribute("text", kind="account"),
    ("account", "equity"): Attribute("number", MONEY, currency="base"),
    ("underlying", "id"): Attribute("text", kind="underlying"),
    ("underlying", "kind"): Attribute("text", kind="underlying_kind"),
    ("underlying", "price"): Attribute("number", PRICE, currency="native"),
    ("underlying", "currency"): Attribute("text"),
    ("underlying", "volatility"): Attribute("number"),
    ("underlying", "dividend_yield"): Attribute("number"),
    ("instrument", "id"): Attribute("text", kind="instrument"),
    ("instrument", "kind"): Attribute("text", kind="instrument_kind"),
    ("instrument", "currency"): Attribute("text"),
    ("instrument", "multiplier"): Attribute("number", MULTIPLIER),
    ("instrument", "price"): Attribute("number", PRICE, currency="native"),
    ("instrument", "implied_volatility"): Attribute("number", kinds=OPTIONS),
    ("instrument", "right"): Attribute("text", kind="right", kinds=OPTIONS),
    ("instrument", "strike"): Attribute("number", PRICE, currency="native", kinds=OPTIONS),
    ("instrument", "exercise"): Attribute("text", kind="exercise", kinds=OPTIONS),
    ("instrument", "settlement"): Attribute("text", kind="settlement", kinds=OPTIONS),
    ("instrument", "listed"): Attribute("bool"),
    ("instrument", "expiry"): Attribute("date", kinds=DATED),
    ("position", "quantity"): Attribute("number", CONTRACTS),
    ("position", "trade_price"): Attribute("number", PRICE, currency="native"),
}

TABLES = ("account", "underlying", "instrument", "position", "market")


def columns_of(table: str) -> list[str]:
    """The built-in attributes of a table."""
    return [column for owner, column in ATTRIBUTES if owner == table]
