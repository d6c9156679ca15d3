"""The pages of `docs/errors/` for tests and claims: their tests are run, their messages are what is really
said.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

from pmdsl.compare.claims import plan_of, prove
from pmdsl.compare.claims.report import claim_findings
from pmdsl.compiler import compile_source
from pmdsl.diagnostics import Finding, Findings, PmdslError
from pmdsl.names.library import Library
from pmdsl.source import Source
from pmdsl.testing import run_tests

PAGES = Path(__file__).resolve().parents[2] / "docs" / "errors"
BLOCK = re.compile(r"^```(\w+)(?: (\w+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(code: str) -> dict[str, str]:
    """The fenced blocks of a page by their info, as `margin bad`."""
    text = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    return {f"{kind} {what}".strip(): body for kind, what, body in BLOCK.findall(text)}


def said(code: str, examples: Mapping[str, str], which: str) -> str:
    """What is said of the bad or the good example of a page; empty for nothing."""
    with tempfile.TemporaryDirectory() as folder:
        found = claimed(examples, which) if code.startswith("PM53") else tested(examples, which, Path(folder))
        return "\n".join(rendered(finding, folder) for finding in found)


def tested(examples: Mapping[str, str], which: str, folder: Path) -> list[Finding]:
    (folder / "example.margin").write_text(examples["margin rules"], encoding="utf-8")
    (folder / "example_test.margin").write_text(examples[f"margin {which}"], encoding="utf-8")
    report = run_tests([folder])
    return [*report.findings, *(finding for case in report.cases for finding in case.findings)]


def claimed(examples: Mapping[str, str], which: str) -> list[Finding]:
    findings = Findings()
    source = Source("example.margin", examples[f"margin {which}"])
    compiled = compile_source(source, Library(), findings).methodologies[0]
    assert compiled.plan is not None, "\n".join(map(str, findings))
    try:
        if "text claim" in examples:
            prove(plan_of(compiled), examples["text claim"].strip())
        return claim_findings(compiled)
    except PmdslError as error:
        return list(error.findings)


def rendered(finding: Finding, folder: str) -> str:
    """A finding as the pages show it."""
    line = str(finding).replace(folder + "/", "")
    return line + (f"\n  hint: {finding.hint}" if finding.hint else "")
