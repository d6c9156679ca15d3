"""Rule files from strangers: each attack is a finding, at once, and nothing of it is run or opened."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

import pmdsl
from tests.house.source import ROOT

HEAD = """pmdsl 1
methodology strange.rules {
  title "t"
  version "1"
  currency USD
  covers 2020-01-01 onward
  levels position -> account
"""
REQUIRE = "  require maintenance = sum quantity * multiplier * underlying.price into account\n}\n"
SECONDS = 20.0

ATTACKS = {
    "a call of Python": ('step a = __import__("os").system("id")', "PM101"),
    "a hundred thousand parentheses": (f"step a = {'(' * 100_000}1{')' * 100_000}", "PM160"),
    "fifty thousand signs": (f"step a = {'-' * 50_000}1", "PM160"),
    "twenty thousand operators in a chain": (f"step a = {' + '.join('1' * 20_000)}", "PM160"),
    "five thousand nested conditions": (f"step a = {'if 1 == 1 then ' * 5000}1{' else 2' * 5000}", "PM160"),
    "a number of a hundred thousand digits": (f"step a = {'9' * 100_000}", "PM132"),
    "an exponent of ten million": ("step a = 1e9999999", "PM131"),
    "a name of a million letters": (f"step a = {'a' * 1_000_000}", "PM210"),
    "steps that need each other": ("step a = b step b = a", "PM217"),
    "a formula that needs itself": ("formula f(x) = f(x) step a = f(1)", "PM217"),
    "writing that is turned round": ("step a = 1 # \u202e", "PM126"),
    "a character that is none": ("step a = 1\0", "PM126"),
    "a letter of another alphabet": ("step \u0430bc = 1", "PM125"),
    "digits of another script": ("step a = \u0661", "PM125"),
    "a file by its full path": (
        'unique table t by underlying.id from file "/etc/passwd" { column v: number }',
        "PM253",
    ),
    "a file outside the folder": (
        'unique table t by underlying.id from file "../x.csv" { column v: number }',
        "PM253",
    ),
    "a parent by a path": ("extends ../../etc/passwd", "PM101"),
    "a tree of a billion steps": (
        "pricing {\n| when | model |\n| any | binomial(tree: crr, steps: 1000000000) |\n}",
        "PM224",
    ),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_a_finding(name: str) -> None:
    body, code = ATTACKS[name]
    began = time.perf_counter()
    with pytest.raises(pmdsl.PmdslError) as raised:
        pmdsl.load(f"{HEAD}  {body}\n{REQUIRE}")
    assert code in [finding.code for finding in raised.value.findings]
    assert time.perf_counter() - began < SECONDS


def test_a_run_that_would_fill_the_memory_is_refused_before_it_begins() -> None:
    axes = "".join(
        f"scenarios p{k} {{\n| p{k} | v |\n" + "".join(f"| q{k}_{i} | {i}% |\n" for i in range(100)) + "}\n"
        for k in range(6)
    )
    product = " * ".join(f"p{k}.v" for k in range(6))
    worst = f"quantity * multiplier * underlying.price * {product}"
    for k in range(6):
        worst = f"(largest {worst} over p{k})"
    rules = pmdsl.load(f"{HEAD}{axes}require maintenance = sum {worst} into account\n}}\n")
    book = {
        "on": "2026-03-02",
        "underlyings": [{"id": "X", "kind": "stock", "price": 10}],
        "positions": [{"instrument": "X", "quantity": 1}],
    }
    with pytest.raises(pmdsl.PmdslError) as raised:
        rules.margin(book)
    assert [finding.code for finding in raised.value.findings] == ["PM528"]


def test_a_rule_file_is_read_without_sympy_and_without_numpy() -> None:
    """What could run a text is not even imported while a rule file is compiled."""
    load = "import sys, pmdsl; pmdsl.load('us.finra.cpm')"
    code = f"{load}; print(sorted({{'numpy', 'sympy', 'scipy'}} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
    )
    assert done.stdout.strip() == "[]"
