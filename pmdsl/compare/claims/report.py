"""Verdicts as findings: a claim that a book refutes is an error, one that nothing settles a warning."""

from __future__ import annotations

from pmdsl.compare.claims.prove import plan_of, prove_all
from pmdsl.compare.claims.search import Effort
from pmdsl.compare.claims.verdict import Verdict
from pmdsl.compiler import Compiled
from pmdsl.diagnostics import Finding
from pmdsl.source import Span
from pmdsl.syntax import ast


def claim_findings(compiled: Compiled, effort: Effort | None = None) -> list[Finding]:
    """What is to be said of the claims of a rule set; nothing of those that are proved.

    Raises PmdslError where the rule set has errors of its own.
    """
    verdicts = prove_all(plan_of(compiled), effort)
    places = {c.message: c.span for c in compiled.program.all(ast.Check)}
    return [finding(verdict, places.get(verdict.claim)) for verdict in verdicts if not verdict.ok]


def finding(verdict: Verdict, place: Span | None) -> Finding:
    if verdict.witness is not None:
        book = "\n".join(f"    {line}" for line in verdict.witness.text.splitlines())
        hint = f"a book against it:\n{book}"
        return Finding("PM530", f'"{verdict.claim}" is refuted {verdict.explanation}', place, hint=hint)
    return Finding("PM531", f'"{verdict.claim}" is not proved: {verdict.explanation}', place)
