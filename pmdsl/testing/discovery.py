"""Which files hold tests."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from pmdsl.author.folders import files_below
from pmdsl.diagnostics import Findings
from pmdsl.source import Source

HAS_TESTS = re.compile(r"^[ \t]*test[ \t]+\"", re.MULTILINE)


def sources_at(paths: Sequence[Path], findings: Findings, passed_over: list[Path]) -> list[Source]:
    """The texts with tests at some paths, each once, in the order of the paths and then of the names.

    Folders that are marked to be left out are added to `passed_over`.
    """
    found: dict[Path, Source] = {}
    for path in paths:
        if not path.exists():
            findings.add("PM820", f"there is no file or folder `{path}`")
            continue
        for file in files_below(path, passed_over):
            source = read(file, findings, must=file == path)
            if source is not None:
                found.setdefault(file.resolve(), source)
    return list(found.values())


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
