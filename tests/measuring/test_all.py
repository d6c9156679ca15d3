"""Every benchmark runs on tiny sizes and finds what its peers find; how long it takes is not looked at."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.__main__ import NAMES
from tests.house.source import ROOT

# Their tiny sizes take long all the same: `python -m benchmarks --quick` runs them.
LONG = ("compile", "pricing_speed", "pricing_accuracy", "scaling")


@pytest.mark.parametrize("name", [name for name in NAMES if name not in LONG])
def test_a_benchmark_runs(name: str, tmp_path: Path) -> None:
    written = tmp_path / "rows.json"
    command = [sys.executable, "-m", "benchmarks", "--quick", "--json", str(written), name]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert not done.returncode, done.stderr
    told = json.loads(written.read_text())
    assert told["rows"]
    assert told["measured_on"]["numpy"]
    assert all(row["what"] in done.stdout for row in told["rows"])


def test_a_name_that_is_none_is_refused() -> None:
    command = [sys.executable, "-m", "benchmarks", "sped"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "there is no benchmark `sped`" in done.stderr
