"""Collects the findings of one text and keeps one mistake from being told twice."""

from __future__ import annotations

from dataclasses import dataclass, field

from pmdsl.diagnostics import Finding, Findings
from pmdsl.source import Source, Span

MAX_FINDINGS = 100


@dataclass
class Log:
    """The findings of one text, and the lines that are known to be wrong.

    A line that has been reported is not reported again: what follows on it is most often the same mistake.
    """

    source: Source
    findings: Findings = field(default_factory=Findings)
    lines: set[int] = field(default_factory=set)

    @property
    def is_full(self) -> bool:
        return len(self.findings) >= MAX_FINDINGS

    def line_of(self, offset: int) -> int:
        return self.source.line_column(offset)[0]

    def report(self, finding: Finding) -> None:
        """Keep a finding, unless the line that it is about has one."""
        line = self.line_of(finding.span.start) if finding.span else 0
        if line not in self.lines and not self.is_full:
            self.lines.add(line)
            self.findings.extend((finding,))

    def touches(self, span: Span) -> bool:
        """Whether any line of a span has been reported."""
        first, last = self.line_of(span.start), self.line_of(max(span.start, span.end - 1))
        return any(first <= line <= last for line in self.lines)

    def hand_over(self, findings: Findings) -> None:
        """Give everything to the caller, in the order of the text."""
        ordered = sorted(self.findings, key=lambda finding: finding.span.start if finding.span else -1)
        findings.extend(ordered[:MAX_FINDINGS])
        if self.is_full:
            findings.add(
                "PM161",
                f"more than {MAX_FINDINGS} findings: the rest of {self.source.name} is passed over",
                hint="mend the first ones and look again",
            )
