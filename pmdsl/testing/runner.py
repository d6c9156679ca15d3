"""Runs tests: finds files, compiles each rule set once, runs every case, collects what failed."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path

from pmdsl.compare.claims import Effort, plan_of, prove
from pmdsl.diagnostics import Finding, Findings, PmdslError
from pmdsl.engine import Answer, Engine, evaluate
from pmdsl.names.library import Library
from pmdsl.plan.nodes import Plan
from pmdsl.source import Source
from pmdsl.syntax import ast
from pmdsl.syntax.parser import parse
from pmdsl.testing.coverage import Recorder
from pmdsl.testing.discovery import sources_at
from pmdsl.testing.expectations import expectations_of, judge
from pmdsl.testing.market import Market, market_of
from pmdsl.testing.report import CaseResult, Report
from pmdsl.testing.rulesets import RuleSet, RuleSets
from pmdsl.testing.situation import Situation
from pmdsl.testing.targets import name_of


def run_tests(
    paths: Iterable[str | Path],
    *,
    library: Library | None = None,
    coverage: bool = False,
    engine: Engine = "numpy",
) -> Report:
    """Run the tests in some files and folders: `*_test.margin`, and `test` blocks beside a methodology.

    Rule sets are looked up beside the test, then in `library`. Nothing is raised: what could not be run is a
    finding of the report.
    """
    findings = Findings()
    passed_over: list[Path] = []
    sources = sources_at([Path(path) for path in paths], findings, passed_over)
    run = Run(RuleSets(library or Library()), Recorder() if coverage else None, engine=engine)
    cases = [case for source in sources for case in run.file(source)]
    if not cases and not findings.has_errors:
        findings.add("PM820", "there is no test here", hint="tests stand in files called NAME_test.margin")
    findings.extend(run.findings)
    covered = run.recorder.result() if run.recorder else ()
    return Report(tuple(cases), tuple(findings), covered, tuple(passed_over))


@dataclass
class Run:
    """One run over files, with what they share; `effort` is how hard claims are tried, if not as usual."""

    rules: RuleSets
    recorder: Recorder | None = None
    findings: Findings = field(default_factory=Findings)
    verdicts: dict[tuple[str, str], str] = field(default_factory=dict)
    effort: Effort | None = None
    engine: Engine = "numpy"

    def file(self, source: Source) -> list[CaseResult]:
        """The results of every test of a file."""
        own = Findings()
        tree = parse(source, own)
        self.findings.extend(own)
        cases = [item for item in tree.items if isinstance(item, ast.TestCase)]
        return [] if own.has_errors else [self.case(case, tree, source) for case in cases]

    def case(self, case: ast.TestCase, tree: ast.File, source: Source) -> CaseResult:
        """The result of one test."""
        began = time.perf_counter()
        findings = Findings()
        rules = self.rules_of(case, tree, source, findings)
        on = next((m.value for m in case.members if isinstance(m, ast.On)), None)
        if on is None:
            findings.add("PM810", "this test has no date", case.span, hint="write `on 2026-03-02`")
        expected = len(expectations_of(case))
        if not expected:
            findings.add("PM817", "this test expects nothing", case.span, hint="add `expect …`")
        if rules is not None and on is not None and expected:
            findings.extend(self.outcome(case, rules, on))
        name = rules.name if rules is not None else named(case)
        return CaseResult(case.title, name, case.span, tuple(findings), time.perf_counter() - began, expected)

    def rules_of(
        self, case: ast.TestCase, tree: ast.File, source: Source, findings: Findings
    ) -> RuleSet | None:
        """The rule set that a test uses: the one it names, else the only one of its file."""
        using = next((m for m in case.members if isinstance(m, ast.Using)), None)
        own = [item.name for item in tree.items if isinstance(item, ast.Methodology)]
        if using is None and len(own) != 1:
            findings.add(
                "PM810", "this test does not say which rule set it uses", case.span, hint="write `using NAME`"
            )
            return None
        name = using.rules if using is not None else own[0]
        rules = self.rules.find(name, source)
        if rules is None:
            place = using.span if using is not None else case.span
            findings.add(
                "PM810", f"there is no rule set `{name}`", place, hint=self.rules.suggestion(name, source)
            )
            return None
        self.findings.extend(finding for finding in rules.findings if finding.is_error)
        if rules.plan is None:
            findings.add(
                "PM810", f"`{name}` has errors of its own", case.span, hint="mend the rule set first"
            )
            return None
        return rules

    def outcome(self, case: ast.TestCase, rules: RuleSet, on: date) -> list[Finding]:
        """What a test found: run it, then look at each expectation."""
        assert rules.plan is not None
        problems = Findings()
        market = market_of(case, rules.plan.currency, problems)
        plan = self.plan(case, rules, on, problems)
        answer = None
        if plan is not None and market is not None:
            answer = answered(plan, market, problems, self.engine)
        if answer is not None and self.recorder is not None and market is not None:
            self.recorder.record(rules, on, market.book, market.data)
        return judge(Situation(case, rules, plan, answer, tuple(problems), partial(self.verdict, rules)))

    def plan(self, case: ast.TestCase, rules: RuleSet, on: date, problems: Findings) -> Plan | None:
        values = [e for e in expectations_of(case) if isinstance(e, ast.ExpectValue)]
        names = (name_of(expect.target, rules.values) for expect in values)
        try:
            return self.rules.plan(rules, on, tuple(sorted({n for n in names if n in rules.values})))
        except PmdslError as error:
            problems.extend(error.findings)
            return None

    def verdict(self, rules: RuleSet, claim: str) -> str:
        """Whether a claim of a rule set is proved, refuted or neither; worked out once."""
        key = (rules.name, claim)
        if key not in self.verdicts:
            self.verdicts[key] = prove(plan_of(rules.compiled), claim, self.effort).kind
        return self.verdicts[key]


def named(case: ast.TestCase) -> str:
    """The rule set that a test asks for, whether it is there or not."""
    return next((member.rules for member in case.members if isinstance(member, ast.Using)), "")


def answered(plan: Plan, market: Market, problems: Findings, engine: Engine = "numpy") -> Answer | None:
    """The answer for the book of a test; None where there is none."""
    try:
        answer = evaluate(plan, market.book, market.data, engine)
    except PmdslError as error:
        problems.extend(error.findings)
        return None
    problems.extend(finding for finding in answer.findings if finding.is_error)
    return answer
