"""Survivors that are no gap: changes that cannot change any answer, each with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.mutation.mutants import Mutant

LIST = Path(__file__).with_name("accepted.txt")


@dataclass(frozen=True)
class Accepted:
    """The file's name, the line as written, the change, and why no test can notice it."""

    file: str
    line: str
    change: str
    because: str

    def covers(self, mutant: Mutant) -> bool:
        change = str(mutant).split(": ", 1)[1]
        return (
            mutant.span.source.name.endswith(self.file) and mutant.line == self.line and change == self.change
        )


def accepted(path: Path = LIST) -> list[Accepted]:
    """The list: blocks of four lines, `#` begins a comment. Raises ValueError where a block is not whole."""
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    kept = [line for line in lines if line and not line.startswith("#")]
    if len(kept) % 4:
        raise ValueError(f"{path}: each entry has four lines: file, line, change, reason")
    return [Accepted(*kept[k : k + 4]) for k in range(0, len(kept), 4)]
