"""The declared shape of a book: its sections, the keys of each row, their types and bounds.

The readers of files and of tables, the JSON Schema and the documentation all take it from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class Type(Enum):
    """What a field holds, in the words of an error message."""

    TEXT = "a text"
    NUMBER = "a number"
    DATE = "a date"
    TRUTH = "true or false"
    WORD = "a word"
    NAMES = "a list of names"
    DIVIDENDS = "a list of {ex_date, amount}"


@dataclass(frozen=True)
class Field:
    """One key of a row. Bounds hold for numbers; `words` is the closed list of a WORD."""

    type: Type
    doc: str
    required: bool = False
    words: tuple[str, ...] = ()
    above: float | None = None
    least: float | None = None
    most: float | None = None

    @property
    def expected(self) -> str:
        """What is expected, in the words of an error message."""
        return alternatives(self.words) if self.words else self.type.value


@dataclass(frozen=True)
class Row:
    """The shape of a row. `open`: keys that it does not know are the methodology's own attributes."""

    name: str
    fields: Mapping[str, Field]
    open: bool = True
    plural: str = ""

    @property
    def table(self) -> str:
        return self.plural or self.name + "s"


def alternatives(words: tuple[str, ...]) -> str:
    """The words as "a, b or c"."""
    quoted = [f"`{word}`" for word in words]
    return quoted[0] if len(quoted) == 1 else ", ".join(quoted[:-1]) + " or " + quoted[-1]


def _text(doc: str, required: bool = False) -> Field:
    return Field(Type.TEXT, doc, required)


def _positive(doc: str, most: float | None = None) -> Field:
    return Field(Type.NUMBER, doc, above=0.0, most=most)


def _number(doc: str, least: float | None = None, most: float | None = None, required: bool = False) -> Field:
    return Field(Type.NUMBER, doc, required, least=least, most=most)


def _word(doc: str, *words: str) -> Field:
    return Field(Type.WORD, doc, words=words)


MOST_VOLATILITY = 100.0

UNDERLYING_KINDS = (
    "stock", "etf", "etn", "index", "future", "currency", "commodity", "crypto", "rate", "bond",
)  # fmt: skip
INSTRUMENT_KINDS = (
    "share", "option", "future", "forward", "perpetual", "swap", "bond", "warrant", "cfd", "cash",
)  # fmt: skip

# What an underlying becomes as an instrument when a position names it; what is missing here cannot be held.
HELD_AS = {
    "stock": "share", "etf": "share", "etn": "share", "future": "future", "bond": "bond",
    "currency": "cash", "crypto": "cash", "commodity": "cash",
}  # fmt: skip

ACCOUNT = Row(
    "account",
    {
        "id": _text("The name of the account.", required=True),
        "equity": _number("Equity of the account, in the rule set's currency."),
    },
)

UNDERLYING = Row(
    "underlying",
    {
        "id": _text("The name that instruments and positions refer to.", required=True),
        "kind": _text(
            "stock, etf, etn, index, future, currency, commodity, crypto, rate, bond, or a rule set's own."
        ),
        "price": _number("Price of one unit, in its currency."),
        "currency": _text("ISO code of the currency of its price."),
        "volatility": _positive(
            "Volatility per year, used where an instrument has none of its own.", MOST_VOLATILITY
        ),
        "dividend_yield": _number("Continuously compounded dividend yield per year.", least=-2.0, most=2.0),
        "dividends": Field(Type.DIVIDENDS, "Cash dividends known: ex-date and amount per unit."),
        "tracks": _text(
            "The id of the index that a fund follows; the underlying itself where it is left out."
        ),
        "leverage": _number(
            "Leverage of a fund: 2 for a double one, -1 for an inverse one.", least=-10.0, most=10.0
        ),
        "roots": Field(Type.NAMES, "OSI roots of its options, where they differ from the id."),
        "option_exercise": _word("How its listed options are exercised.", "american", "european"),
    },
)

INSTRUMENT = Row(
    "instrument",
    {
        "id": _text(
            "The name that positions refer to; an OSI option symbol says most of the rest.", required=True
        ),
        "kind": _word("What it is; `option` where `right` or an OSI symbol says so.", *INSTRUMENT_KINDS),
        "underlying": _text("The id of its underlying."),
        "currency": _text("ISO code; the underlying's where it is left out."),
        "multiplier": _positive("Units per contract; 100 for options with a right or an OSI symbol, else 1."),
        "price": _number("Market price per unit."),
        "implied_volatility": _positive("Volatility per year; wins over the price.", MOST_VOLATILITY),
        "right": _word("The right of an option.", "call", "put"),
        "strike": _number("Strike per unit."),
        "expiry": Field(Type.DATE, "Last day of the contract."),
        "exercise": _word("How an option is exercised.", "american", "european"),
        "settlement": _word("What is delivered.", "physical", "cash"),
        "listed": Field(Type.TRUTH, "Whether it trades on an exchange."),
    },
)

POSITION = Row(
    "position",
    {
        "account": _text("The account; may be left out where there is one."),
        "instrument": _text(
            "An instrument's id, an underlying held outright, or an OSI option symbol.", required=True
        ),
        "quantity": _number("Contracts or units: positive long, negative short.", required=True),
        "trade_price": _number("Price at which it was opened."),
        "price": _number("Market price; beats the instrument's."),
    },
)

DIVIDEND = Row(
    "dividend",
    {
        "ex_date": Field(Type.DATE, "First day without the dividend.", required=True),
        "amount": _number("Amount per unit.", least=0.0, required=True),
    },
    open=False,
)

CURVE_POINT = Row(
    "rate",
    {
        "tenor": _number("Years.", least=0.0, most=100.0, required=True),
        "rate": _number("Continuously compounded zero rate per year.", least=-1.0, most=2.0, required=True),
    },
    open=False,
    plural="rate",
)

RATE = _number("Continuously compounded risk-free rate per year.", least=-1.0, most=2.0)
FX_RATE = _positive("Price of one unit of the first currency in the second.")
VALUE = _number("Theoretical value per unit.")
MATRIX_VALUE = _number("Value of the pair.")

SECTIONS = {
    "on": "Valuation date, or a timestamp with its offset.",
    "rate": "Continuously compounded risk-free rate, or a curve of tenors in years and rates.",
    "accounts": "The accounts; may be left out where there is one.",
    "underlyings": "What instruments are written on.",
    "instruments": "What a symbol cannot say.",
    "positions": "Who holds how much of what.",
    "values": "Theoretical values by instrument and scenario.",
    "matrices": "Correlations or offsets by pair.",
    "fx": "Exchange rates: EURUSD is one EUR in USD.",
    "market": "Values that a rule set declares as `input market`.",
    "tables": "Other input tables of a rule set: rows, or {file: …}.",
}
