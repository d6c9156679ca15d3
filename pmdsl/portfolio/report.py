"""Findings of a book, bounded: a file of a million bad rows must not become a million messages."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pmdsl.diagnostics import Finding, Findings, Fix, Label
from pmdsl.source import Span

if TYPE_CHECKING:
    from pmdsl.portfolio.parts import Coded

MessageOf = Callable[[int], str]
PlaceOf = Callable[[int], Span | None]
LIMIT = 200
ROWS = 10
FULL = f"more than {LIMIT} errors: the rest is left out"


@dataclass
class Report:
    """Collects findings up to LIMIT; `rows` reports a mask of bad rows by its first few."""

    findings: Findings
    errors: int = 0
    before: int = field(init=False)

    def __post_init__(self) -> None:
        self.before = len(self.findings)

    @property
    def has_room(self) -> bool:
        """Whether a further finding would be kept."""
        return self.errors < LIMIT

    def sort(self) -> None:
        """Put what was reported in the order of the text: source by source, from top to bottom."""
        own = self.findings.items[self.before :]
        sources = list(dict.fromkeys(id(finding.span.source) for finding in own if finding.span))

        def order(finding: Finding) -> tuple[bool, int, int]:
            span = finding.span
            if span is None or finding.message == FULL:
                return True, 0, 0
            return False, sources.index(id(span.source)), span.start

        self.findings.items[self.before :] = sorted(own, key=order)

    def has_at(self, span: Span | None) -> bool:
        """Whether something was reported at exactly this place already."""
        return span is not None and any(finding.span == span for finding in self.findings)

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
        """Collect a finding, or count it where there are too many already."""
        self.errors += 1
        if self.errors <= LIMIT:
            self.findings.add(code, message, span, labels=labels, hint=hint, fix=fix)
        elif self.errors == LIMIT + 1:
            self.findings.add("PM605", FULL, span)

    def rows(
        self, code: str, bad: NDArray[np.bool_], message: MessageOf, place: PlaceOf, hint: str | None = None
    ) -> None:
        """Collect the first rows of a mask, shape (rows,), and how many more there are."""
        found = np.flatnonzero(bad)
        for row in found[:ROWS].tolist():
            self.add(code, message(row), place(row), hint=hint)
        if len(found) > ROWS:
            row = int(found[ROWS])
            rest = len(found) - ROWS - 1
            more = f"; so are {rest} further rows" if rest else ""
            self.add(code, message(row) + more, place(row), hint=hint)

    def word(
        self,
        code: str,
        found: Coded,
        number: int,
        message: MessageOf,
        place: PlaceOf,
        hint: str | None = None,
    ) -> None:
        """Collect what is wrong with one word of a column, at the first row in which it stands."""
        row = int(np.argmax(found.codes == number)) if self.has_room else 0
        self.add(code, message(row), place(row), hint=hint)
