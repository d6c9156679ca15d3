"""Proof: tables that a child inherits as they are still fit, where it changed what their keys can be."""

from __future__ import annotations

from pmdsl.check.completeness import check_completeness
from pmdsl.diagnostics import Findings
from pmdsl.plan.lower import elaborate
from pmdsl.plan.lower.elaborator import Elaborator


def check_inherited(e: Elaborator, findings: Findings) -> None:
    """Cases without a row that the parent by itself does not have: they are the child's doing."""
    if e.program.base is None:
        return
    silent = Findings()
    parent = elaborate(e.program.base, silent)
    check_completeness(parent, silent)
    known = {(finding.code, finding.message) for finding in silent}
    now = Findings(list(findings))
    check_completeness(e, now, inherited=True)
    findings.extend(finding for finding in now if (finding.code, finding.message) not in known)
