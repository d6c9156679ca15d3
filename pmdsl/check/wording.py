"""How messages name cases, rows and days, in the author's own notation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction

from pmdsl.check.cover import each
from pmdsl.check.dimensions import Atom, Dimension
from pmdsl.check.sheets import Line

MOST_LISTED = 4


def case(cells: Mapping[int, int], dimensions: Sequence[Dimension]) -> str:
    """Some cases: `type` is basis and `tenor` < 5; empty where all are meant."""
    parts = []
    for d, bits in sorted(cells.items()):
        found = values(bits, dimensions[d])
        parts.append(f"`{dimensions[d].name}` {'' if found[0] in '<>' else 'is '}{found}")
    return listed(parts, "and")


def values(bits: int, dimension: Dimension) -> str:
    """Some values of a dimension: words, or stretches of numbers."""
    atoms = [dimension.atoms[i] for i in each(bits)]
    if dimension.base not in ("number", "date"):
        return listed([word for atom in atoms for word in atom.says.split(", ")], "or")
    return listed([run(found, dimension.base) for found in runs(bits, dimension.atoms)], "or")


def runs(bits: int, atoms: Sequence[Atom]) -> list[list[Atom]]:
    """Neighbouring atoms together."""
    found: list[list[Atom]] = []
    previous = -2
    for i in each(bits):
        if i != previous + 1:
            found.append([])
        found[-1].append(atoms[i])
        previous = i
    return found


def run(atoms: Sequence[Atom], base: str) -> str:
    """A stretch of numbers or dates as a key cell writes it."""
    first, last = atoms[0], atoms[-1]
    closed_low, closed_high = first.low == first.high, last.low == last.high
    if first.low is None and last.high is None:
        return "any"
    if first.low is None or last.high is None:
        edge, closed = (last.high, closed_high) if first.low is None else (first.low, closed_low)
        sign = ("<" if first.low is None else ">") + ("=" if closed else "")
        return f"{sign} {said(edge or Fraction(0), base)}"
    assert last.high is not None
    low, high = said(first.low, base), said(last.high, base)
    if low == high:
        return low
    if closed_low and not closed_high:
        return f"{low} up to {high}"
    return f"from {low} to {high}" if closed_low else f"between {low} and {high}"


def said(value: Fraction, base: str) -> str:
    """A number or a date as people write it."""
    if base == "date":
        return date.fromordinal(int(value)).isoformat()
    if value.denominator == 1:
        return f"{value.numerator:_}" if abs(value) >= 10_000 else str(value.numerator)
    digits = f"{float(value):.10g}"
    return (
        digits
        if "e" not in digits and Fraction(digits) == value
        else f"{value.numerator}/{value.denominator}"
    )


def days(begins: date, ends: date) -> str:
    """A stretch of days: `from 2020-01-01 to 2020-12-31`, `from 2020-01-01 onward`."""
    if ends == date.max:
        return f"from {begins} onward"
    return f"on {begins}" if begins == ends else f"from {begins} to {ends}"


def row(line: Line) -> str:
    """A row by what stands in its key cells, and its number where it has none."""
    return f"row {line.number + 1} (`{line.says}`)" if line.says else f"row {line.number + 1}"


def listed(parts: Iterable[str], word: str) -> str:
    """`a, b or c`; what is too many is counted."""
    found = list(parts)
    if len(found) > MOST_LISTED + 1:
        found = [*found[:MOST_LISTED], f"{len(found) - MOST_LISTED} more"]
        word = "and"
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} {word} {found[-1]}" if found else ""
