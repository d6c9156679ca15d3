"""What a finding is, and the list that passes collect them in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum

from pmdsl.diagnostics.codes import CODES
from pmdsl.source import Span


class Severity(Enum):
    """How bad a finding is: an error stops the work, a warning and a note do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True)
class Label:
    """A second place that belongs to a finding, with a few words on why."""

    span: Span
    text: str


@dataclass(frozen=True)
class Fix:
    """A replacement of one span that mends the finding without changing what is meant."""

    span: Span
    replacement: str


@dataclass(frozen=True)
class Finding:
    """One finding: a code of `codes.py`, one sentence, its place, and what helps."""

    code: str
    message: str
    span: Span | None = None
    labels: tuple[Label, ...] = ()
    hint: str | None = None
    fix: Fix | None = None

    @property
    def severity(self) -> Severity:
        return Severity(CODES[self.code].severity)

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR

    def __str__(self) -> str:
        place = f"{self.span}: " if self.span else ""
        return f"{place}{self.severity.value}[{self.code}]: {self.message}"


@dataclass
class Findings:
    """Collects the findings of a pass; the only mutable thing that a pass is handed."""

    items: list[Finding] = field(default_factory=list)
    known: set[Finding] = field(default_factory=set, repr=False)

    def add(
        self,
        code: str,
        message: str,
        span: Span | None = None,
        *,
        labels: Iterable[Label] = (),
        hint: str | None = None,
        fix: Fix | None = None,
    ) -> None:
        """Collect a finding; the same finding at the same place is kept once."""
        self.extend([Finding(code, message, span, tuple(labels), hint, fix)])

    def extend(self, others: Iterable[Finding]) -> None:
        for finding in others:
            if finding not in self.known:
                self.known.add(finding)
                self.items.append(finding)

    @property
    def has_errors(self) -> bool:
        return any(finding.is_error for finding in self.items)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def raise_if_errors(self) -> None:
        """Raise PmdslError with everything found where anything of it is an error."""
        if self.has_errors:
            raise PmdslError(tuple(self.items))


class PmdslError(Exception):
    """Raised at the edge of the library, with the findings that explain it."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))

    def __reduce__(self) -> tuple[type[PmdslError], tuple[tuple[Finding, ...]]]:
        # An exception is sent between processes as its class and `args`, which are the text alone.
        return type(self), (self.findings,)

    @staticmethod
    def single(code: str, message: str, span: Span | None = None, hint: str | None = None) -> PmdslError:
        return PmdslError((Finding(code, message, span, hint=hint),))
