"""Who waits for a compilation is told so: once, and not where loops come from disk."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("numba")

LOOPS = """
from pmdsl.jit import before_compiling, compiled

before_compiling(lambda: print("told"))

@compiled
def twice(x):
    return x + x

@compiled
def thrice(x):
    return x + x + x

print(twice(2.0), thrice(2.0), twice(3.0))
"""


def test_compiling_is_told_once_and_not_again_where_loops_are_kept(tmp_path: Path) -> None:
    program = tmp_path / "loops.py"
    program.write_text(LOOPS)

    def said() -> list[str]:
        done = subprocess.run([sys.executable, str(program)], capture_output=True, check=True, text=True)
        return done.stdout.splitlines()

    assert said() == ["told", "4.0 6.0 6.0"]
    assert said() == ["4.0 6.0 6.0"]
