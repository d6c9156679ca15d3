"""Formatting rule files: which would change, and to what."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from pmdsl.author.checking import rule_files
from pmdsl.diagnostics import Finding, Findings, PmdslError


@dataclass(frozen=True)
class Change:
    """A file that is not in its layout, and its text in it."""

    path: Path
    before: str
    after: str

    def difference(self) -> str:
        """The lines that differ, as a unified diff."""
        before, after = (text.splitlines(keepends=True) for text in (self.before, self.after))
        return "".join(unified_diff(before, after, str(self.path), str(self.path)))


@dataclass(frozen=True)
class Formatted:
    """The changes that some files need; `findings` are about those that cannot be formatted."""

    files: int
    changes: tuple[Change, ...]
    findings: tuple[Finding, ...]


def format_files(given: Sequence[Path]) -> Formatted:
    """What formatting some files, and those in folders, would change. Nothing is written."""
    from pmdsl.syntax.formatter import format_text

    findings = Findings()
    changes: list[Change] = []
    sources = list(rule_files(given, findings, []))
    for source in sources:
        own = Findings()
        text = format_text(source, own)
        if text is None:
            findings.extend(finding for finding in own if finding.is_error)
        elif text != source.text:
            changes.append(Change(Path(source.name), source.text, text))
    return Formatted(len(sources), tuple(changes), tuple(findings))


def overwrite(change: Change) -> None:
    """Put the new text in the place of the old: a reader sees one of them, whole. Raises PmdslError."""
    path = change.path.resolve()
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(change.after)
            os.chmod(name, path.stat().st_mode & 0o7777)
            os.replace(name, path)
        except OSError:
            os.unlink(name)
            raise
    except OSError as error:
        raise PmdslError.single("PM904", f"`{path}` cannot be written: {error.strerror}") from None
