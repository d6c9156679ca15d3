"""What every rule set says about itself, and small slips in lists of words."""

from __future__ import annotations

from collections.abc import Iterable

from pmdsl.check.scope import first_line, is_own
from pmdsl.diagnostics import Findings, Label, did_you_mean
from pmdsl.plan.lower.elaborator import Elaborator
from pmdsl.syntax import ast

SEVERITIES = ("low", "medium", "high")


def check_requirements(e: Elaborator, findings: Findings) -> None:
    """The header, the outputs, and words that stand twice."""
    check_header(e, findings)
    check_days(e, findings)
    for declared in e.program.declared.values():
        if not is_own(e, declared):
            continue
        if isinstance(declared, ast.Kind | ast.SetDecl):
            check_words(declared, findings)
        elif isinstance(declared, ast.Alert):
            check_severity(declared, findings)
        elif isinstance(declared, ast.Scenarios):
            check_points(declared, findings)
        elif isinstance(declared, ast.Input):
            check_twice(
                "PM251",
                f"the input `{declared.name}`",
                "attribute",
                [field.name for field in declared.fields],
                findings,
            )


def check_header(e: Elaborator, findings: Findings) -> None:
    program = e.program
    place = first_line(program.span)
    if not program.version:
        findings.add(
            "PM248",
            f"`{program.name}` does not say its version",
            place,
            hint=(
                'add, for example, `version "2026.1"`, so that answers and rule sets that '
                "extend this one can name it"
            ),
        )
    if not any(program.all(ast.Require)):
        findings.add(
            "PM249",
            f"`{program.name}` requires nothing",
            place,
            hint="add `require NAME = …`: what a rule set requires is what it answers",
        )
    if not program.chain:
        findings.add(
            "PM250",
            f"`{program.name}` does not say its levels",
            place,
            hint=(
                "add `levels position -> account`, with the groups that gains and losses are "
                "netted in between"
            ),
        )


def check_days(e: Elaborator, findings: Findings) -> None:
    """`covers` ends after it begins."""
    covers = e.program.declared.get((ast.Covers, ""))
    if isinstance(covers, ast.Covers) and covers.end is not None and covers.end < covers.start:
        findings.add(
            "PM424",
            f"`covers` ends on {covers.end}, before it begins on {covers.start}",
            covers.span,
            hint="both days are covered: the first comes first",
        )


def check_words(declared: ast.Kind | ast.SetDecl, findings: Findings) -> None:
    what = "kind" if isinstance(declared, ast.Kind) else "set"
    check_twice("PM245", f"the {what} `{declared.name}`", "word", declared.words, findings)


def check_points(declared: ast.Scenarios, findings: Findings) -> None:
    """The points of an axis have different names."""
    if not isinstance(declared.content, ast.Body) or not declared.content.rows:
        return
    header, *rows = declared.content.rows
    words = [cell.parts[-1] if isinstance(cell, ast.Path) else "" for cell in header.cells]
    if declared.name.text not in words:
        return
    place = words.index(declared.name.text)
    cells = [row.cells[place] for row in rows if place < len(row.cells)]
    points = [
        ast.Name(cell.span.text.strip('"'), span=cell.span)
        for cell in cells
        if isinstance(cell, ast.Path | ast.Text)
    ]
    check_twice("PM251", f"the axis `{declared.name}`", "point", points, findings)


def check_twice(code: str, whole: str, part: str, names: Iterable[ast.Name], findings: Findings) -> None:
    """Report each name that stands in a list before."""
    seen: dict[str, ast.Name] = {}
    for name in names:
        first = seen.setdefault(name.text, name)
        if first is not name:
            findings.add(
                code,
                f"{whole} has the {part} `{name}` twice",
                name.span,
                labels=[Label(first.span, "first here")],
                hint="remove one of them, or give it another name",
            )


def check_severity(alert: ast.Alert, findings: Findings) -> None:
    word = alert.severity.text
    if word not in SEVERITIES:
        findings.add(
            "PM246",
            f"`{word}` is no severity",
            alert.severity.span,
            hint=did_you_mean(word, SEVERITIES) or f"the severities are {', '.join(SEVERITIES)}",
        )
