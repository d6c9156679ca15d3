"""Which files hold tests."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from pmdsl.diagnostics import Findings
from pmdsl.source import Source

HAS_TESTS = re.compile(r"^[ \t]*test[ \t]+\"", re.MULTILINE)
DEEPEST = 16
SKIPPED = (".git", ".venv", "__pycache__", "node_modules")


def sources_at(paths: Sequence[Path], findings: Findings) -> list[Source]:
    """The texts with tests at some paths, each once, in the order of the paths and then of the names."""
    found: dict[Path, Source] = {}
    for path in paths:
        if not path.exists():
            findings.add("PM820", f"there is no file or folder `{path}`")
        for file in files(path):
            source = read(file, findings, must=file == path)
            if source is not None:
                found.setdefault(file.resolve(), source)
    return list(found.values())


def files(path: Path, depth: int = DEEPEST) -> Iterator[Path]:
    """A file itself, or the rule files in a folder and below."""
    if path.is_file():
        yield path
    elif path.is_dir() and depth:
        for item in sorted(path.iterdir()):
            if item.name not in SKIPPED and (item.is_dir() or item.suffix == ".margin"):
                yield from files(item, depth - 1)


def read(file: Path, findings: Findings, must: bool) -> Source | None:
    """The text of a file where it holds tests; one that was asked for by name and holds none is reported."""
    try:
        source = Source.read(file)
    except (OSError, UnicodeDecodeError) as error:
        findings.add("PM820", f"`{file}` cannot be read: {error}")
        return None
    if HAS_TESTS.search(source.text) or file.name.endswith("_test.margin"):
        return source
    if must:
        findings.add(
            "PM820",
            f"`{file}` holds no test",
            hint="tests stand in NAME_test.margin, or beside a methodology",
        )
    return None
