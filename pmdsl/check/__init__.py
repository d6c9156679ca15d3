"""Static checks: one file a proof. Each takes an elaborated program and collects findings.

`sheets` turns tables into cases that can be counted, `cover` says which rows take which of them;
`completeness`, `overlap`, `masked`, `dates` and `pricing_models` are proofs over these. The others read the
program as it stands.
"""

from __future__ import annotations

from pmdsl.check.completeness import check_completeness
from pmdsl.check.dates import check_dates
from pmdsl.check.inherited import check_inherited
from pmdsl.check.marks import check_marks
from pmdsl.check.masked import check_masked
from pmdsl.check.matrices import check_matrices
from pmdsl.check.overlap import check_overlap
from pmdsl.check.params import check_params
from pmdsl.check.pricing_models import check_pricing_models
from pmdsl.check.requirements import check_requirements
from pmdsl.check.scope import targets
from pmdsl.check.strategies import check_strategies
from pmdsl.check.tighten import check_tighten
from pmdsl.check.uncited import check_uncited
from pmdsl.check.unused import check_unused
from pmdsl.diagnostics import Findings
from pmdsl.plan.lower.elaborator import Elaborator

PROOFS = (check_completeness, check_overlap, check_masked, check_dates, check_pricing_models)
READINGS = (
    check_params,
    check_matrices,
    check_inherited,
    check_marks,
    check_strategies,
    check_tighten,
    check_uncited,
    check_unused,
)


def run_checks(e: Elaborator, findings: Findings) -> None:
    """Every check, on by default. What an error was found in already is left out of the proofs."""
    check_requirements(e, findings)
    start, end = e.program.covers
    if end is not None and end < start:
        return  # which has been said; without days there is nothing to prove
    sound = list(targets(e, findings))
    for prove in PROOFS:
        prove(e, sound, findings)
    for read in READINGS:
        read(e, findings)
