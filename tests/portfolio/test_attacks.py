"""Books from strangers: everything that could run, grow, hide or mislead is refused, bounded and explained.

One test for each line of the list of attacks on YAML, JSON, CSV and paths.
"""

from __future__ import annotations

import io
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from pmdsl.diagnostics import PmdslError
from pmdsl.portfolio import book_from_tables, read_portfolio, read_rows
from tests.portfolio.helpers import MARKET, codes, good, listed, only, rendered

HEAD = "on: 2024-01-19\n"


def test_alias_bomb() -> None:
    levels = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 9))
    finding = only(HEAD + "l0: &l0 [x]\n" + levels)
    assert finding.code == "PM604"
    assert str(finding.span) == "book.yaml:2:5"


def test_alias_without_anchor() -> None:
    assert codes(HEAD + "market: *x\n") == ["PM604"]


def test_merge_key_bomb() -> None:
    assert codes(HEAD + "market: {<<: {a: 1}}\n") == ["PM604"]
    levels = "".join(f"a{n}: {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}\n" for n in range(1, 8))
    assert codes(HEAD + levels) == ["PM604"]


def test_a_quoted_merge_mark_is_a_plain_key() -> None:
    assert good(HEAD + 'market: {"<<": 1}\n').market == {"<<": "1"}


@pytest.mark.parametrize("bracket", ["[", "{a: ", "- ", "? "])
def test_a_hundred_thousand_levels(bracket: str) -> None:
    started = time.perf_counter()
    assert set(codes(HEAD + "market: " + bracket * 100_000)) <= {"PM605", "PM603", "PM604"}
    assert time.perf_counter() - started < 5


def test_a_hundred_thousand_levels_of_json() -> None:
    assert codes("[" * 100_000, "book.json") == ["PM605"]
    assert codes('{"a":' * 100_000, "book.json") == ["PM605"]


def test_nesting_at_the_limit() -> None:
    for levels, code in ((61, "PM609"), (62, "PM605")):
        deep = "[" * levels + "1" + "]" * levels
        assert codes(HEAD + f"market: {{a: {deep}}}\n") == [code]
        assert codes(f'{{"on": "2024-01-19", "market": {{"a": {deep}}}}}', "book.json") == [code]


@pytest.mark.parametrize(
    "tag",
    ["!!python/object/apply:os.system [ls]", "!!python/name:os.system ''", "!!float 1", "! x", "!mine 1"],
)
def test_tags(tag: str) -> None:
    assert codes(HEAD + f"market: {{a: {tag}}}\n") == ["PM604"]


@pytest.mark.parametrize("directive", ["%YAML 1.1\n---\n", "%TAG !e! tag:example.com,2000:\n---\n"])
def test_directives(directive: str) -> None:
    assert codes(directive + HEAD) == ["PM604"]


def test_several_documents() -> None:
    assert codes(HEAD + "---\n" + HEAD) == ["PM604"]
    assert good("---\n" + HEAD).on == date(2024, 1, 19)


@pytest.mark.parametrize("key", ["[a]", "{a: 1}"])
def test_a_key_that_is_no_word(key: str) -> None:
    assert codes(HEAD + f"market:\n  ? {key}\n  : 1\n") == ["PM604"]


def test_duplicate_keys() -> None:
    assert codes(HEAD + HEAD) == ["PM606"]
    assert codes('{"on": "2024-01-19", "on": "2024-01-20"}', "book.json") == ["PM606"]
    assert codes(MARKET + listed("instrument: SPY, quantity: 1, quantity: -1")) == ["PM606"]


@pytest.mark.parametrize("word", ["no", "off", "yes", "on", "y"])
def test_words_of_yaml_1_1_are_text(word: str) -> None:
    assert good(HEAD + f"market: {{a: {word}}}\n").market == {"a": word}


@pytest.mark.parametrize(
    "value", ["12:30:45", "010", "1_000", "0x10", "0o7", ".nan", ".inf", "-.INF", "1e999", "~"]
)
def test_numbers_that_yaml_would_twist(value: str) -> None:
    assert codes(MARKET + listed(f"instrument: SPY, quantity: {value}")) in (
        ["PM610"],
        ["PM609", "PM608"],
        ["PM609"],
    )


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_json_constants_that_are_no_numbers(value: str) -> None:
    assert codes(f'{{"on": "2024-01-19", "rate": {value}}}', "book.json") == ["PM610"]


