"""A test run for people: a dot a test, what failed with its place, what was not covered, a summary."""

from __future__ import annotations

from collections.abc import Iterator

from pmdsl.author.checking import counted
from pmdsl.author.folders import MARK
from pmdsl.diagnostics import Finding
from pmdsl.diagnostics.render import BOLD, paint, render_one
from pmdsl.testing.coverage import KINDS, Coverage
from pmdsl.testing.coverage.items import POINT, count
from pmdsl.testing.report import Report

GREEN, RED, YELLOW, WIDTH = "32", "31", "33", 80
PLURALS = {
    "row": "rows",
    "pattern": "patterns",
    "segment": "segments",
    "branch": "branches",
    "operand": "operands",
    "condition": "outcomes",
    "point": "points",
}
UNREACHED = {"operand": "never decided", "condition": "never came out"}


def render_report(report: Report, colour: bool = False) -> str:
    """The whole report as text, ending with its summary."""
    return "\n".join(
        [
            *dots(report, colour),
            *failures(report, colour),
            *coverage(report, colour),
            *passed_over(report),
            summary(report, colour),
        ]
    )


def dots(report: Report, colour: bool) -> Iterator[str]:
    marks = [paint(".", GREEN, colour) if case.ok else paint("F", RED, colour) for case in report.cases]
    for start in range(0, len(marks), WIDTH):
        yield "".join(marks[start : start + WIDTH])


def failures(report: Report, colour: bool) -> Iterator[str]:
    for finding in report.findings:
        yield ""
        yield render_one(finding, colour)
    for case in report.failed:
        yield ""
        yield (
            paint(f'FAILED "{case.title}"', f"{BOLD};{RED}", colour)
            + f" ({case.rules or 'no rule set'}, {case.span})"
        )
        yield from shown(case.findings, colour)


def shown(findings: tuple[Finding, ...], colour: bool) -> Iterator[str]:
    for finding in findings:
        yield render_one(finding, colour)


def passed_over(report: Report) -> Iterator[str]:
    """The folders that were left out, and by what."""
    if report.passed_over:
        yield ""
        yield f"passed over, for their {MARK}: {', '.join(map(str, report.passed_over))}"


def summary(report: Report, colour: bool) -> str:
    """How many tests ran, of how many rule sets, in how many files."""
    seconds = sum(case.seconds for case in report.cases)
    rules = len({case.rules for case in report.cases if case.rules})
    failed = f", {len(report.failed)} failed" if report.failed else ""
    style = GREEN if report.ok else RED
    files = len({case.file for case in report.cases})
    ran = f"{counted(len(report.cases), 'test')} of {counted(rules, 'rule set')} in {counted(files, 'file')}"
    return "\n" + paint(f"{ran}: {report.passed} passed{failed} in {seconds:.2f} s", style, colour)


# ---- coverage ----------------------------------------------------------------------------------------------


def coverage(report: Report, colour: bool) -> Iterator[str]:
    if not report.coverage:
        return
    width = max(len(found.rules) for found in report.coverage)
    yield ""
    yield paint(
        f"{'coverage':<{width}}  " + "".join(f"{PLURALS[kind]:>12}" for kind in KINDS) + f"{'total':>9}",
        BOLD,
        colour,
    )
    for found in report.coverage:
        yield line(found, width, colour)
    for found in report.coverage:
        yield from missing(found, colour)


def line(found: Coverage, width: int, colour: bool) -> str:
    """One rule set: reached of all, for each kind; points do not enter the total."""
    cells = "".join(f"{ratio(*count(found.of(kind))):>12}" for kind in KINDS)
    hit, every = found.counted
    share = f"{100 * hit // every if every else 100}%"
    return f"{found.rules:<{width}}  {cells}" + paint(
        f"{share:>9}", GREEN if hit == every else YELLOW, colour
    )


def ratio(hit: int, every: int) -> str:
    return f"{hit}/{every}" if every else "-"


def missing(found: Coverage, colour: bool) -> Iterator[str]:
    if found.uncovered:
        yield ""
        yield paint(f"{found.rules}: not covered", YELLOW, colour)
    for item in found.uncovered:
        part = f" ({item.part})" if item.kind in ("branch", "condition") else ""
        what = f"{item.what}{part}"
        yield f"  {item.span}: {item.kind} {what} {UNREACHED.get(item.kind, 'was never reached')}"
    idle = [item.what for item, hit in found.of(POINT) if not hit]
    if idle:
        yield f"  points that bound nothing: {', '.join(idle)}"
    hit, every = found.file_rows
    if every:
        yield f"  {found.rules}: {hit} of {every} rows of files were taken, which the total leaves out"
