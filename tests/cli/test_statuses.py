"""Exit statuses: 0 fine, 1 a finding, 2 bad input or usage. Errors go to standard error."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest

from tests.api.world import ROOT
from tests.cli.shell import FILES, Shell

BASE, HOUSE, BROKEN, UNTIDY = "base.margin", "house.margin", "broken.margin", "untidy.margin"

FINE = [
    ["--version"],
    ["margin", "book.yaml", "-r", BASE],
    ["margin", "book.yaml", "-r", BASE, "-a", "A1", "--strict"],
    ["check", BASE, HOUSE],
    ["diff", BASE, BASE],
    ["compare", BASE, HOUSE, "--portfolio", "book.yaml"],
    ["compare", BASE, HOUSE, "-p", "book.yaml", "book.yaml", "-f", "json"],
    ["test", "."],
    ["completion", "bash"],
    ["error", "pm601"],
    ["schema", "--plan"],
]
FOUND = [
    ["margin", "book.yaml", "-r", BASE, "--strict"],
    ["check", BROKEN],
    ["check", UNTIDY, "--strict"],
    ["fmt", "--check", UNTIDY],
    ["fmt", "--diff", UNTIDY],
    ["diff", BASE, HOUSE],
]
WRONG = {
    "PM601": ["margin", "bok.yaml"],
    "PM902": ["margin", "book.yaml", "--rules", "desk.bse"],
    "PM210": ["margin", "book.yaml", "--rules", BROKEN],
    "PM904": ["check", "nowhere.margin"],
    "PM906": ["margin", "book.yaml", "--on", "tomorrow"],
    "PM407": ["margin", "book.yaml", "-r", HOUSE, "--on", "2023-12-31"],
    "PM907": ["margin", "book.yaml", "--data", "offsets=x.csv", "-r", BASE],
    "PM908": ["whatif", "book.yaml", "-t", "ten SPY", "-r", BASE],
    "PM614": ["whatif", "book.yaml", "-t", "+10 SPX-C", "-a", "A1", "-r", BASE],
    "PM608": ["whatif", "book.yaml", "-t", "+10 SPY", "-r", BASE],
    "PM911": ["compare", BASE, "euro.margin", "--portfolio", "book.yaml"],
    "PM910": ["explain", "book.yaml", "-a", "A3", "-r", BASE],
    "PM909": ["margn", "book.yaml"],
}


@pytest.mark.parametrize("args", FINE, ids=" ".join)
def test_fine(args: list[str], shell: Shell) -> None:
    done = shell(*args)
    assert done.status == 0, done.err
    assert done.out


@pytest.mark.parametrize("args", FOUND, ids=" ".join)
def test_a_finding(args: list[str], shell: Shell) -> None:
    assert shell(*args).status == 1


@pytest.mark.parametrize("code", WRONG)
def test_bad_input(code: str, shell: Shell) -> None:
    done = shell(*WRONG[code])
    assert done.status == 2
    assert done.out == "" or code == "PM904"
    assert f"[{code}]" in done.err
    assert "Traceback" not in done.err


def test_several_rule_sets_that_cannot_be_loaded_are_told_at_once(shell: Shell) -> None:
    done = shell("margin", "book.yaml", "-r", "nowhere", "-r", BROKEN)
    assert "[PM902]" in done.err
    assert "[PM215]" in done.err


def test_near_misses(shell: Shell) -> None:
    assert "did you mean `margin`?" in shell("margn", "x").err
    assert "did you mean `book.yaml`?" in shell("margin", "bok.yaml").err
    assert (
        "did you mean `SPX-P`?" in shell("whatif", "book.yaml", "-t", "1 SPX-Q", "-a", "A1", "-r", BASE).err
    )
    assert "Did you mean" in shell("margin", "book.yaml", "--ruls", "x").err


def test_options_without_prices_are_told_of_quotes(shell: Shell) -> None:
    done = shell("margin", str(ROOT / "examples" / "01_demo.yaml"))
    assert done.status == 2
    assert "help: prices of its day may come from a file of quotes: `--quotes FILE`" in done.err
    assert "--quotes" not in shell("margin", str(ROOT / "examples" / "03_short_fly.yaml")).err


def test_symbols_whose_market_price_is_asked_for_are_told_of_quotes(shell: Shell, tmp_path: Path) -> None:
    rules = tmp_path / "priced.margin"
    text = (FILES / UNTIDY).read_text(encoding="utf-8").replace("underlying.price", "instrument.price")
    priced = text.replace("  levels", "  input instrument { price: price }\n  levels")
    rules.write_text(priced, encoding="utf-8")
    done = shell("margin", str(ROOT / "examples" / "02_collar.yaml"), "-r", str(rules), "-a", "puts")
    assert "has no `price`" in done.err
    assert "`--quotes FILE`" in done.err


def test_an_option_that_no_file_of_quotes_knows_is_not(shell: Shell, tmp_path: Path) -> None:
    book = tmp_path / "book.yaml"
    text = (FILES / "book.yaml").read_text(encoding="utf-8")
    book.write_text(
        text.replace("capitalization: high, price: 4500,", "capitalization: high,"), encoding="utf-8"
    )
    done = shell("margin", str(book), "-r", BASE)
    assert "SPX-P has no value" in done.err
    assert "--quotes" not in done.err


def test_bundled_rules_are_named_shortly(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    book = str(ROOT / "examples" / "01_demo.yaml")
    elsewhere = shell("margin", book).err
    assert "(pmdsl:rules/us/finra/cpm.margin:" in elsewhere
    assert f"{ROOT}/rules" not in elsewhere
    monkeypatch.chdir(ROOT)
    assert "(rules/us/finra/cpm.margin:" in shell("margin", book).err


def test_one_account_that_cannot_be_answered_leaves_the_others(shell: Shell, tmp_path: Path) -> None:
    book = tmp_path / "book.yaml"
    text = (FILES / "book.yaml").read_text(encoding="utf-8")
    book.write_text(
        text.replace("kind: index, breadth: broad, capitalization: high, price: 4500,", "kind: index,")
    )
    done = shell("margin", str(book), "-r", BASE, "--format", "json")
    first, second = json.loads(done.out)["results"]
    assert done.status == 2
    assert first["requirements"] == {"maintenance": None}
    assert first["messages"][0]["severity"] == "error"
    assert second["requirements"] == {"maintenance": "375.00"}
    assert "A1: " in done.err


def test_a_book_that_cannot_be_compared_leaves_the_others(shell: Shell, tmp_path: Path) -> None:
    book = tmp_path / "other.yaml"
    text = (FILES / "book.yaml").read_text(encoding="utf-8")
    book.write_text(text.replace("kind: stock, price: 50,", "kind: stock,"), encoding="utf-8")
    done = shell("compare", BASE, HOUSE, "-p", "book.yaml", "-p", str(book), "-p", "nowhere.yaml")
    assert done.status == 2
    assert "[PM601]" in done.err
    assert "[PM718]: A1" in done.err
    assert "2 up, 0 down, 0 equal, 2 without an answer" in done.out
    assert "total of 2" in done.out


def test_nothing_to_compare_prints_nothing(shell: Shell) -> None:
    done = shell("compare", BASE, HOUSE, "-p", "nowhere.yaml")
    assert (done.status, done.out) == (2, "")
    assert "[PM909]" in shell("compare", BASE, HOUSE).err


def test_an_unexpected_exception_is_a_finding(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("deep inside")

    monkeypatch.setattr("pmdsl.asking.ask", fail)
    done = shell("margin", "book.yaml", "-r", BASE)
    assert done.status == 2
    assert "error[PM901]: ZeroDivisionError: deep inside" in done.err
    assert "Traceback" not in done.err


def test_debugging_lets_it_through(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("pmdsl.asking.ask", fail)
    monkeypatch.setenv("PMDSL_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        shell("margin", "book.yaml", "-r", BASE)


def test_formatting_in_place(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / UNTIDY
    path.write_text((FILES / UNTIDY).read_text(encoding="utf-8"), encoding="utf-8")
    done = shell("fmt", str(path))
    assert done.status == 0
    assert done.out == f"{path}\n"
    assert shell("fmt", "--check", str(path)).status == 0
    assert "# A comment that stays." in path.read_text(encoding="utf-8")
    assert [found.name for found in tmp_path.iterdir()] == [UNTIDY]


def test_a_file_with_errors_is_not_formatted(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "x.margin"
    path.write_text("pmdsl 1\nmethodology x {", encoding="utf-8")
    done = shell("fmt", str(path))
    assert done.status == 2
    assert path.read_text(encoding="utf-8") == "pmdsl 1\nmethodology x {"


def test_junit(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "junit.xml"
    assert shell("test", ".", "--junit", str(path), "--coverage").status == 0
    assert "<testsuite" in path.read_text(encoding="utf-8")


def test_a_failing_test(shell: Shell, tmp_path: Path) -> None:
    for name in (BASE, "tests_test.margin"):
        text = (FILES / name).read_text(encoding="utf-8").replace("USD 750.00", "USD 751.00")
        (tmp_path / name).write_text(text, encoding="utf-8")
    done = shell("test", str(tmp_path))
    assert done.status == 1
    assert "PM801" in done.out


def test_a_book_on_standard_input(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", StringIO((FILES / "book.yaml").read_text(encoding="utf-8")))
    assert shell("margin", "-", "-r", BASE).status == 0


def test_sarif(shell: Shell) -> None:
    log = json.loads(shell("check", BROKEN, "--format", "sarif").out)
    assert log["version"] == "2.1.0"
    assert {result["ruleId"] for result in log["runs"][0]["results"]} >= {"PM210", "PM215"}


def test_a_written_plan_is_a_rule_set(shell: Shell, tmp_path: Path) -> None:
    plan = tmp_path / "base.json"
    plan.write_text(shell("plan", BASE, "--json").out, encoding="utf-8")
    by_plan = shell("margin", "book.yaml", "-r", str(plan), "--format", "json")
    assert by_plan.out == shell("margin", "book.yaml", "-r", BASE, "--format", "json").out
    assert shell("explain", "book.yaml", "-r", str(plan)).status == 0
    assert "[PM910]" in shell("show", str(plan)).err


def test_the_flattened_text_means_the_same(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "flat.margin"
    path.write_text(shell("show", BASE).out, encoding="utf-8")
    assert shell("diff", BASE, str(path)).status == 0


def test_books_fit_their_schema(shell: Shell) -> None:
    import jsonschema
    import yaml

    schema = json.loads(shell("schema", BASE).out)
    book = yaml.safe_load((FILES / "book.yaml").read_text(encoding="utf-8").replace("on:", '"on":', 1))
    plain = json.loads(json.dumps(book, default=str))
    validator = jsonschema.Draft202012Validator(schema)
    validator.validate(plain)
    plain["underlyings"][0]["breadht"] = "broad"
    assert not validator.is_valid(plain)
