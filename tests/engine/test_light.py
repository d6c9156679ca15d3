"""The engine starts light: nothing heavy but numpy comes with it."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("lark", "sympy", "scipy", "rich", "jsonschema", "yaml", "pyarrow", "click")


def test_the_engine_imports_nothing_heavy() -> None:
    code = f"import sys, pmdsl.engine; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
