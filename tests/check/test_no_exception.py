"""Whatever a text says, compiling it gives findings and never a Python exception."""

from __future__ import annotations

from pathlib import Path

import pytest

from pmdsl.compiler import compile_source
from pmdsl.diagnostics import Findings, PmdslError
from pmdsl.names.library import Library
from pmdsl.plan.simplify import simplify
from pmdsl.source import Source
from tests.check.expressions import Maker
from tests.check.mutants import mutants
from tests.corpus import ROOT, programs

HERE = Path(__file__).parent
GOOD = [*programs(HERE / "good"), *sorted((ROOT / "rules").rglob("*.margin")), *programs(HERE / "parents")]
MANY = 400


def attempt(text: str) -> None:
    """Compile a text and make its plan for a day."""
    findings = Findings()
    compiled = compile_source(Source("mutant.margin", text), Library((HERE / "parents",)), findings)
    for methodology in compiled.methodologies:
        if methodology.plan is not None:
            try:
                simplify(methodology.plan, methodology.plan.covers[0])
            except PmdslError:
                continue
        else:
            assert findings.has_errors, "no plan, and no error that says why"


@pytest.mark.parametrize("seed", range(4))
def test_slips_are_findings(seed: int) -> None:
    texts = [path.read_text(encoding="utf-8") for path in GOOD]
    for text in mutants(texts, MANY // 4, seed):
        try:
            attempt(text)
        except Exception as problem:
            raise AssertionError(f"{type(problem).__name__}: {problem}\n{text}") from problem


@pytest.mark.parametrize("seed", range(3))
def test_wild_formulas_are_findings(seed: int) -> None:
    maker = Maker(seed)
    for _ in range(25):
        text = maker.program()
        try:
            attempt(text)
        except Exception as problem:
            raise AssertionError(f"{type(problem).__name__}: {problem}\n{text}") from problem
