"""Numbers as people read them: thousands apart, the minus before them, the same digits in a column."""

from __future__ import annotations

from decimal import Decimal

from rich.text import Text

NOTHING = "–"


def amount(value: Decimal | None) -> str:
    """An amount of money, all of its digits: `45,137.75`."""
    return NOTHING if value is None else f"{value:,f}"


def signed(value: Decimal) -> str:
    """A change: its sign always shown, `0.00` without one."""
    return f"{value:+,f}" if value else f"{value:,f}"


def changed(value: Decimal | None) -> Text:
    """A change of a requirement: red where more is asked, green where less."""
    if value is None:
        return Text(NOTHING)
    return Text(signed(value), style="red" if value > 0 else "green" if value < 0 else "dim")


def number(value: float | None, digits: int = 4) -> str:
    """A plain number without needless zeros: `1,000`, `-0.15`, `12.3457`."""
    if value is None or value != value:
        return NOTHING
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def price(value: float | None) -> str:
    """A price per unit, four digits after the point."""
    return NOTHING if value is None or value != value else f"{value:,.4f}"


def cents(value: float | None, digits: int = 2) -> str:
    """An amount on the way to a requirement, shown to the minor unit."""
    if value is None or value != value:
        return NOTHING
    text = f"{value:,.{digits}f}"
    return text[1:] if text.startswith("-") and not text.strip("-0.,") else text


def percent(value: float) -> str:
    """A share: `90%`, `37.5%`."""
    return number(value * 100) + "%"


def share(part: Decimal | None, whole: Decimal | None, sign: str = "") -> str:
    """A part in percent of a whole: `33.3%`; with `+` the sign of a change is always shown."""
    if part is None or not whole:
        return NOTHING
    return f"{part / whole:{sign}.1%}" if part else "0.0%"


def short_digest(digest: str) -> str:
    """The first digits of a digest, enough to tell two apart at a glance."""
    kind, _, digits = digest.partition(":")
    return f"{kind}:{digits[:12]}" if digits else digest


def dim(text: str) -> Text:
    """Words that are there for whoever looks for them."""
    return Text(text, style="dim")
