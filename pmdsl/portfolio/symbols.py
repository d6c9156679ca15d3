"""OSI option symbols: root, expiry, right and strike in one text, padded to 21 characters or not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

SYMBOL = re.compile(r"([A-Z][A-Z0-9]{0,5}) {0,5}([0-9]{2})([0-9]{2})([0-9]{2})([CP])([0-9]{8})")


@dataclass(frozen=True)
class OptionSymbol:
    """What an OSI symbol says. `strike` is per unit; the symbol holds it in thousandths."""

    root: str
    expiry: date
    right: str
    strike_thousandths: int

    @property
    def strike(self) -> float:
        return self.strike_thousandths / 1000

    @property
    def compact(self) -> str:
        """The symbol without padding, as quote files write it."""
        return f"{self.root}{self.expiry:%y%m%d}{self.right[0].upper()}{self.strike_thousandths:08d}"

    @property
    def padded(self) -> str:
        """The symbol with its root padded to six characters."""
        return f"{self.root:<6}{self.compact[len(self.root) :]}"


def parse_symbol(text: str) -> OptionSymbol | None:
    """The symbol in a text, or None where it is none. Years are 2000 to 2099."""
    match = SYMBOL.fullmatch(text)
    if match is None or (" " in text and len(text) != 21):
        return None
    try:
        expiry = date(2000 + int(match[2]), int(match[3]), int(match[4]))
    except ValueError:
        return None
    strike = int(match[6])
    return OptionSymbol(match[1], expiry, "call" if match[5] == "C" else "put", strike) if strike else None


def looks_like_symbol(text: str) -> bool:
    """Whether a text was probably meant as an OSI symbol, right or wrong."""
    return (
        re.fullmatch(r"\s*[A-Za-z][A-Za-z0-9]{0,5}\s*[0-9]{5,8}\s*[CPcp]\s*[0-9.]{1,10}\s*", text) is not None
    )