@pytest.mark.parametrize("value", ["1e999", "1e9999999", "1" * 5000, "9" * 25])
def test_json_numbers_beyond_reason(value: str) -> None:
    started = time.perf_counter()
    assert codes(f'{{"on": "2024-01-19", "rate": {value}}}', "book.json") in (["PM610"], ["PM605"])
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize("digits", ["١٢", "１２", "१२"])
def test_digits_of_other_scripts(digits: str) -> None:
    assert codes(MARKET + listed(f"instrument: SPY, quantity: {digits}")) == ["PM610"]
    assert codes(HEAD.replace("2024", digits + "24")) == ["PM610"]


def test_a_homoglyph_is_named() -> None:
    finding = only(MARKET + listed("instrument: SPУ, quantity: 1"))
    assert finding.code == "PM614"
    assert "U+0423 CYRILLIC CAPITAL LETTER U" in finding.message


@pytest.mark.parametrize("character", ["\u202e", "\u2066", "\u200f", "\u061c"])
def test_marks_that_turn_the_writing(character: str) -> None:
    assert codes(HEAD + f"# {character}\n") == ["PM602"]
    assert codes(f'{{"on": "2024-01-19", "market": {{"a": "x{character}"}}}}', "book.json") == ["PM602"]


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\u2028", "\r"])
def test_control_characters(character: str) -> None:
    assert codes(HEAD + f"market: {{a: x{character}y}}\n") == ["PM602"]


def test_escaped_control_characters() -> None:
    assert codes('{"on": "2024-01-19", "market": {"a": "x\\u0000y"}}', "book.json") == ["PM602"]
    assert codes(HEAD + 'market: {a: "x\\u202Ey"}\n') == ["PM602"]
    assert codes('{"on": "2024-01-19", "market": {"a": "\\ud83d"}}', "book.json") == ["PM602"]


def test_a_text_that_is_not_composed() -> None:
    finding = only(HEAD + "market: {a: Mu\u0308ller}\n")
    assert finding.code == "PM602"
    assert finding.span is not None
    assert finding.span.column == 14


def test_a_newline_at_the_end_of_a_name() -> None:
    assert codes('{"on": "2024-01-19", "accounts": [{"id": "A\\n"}]}', "book.json") == ["PM602"]
    assert codes(HEAD + "accounts:\n  - id: |\n      A\n") == ["PM602"]


def test_long_names_and_values() -> None:
    assert codes(HEAD + f"accounts: [{{id: {'x' * 129}}}]\n") == ["PM605"]
    assert codes(HEAD + f"market: {{a: {'x' * 5000}}}\n") == ["PM605"]
    assert codes(HEAD + f"market: {{{'x' * 200}: 1}}\n") == ["PM605"]


def test_a_file_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pmdsl.portfolio.files.MAX_CHARACTERS", 1000)
    path = tmp_path / "book.yaml"
    path.write_text(HEAD + "#" * 2000)
    with pytest.raises(PmdslError) as raised:
        read_portfolio(path)
    assert raised.value.findings[0].code == "PM605"
    assert codes(HEAD + "#" * 2000) == ["PM605"]


def test_a_file_that_never_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    if not Path("/dev/zero").exists():
        pytest.skip("no endless file here")
    monkeypatch.setattr("pmdsl.portfolio.files.MAX_CHARACTERS", 1000)
    with pytest.raises(PmdslError) as raised:
        read_portfolio("/dev/zero")
    assert raised.value.findings[0].code == "PM605"


def test_a_file_that_is_not_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "book.yaml"
    path.write_bytes(HEAD.encode() + b"market: {a: \xff}\n")
    with pytest.raises(PmdslError, match=r"not UTF-8: line 2 holds the byte 0xFF"):
        read_portfolio(path)


def test_a_byte_order_mark_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "book.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + HEAD.encode())
    assert read_portfolio(path).on == date(2024, 1, 19)


def test_more_values_than_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pmdsl.portfolio.yaml_tree.MAX_NODES", 50)
    monkeypatch.setattr("pmdsl.portfolio.json_tree.MAX_NODES", 50)
    assert codes(HEAD + "market: {" + ", ".join(f"a{n}: 1" for n in range(50)) + "}") == ["PM605"]
    many = ", ".join(["1"] * 50)
    assert codes(f'{{"on": "2024-01-19", "market": [{many}]}}', "book.json") == ["PM605"]


