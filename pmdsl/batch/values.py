"""What a batch passes around: plain frozen values that can be sent to any process or machine."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from pmdsl.diagnostics import Finding

DIGITS = 32


@dataclass(frozen=True)
class Piece:
    """The rows [start, stop) of one Parquet file.

    `identity` tells its content from that of other files; `stamp`, where given, whether it has changed since.
    """

    path: Path
    start: int
    stop: int
    identity: str
    stamp: str = ""

    @property
    def rows(self) -> int:
        """How many positions it has."""
        return self.stop - self.start


@dataclass(frozen=True)
class Chunk:
    """Positions that hold whole accounts: no account stands in two chunks of one batch.

    `share` says which listed accounts are its own, whether they hold something or not.
    """

    number: int
    pieces: tuple[Piece, ...]
    share: Share

    @property
    def rows(self) -> int:
        """How many positions it has."""
        return sum(piece.rows for piece in self.pieces)

    @property
    def digest(self) -> str:
        """The digest of its input, in hexadecimal digits."""
        parts = [f"{p.identity} {p.start} {p.stop}" for p in self.pieces]
        return digest_of(str(self.number), repr(self.share), *parts)


@dataclass(frozen=True)
class Share:
    """Some accounts by their names: those in (`after`, `upto`], or those of bucket `bucket` of `buckets`.

    None as a bound stands for no bound. Names are compared by their code points.
    """

    after: str | None = None
    upto: str | None = None
    bucket: int = 0
    buckets: int = 1


@dataclass(frozen=True)
class Done:
    """A chunk that is answered and published. `kept`: it was there already, from an earlier run.

    `notes` are findings about the market; a worker tells each with the first of its chunks at least.
    """

    chunk: str
    accounts: int
    positions: int
    quarantined: int
    path: Path
    seconds: float
    kept: bool = False
    notes: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Summary:
    """What a batch did. `stopped`: the first quarantined account ended it, as `strict` asks.

    `notes` are findings about the market and about columns that nobody reads, each once.
    """

    out: Path
    chunks: int
    kept: int
    accounts: int
    positions: int
    quarantined: int
    seconds: float
    stopped: bool = False
    quarantine: Path | None = None
    notes: tuple[Finding, ...] = ()


def digest_of(*parts: str | bytes) -> str:
    """A digest of texts so joined that no two different lists look alike."""
    found = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        found.update(f"{len(data)}:".encode())
        found.update(data)
    return found.hexdigest()[:DIGITS]
