"""What a large batch needs is worked out on its page from the figures that the page gives.

`PMDSL_UPDATE=1 pytest tests/docs` writes the table anew.
"""

from __future__ import annotations

import re
from dataclasses import fields, replace

import pytest

from benchmarks.needs import Figures, Size, needs, table
from tests.docs.console import ROOT, UPDATE

PAGE = ROOT / "docs" / "scaling.md"
BLOCK = re.compile(r"(<!-- needs: begin -->\n)(.*?)(<!-- needs: end -->)", re.DOTALL)
FIGURE = re.compile(r"^\| `(\w+)` \|[^|]*\| ([\d.]+) (µs|ms|B|kB|MB|) ?\|", re.MULTILINE)
UNITS = {"µs": 1e-6, "ms": 1e-3, "B": 1.0, "kB": 1e3, "MB": 1e6, "": 1.0}
SIZE = re.compile(r"^\| (a [\w ]+) \| ([\d.e]+) \| ([\d.e]+) \| ([\d.e]+) \| ([\d, ]+) \|$", re.MULTILINE)


def figures() -> Figures:
    """The figures of the page."""
    found = {name: float(value) * UNITS[unit] for name, value, unit in FIGURE.findall(text())}
    return Figures(**found)


def sizes() -> list[Size]:
    """The batches of the page, each for every deadline in minutes."""
    return [
        Size(who, float(positions), float(accounts), float(instruments), 60.0 * float(minutes))
        for who, positions, accounts, instruments, deadlines in SIZE.findall(text())
        for minutes in deadlines.split(",")
    ]


def text() -> str:
    return PAGE.read_text(encoding="utf-8")


def test_the_table_follows_from_the_figures() -> None:
    wanted = table([needs(figures(), size) for size in sizes()])
    if UPDATE:
        PAGE.write_text(BLOCK.sub(lambda found: found[1] + wanted + found[3], text()), encoding="utf-8")
    found = BLOCK.search(text())
    assert found is not None
    assert found[2] == wanted
    assert {size.positions for size in sizes()} == {1e8, 1e10}


FLAT = Figures(**{field.name: 0.0 for field in fields(Figures)})
SMALL = Size("a test", 1e6, 5e4, 1e3, 100.0, chunk_rows=1e4)


def test_work_is_spread_over_the_time_that_opening_leaves() -> None:
    some = replace(FLAT, position=1e-3, instrument=0.05, stretch=1.0)
    assert needs(some, SMALL).workers == 20  # 1,000 s in the 50 s that are left
    assert needs(replace(some, stretch=1.5), SMALL).workers == 30
    assert needs(replace(some, chunk=1.0), SMALL).workers == 22


@pytest.mark.parametrize("instrument", [0.1, 0.2])
def test_no_number_of_workers_prices_a_market_faster(instrument: float) -> None:
    assert needs(replace(FLAT, position=1e-3, instrument=instrument, stretch=1.0), SMALL).workers is None


def test_no_more_workers_than_chunks_help() -> None:
    some = replace(FLAT, position=1e-3, stretch=1.0)
    assert needs(some, replace(SMALL, deadline=10.0)).workers == 100
    assert needs(some, replace(SMALL, deadline=9.0)).workers is None
