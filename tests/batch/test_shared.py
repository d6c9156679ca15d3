"""Threads share one station: the market is bound once, and the answers have the bits of one thread."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from pmdsl.batch.executors.here import Here
from pmdsl.batch.executors.threads import Threads
from pmdsl.batch.work import Work, work_of
from pmdsl.engine.words import Interner
from tests.api.world import rules
from tests.batch.books import aside
from tests.batch.executing import INSTRUMENTS, UNDERLYINGS, answered, published, some_chunks, some_work

WORKERS = 4


@pytest.fixture(autouse=True)
def hurried() -> Iterator[None]:
    """Threads that give way to each other far more often than they do as a rule."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def lacking() -> Work:
    """A put of which nobody knows the volatility: who holds it is put aside."""
    market = {**INSTRUMENTS, "implied_volatility": [None, 0.4]}
    return work_of(rules(), market, UNDERLYINGS, on=date(2026, 3, 2), sections={"rate": 0.04})


def paired() -> Work:
    """Rules that pair options and shares with each other."""
    market = {**INSTRUMENTS, "price": [90.0, 1.5]}
    return work_of(rules("us.reg_t"), market, UNDERLYINGS, on=date(2026, 3, 2), sections={"rate": 0.04})


@pytest.mark.parametrize("make", [some_work, lacking, paired])
def test_many_small_chunks(make: Callable[[], Work], tmp_path: Path) -> None:
    work = make()
    chunks = some_chunks(tmp_path, 40)
    alone = answered(Here(), work, chunks, tmp_path / "alone")
    found = answered(Threads(WORKERS), work, chunks, tmp_path / "found")
    assert published(tmp_path / "found") == published(tmp_path / "alone")
    assert aside(tmp_path / "found") == aside(tmp_path / "alone")
    counts = [{(d.chunk, d.accounts, d.positions, d.quarantined) for d in done} for done in (found, alone)]
    assert counts[0] == counts[1]


def test_an_account_is_put_aside_in_some_of_them(tmp_path: Path) -> None:
    """What the test before compares is not empty."""
    answered(Here(), lacking(), some_chunks(tmp_path, 2), tmp_path / "out")
    assert aside(tmp_path / "out")


def test_the_market_is_bound_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Work] = []
    once = Work.open
    monkeypatch.setattr(Work, "open", lambda work: opened.append(work) or once(work))  # type: ignore[func-returns-value]
    answered(Threads(WORKERS), some_work(), some_chunks(tmp_path), tmp_path / "out")
    assert len(opened) == 1


def test_a_code_that_is_seen_has_its_text() -> None:
    interner = Interner()
    words = [f"w{number}" for number in range(2_000)]

    def numbered(_: int) -> list[str]:
        return [interner.text(interner.code(word)) for word in words]

    with ThreadPoolExecutor(WORKERS) as pool:
        assert list(pool.map(numbered, range(WORKERS))) == [words] * WORKERS
    assert sorted(interner.texts) == sorted(words)


def test_a_job_is_made_once() -> None:
    bound = some_work().open().rules.bound
    with ThreadPoolExecutor(WORKERS) as pool:
        jobs = list(pool.map(lambda _: bound.job(bound.targets, keep=True), range(2 * WORKERS)))
    assert all(job is jobs[0] for job in jobs)
