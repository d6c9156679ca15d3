"""Running a written plan needs no parser, and no package that is not used."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from pmdsl.plan.to_json import write_plan
from tests.api.world import ROOT, SMALL, rules

SCRIPT = """
import sys, pmdsl
result = pmdsl.load({plan!r}).margin({book!r})
assert str(result["A2"].maintenance) == "750.00"
result.to_json()
print([name for name in ("lark", "sympy", "scipy", "jsonschema", "rich", "click") if name in sys.modules])
"""


def test_what_is_loaded(tmp_path: Path) -> None:
    plan, book = tmp_path / "cpm.json", tmp_path / "book.yaml"
    plan.write_text(write_plan(rules().plan), encoding="utf-8")
    book.write_text(SMALL, encoding="utf-8")
    script = SCRIPT.format(plan=str(plan), book=str(book))
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"
