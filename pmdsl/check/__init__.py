"""Static checks: one file a proof. Each takes an elaborated program and collects findings."""

from __future__ import annotations

from pmdsl.diagnostics import Findings
from pmdsl.plan.lower.elaborator import Elaborator


def run_checks(e: Elaborator, findings: Findings) -> None:
    """Every check, on by default."""
