"""Checking rule files: everything that the compiler finds, file by file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pmdsl.author.folders import files_below
from pmdsl.diagnostics import Finding, Findings, PmdslError, Severity
from pmdsl.names.library import Library
from pmdsl.source import Source

if TYPE_CHECKING:
    from pmdsl.compiler import CompiledFile


@dataclass(frozen=True)
class Checked:
    """What was found in some files. `unreadable` are findings about files that could not be read at all,
    `passed_over` folders that are marked to be left out.
    """

    files: int
    findings: tuple[Finding, ...]
    unreadable: tuple[Finding, ...] = ()
    passed_over: tuple[Path, ...] = ()

    @property
    def errors(self) -> int:
        """How many errors there are."""
        return sum(finding.is_error for finding in self.findings)

    @property
    def summary(self) -> str:
        """One line: `3 files: 2 errors, 1 warning`."""
        kinds = [(kind, sum(f.severity is kind for f in self.findings)) for kind in Severity]
        parts = [counted(number, kind.value) for kind, number in kinds if number]
        left = f", {counted(len(self.passed_over), 'folder')} passed over" if self.passed_over else ""
        return f"{counted(self.files, 'file')}: {', '.join(parts) or 'nothing found'}{left}"


def counted(number: int, what: str) -> str:
    """`1 file`, `2 files`."""
    return f"{number} {what}{'' if number == 1 else 's'}"


def check_files(given: Sequence[Path], paths: Sequence[Path] = ()) -> Checked:
    """Check rule files and those in folders, each once.

    `paths` are folders in which parents are looked up first.
    """
    from pmdsl.compiler import compile_source

    unreadable = Findings()
    library = Library(tuple(paths))
    findings = Findings()
    passed_over: list[Path] = []
    sources = list(rule_files(given, unreadable, passed_over))
    for source in sources:
        compiled = compile_source(source, library, findings)
        findings.extend(said_of_claims(compiled))
    findings.extend(library.findings)
    return Checked(len(sources), (*unreadable, *findings), tuple(unreadable), tuple(passed_over))


def said_of_claims(compiled: CompiledFile) -> Iterator[Finding]:
    """What is refuted or left open of the claims that the sound rule sets of a file make."""
    from pmdsl.syntax import ast

    for methodology in compiled.methodologies:
        if methodology.plan is not None and any(methodology.program.all(ast.Check)):
            from pmdsl.compare.claims.report import claim_findings

            yield from claim_findings(methodology)


def rule_files(given: Sequence[Path], unreadable: Findings, passed_over: list[Path]) -> Iterator[Source]:
    """The texts of files and of the rule files in folders, in order, each once.

    Folders that are marked are added to `passed_over`.
    """
    from pmdsl.loading import read_source

    seen: set[Path] = set()
    for path in given:
        found = list(files_below(path, passed_over))
        if not found:
            unreadable.add("PM904", f"there is no rule file in `{path}`")
        for file in found:
            if file.resolve() in seen:
                continue
            seen.add(file.resolve())
            try:
                yield read_source(file)
            except PmdslError as error:
                unreadable.extend(error.findings)
