"""Importing and using the package loads nothing that is not needed yet."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.portfolio.helpers import ROOT

HEAVY = ("yaml", "jsonschema", "pyarrow", "rich", "scipy", "sympy", "lark")


@pytest.mark.parametrize(
    ("code", "allowed"),
    [
        ("import pmdsl.portfolio", ()),
        ("from pmdsl.portfolio import read_portfolio as r; r({'on': '2024-01-19'})", ()),
        ("from pmdsl.portfolio import read_portfolio as r; r('on: 2024-01-19\\n')", ("yaml",)),
        ("from pmdsl.portfolio import book_from_tables as b; b(on='2024-01-19')", ()),
    ],
)
def test_what_is_loaded(code: str, allowed: tuple[str, ...]) -> None:
    script = f"import sys; {code}; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert eval(done.stdout) == list(allowed)


def test_the_package_itself_needs_no_numpy() -> None:
    script = "import sys; import pmdsl.portfolio; print('numpy' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
