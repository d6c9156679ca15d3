"""All mutants of some rule files, in up to two processes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.mutation.accepted import Accepted, accepted
from tests.mutation.mutants import Mutant, mutants
from tests.mutation.trial import Fate, Subject, fate, files_of_tests

SEED = 20_260_302


@dataclass(frozen=True)
class Result:
    """What became of the mutants of one rule file."""

    file: str
    fates: tuple[tuple[str, Fate], ...]

    @property
    def survivors(self) -> tuple[str, ...]:
        return tuple(mutant for mutant, found in self.fates if found is Fate.SURVIVED)

    @property
    def counts(self) -> Counter[Fate]:
        return Counter(found for _, found in self.fates)

    def __str__(self) -> str:
        told = ", ".join(f"{self.counts[found]} {found.value}" for found in Fate)
        return f"{self.file}: {len(self.fates)} mutants: {told}"


def rule_files(paths: Sequence[Path]) -> list[Path]:
    """The rule files at some paths that have tests beside them."""
    found = [
        file for path in paths for file in ([path] if path.is_file() else sorted(path.rglob("*.margin")))
    ]
    return [file for file in found if files_of_tests(file)]


def chosen(found: list[Mutant], most: int | None) -> list[Mutant]:
    """So many mutants spread over a file, always the same ones; all of them where nothing is said."""
    if most is None or len(found) <= most:
        return found
    rows = np.random.default_rng(SEED).choice(len(found), most, replace=False)
    return [found[row] for row in sorted(rows.tolist())]


def trial(job: tuple[Path, Mutant]) -> Fate:
    path, mutant = job
    return fate(Subject.read(path), mutant)


def campaign(
    paths: Sequence[Path],
    *,
    most: int | None = None,
    jobs: int = 1,
    told: Callable[[str], None] | None = None,
) -> Iterator[Result]:
    """The fate of every mutant of some rule files, or of so many of each. `told` hears of each survivor at
    once.
    """
    allowed = accepted()
    for path in rule_files(paths):
        subject = Subject.read(path)
        found = chosen([m for m in mutants(subject.source) if not is_accepted(m, allowed)], most)
        fates = []
        for mutant, end in zip(found, run_all(path, subject, found, jobs), strict=True):
            fates.append((str(mutant), end))
            if end is Fate.SURVIVED and told is not None:
                told(str(mutant))
        yield Result(str(path), tuple(fates))


def is_accepted(mutant: Mutant, allowed: list[Accepted]) -> bool:
    return any(entry.covers(mutant) for entry in allowed)


def run_all(path: Path, subject: Subject, found: list[Mutant], jobs: int) -> Iterator[Fate]:
    """The fates in the order of the mutants."""
    if jobs < 2:
        yield from (fate(subject, mutant) for mutant in found)
        return
    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(trial, [(path, mutant) for mutant in found], chunksize=4)
