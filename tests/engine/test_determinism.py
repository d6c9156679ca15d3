"""The same cents whatever the machine, the engine, the order of the rows and how the work is cut."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import pmdsl
from pmdsl.engine import bind
from pmdsl.portfolio.book import Book

ROOT = Path(__file__).resolve().parents[2]
QUOTES = [ROOT / "examples" / f"quotes_{name}_2023-09-14.csv" for name in ("spx", "spy")]
BOOKS = {
    "us.finra.cpm": ["examples/01_demo.yaml", *(f"--quotes={path}" for path in QUOTES)],
    "us.reg_t": ["examples/21_strategies.yaml"],
    "tw.taifex": ["examples/23_taifex.yaml"],
}
ENGINES = ["numpy", *(["compiled"] if find_spec("numba") is not None else [])]

# What numpy chooses at run time, from the newest down, and what llvm calls the same.
WITHOUT = {
    "as it is": ("", ""),
    "without AVX-512": ("AVX512", "-avx512f"),
    "without AVX2": ("AVX", "-avx512f,-avx2,-fma"),
}


def disabled(prefix: str) -> str:
    """The features of this machine that begin so and that numpy can leave out."""
    told = [sys.executable, "-c", "import numpy._core._multiarray_umath as m; print(*m.__cpu_dispatch__)"]
    names = subprocess.run(told, capture_output=True, text=True, check=True).stdout.split()
    features: dict[str, bool] = np._core._multiarray_umath.__cpu_features__  # type: ignore[attr-defined]
    newest = [name for name in names if features.get(name)]
    hit = [name for name in newest if name.startswith(prefix) or name in ("X86_V4", "X86_V3", "FMA3")]
    return " ".join(name for name in hit if prefix == "AVX" or name not in ("X86_V3", "FMA3"))


@cache
def margins(rules: str, engine: str, machine: str) -> str:
    """The answer of the command, in a process that knows fewer instructions."""
    prefix, llvm = WITHOUT[machine]
    environment = dict(os.environ)
    if prefix:
        environment["NPY_DISABLE_CPU_FEATURES"] = disabled(prefix)
        environment["NUMBA_CPU_NAME"], environment["NUMBA_CPU_FEATURES"] = "generic", llvm
    command = [sys.executable, "-m", "pmdsl", "margin", *BOOKS[rules], "--rules", rules]
    asked = [*command, "--engine", engine, "--format", "json"]
    done = subprocess.run(asked, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


# Where numba has to compile for another machine first, one of them is enough.
KINDS = [("numpy", machine) for machine in WITHOUT][1:] + [(name, "without AVX2") for name in ENGINES[1:]]


@pytest.mark.parametrize("rules", BOOKS)
@pytest.mark.parametrize(("engine", "machine"), KINDS)
def test_older_machines_and_other_engines_say_the_same(rules: str, engine: str, machine: str) -> None:
    told = margins(rules, engine, machine)
    assert json.loads(told)["results"]
    assert told == margins(rules, "numpy", "as it is")


def drawn(seed: int, count: int = 900) -> dict[str, Any]:
    """Positions of options of a market with prices that are not round."""
    draw = np.random.default_rng(seed)
    return {
        "account": [f"A{k}" for k in draw.integers(0, 30, count)],
        "instrument": [f"O{k}" for k in draw.integers(0, 60, count)],
        "quantity": draw.integers(-9, 10, count).astype(float),
    }


def book(positions: dict[str, Any]) -> Book:
    """A book over sixty options on six stocks."""
    draw = np.random.default_rng(1)
    return pmdsl.book_from_tables(
        positions,
        {
            "id": [f"O{k}" for k in range(60)],
            "kind": ["option"] * 60,
            "underlying": [f"U{k % 6}" for k in range(60)],
            "right": draw.choice(["call", "put"], 60).tolist(),
            "strike": draw.uniform(50, 150, 60),
            "expiry": ["2026-06-19", "2027-01-15"] * 30,
            "exercise": ["american", "european", "european"] * 20,
            "implied_volatility": draw.uniform(0.1, 0.9, 60),
        },
        {
            "id": [f"U{k}" for k in range(6)],
            "kind": ["stock"] * 6,
            "price": draw.uniform(80, 120, 6),
            "breadth": ["narrow"] * 6,
            "capitalization": ["other"] * 6,
        },
        on="2026-03-02",
        rate=0.04,
    )


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("seed", range(3))
def test_neither_order_nor_cutting_changes_a_bit(engine: Any, seed: int) -> None:
    positions = drawn(seed)
    plan = pmdsl.load("us.finra.cpm").on("2026-03-02")
    first = bind(plan, book(positions), engine=engine).run()
    wanted = dict(zip(first.accounts, first.amounts("maintenance").tolist(), strict=True))
    order = np.random.default_rng(seed).permutation(len(positions["quantity"]))
    turned = {name: [column[k] for k in order] for name, column in positions.items()}
    for rows, threads in ((1, 1), (13, 3), (1 << 16, 2)):
        found = bind(plan, book(turned), engine=engine).run(rows=rows, threads=threads)
        assert dict(zip(found.accounts, found.amounts("maintenance").tolist(), strict=True)) == wanted


@pytest.mark.skipif("compiled" not in ENGINES, reason="needs numba")
@pytest.mark.parametrize("seed", range(3))
def test_the_engines_agree_to_the_cent(seed: int) -> None:
    """Prices by compiled models may differ in their last bits; what is asked of an account does not."""
    plan, of = pmdsl.load("us.finra.cpm").on("2026-03-02"), book(drawn(seed))
    slow, quick = bind(plan, of).run(), bind(plan, of, engine="compiled").run()
    for account in slow.accounts:
        assert slow.requirements(account) == quick.requirements(account)
