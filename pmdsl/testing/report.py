"""What a test run found."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pmdsl.diagnostics import Finding
from pmdsl.source import Span
from pmdsl.testing.coverage.items import Coverage


@dataclass(frozen=True)
class CaseResult:
    """One test: its title, the rule set it uses, its place, what failed, and how long it took in seconds."""

    title: str
    rules: str
    span: Span
    findings: tuple[Finding, ...]
    seconds: float
    expectations: int = 0

    @property
    def ok(self) -> bool:
        return not any(finding.is_error for finding in self.findings)

    @property
    def file(self) -> str:
        return self.span.source.name


@dataclass(frozen=True)
class Report:
    """All tests of a run in the order of files and lines.

    `findings` are what kept files or rule sets from being tested. `coverage` has an entry for each rule set,
    where it was asked for. `passed_over` are folders that are marked to be left out.
    """

    cases: tuple[CaseResult, ...]
    findings: tuple[Finding, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    passed_over: tuple[Path, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.failed and not any(finding.is_error for finding in self.findings)

    @property
    def failed(self) -> tuple[CaseResult, ...]:
        return tuple(case for case in self.cases if not case.ok)

    @property
    def passed(self) -> int:
        return len(self.cases) - len(self.failed)
