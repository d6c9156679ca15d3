"""Rule files and tests in a folder of their own, run as `pmdsl test` runs them."""

from __future__ import annotations

import tempfile
from pathlib import Path

from pmdsl.testing import CaseResult, Report, run_tests

SAMPLES = Path(__file__).with_name("samples")


def run(texts: dict[str, str], *, coverage: bool = False) -> Report:
    """The report on some files, by their names; files from `samples` stand beside them."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in texts.items():
            (Path(folder) / name).write_text(text, encoding="utf-8")
        return run_tests([folder], coverage=coverage)


def sample(name: str) -> str:
    return (SAMPLES / name).read_text(encoding="utf-8")


def one(body: str, rules: str = "small.margin") -> CaseResult:
    """The result of one test of `test.small`, given as the lines between its braces."""
    text = f'pmdsl 1\n\ntest "it" {{\n{body}\n}}\n'
    report = run({rules: sample(rules), "it_test.margin": text})
    assert not report.findings, "\n".join(map(str, report.findings))
    return report.cases[0]


def codes(case: CaseResult) -> list[str]:
    return [finding.code for finding in case.findings]
