"""A batch that was killed goes on where it stopped: nothing is lost, nothing is done twice."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow.compute as compute
import pytest

from pmdsl.batch.manifest import NAME, read_manifest
from pmdsl.diagnostics import PmdslError
from tests.api.world import ROOT
from tests.batch.books import answers, aside, changed, drawn, in_one_piece, run, work, written

BOOK = changed(drawn(60), "instrument", 3, "SPZ")
KILLED = """
import os, signal, sys
from pathlib import Path
from pmdsl.batch import publishing
from tests.batch.books import run

published, moment, left = os.replace, sys.argv[3], [int(sys.argv[4])]

def replace(source, target):
    answers = Path(target).name.startswith("part-") and Path(target).parent.name != "_quarantine"
    left[0] -= answers
    if moment == "before" and left[0] < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    published(source, target)
    if moment == "after" and left[0] < 0:
        os.kill(os.getpid(), signal.SIGKILL)

publishing.os.replace = replace
run(Path(sys.argv[1]), Path(sys.argv[2]), 20)
"""


def killed(positions: Path, out: Path, moment: str, chunks: int) -> None:
    """A batch in a process that is killed around the publication of a chunk, after so many others."""
    script = [sys.executable, "-c", KILLED, str(positions), str(out), moment, str(chunks)]
    done = subprocess.run(script, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.mark.parametrize("ending", ["sorted.parquet", "mixed.parquet", "p.csv"])
@pytest.mark.parametrize(("moment", "chunks"), [("before", 0), ("before", 4), ("after", 4)])
def test_a_batch_that_was_killed_goes_on(moment: str, chunks: int, ending: str, tmp_path: Path) -> None:
    table = BOOK.take(list(range(len(BOOK)))[::-1]) if ending.startswith("mixed") else BOOK
    path, out = written(table, tmp_path / ending, 10), tmp_path / "out"
    killed(path, out, moment, chunks)
    manifest = read_manifest(out)
    assert manifest is not None
    assert manifest["complete"] is False
    there = {file.name: file.stat().st_mtime_ns for file in out.glob("part-*.parquet")}
    assert len(there) == chunks + (moment == "after")
    summary = run(path, out, 20, resume=True)
    after = {file.name: file.stat().st_mtime_ns for file in out.glob("part-*.parquet")}
    assert summary.kept == len(there)
    assert {name: after[name] for name in there} == there
    good = BOOK.filter(compute.not_equal(BOOK.column("account"), BOOK.column("account")[3]))
    assert {name: amount for name, amount in answers(out).items() if amount is not None} == in_one_piece(good)
    assert len(aside(out)) == summary.quarantined == 1
    assert summary.positions == len(BOOK)
    assert not list(out.rglob(".*"))


def test_a_batch_that_is_complete_is_done_at_once(tmp_path: Path) -> None:
    path = written(BOOK, tmp_path / "p.parquet", 10)
    first = run(path, tmp_path / "out", 20)
    again = run(path, tmp_path / "out", 20, resume=True)
    assert (again.kept, again.accounts, again.quarantined) == (first.chunks, first.accounts, 1)


def test_a_file_that_was_cut_short_is_answered_again(tmp_path: Path) -> None:
    path = written(BOOK, tmp_path / "p.parquet", 10)
    run(path, tmp_path / "out", 20)
    whole = answers(tmp_path / "out")
    part = sorted((tmp_path / "out").glob("part-*"))[2]
    part.write_bytes(part.read_bytes()[:-20])
    summary = run(path, tmp_path / "out", 20, resume=True)
    assert summary.kept == summary.chunks - 1
    assert answers(tmp_path / "out") == whole


def test_the_engine_may_be_another(tmp_path: Path) -> None:
    pytest.importorskip("numba")
    assert work(engine="compiled").digest == work().digest


def other_market(path: Path, out: Path) -> None:
    run(path, out, 20, resume=True, work=work(sections={"rate": 0.05}))


def other_day(path: Path, out: Path) -> None:
    from datetime import date

    run(path, out, 20, resume=True, work=work(on=date(2026, 3, 3)))


def other_positions(path: Path, out: Path) -> None:
    run(written(drawn(61), path, 10), out, 20, resume=True)


def other_chunks(path: Path, out: Path) -> None:
    run(path, out, 30, resume=True)


def other_accounts(path: Path, out: Path) -> None:
    run(path, out, 20, resume=True, accounts={"id": ["A0001"]})


def no_resume(path: Path, out: Path) -> None:
    run(path, out, 20)


@pytest.mark.parametrize(
    ("again", "message"),
    [
        (other_market, "holds the answers of another batch: of another market"),
        (other_day, "holds the answers of another batch: of another date, of another market"),
        (other_positions, "holds the answers of another batch: of other positions, or another --chunk-rows"),
        (other_chunks, "holds the answers of another batch: of other positions, or another --chunk-rows"),
        (other_accounts, "holds the answers of another batch: of other accounts"),
        (no_resume, "holds the answers of a batch"),
    ],
)
def test_answers_of_two_batches_never_meet(
    again: Callable[[Path, Path], None], message: str, tmp_path: Path
) -> None:
    path, out = written(BOOK, tmp_path / "p.parquet", 10), tmp_path / "out"
    run(path, out, 20)
    before = sorted(file.name for file in out.rglob("*"))
    with pytest.raises(PmdslError) as caught:
        again(path, out)
    assert [finding.code for finding in caught.value.findings] == ["PM642"]
    assert caught.value.findings[0].message == f"`{out}` {message}"
    assert sorted(file.name for file in out.rglob("*")) == before


def test_a_folder_with_something_else(tmp_path: Path) -> None:
    path, out = written(BOOK, tmp_path / "p.parquet"), tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_text("mine")
    with pytest.raises(PmdslError, match="is not empty"):
        run(path, out)
    (out / "part-000000.parquet").write_text("mine")
    with pytest.raises(PmdslError, match=f"has answers and no {NAME}"):
        run(path, out, resume=True)
