"""What a chunk took is given back when it is done: memory does not grow with the number of chunks."""

from __future__ import annotations

import gc
from dataclasses import replace
from pathlib import Path

from pmdsl.batch.answering import answer_chunk
from pmdsl.batch.positions import chunks_of
from pmdsl.batch.staging import Staging
from pmdsl.batch.station import Station
from tests.batch.books import changed, drawn, work, written


def left_behind(station: Station, positions: Path, out: Path) -> list[object]:
    """What only the collector of garbage would take away after a chunk, beside functions of libraries."""
    chunk = chunks_of(positions, Staging(out / "staging", 1000))[0]
    answer_chunk(station, chunk, out)
    gc.collect()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        answer_chunk(station, replace(chunk, number=1), out)
        gc.collect()
        return [
            item for item in gc.garbage if type(item).__module__.startswith(("pmdsl", "numpy", "pyarrow"))
        ]
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()


def test_nothing_of_a_chunk_waits_for_the_collector(tmp_path: Path) -> None:
    station = work().open()
    assert left_behind(station, written(drawn(50), tmp_path / "p.parquet"), tmp_path / "out") == []


def test_nothing_of_a_chunk_with_a_bad_account_waits_for_the_collector(tmp_path: Path) -> None:
    station = work().open()
    bad = written(changed(drawn(50), "instrument", 3, "SPZ"), tmp_path / "p.parquet")
    assert left_behind(station, bad, tmp_path / "out") == []


def test_a_station_knows_no_more_after_a_chunk(tmp_path: Path) -> None:
    """Names of accounts are not numbered for good."""
    station = work().open()
    interner = station.rules.bound.world.interner
    sizes = []
    for number in range(3):
        path = written(drawn(50, seed=number), tmp_path / f"{number}.parquet")
        answer_chunk(station, chunks_of(path, Staging(tmp_path / "staging", 1000))[0], tmp_path / "out")
        sizes.append(sum(len(v) for v in vars(interner).values() if hasattr(v, "__len__")))
    assert len(set(sizes)) == 1
