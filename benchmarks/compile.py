"""From the text of a rule file to a plan: against a bare parse of the same text by lark, and by its length.

    python -m benchmarks compile

Lark reads it with the grammar of the project, LALR(1), and makes no tree but its own, without places. What
the compiler does besides (a tree with places, names, types, proofs, a plan and its digest) must cost at most
twice as much again.
"""

from __future__ import annotations

import math
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.measure import Row, against, at_most, interleaved
from benchmarks.rule_files import rule_file
from pmdsl.check import run_checks
from pmdsl.compiler import compile_source
from pmdsl.diagnostics import Findings
from pmdsl.loading import load
from pmdsl.names.collect import collect
from pmdsl.names.library import Library
from pmdsl.plan.digest import digest
from pmdsl.plan.lower import elaborate, to_plan
from pmdsl.plan.simplify import simplify
from pmdsl.source import Source
from pmdsl.syntax import ast
from pmdsl.syntax.grammar import grammar_text, read_grammar
from pmdsl.syntax.parser import parse

ROOT = Path(__file__).resolve().parents[1]
GOAL = "12"
LARK = "lark, bare parse"
WHOLE = "parse, check and plan"
SIZES = (200, 1_000, 2_000, 5_000)
ON = date(2026, 3, 2)
DEMO = [
    "-m",
    "pmdsl",
    "margin",
    "examples/01_demo.yaml",
    "--rules",
    "us.finra.cpm",
    "--rules",
    "house.example",
]
QUOTES = [f"--quotes=examples/quotes_{name}_2023-09-14.csv" for name in ("spx", "spy")]


def rows(quick: bool = False) -> Iterator[Row]:
    """Compiling by length, the parts of two thousand lines, and what a kept plan saves."""
    sizes = SIZES[:1] if quick else SIZES
    seconds: dict[int, float] = {}
    for size in sizes:
        text = rule_file(size)
        found = interleaved({LARK: bare(text), WHOLE: lambda text=text: compiled(text)})
        lines = text.count("\n")
        seconds[lines] = found[WHOLE].processor
        wanted = at_most(3) if size == 2_000 or quick else None
        yield against(GOAL, f"{WHOLE}, {lines:,} lines", found[WHOLE], found[LARK], wanted, "processor")
    if len(seconds) > 1:
        yield growth(seconds)
    yield from passes(rule_file(sizes[min(2, len(sizes) - 1)]))
    yield from kept(sizes[min(2, len(sizes) - 1)])


def bare(text: str) -> Callable[[], object]:
    """A parse by lark alone."""
    reader = read_grammar(grammar_text())
    return lambda: reader.parse(text)


def compiled(text: str) -> object:
    """A compilation with every check, which finds nothing."""
    findings = Findings()
    found = compile_source(Source("long.margin", text), Library(), findings)
    assert not len(findings)
    return found


def growth(seconds: dict[int, float]) -> Row:
    """With which power of its lines the time for a file grows, from the second size to the last."""
    (short, before), (long, after) = list(seconds.items())[1], list(seconds.items())[-1]
    power = math.log(after / before) / math.log(long / short)
    return Row(GOAL, f"{WHOLE}: power of the lines, {short:,} to {long:,}", power, "", None, unit="")


def passes(text: str) -> Iterator[Row]:
    """Each pass over one text, as a share of lark's bare parse."""
    findings = Findings()
    tree = parse(Source("long.margin", text), findings)
    (methodology,) = (item for item in tree.items if isinstance(item, ast.Methodology))
    program = collect(methodology, lambda _: None, findings)
    plan = to_plan(elaborate(program, findings))
    found = interleaved(
        {
            LARK: bare(text),
            "parse": lambda: parse(Source("long.margin", text), Findings()),
            "names": lambda: collect(methodology, lambda _: None, Findings()),
            "types and nodes": lambda: elaborate(replace(program), Findings()),
            "types, nodes and checks": lambda: run_checks(
                elaborate(replace(program), Findings()), Findings()
            ),
            "digest": lambda: digest(plan),
            "plan for a day": lambda: simplify(plan, ON),
        }
    )
    for name, measured in found.items():
        if name != LARK:
            yield against(
                "", f"{name}, {text.count(chr(10)):,} lines", measured, found[LARK], None, "processor"
            )


def kept(size: int) -> Iterator[Row]:
    """Loading a file and the demo of `pmdsl margin`, with a plan that was kept and without."""
    with TemporaryDirectory() as folder, environment("PMDSL_CACHE", folder):
        file = Path(folder) / "long.margin"
        file.write_text(rule_file(size), encoding="utf-8")
        for name, call in ((f"load {size:,} lines", lambda: load(file)), ("pmdsl margin (demo)", demo)):
            found = interleaved({"compiled": forgetting(folder, call), "kept": call})
            yield against(GOAL, f"{name}, kept", found["kept"], found["compiled"], None, "processor")


def demo() -> object:
    """The demo in a process of its own."""
    return subprocess.run([sys.executable, *DEMO, *QUOTES], cwd=ROOT, capture_output=True, check=True)


def forgetting(cache: str, call: Callable[[], object]) -> Callable[[], object]:
    """A contender that finds no plan; the grammar is there."""

    def run() -> object:
        for path in Path(cache).rglob("plan-*"):
            path.unlink()
        return call()

    return run


@contextmanager
def environment(name: str, value: str) -> Iterator[None]:
    """A variable of the environment inside of the block."""
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        os.environ.pop(name)
        os.environ |= {} if before is None else {name: before}
