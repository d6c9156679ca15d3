"""A test run as JUnit XML, which build servers read."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from pmdsl.diagnostics import Finding
from pmdsl.diagnostics.render import render_one
from pmdsl.testing.report import CaseResult, Report

UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_xml(report: Report) -> str:
    """One suite a file, one case a test; what kept files from being tested is a suite of its own."""
    root = Element("testsuites", name="pmdsl")
    files = dict.fromkeys(case.file for case in report.cases)
    for file in files:
        suite(root, file, [case for case in report.cases if case.file == file])
    errors = [finding for finding in report.findings if finding.is_error]
    if errors:
        own = SubElement(
            root, "testsuite", name="rule sets", tests=str(len(errors)), failures="0", errors=str(len(errors))
        )
        for finding in errors:
            failure(
                SubElement(own, "testcase", name=clean(str(finding)), classname="rule sets"),
                "error",
                [finding],
            )
    indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def suite(root: Element, file: str, cases: list[CaseResult]) -> None:
    failed = sum(not case.ok for case in cases)
    seconds = sum(case.seconds for case in cases)
    totals = {"tests": str(len(cases)), "failures": str(failed), "errors": "0", "time": f"{seconds:.3f}"}
    found = SubElement(root, "testsuite", {"name": clean(file), **totals})
    for case in cases:
        place = {"file": clean(file), "line": str(case.span.line), "time": f"{case.seconds:.3f}"}
        rules = clean(case.rules or "unknown")
        one = SubElement(found, "testcase", {"name": clean(case.title), "classname": rules, **place})
        if not case.ok:
            failure(one, "failure", [finding for finding in case.findings if finding.is_error])


def failure(case: Element, kind: str, findings: list[Finding]) -> None:
    """The findings of a case: the first as the message, all of them as the text."""
    found = SubElement(case, kind, message=clean(findings[0].message), type=findings[0].code)
    found.text = clean("\n".join(render_one(finding) for finding in findings))


def clean(text: str) -> str:
    """A text without the characters that XML cannot hold."""
    return UNFIT.sub("?", text)
