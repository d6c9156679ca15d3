"""Where rule sets are found: the bundled ones, those of installed plug-ins, and folders that the caller
names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from importlib.resources.abc import Traversable
from pathlib import Path

from pmdsl.data import data_root
from pmdsl.diagnostics import Findings, did_you_mean
from pmdsl.source import Source

ENTRY_POINTS = "pmdsl.rules"
DECLARES = re.compile(r"^[ \t]*methodology[ \t]+([A-Za-z_][\w.]*)", re.MULTILINE)
TITLE = re.compile(r'^[ \t]*title[ \t]+"([^"\n]*)"', re.MULTILINE)
DEEPEST = 8


@dataclass(frozen=True)
class Entry:
    """A rule set at hand: its name, its title as written, where it comes from, and its text."""

    name: str
    title: str
    origin: str
    source: Source
    folder: Traversable


@dataclass(frozen=True)
class Library:
    """The rule sets at hand. `paths` are searched first, then the bundled ones, then plug-ins."""

    paths: Sequence[Path] = ()
    findings: Findings = field(default_factory=Findings)

    def entries(self) -> Iterator[Entry]:
        """Every rule set at hand; of two with one name the first found counts."""
        seen: set[str] = set()
        for entry in self.every():
            if entry.name not in seen:
                seen.add(entry.name)
                yield entry

    def every(self) -> Iterator[Entry]:
        for path in self.paths:
            yield from scan(path, str(path))
        yield from scan(data_root() / "rules", "bundled")
        yield from self.plugged_in()

    def plugged_in(self) -> Iterator[Entry]:
        """The rule sets of installed packages; one that does not load is reported by name and left out."""
        for point in entry_points(group=ENTRY_POINTS):
            try:
                loaded = point.load()
                root = loaded() if callable(loaded) else loaded
                yield from scan(Path(root) if isinstance(root, str) else root, point.name)
            except (
                Exception
            ) as problem:  # a plug-in is foreign code: whatever it does, the others are still listed
                self.findings.add("PM903", f"the plug-in `{point.name}` cannot be loaded: {problem}")

    def find(self, name: str) -> Entry | None:
        return next((entry for entry in self.entries() if entry.name == name), None)

    def suggestion(self, name: str) -> str:
        """A hint for a name that is not at hand."""
        names = [entry.name for entry in self.entries()]
        return did_you_mean(name, names) or f"the rule sets at hand are {', '.join(names)}"


def parent_entry(name: str, child: Source, library: Library) -> Entry | None:
    """The parent of a rule set by its name: in the library, or beside the child in its folder."""
    path = Path(child.name)
    return library.find(name) or (Library((path.parent,)) if path.is_file() else Library()).find(name)


def scan(folder: Traversable, origin: str) -> Iterator[Entry]:
    """The rule sets in a folder and those below it, in the order of their file names."""
    for file, parent in files(folder, DEEPEST):
        if file.name.endswith("_test.margin"):
            continue
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        declared = DECLARES.search(text)
        title = TITLE.search(text)
        if declared:
            yield Entry(
                declared.group(1), title.group(1) if title else "", origin, Source(str(file), text), parent
            )


def files(folder: Traversable, depth: int) -> Iterator[tuple[Traversable, Traversable]]:
    """Rule files below a folder with the folder each stands in."""
    if depth == 0 or not folder.is_dir():
        return
    for item in sorted(folder.iterdir(), key=lambda found: found.name):
        if item.is_dir():
            yield from files(item, depth - 1)
        elif item.name.endswith(".margin"):
            yield item, folder