def test_a_million_errors_are_not_a_million_messages() -> None:
    rows = ", ".join(["{id: A, strike: x}"] * 2000)
    found = codes(HEAD + f"instruments: [{rows}]\n")
    assert len(found) == 201
    assert found[-1] == "PM605"


def test_near_misses_stay_cheap() -> None:
    underlyings = "".join(f"  - {{id: NAME{n}, kind: stock, price: 1}}\n" for n in range(6000))
    positions = listed(*[f"instrument: NAMR{n}, quantity: 1" for n in range(300)])
    started = time.perf_counter()
    assert len(codes(HEAD + "underlyings:\n" + underlyings + positions)) == 201
    assert time.perf_counter() - started < 10


OUTSIDE = ["../x.csv", "/etc/passwd", "a/../../x.csv", "C:\\x.csv", "..\\x.csv", "\\\\host\\x.csv", "C:x.csv"]


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_table_outside_of_the_books_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "x.csv").write_text("a\n1\n")
    folder = tmp_path / "books"
    folder.mkdir()
    assert codes(HEAD + f"tables: {{t: {{file: '{name}'}}}}\n", folder=folder) == ["PM621"]


def test_a_link_out_of_the_books_folder(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a\n1\n")
    folder = tmp_path / "books"
    folder.mkdir()
    (folder / "x.csv").symlink_to(tmp_path / "x.csv")
    assert codes(HEAD + "tables: {t: {file: x.csv}}\n", folder=folder) == ["PM621"]


def test_a_table_of_a_book_without_a_folder() -> None:
    assert codes(HEAD + "tables: {t: {file: x.csv}}\n") == ["PM621"]


def test_a_table_inside_of_the_books_folder(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "x.csv").write_text("a,b\n1,\n")
    book = good(HEAD + "tables: {t: {file: data/x.csv}}\n", folder=tmp_path)
    assert book.tables["t"].text("a").tolist() == ["1"]
    assert book.tables["t"].text("b").tolist() == [None]


def test_a_mapping_that_contains_itself() -> None:
    endless: dict[str, object] = {"on": "2024-01-19"}
    endless["market"] = endless
    with pytest.raises(PmdslError) as raised:
        read_portfolio(endless)
    assert raised.value.findings[0].code in ("PM605", "PM609")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), None, object(), b"x", 10**400, {"x"}])
def test_a_mapping_that_is_no_data(value: object) -> None:
    with pytest.raises(PmdslError):
        read_portfolio({"on": "2024-01-19", "rate": value})


@pytest.mark.parametrize("value", ["nan", "inf", "1e999", "1_000", "٤", "0x10", " 5", "010", "5%"])
def test_csv_quantities(tmp_path: Path, value: str) -> None:
    path = tmp_path / "positions.csv"
    path.write_text(f"instrument,quantity\nSPY,1\nSPY,{value}\n", encoding="utf-8")
    with pytest.raises(PmdslError) as raised:
        book_from_tables(path, None, {"id": ["SPY"], "kind": ["etf"]}, on=date(2024, 1, 19))
    finding = raised.value.findings[0]
    assert finding.code == "PM610"
    assert str(finding.span) == f"{path}:3:5"


@pytest.mark.parametrize("character", ["\x00", "\u202e", "\x1b", "\r"])
def test_csv_characters(tmp_path: Path, character: str) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(f"a,b\nx{character}y,1\n".encode())
    with pytest.raises(PmdslError) as raised:
        read_rows(path)
    assert raised.value.findings[0].code == "PM602"


def test_a_cell_that_never_ends(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text('a,b\n"x,1\n' + "y,2\n" * 100_000)
    with pytest.raises(PmdslError) as raised:
        read_rows(path)
    assert raised.value.findings[0].code == "PM620"


def test_findings_can_always_be_printed() -> None:
    finding = only(HEAD + 'market: {a: "x\\u202Ey"}\n')
    encoder = io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors="strict")
    encoder.write("\n".join(rendered([finding])))


@pytest.mark.skipif(sys.platform == "win32", reason="folders open otherwise there")
def test_a_folder_and_nothing_at_all(tmp_path: Path) -> None:
    for path, said in ((tmp_path, "is a folder"), (tmp_path / "none.yaml", "there is no file")):
        with pytest.raises(PmdslError, match=said) as raised:
            read_portfolio(path)
        assert raised.value.findings[0].code == "PM601"
    with pytest.raises(PmdslError, match="cannot be opened"):
        read_portfolio("a\x00b.yaml")
