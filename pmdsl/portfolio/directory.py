"""Who is who: underlyings by id and by OSI root, and what a text that a position names may mean."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from pmdsl.diagnostics import Label, did_you_mean
from pmdsl.portfolio.book import Table
from pmdsl.portfolio.parts import Root
from pmdsl.portfolio.report import Report
from pmdsl.portfolio.shape import HELD_AS, alternatives
from pmdsl.portfolio.symbols import OptionSymbol, looks_like_symbol, parse_symbol

MOST_NAMES = 5000
FEW_NAMES = 8


@dataclass(frozen=True, eq=False)
class Directory:
    """Underlyings by id, and by the root of their options."""

    underlyings: Table
    by_id: Mapping[str, int]
    by_root: Mapping[str, int]


@dataclass(frozen=True)
class Implied:
    """An instrument that a position names without a row of its own."""

    id: str
    kind: str
    underlying: int
    symbol: OptionSymbol | None


@dataclass(frozen=True)
class Problem:
    """Why a name means nothing here: a code, a sentence and a hint."""

    code: str
    message: str
    hint: str | None = None


def build_directory(underlyings: Table, roots: Sequence[Root], report: Report) -> Directory:
    """The directory of a book. Two underlyings of one id, or claiming one root, are reported."""
    by_id = index_ids(underlyings, "underlying", report)
    by_root: dict[str, Root] = {}
    for root in roots:
        first = by_root.setdefault(root.text, root)
        if first.underlying != root.underlying:
            one, other = underlyings.text("id")[[first.underlying, root.underlying]]
            message = f"the root `{root.text}` is claimed by `{one}` and by `{other}`"
            labels = [Label(first.place, "first claimed here")] if first.place else []
            report.add("PM617", message, root.place, labels=labels)
    claimed = {text: root.underlying for text, root in by_root.items()}
    return Directory(underlyings, by_id, by_id | claimed)


def index_ids(table: Table, what: str, report: Report) -> dict[str, int]:
    """Rows by id; an id that stands twice is reported with both places."""
    index: dict[str, int] = {}
    for row, word in enumerate(table.text("id").tolist()):
        if word is None:
            continue
        first = index.setdefault(word, row)
        if first != row:
            place = table.cell_place(first, "id")
            labels = [Label(place, "first listed here")] if place else []
            report.add(
                "PM613", f"the {what} `{word}` is listed twice", table.cell_place(row, "id"), labels=labels
            )
    return index


def imply(word: str, directory: Directory, listed: Collection[str], report: Report) -> Implied | Problem:
    """The instrument that a word stands for: an underlying held outright, or an OSI option."""
    row = directory.by_id.get(word)
    if row is not None:
        return _held(word, row, directory)
    symbol = parse_symbol(word)
    if symbol is not None:
        row = directory.by_root.get(symbol.root)
        return (
            Implied(word, "option", row, symbol)
            if row is not None
            else unknown_root(symbol, directory, report)
        )
    if looks_like_symbol(word):
        expected = "a root, the expiry as YYMMDD, C or P, and the strike in thousandths on eight digits"
        return Problem(
            "PM614", f"`{word}` is not an OSI option symbol", f"expected {expected}, as SPY240315C00460000"
        )
    message = f"no instrument and no underlying is called `{word}`{foreign(word)}"
    return Problem("PM614", message, suggest(word, {*directory.by_id, *listed}, report))


def _held(word: str, row: int, directory: Directory) -> Implied | Problem:
    kind = directory.underlyings.text("kind")[row]
    if kind in HELD_AS:
        return Implied(word, HELD_AS[kind], row, None)
    hint = "list what is held under `instruments`, with its kind"
    if kind is None:
        return Problem("PM615", f"`{word}` is held outright, but its underlying has no `kind`", hint)
    holdable = alternatives(tuple(HELD_AS))
    message = (
        f"`{word}` is an underlying of kind `{kind}`, which cannot be held outright: expected {holdable}"
    )
    return Problem("PM615", message, hint)


def unknown_root(symbol: OptionSymbol, directory: Directory, report: Report) -> Problem:
    """No underlying answers to the root of a symbol."""
    near = did_you_mean(symbol.root, directory.by_root) if report.has_room else None
    hint = f"give its underlying `roots: [{symbol.root}]`" + (f", or {near}" if near else "")
    return Problem("PM614", f"no underlying has the OSI root `{symbol.root}` of `{symbol.compact}`", hint)


def suggest(word: str, names: Collection[str], report: Report) -> str | None:
    """A near miss among names, or all of them where they are few; nothing once the report is full."""
    if not report.has_room or len(names) > MOST_NAMES:
        return None
    near = did_you_mean(word, names)
    if near or not 0 < len(names) <= FEW_NAMES:
        return near
    return "known here: " + ", ".join(f"`{name}`" for name in sorted(names))


def foreign(word: str) -> str:
    """A clause that names the first letter of a word that is not ASCII, for look-alikes; else nothing."""
    for place, letter in enumerate(word, start=1):
        if not letter.isascii():
            name = unicodedata.name(letter, "unnamed")
            return f" (its character {place} is U+{ord(letter):04X} {name})"
    return ""
