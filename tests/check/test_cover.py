"""Completeness, overlap and reachability of random tables agree with trying every case on every day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.corpus import found_in

KINDS = {"shape": ("round", "square"), "colour": ("red", "green", "blue"), "hard": ("yes", "no")}
KEYS = (*KINDS, "size")
FIRST, LAST = date(2020, 1, 1), date(2020, 1, 12)
SIZES = tuple(half / 2 for half in range(12))
RANGES = ("any", "< 2", "<= 2", ">= 2", "> 2", "1 up to 4", ">= 4", "0 up to 3", ">= 0")

Case = tuple[str | float, ...]


@dataclass(frozen=True)
class Row:
    """A row as written: key cells, a condition, and the days from which and to which it holds."""

    cells: tuple[str, ...]
    when: str
    begins: date | None
    ends: date | None


@dataclass(frozen=True)
class Table:
    """A table over some of the keys."""

    policy: str
    keys: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def text(self) -> str:
        """The whole program."""
        header = [*self.keys, "when", "from", "to", "rate"]
        if self.policy == "unique":
            header.remove("when")
        lines = [
            "      | " + " | ".join(cells) + " |"
            for cells in (header, *(list(cells_of(self, row)) for row in self.rows))
        ]
        keys = ", ".join(f"underlying.{key}" for key in self.keys)
        return PROGRAM.format(policy=self.policy, keys=keys, rows="\n".join(lines))


PROGRAM = """pmdsl 1
methodology example {{
  version  "1"
  currency USD
  covers   2020-01-01 to 2020-01-12
  levels   position -> account
  kind shape  = round | square
  kind colour = red | green | blue
  input underlying {{ shape: shape  colour: colour  hard: bool  size: count }}
  {policy} table tested by {keys} {{
{rows}
  }}
  require maintenance = sum quantity * multiplier * underlying.price * tested.rate into account
}}
"""


def cells_of(table: Table, row: Row) -> Iterator[str]:
    yield from row.cells
    if table.policy == "first":
        yield row.when
    yield str(row.begins or "")
    yield str(row.ends or "")
    yield "10%"


# ---- trying everything -----------------------------------------------------------------------------------


def cases(sizes: tuple[float, ...] = SIZES) -> list[Case]:
    """Every case, asked about or not."""
    return list(product(*KINDS.values(), sizes))


def fits(table: Table, row: Row, case: Case) -> bool:
    values = dict(zip(KEYS, case, strict=True))
    own = all(accepts(cell, values[key]) for cell, key in zip(row.cells, table.keys, strict=True))
    return own and (table.policy == "unique" or holds(row.when, values))


def accepts(cell: str, value: str | float) -> bool:
    if cell == "any" or cell == value:
        return True
    if isinstance(value, str):
        return False
    words = cell.split()
    if "up" in words:
        return float(words[0]) <= value < float(words[3])
    sign, edge = words[0], float(words[-1])
    return {"<": value < edge, "<=": value <= edge, ">": value > edge, ">=": value >= edge}[sign]


def holds(when: str, values: dict[str, str | float]) -> bool:
    """Conditions are `any`, comparisons with a word or a number, and two of those joined."""
    if when == "any":
        return True
    for word, join in ((" and ", all), (" or ", any)):
        if word in when:
            return join(holds(part, values) for part in when.split(word))
    name, sign, other = when.removeprefix("not ").replace("underlying.", "").split()
    left = values[name]
    right = float(other) if isinstance(left, float) else other
    found = {"==": left == right, "!=": left != right, "<": left < right, ">=": left >= right}[sign]  # type: ignore[operator]
    return found != when.startswith("not ")


def periods(table: Table) -> list[tuple[date, date]]:
    """From when to when each row is in force: a later row of the same cells and condition ends an earlier."""
    found = []
    for row in table.rows:
        begins, ends = row.begins or date.min, row.ends or date.max
        for other in table.rows:
            later = other.begins is not None and other.begins > begins
            if other is not row and later and (other.cells, other.when) == (row.cells, row.when):
                assert other.begins is not None
                ends = min(ends, other.begins - timedelta(days=1))
        found.append((begins, ends))
    return found


def days() -> list[date]:
    return [FIRST + timedelta(days=i) for i in range((LAST - FIRST).days + 1)]


def is_complete(table: Table) -> bool:
    force = periods(table)
    return all(
        any(a <= day <= b and fits(table, row, case) for row, (a, b) in zip(table.rows, force, strict=True))
        for day in days()
        for case in cases()
    )


def overlapping(table: Table) -> bool:
    force = periods(table)
    numbered = list(zip(table.rows, force, strict=True))
    return any(
        max(a[0], b[0], FIRST) <= min(a[1], b[1], LAST)
        and any(fits(table, left, case) and fits(table, right, case) for case in cases((-1.0, *SIZES)))
        for (left, a), (right, b) in combinations(numbered, 2)
    )


def useless(table: Table) -> set[int]:
    """The rows that fit no case, or are in force on some day covered and never the first that fits."""
    force = periods(table)
    found = set()
    for number, (begins, ends) in enumerate(force):
        mine = [day for day in days() if begins <= day <= ends]
        reached = any(
            fits(table, table.rows[number], case)
            and not any(
                force[i][0] <= day <= force[i][1] and fits(table, table.rows[i], case) for i in range(number)
            )
            for day in mine
            for case in cases((-1.0, *SIZES))
        )
        fitting = any(fits(table, table.rows[number], case) for case in cases((-1.0, *SIZES)))
        if (mine and not reached) or not fitting:
            found.add(number)
    return found


# ---- random tables ---------------------------------------------------------------------------------------


def key_cells(key: str) -> st.SearchStrategy[str]:
    return st.sampled_from(RANGES) if key == "size" else st.sampled_from(("any", *KINDS[key]))


SIMPLE = [
    "underlying.shape == round",
    "underlying.colour == red",
    "underlying.colour != blue",
    "underlying.size < 2",
    "underlying.size >= 4",
    "underlying.size < 1",
]
CONDITIONS = st.one_of(
    st.just("any"),
    st.sampled_from(SIMPLE),
    st.tuples(st.sampled_from(SIMPLE), st.sampled_from(("and", "or")), st.sampled_from(SIMPLE)).map(" ".join),
    st.sampled_from(SIMPLE).map("not {}".format),
)
STARTS = st.one_of(st.none(), st.sampled_from([FIRST, date(2020, 1, 4), date(2020, 1, 9), date(2019, 6, 1)]))
ENDS = st.one_of(st.none(), st.sampled_from([date(2020, 1, 6), LAST, date(2021, 1, 1)]))


@st.composite
def tables(draw: st.DrawFn, policy: str) -> Table:
    drawn = draw(st.lists(st.sampled_from(KEYS), min_size=1, max_size=3, unique=True))
    keys = tuple(drawn)
    count = draw(st.integers(1, 7))
    rows = []
    for _ in range(count):
        begins, ends = draw(STARTS), draw(ENDS)
        if ends is not None and begins is not None and ends < begins:
            ends = None
        when = draw(CONDITIONS) if policy == "first" else "any"
        rows.append(Row(tuple(draw(key_cells(key)) for key in keys), when, begins, ends))
    return Table(policy, keys, tuple(rows))


def codes(table: Table) -> list[tuple[str, int]]:
    """The findings about the table: code, and line of the row within the table."""
    header = next(i for i, line in enumerate(table.text.split("\n")) if line.startswith("      |"))
    findings = found_in(table.text, "random.margin")
    return [(f.code, f.span.line - header - 2 if f.span else -1) for f in findings]


INCOMPLETE = {"PM409", "PM419", "PM420", "PM421"}


@settings(max_examples=150, deadline=None)
@given(tables("unique"))
def test_unique_tables(table: Table) -> None:
    found = {code for code, _ in codes(table)}
    assert bool(found & INCOMPLETE) == (not is_complete(table)), table.text
    assert ("PM411" in found) == overlapping(table), table.text
    assert "PM410" not in found
    assert "PM412" not in found


@settings(max_examples=150, deadline=None)
@given(tables("first"))
def test_first_tables(table: Table) -> None:
    found = codes(table)
    assert bool({code for code, _ in found} & INCOMPLETE) == (not is_complete(table)), table.text
    assert {row for code, row in found if code in ("PM413", "PM414")} == useless(table), table.text


@pytest.mark.parametrize("cell", RANGES)
def test_the_oracle_reads_ranges(cell: str) -> None:
    """What the slow reading takes for a range is what the words say."""
    taken = [value for value in SIZES if accepts(cell, value)]
    assert taken == [value for value in SIZES if min(taken) <= value <= max(taken)]
