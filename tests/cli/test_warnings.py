"""Warnings about books and rules: on standard error once, in `messages` of JSON; the status stays 0."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.cli.shell import FILES, Shell

TWO = ["--rules", "base.margin", "--rules", "house.margin"]


@pytest.fixture
def book(tmp_path: Path) -> str:
    """The book of the tests with a market value that nobody reads."""
    path = tmp_path / "book.yaml"
    text = (FILES / "book.yaml").read_text(encoding="utf-8")
    path.write_text(text.replace("rate: 0.04", "rate: 0.04\nmarket: {vix: 14.2}"), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    "args",
    [
        ["margin", "BOOK", "-r", "base.margin"],
        ["margin", "BOOK", *TWO],
        ["margin", "BOOK", *TWO, "--format", "json"],
        ["margin", "BOOK", "-r", "base.margin", "--strict", "--account", "A1"],
        ["explain", "BOOK", "-r", "base.margin"],
        ["explain", "BOOK", "-r", "base.margin", "--format", "json"],
        ["whatif", "BOOK", "-r", "base.margin", "-a", "A1", "-t", "+10 SPY"],
    ],
    ids=lambda args: " ".join(args),
)
def test_a_market_value_that_nobody_reads(args: Sequence[str], book: str, shell: Shell) -> None:
    done = shell(*(book if arg == "BOOK" else arg for arg in args))
    assert done.status == 0
    assert done.err.count("PM726") == 2  # the finding, and the line that names its page
    assert "warning[PM726]: no rule set at hand reads `vix` of the market" in done.err
    assert "book.yaml:3:10" in done.err
    assert "warning PM726" not in done.out


def test_it_stands_in_the_messages_of_the_answer(book: str, shell: Shell) -> None:
    record = json.loads(shell("margin", book, *TWO, "--format", "json").out)
    for result in record["results"]:
        assert [(m["code"], m["severity"]) for m in result["messages"]] == [("PM726", "warning")]
        assert result["messages"][0]["place"]["line"] == 3


def test_it_stands_in_the_messages_of_a_what_if(book: str, shell: Shell) -> None:
    done = shell("whatif", book, "-r", "base.margin", "-a", "A1", "-t", "+10 SPY", "--format", "json")
    assert [message["code"] for message in json.loads(done.out)["messages"]] == ["PM726"]


def test_sources_that_were_read_long_ago(shell: Shell) -> None:
    done = shell("margin", "book.yaml", "-r", "house.margin", "--on", "2028-01-03", "-a", "A1")
    assert "warning[PM725]" in done.err
    assert "PM725" not in done.out


def test_what_concerns_an_account_names_it(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "book.yaml"
    text = (FILES / "book.yaml").read_text(encoding="utf-8")
    path.write_text(text.replace("{id: XYZ, kind: stock,", "{id: XYZ, kind: stock, leverage: 7,"))
    done = shell("margin", str(path), "-r", "base.margin")
    assert done.status == 0
    assert "warning[PM724]: A1, A2: a shock takes underlying XYZ below zero" in done.err
    assert "PM724" not in done.out


def test_warnings_stand_beside_errors(book: str, shell: Shell) -> None:
    path = Path(book)
    path.write_text(path.read_text(encoding="utf-8").replace("kind: stock, price: 50,", "kind: stock,"))
    done = shell("margin", book, "-r", "base.margin")
    assert done.status == 2
    assert "warning[PM726]" in done.err
    assert "error[PM" in done.err
