"""Findings as plain records: the ones of our JSON, and those of SARIF 2.1.0."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote

from pmdsl.diagnostics.codes import CODES
from pmdsl.diagnostics.finding import Finding, Fix, Label
from pmdsl.source import Span
from pmdsl.version import __version__

Record = dict[str, Any]

SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def finding_record(finding: Finding, page: str) -> Record:
    """One finding of the JSON document."""
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "title": CODES[finding.code].title,
        "message": finding.message,
        "place": None if finding.span is None else span_record(finding.span),
        "labels": [{"place": span_record(label.span), "text": label.text} for label in finding.labels],
        "hint": finding.hint,
        "fix": None if finding.fix is None else fix_record(finding.fix),
        "page": page,
    }


def fix_record(fix: Fix) -> Record:
    return {"place": span_record(fix.span), "replacement": fix.replacement}


def span_record(span: Span) -> Record:
    return {
        "file": span.source.name,
        "start": position_record(span, span.start),
        "end": position_record(span, span.end),
    }


def position_record(span: Span, offset: int) -> Record:
    line, column = span.source.line_column(offset)
    return {"line": line, "column": column, "offset": offset}


# ---- SARIF -----------------------------------------------------------------------------------------------


def sarif_log(findings: Sequence[Finding], page: Callable[[str], str]) -> Record:
    """A SARIF log with one run; its rules are the codes that were found."""
    codes = sorted({finding.code for finding in findings})
    driver = {
        "name": "pmdsl",
        "version": __version__,
        "rules": [sarif_rule(code, page(code)) for code in codes],
    }
    results = [sarif_result(finding, codes.index(finding.code)) for finding in findings]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}


def sarif_rule(code: str, page: str) -> Record:
    return {
        "id": code,
        "shortDescription": {"text": CODES[code].title},
        "help": {"text": page},
        "defaultConfiguration": {"level": CODES[code].severity},
    }


def sarif_result(finding: Finding, index: int) -> Record:
    text = finding.message if finding.hint is None else f"{finding.message}; {finding.hint}"
    result: Record = {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": finding.severity.value,
        "message": {"text": text},
        "locations": [] if finding.span is None else [sarif_location(finding.span)],
    }
    if finding.labels:
        result["relatedLocations"] = [sarif_label(label) for label in finding.labels]
    if finding.fix is not None:
        result["fixes"] = [sarif_fix(finding.fix, finding.hint)]
    return result


def sarif_location(span: Span) -> Record:
    return {"physicalLocation": {"artifactLocation": sarif_artifact(span), "region": sarif_region(span)}}


def sarif_label(label: Label) -> Record:
    return {**sarif_location(label.span), "message": {"text": label.text}}


def sarif_artifact(span: Span) -> Record:
    return {"uri": quote(span.source.name.replace("\\", "/"))}


def sarif_region(span: Span) -> Record:
    (line, column), (end_line, end_column) = (span.source.line_column(o) for o in (span.start, span.end))
    return {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}


def sarif_fix(fix: Fix, hint: str | None) -> Record:
    replacement = {"deletedRegion": sarif_region(fix.span), "insertedContent": {"text": fix.replacement}}
    change = {"artifactLocation": sarif_artifact(fix.span), "replacements": [replacement]}
    return {"description": {"text": hint or "mend"}, "artifactChanges": [change]}
