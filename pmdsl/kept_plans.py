"""Plans kept between runs, under a key of all that they were made of.

That is the compiler itself, the text, the texts of its parent and of the files that their tables read. A text
is not parsed to find these: whatever looks like `extends NAME` or `file "NAME"` is taken in, so the key may
depend on more than the plan does, and never on less. See docs/decisions/0010-kept-plans.md.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from pmdsl.data import data_root
from pmdsl.diagnostics import Finding, Fix, Label, PmdslError
from pmdsl.diagnostics.records import Record, finding_record
from pmdsl.names.library import Library, parent_entry
from pmdsl.plan.nodes import Plan
from pmdsl.source import Source, Span
from pmdsl.syntax import cache as disk
from pmdsl.version import __version__

FORMAT = 1
PREFIX = "plan-"
MOST_BYTES = 128_000_000
# Blanks and comments, which may stand between any two words.
GAP = r"(?>\s|#[^\n]*+)*+"
EXTENDS = re.compile(rf"\bextends\b(?={GAP}([A-Za-z_]\w*(?:{GAP}\.{GAP}[A-Za-z_]\w*)*))")
FILE = re.compile(rf'\bfile\b(?={GAP}"([^"\n]*)")')
COMMENT = re.compile(r"#[^\n]*")
# The parts of the package that decide what a text means.
COMPILER = ("diagnostics", "syntax", "names", "types", "plan", "check")
MISSING = "\0missing"
NOTHING = Source("", MISSING)


@dataclass(frozen=True)
class Kept:
    """What compiling gave: a plan, and what was found on the way."""

    plan: Plan
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Place:
    """Where the plan of a text is kept: its key, and the texts that it was made of, by name."""

    key: str
    sources: dict[str, Source]


def place_of(source: Source, library: Library) -> Place | None:
    """Where a plan is kept; None for a text that stands in no file."""
    if not Path(source.name).is_file() or disk.cache_folder() is None:
        return None
    parts, sources = [*compiler()], {source.name: source}
    for name in EXTENDS.findall(source.text):
        name = "".join(COMMENT.sub("", name).split())
        entry = parent_entry(name, source, library)
        parts += [name, entry.source.name if entry else MISSING]
        if entry is not None:
            sources[entry.source.name] = entry.source
    for reader in list(sources.values()):
        for name in FILE.findall(reader.text):
            path = Path(reader.name).parent / name
            text = text_of(path)
            parts += [str(path), MISSING] if text is None else []
            sources |= {} if text is None else {str(path): Source(str(path), text)}
    parts += [part for found in sources.values() for part in (found.name, found.text)]
    digest = sha256(json.dumps(parts).encode("utf-8")).hexdigest()
    return Place(PREFIX + digest, sources)


def text_of(path: Path) -> str | None:
    """The text of a table's file, as the compiler reads it; None where it cannot be read."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError, ValueError):
        return None


@cache
def compiler() -> tuple[str, ...]:
    """What the compiler is: versions, and sizes and times of its files; a changed one is another compiler."""
    versions = (FORMAT, __version__, sys.implementation.name, sys.version_info[:3])
    package = Path(__file__).parent
    grammar, models = Path(str(data_root())) / "grammar" / "pmdsl.lark", package / "pricing" / "catalogue.py"
    found = [grammar, models, *(package / name for name in ("source.py", "data.py", "compiler.py"))]
    for folder in COMPILER:
        found += (package / folder).rglob("*.py")
    return (*map(str, versions), *map(stamp, sorted(found)))


def stamp(path: Path) -> str:
    """A file's name, size and time."""
    try:
        status = os.stat(path)
    except OSError:
        return f"{path} {MISSING}"
    return f"{path} {status.st_size} {status.st_mtime_ns}"


# ---- reading and writing -----------------------------------------------------------------------------------


def find(place: Place) -> Kept | None:
    """What is kept; None where nothing sound is."""
    payload = disk.load_bytes(place.key)
    if payload is None:
        return None
    from pmdsl.plan.from_json import read_plan

    try:
        head, _, text = payload.decode("utf-8").partition("\n")
        findings = tuple(finding_of(record, place.sources) for record in json.loads(head))
        return Kept(read_plan(Source(place.key, text)), findings)
    except (PmdslError, ValueError, KeyError, TypeError, AttributeError):
        return None


def keep(place: Place, plan: Plan, findings: Sequence[Finding]) -> None:
    """Keep a plan and what was found; not where a finding is about a text that the key does not hold."""
    from pmdsl.plan.to_json import write_plan

    spans = [span for finding in findings for span in spans_of(finding)]
    if any(place.sources.get(s.source.name, NOTHING).text != s.source.text for s in spans):
        return
    head = json.dumps([finding_record(finding, "") for finding in findings])
    disk.save_bytes(place.key, f"{head}\n{write_plan(plan)}".encode())
    disk.bound(PREFIX, MOST_BYTES)


def spans_of(finding: Finding) -> Iterator[Span]:
    """The places that a finding names."""
    yield from (part.span for part in (finding, finding.fix) if part is not None and part.span is not None)
    yield from (label.span for label in finding.labels)


def finding_of(record: Record, sources: Mapping[str, Source]) -> Finding:
    """The finding of a record of `finding_record`. Raises KeyError, TypeError or ValueError for any other."""
    place, fix = record["place"], record["fix"]
    return Finding(
        record["code"],
        record["message"],
        None if place is None else span_of(place, sources),
        tuple(Label(span_of(label["place"], sources), label["text"]) for label in record["labels"]),
        record["hint"],
        None if fix is None else Fix(span_of(fix["place"], sources), fix["replacement"]),
    )


def span_of(place: Record, sources: Mapping[str, Source]) -> Span:
    """A place in one of the texts."""
    return Span(sources[place["file"]], int(place["start"]["offset"]), int(place["end"]["offset"]))
