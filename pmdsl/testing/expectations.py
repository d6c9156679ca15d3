"""The expectations of a test, one function for each form."""

from __future__ import annotations

from dataclasses import replace

from pmdsl.diagnostics import Finding, Findings
from pmdsl.syntax import ast
from pmdsl.testing.fires import expect_fires
from pmdsl.testing.situation import Situation
from pmdsl.testing.states import expect_error, expect_state
from pmdsl.testing.values import expect_value

Expectation = ast.ExpectValue | ast.ExpectError | ast.ExpectFires | ast.ExpectState


def expectations_of(case: ast.TestCase) -> list[Expectation]:
    """The expectations of a test in the order of writing."""
    return [member for member in case.members if isinstance(member, Expectation)]


def judge(situation: Situation) -> list[Finding]:
    """Everything in which a run differs from what its test expects."""
    findings = Findings()
    for expect in expectations_of(situation.case):
        match expect:
            case ast.ExpectValue():
                expect_value(expect, situation, findings)
            case ast.ExpectError():
                expect_error(expect, situation, findings)
            case ast.ExpectFires():
                expect_fires(expect, situation, findings)
            case ast.ExpectState():
                expect_state(expect, situation, findings)
    return [*unexpected(situation), *findings]


def unexpected(situation: Situation) -> list[Finding]:
    """The errors of the book or of the run as a whole that no expectation names."""
    expected = {e.code for e in expectations_of(situation.case) if isinstance(e, ast.ExpectError)}
    found = []
    for problem in situation.problems:
        if problem.is_error and problem.code not in expected:
            found.append(problem if problem.code in OWN else wrapped(problem, situation))
    return found


OWN = ("PM811", "PM812", "PM816")


def wrapped(problem: Finding, situation: Situation) -> Finding:
    """An error of the run as an error of the test; what is wrong with the test itself stays as it is."""
    message = f"{problem.code}: {problem.message}"
    return replace(problem, code="PM803", message=message, span=problem.span or situation.case.span)
