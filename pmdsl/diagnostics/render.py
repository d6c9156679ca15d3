"""Findings as people and programs read them: text with excerpts, JSON, and SARIF 2.1.0."""

from __future__ import annotations

import json
from collections.abc import Iterable

from pmdsl.diagnostics.excerpt import Mark, excerpt, visible
from pmdsl.diagnostics.finding import Finding, Severity
from pmdsl.diagnostics.records import finding_record, sarif_log
from pmdsl.source import Source, Span

FORMAT_VERSION = 1
COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.NOTE: "36"}
BOLD = "1"


def render_text(findings: Iterable[Finding], colour: bool = False) -> str:
    """Each finding with its place, the lines that it is about, what helps, and its page."""
    return "\n".join(render_one(finding, colour) for finding in findings)


def render_one(finding: Finding, colour: bool = False) -> str:
    """One finding as text, with a line end."""
    severity = finding.severity
    head = paint(f"{severity.value}[{finding.code}]", COLOURS[severity], colour)
    lines = [f"{head}: {paint(safe(finding.message), BOLD, colour)}", *places(finding)]
    gutter = " " * gutter_width([finding.span, *(label.span for label in finding.labels)])
    if finding.hint:
        lines.append(f"{gutter} = help: {safe(finding.hint)}")
    lines.append(f"{gutter} = see {page(finding.code)}")
    return "\n".join(lines) + "\n"


def places(finding: Finding) -> list[str]:
    """Where a finding stands, with excerpts; those of other sources follow the one of the finding."""
    marks = [Mark(label.span, "-", safe(label.text)) for label in finding.labels]
    if finding.span is not None:
        marks.insert(0, Mark(finding.span, "^"))
    sources: list[Source] = []
    for mark in marks:
        if mark.span.source not in sources:
            sources.append(mark.span.source)
    lines: list[str] = []
    for source in sources:
        own = [mark for mark in marks if mark.span.source is source]
        gutter = " " * gutter_width([mark.span for mark in own])
        lines += [f"{gutter}--> {safe(str(own[0].span))}", *excerpt(source, own)]
    return lines


def gutter_width(spans: Iterable[Span | None]) -> int:
    """How many columns the line numbers take."""
    return max((len(str(span.line)) for span in spans if span is not None), default=1)


def safe(text: str) -> str:
    """A text in which nothing can move the cursor or hide: what is quoted may come from a stranger."""
    return "\n".join(visible(line) for line in text.split("\n"))


def paint(text: str, style: str, colour: bool) -> str:
    """A text in an ANSI style, where colour is wanted."""
    return f"\033[{style}m{text}\033[0m" if colour else text


def page(code: str) -> str:
    """The page that explains a code."""
    return f"docs/errors/{code}.md"


def render_json(findings: Iterable[Finding]) -> str:
    """All findings as one JSON document; lines and columns count from one, offsets from zero."""
    records = [finding_record(finding, page(finding.code)) for finding in findings]
    return json.dumps({"format_version": FORMAT_VERSION, "findings": records}, indent=2, ensure_ascii=False)


def render_sarif(findings: Iterable[Finding]) -> str:
    """All findings as one SARIF 2.1.0 document, for code scanning and editors."""
    return json.dumps(sarif_log(list(findings), page), indent=2, ensure_ascii=False)
