"""A sample of the mutants of every bundled rule file: none goes unnoticed. `make mutants` tries all."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mutation.campaign import campaign, rule_files

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = 12


@pytest.mark.parametrize("path", rule_files([ROOT / "rules"]), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_sample_of_changes_is_noticed(path: Path) -> None:
    (result,) = campaign([path], most=SAMPLE)
    assert result.survivors == (), "\n".join(result.survivors)
