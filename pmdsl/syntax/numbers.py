"""Numbers as they are written: exact, never by way of a binary fraction."""

from __future__ import annotations

from fractions import Fraction


def exact(text: str) -> Fraction:
    """The value of `1_000.50` or `-3`."""
    return Fraction(text.replace("_", ""))


def percent(text: str) -> Fraction:
    """The value of `15%`: fifteen hundredths."""
    return exact(text.removesuffix("%")) / 100


def money(text: str) -> tuple[str, Fraction]:
    """Currency and value of `USD 0.375`."""
    currency, amount = text.split()
    return currency, exact(amount)


def contracts(text: str) -> Fraction:
    """The value of `1_000 contracts`."""
    return exact(text.split()[0])
