"""Rule sets by name, by path and as text, and what is said where one cannot be had."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import pmdsl
from tests.api.world import TINY, rules


def errors(problem: pmdsl.PmdslError) -> list[str]:
    """The codes of the errors among what was found."""
    return [finding.code for finding in problem.findings if finding.is_error]


def test_by_name() -> None:
    found = rules()
    assert found.name == "us.finra.cpm"
    assert found.currency == "USD"
    assert found.digest.startswith("sha256:")
    assert found.parent is None


def test_an_extending_rule_set_names_its_parent() -> None:
    assert rules("house.example").parent == ("us.finra.cpm", rules().digest)


def test_by_path_and_as_text(tmp_path: Path) -> None:
    path = tmp_path / "tiny.margin"
    path.write_text(TINY, encoding="utf-8")
    by_path, by_text = pmdsl.load(path), pmdsl.load(TINY)
    assert by_path.digest == by_text.digest == pmdsl.load(str(path)).digest
    assert pmdsl.load("tiny", paths=[tmp_path]).digest == by_path.digest


def test_a_name_that_ends_as_files_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a name where there is no such file; a file of that name comes first, and says what it is."""
    monkeypatch.chdir(tmp_path)
    assert pmdsl.load("jp.margin").name == "jp.margin"
    (tmp_path / "jp.margin").write_text(TINY, encoding="utf-8")
    assert pmdsl.load("jp.margin").name == "tiny"


def test_a_name_that_is_not_at_hand() -> None:
    with pytest.raises(pmdsl.PmdslError) as caught:
        pmdsl.load("us.finra.cmp")
    [finding] = caught.value.findings
    assert finding.code == "PM902"
    assert finding.hint == "did you mean `us.finra.cpm`?"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("pmdsl 1\n", "PM905"),
        (TINY + TINY.removeprefix("pmdsl 1\n").replace("tiny", "tinier"), "PM905"),
        (TINY.replace("underlying.price", "underlying.prize"), "PM215"),
    ],
)
def test_a_text_that_is_no_rule_set(text: str, code: str) -> None:
    with pytest.raises(pmdsl.PmdslError) as caught:
        pmdsl.load(text)
    assert errors(caught.value) == [code]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "tiny.margin").write_text(TINY, encoding="utf-8")
    with pytest.raises(pmdsl.PmdslError) as caught:
        pmdsl.load(tmp_path / "tyni.margin")
    [finding] = caught.value.findings
    assert finding.code == "PM904"
    assert finding.hint == "did you mean `tiny.margin`?"


def test_every_error_of_a_text_is_raised_at_once() -> None:
    text = TINY.replace("underlying.price", "underlying.prize").replace("* rate", "* rtae")
    with pytest.raises(pmdsl.PmdslError) as caught:
        pmdsl.load(text)
    assert sorted(errors(caught.value)) == ["PM210", "PM215"]


def test_a_plan_for_a_date_is_made_once() -> None:
    found = pmdsl.load(TINY)
    assert found.on("2025-06-01") is found.on(date(2025, 6, 1))
    assert found.on("2025-06-01").on == date(2025, 6, 1)


@pytest.mark.parametrize(("day", "code"), [("2019-12-31", "PM407"), ("yesterday", "PM906")])
def test_a_date_that_cannot_be_asked(day: str, code: str) -> None:
    with pytest.raises(pmdsl.PmdslError) as caught:
        pmdsl.load(TINY).on(day)
    assert caught.value.findings[0].code == code


def test_needs() -> None:
    needed = {(column.table, column.column): column for column in rules().needs()}
    assert not needed["underlying", "breadth"].required
    assert needed["underlying", "breadth"].words == ("broad", "narrow")
    assert needed["position", "quantity"].builtin
    assert ("account", "equity") in needed


def test_the_names_of_the_package() -> None:
    assert set(pmdsl.__all__) <= set(dir(pmdsl))
    for name in pmdsl.__all__:
        assert getattr(pmdsl, name) is not None
    with pytest.raises(AttributeError, match="margn"):
        pmdsl.margn  # noqa: B018


@pytest.mark.parametrize("given", [None, 7, b"us.finra.cpm"])
def test_what_names_no_rule_set(given: object) -> None:
    with pytest.raises(pmdsl.PmdslError) as caught:
        pmdsl.load(given)  # type: ignore[arg-type]
    assert errors(caught.value) == ["PM902"]
