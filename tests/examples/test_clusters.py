"""The recipes for clusters run, where their packages are installed, and answer as one process does."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import pmdsl

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
TABLES = EXAMPLES / "tables"


def alone() -> dict[str, Decimal]:
    """The maintenance of the three accounts of the tables."""
    names = ("positions", "instruments", "underlyings")
    book = pmdsl.book_from_tables(
        *(TABLES / f"{name}.csv" for name in names), on=date(2023, 9, 14), rate=0.0545
    )
    result = pmdsl.load("us.finra.cpm").margin(book)
    return {account: result[account].maintenance for account in result}


def printed(script: str) -> list[str]:
    """What a script prints."""
    env = {**os.environ, "PYTHONPATH": str(EXAMPLES.parent), "PYSPARK_PYTHON": sys.executable}
    env["RAY_AUTH_MODE"] = "disabled"
    done = subprocess.run(
        [sys.executable, str(EXAMPLES / script)], capture_output=True, text=True, check=False, env=env
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_the_executor_for_ray() -> None:
    pytest.importorskip("ray", reason="ray is not installed")
    said = printed("30_ray.py")
    assert "3000 accounts in 6 chunks, 0 put aside" in said
    assert [f"0000-{account} {amount}" for account, amount in alone().items()] == said[-3:]


def test_the_recipe_for_spark() -> None:
    pytest.importorskip("pyspark", reason="pyspark is not installed")
    if shutil.which("java") is None:
        pytest.skip("Java is not installed")
    said = printed("31_spark.py")
    assert f"3000 accounts, maintenance {1000 * sum(alone().values())} in all" in said
    assert [f"{account}-7 {amount}" for account, amount in alone().items()] == said[-3:]
