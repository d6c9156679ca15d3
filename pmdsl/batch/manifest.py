"""The manifest of a folder of answers: which batch it holds, and whether all of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from pmdsl.batch.publishing import write_text
from pmdsl.batch.values import Chunk, Summary, digest_of
from pmdsl.batch.work import Work
from pmdsl.diagnostics import PmdslError
from pmdsl.version import __version__

NAME = "_batch.json"
FORMAT = 1
STAGING = "_staging"
# What must be the same where a batch goes on, and how a message calls it.
SAME = {
    "meaning": "other rules", "on": "another date", "market": "another market", "accounts": "other accounts",
    "positions": "other positions, or another --chunk-rows",
}  # fmt: skip


@dataclass(frozen=True)
class Manifest:
    """A batch by its digests. `complete` once all of its chunks are published."""

    rules: str
    meaning: str
    on: str
    market: str
    accounts: str
    positions: str
    chunks: int
    pmdsl: str = __version__
    format: int = FORMAT
    complete: bool = False

    def write(self, out: Path) -> None:
        """Put it into a folder. Raises PmdslError."""
        write_text(out / NAME, json.dumps(asdict(self), indent=1) + "\n")

    def completed(self, summary: Summary) -> Manifest:
        """The same once all is done."""
        return replace(self, complete=not summary.stopped)


def manifest_of(work: Work, chunks: Sequence[Chunk]) -> Manifest:
    """The manifest of a batch."""
    return Manifest(
        rules=work.rules,
        meaning=work.meaning,
        on=work.on.isoformat(),
        market=work.market,
        accounts=work.accounts.digest if work.accounts else "",
        positions=digest_of(*(chunk.digest for chunk in chunks)),
        chunks=len(chunks),
    )


def may_begin(out: Path, resume: bool) -> None:
    """Raise where a folder holds something already, and that is not to be gone on with."""
    if out.is_file() and out.suffix.lower() == ".csv":
        raise PmdslError.single(
            "PM642", f"`{out}` is there already", hint="choose another --out, or remove it"
        )
    if out.is_file():
        raise PmdslError.single("PM642", f"`{out}` is a file", hint="--out is a folder, or ends in .csv")
    if resume or not out.is_dir() or all(entry.name == STAGING for entry in out.iterdir()):
        return
    if (out / NAME).is_file():
        hint = "go on with it by --resume, or choose another --out"
        raise PmdslError.single("PM642", f"`{out}` holds the answers of a batch", hint=hint)
    raise PmdslError.single("PM642", f"the folder `{out}` is not empty", hint="choose another --out")


def may_resume(out: Path, mine: Manifest) -> None:
    """Raise where a folder holds another batch than the one that is to go on."""
    found = read_manifest(out)
    if found is None:
        return
    other = [word for key, word in SAME.items() if found.get(key) != getattr(mine, key)]
    if other:
        message = f"`{out}` holds the answers of another batch: of {', of '.join(other)}"
        raise PmdslError.single("PM642", message, hint="choose another --out")


def read_manifest(out: Path) -> dict[str, object] | None:
    """The manifest of a folder; None where it has none. Raises PmdslError for a text that is none."""
    path = out / NAME
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if out.is_dir() and any(out.glob("part-*.parquet")):
            raise PmdslError.single("PM642", f"the folder `{out}` has answers and no {NAME}") from None
        return None
    except (OSError, ValueError):
        raise PmdslError.single("PM642", f"`{path}` cannot be read", hint="choose another --out") from None
    return found if isinstance(found, dict) else {}
