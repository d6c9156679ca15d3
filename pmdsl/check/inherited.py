"""Proof: tables that a child inherits as they are still fit, where it changed what their keys can be."""

from __future__ import annotations

from pmdsl.check.completeness import check_completeness
from pmdsl.check.scope import targets
from pmdsl.diagnostics import Findings, Label
from pmdsl.plan.lower import elaborate
from pmdsl.plan.lower.elaborator import Elaborator


def check_inherited(e: Elaborator, findings: Findings) -> None:
    """Cases without a row that the parent by itself does not have: they are the child's doing."""
    if e.program.base is None:
        return
    silent, now = Findings(), Findings()
    parent = elaborate(e.program.base, silent)
    check_completeness(parent, list(targets(parent, silent)), silent)
    known = {(finding.code, finding.message) for finding in silent}
    check_completeness(e, list(targets(e, findings, inherited=True)), now)
    place = e.program.extends.span if e.program.extends is not None else e.program.span
    for finding in now:
        if (finding.code, finding.message) not in known:
            labels = [Label(finding.span, "the parent's table")] if finding.span is not None else []
            hint = "override the table as well, and give it a row for what this rule set adds"
            findings.add(finding.code, finding.message, place, labels=labels, hint=hint)
