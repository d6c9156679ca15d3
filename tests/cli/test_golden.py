"""What each command prints, word for word."""

from __future__ import annotations

import pytest

from tests.cli.shell import Shell, check_golden

BASE, HOUSE = "base.margin", "house.margin"

COMMANDS = {
    "help": ["--help"],
    "margin": ["margin", "book.yaml", "--rules", BASE],
    "margin_two": ["margin", "book.yaml", "--rules", BASE, "--rules", HOUSE],
    "margin_json": ["margin", "book.yaml", "--rules", BASE, "--format", "json"],
    "margin_account": ["margin", "book.yaml", "--rules", HOUSE, "--account", "A2"],
    "explain": ["explain", "book.yaml", "--rules", BASE],
    "explain_house": ["explain", "book.yaml", "--rules", HOUSE, "--account", "A1"],
    "explain_json": ["explain", "book.yaml", "--rules", BASE, "--account", "A2", "--format", "json"],
    "whatif": [
        "whatif",
        "book.yaml",
        "--rules",
        HOUSE,
        "--account",
        "A1",
        "-t",
        "-300 SPY",
        "-t",
        "+1_000 XYZ @ 50.5",
    ],
    "whatif_json": [
        "whatif",
        "book.yaml",
        "--rules",
        BASE,
        "--account",
        "A2",
        "--trade",
        "+1 SPX-P",
        "--format",
        "json",
    ],
    "rules": ["rules", "--path", "."],
    "show": ["show", HOUSE],
    "show_formula": ["show", HOUSE, "--formula", "house"],
    "show_latex": ["show", BASE, "--formula", "scan", "--latex"],
    "check": ["check", "broken.margin"],
    "check_json": ["check", "broken.margin", "--format", "json"],
    "fmt_diff": ["fmt", "--diff", "untidy.margin"],
    "plan": ["plan", BASE, "--on", "2026-03-02", "--size", "position=1_000", "--size", "account=20"],
    "plan_nodes": ["plan", "untidy.margin", "--nodes"],
    "plan_json": ["plan", "untidy.margin", "--json"],
    "needs": ["needs", BASE],
    "needs_json": ["needs", HOUSE, "--format", "json"],
    "schema": ["schema", BASE],
    "compare": ["compare", BASE, HOUSE, "--portfolio", "book.yaml"],
    "compare_json": ["compare", BASE, HOUSE, "-p", "book.yaml", "--format", "json"],
    "diff": ["diff", BASE, HOUSE],
    "diff_on": ["diff", BASE, HOUSE, "--on", "2025-01-01"],
    "diff_json": ["diff", BASE, HOUSE, "--format", "json"],
}


@pytest.mark.parametrize("name", COMMANDS)
def test_output(name: str, shell: Shell) -> None:
    check_golden(name, shell(*COMMANDS[name]))
