"""Processes that die: their chunks are done again, one that kills all is named, nothing is left behind."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from itertools import islice
from pathlib import Path

from pmdsl.batch.executors.here import Here
from pmdsl.batch.executors.processes import Processes
from pmdsl.batch.executors.trouble import ends_its_worker, named, no_process
from pmdsl.batch.values import Chunk, Piece, Share
from tests.batch.executing import (
    answered,
    deadly,
    page,
    published,
    refused,
    shown,
    slow,
    some_chunks,
    some_work,
)
from tests.house.source import ROOT

SCRIPT = """
import sys
from pathlib import Path
from pmdsl.batch.executors.processes import Processes
from tests.batch.executing import slow, some_chunks, some_work

def main():
    out = Path(sys.argv[1])
    chunks = [slow(chunk) for chunk in some_chunks(out, 40)]
    for done in Processes(2).run(some_work(), chunks, out):
        print(done.path.name, flush=True)
"""
GUARDED = SCRIPT + '\nif __name__ == "__main__":\n    main()\n'


def test_the_chunks_of_a_process_that_was_killed_are_done_again(tmp_path: Path) -> None:
    work, chunks = some_work(), [slow(chunk) for chunk in some_chunks(tmp_path)]
    answered(Here(), work, chunks, tmp_path / "alone")
    (tmp_path / "out").mkdir()
    run = Processes(2).run(work, chunks, tmp_path / "out")
    done = list(islice(run, 1))
    victim = multiprocessing.active_children()[0]
    os.kill(victim.pid or 0, signal.SIGKILL)
    done += run
    assert sorted(one.chunk for one in done) == sorted(chunk.digest for chunk in chunks)
    assert published(tmp_path / "out") == published(tmp_path / "alone")
    assert multiprocessing.active_children() == []


def test_a_chunk_under_which_every_process_dies_is_named(tmp_path: Path) -> None:
    chunks = some_chunks(tmp_path, 5)
    executor = Processes(2, tries=2)
    finding = refused(executor, some_work(), [*chunks[:4], deadly(chunks[4])], tmp_path / "out")
    name = f"rows 1 to 36 of {chunks[4].pieces[0].path}"
    assert (finding.code, finding.message) == (
        "PM733",
        f"2 workers died that had been given chunk 4 ({name})",
    )
    assert len(published(tmp_path / "out")) == 4
    assert multiprocessing.active_children() == []


def test_an_idle_process_that_was_killed_is_replaced(tmp_path: Path) -> None:
    """Two processes and one chunk at a time: the one that waits is killed before it is given anything."""
    chunks = some_chunks(tmp_path, 6)
    (tmp_path / "out").mkdir()

    def one_after_the_other():
        yield from chunks[:2]
        for child in multiprocessing.active_children():
            os.kill(child.pid or 0, signal.SIGKILL)
        time.sleep(0.5)
        yield from chunks[2:]

    run = Processes(2, ahead=1).run(some_work(), one_after_the_other(), tmp_path / "out")
    assert sorted(done.chunk for done in run) == sorted(chunk.digest for chunk in chunks)


def started(tmp_path: Path, script: str) -> subprocess.Popen[str]:
    """A script in a process and a group of its own."""
    path = tmp_path / "script.py"
    path.write_text(script, encoding="utf-8")
    # Tests in the background have interrupts ignored, and what they start would ignore them too.
    return subprocess.Popen(
        [sys.executable, str(path), str(tmp_path)], env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip


def group_ends(group: int, seconds: float) -> bool:
    """Whether no process of a group is left after some seconds at most."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def test_an_interrupt_leaves_published_chunks_and_no_process(tmp_path: Path) -> None:
    """As a terminal does it: the whole group is told."""
    with started(tmp_path, GUARDED) as run:
        assert run.stdout is not None
        assert run.stdout.readline().startswith("part-")
        os.killpg(run.pid, signal.SIGINT)
        told = run.communicate(timeout=20)[1]
        assert told.rstrip().endswith("KeyboardInterrupt")
        assert told.count("Traceback") == 1
        assert group_ends(run.pid, 10)
    assert 0 < len(published(tmp_path)) - 40 < 40
    assert not list(tmp_path.glob(".part*"))


def test_processes_end_with_a_parent_that_was_killed(tmp_path: Path) -> None:
    with started(tmp_path, GUARDED) as run:
        assert run.stdout is not None
        run.stdout.readline()
        run.kill()
        run.wait()
        assert group_ends(run.pid, 10)


def test_a_script_that_starts_itself_again_is_told_so(tmp_path: Path) -> None:
    with started(tmp_path, SCRIPT + "\nmain()\n") as run:
        told = run.communicate(timeout=30)[1]
    assert "error[PM734]" in told
    (finding,) = no_process().findings
    assert page("PM734") == shown(finding)


def test_the_page_of_a_chunk_that_ends_its_workers() -> None:
    chunk = Chunk(7, (Piece(Path("positions.parquet"), 0, 1_250_000, ""),), Share())
    (finding,) = ends_its_worker(chunk, 3).findings
    assert page("PM733") == shown(finding)


def test_a_chunk_of_many_files_is_named_by_the_first() -> None:
    pieces = tuple(Piece(Path(f"{k}.parquet"), 0, 9, "") for k in range(5))
    assert named(Chunk(0, pieces[:1], Share())) == "chunk 0 (rows 1 to 9 of 0.parquet)"
    assert named(Chunk(0, pieces, Share())).endswith("rows 1 to 9 of 2.parquet, 2 more files)")
