"""Plans kept between runs: the same answers, a key of all that matters, nothing that a bad file can break."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path

import pytest

import pmdsl
from pmdsl import kept_plans
from pmdsl.diagnostics import Finding, Label
from pmdsl.diagnostics.render import render_text
from pmdsl.loading import fresh_rules, source_of
from pmdsl.names.library import Library
from pmdsl.plan.to_json import write_plan
from pmdsl.rules import Rules
from pmdsl.source import Source, Span

NAMES = [entry.name for entry in Library().entries()]
CHILD = """pmdsl 1
methodology test.child {
  title "Child"
  version "1"
  extends test.parent at "1"   # file "nothing.csv" is a comment
  source memo { title "A memo"  read_on 2026-01-01 }
  override param rate: percent { from 2020-01-01 = 20%  cite memo at "1"  because "a test" }
}
"""
PARENT = """pmdsl 1
methodology test.parent {
  title "Parent"
  version "1"
  currency USD
  covers 2020-01-01 onward
  source book { title "A book"  read_on 2026-01-01 }
  levels position -> account
  param rate: percent { from 2020-01-01 = 15%  cite book at "1" }
  unique table weights by underlying.id from
    file "weights.csv" { cite book at "2" }
  step worth = quantity * multiplier * underlying.price
  require maintenance = sum abs(worth) * rate * weights.weight into account   cite book at "3"
}
"""
WEIGHTS = "id,weight\nXYZ,1\nany,2\n"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("PMDSL_CACHE", str(folder))
    return folder


@pytest.fixture
def child(tmp_path: Path) -> Path:
    """A child beside its parent, whose table stands in a file."""
    for name, text in (("child.margin", CHILD), ("parent.margin", PARENT), ("weights.csv", WEIGHTS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path / "child.margin"


def plans(cache: Path) -> list[Path]:
    return sorted((cache / "pmdsl").glob("plan-*"))


def exact(value: object) -> object:
    """A plan with what equality passes over, such as places."""
    if is_dataclass(value):
        return type(value), [exact(getattr(value, spec.name)) for spec in fields(value)]
    if isinstance(value, dict):
        return {key: exact(item) for key, item in value.items()}
    return [exact(item) for item in value] if isinstance(value, list | tuple) else value


def loaded_twice(given: str | Path) -> tuple[Rules, Rules]:
    first, second = pmdsl.load(given), pmdsl.load(given)
    assert first.fresh is not None
    assert second.fresh is None
    return first, second


# ---- the same ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_a_kept_plan_is_the_one_that_was_compiled(name: str) -> None:
    first, second = loaded_twice(name)
    assert exact(second.plan) == exact(first.plan)
    assert second.digest == first.digest
    assert write_plan(second.plan) == write_plan(first.plan)
    assert render_text(second.findings) == render_text(first.findings)


@pytest.mark.parametrize("name", ["us.finra.cpm", "house.example", "us.reg_t"])
def test_answers_and_explanations_are_the_same(name: str) -> None:
    first, second = loaded_twice(name)
    book = pmdsl.read_portfolio(
        Path("examples/01_demo.yaml"),
        quotes=[f"examples/quotes_{n}_2023-09-14.csv" for n in ("spx", "spy")],
        on=date(2023, 9, 14),
    )
    answers = [rules.margin(book) for rules in (first, second)]
    assert answers[0].to_json() == answers[1].to_json()
    account = next(iter(answers[0]))
    explained = [answer.explain(account).to_json() for answer in answers]
    assert explained[0] == explained[1]


def test_the_program_is_compiled_when_it_is_asked_for(child: Path) -> None:
    _, second = loaded_twice(child)
    assert second.compiled is not None
    assert second.compiled.program.name == "test.child"
    assert not second.is_written


def test_there_is_no_program_where_the_parent_has_changed_since(child: Path) -> None:
    _, second = loaded_twice(child)
    beside = child.with_name("weights.csv")
    beside.write_text(WEIGHTS.replace("2", "3"), encoding="utf-8")
    assert second.compiled is None
    assert not second.is_written


# ---- the key -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("child.margin", "20%", "25%"),
        ("parent.margin", "multiplier *", "multiplier * 2 *"),
        ("weights.csv", "XYZ,1", "XYZ,3"),
    ],
)
def test_whatever_a_plan_is_made_of_changes_its_key(child: Path, name: str, old: str, new: str) -> None:
    before = pmdsl.load(child).digest
    file = child.with_name(name)
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    after = pmdsl.load(child)
    assert after.fresh is not None
    assert after.digest != before


def test_another_compiler_is_another_key(child: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pmdsl.load(child)
    monkeypatch.setattr(kept_plans, "compiler", lambda: ("another",))
    assert pmdsl.load(child).fresh is not None


def test_what_is_said_between_words_hides_no_dependency() -> None:
    text = '# the "file" is\nextends # of a\n  a . # and\n b  "say file" from file # a comment\n\n"x.csv"'
    (name,) = kept_plans.EXTENDS.findall(text)
    assert "".join(kept_plans.COMMENT.sub("", name).split()) == "a.b"
    assert "x.csv" in kept_plans.FILE.findall(text)


def test_a_text_that_stands_in_no_file_is_not_kept(cache: Path) -> None:
    entry = Library().find("us.finra.cpm")
    assert entry is not None
    assert pmdsl.load(entry.source.text).fresh is not None
    assert not plans(cache)


# ---- the folder --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"short", b"\0" * 64, None])
def test_a_damaged_file_is_passed_over_and_written_afresh(
    child: Path, cache: Path, content: bytes | None
) -> None:
    digest = pmdsl.load(child).digest
    (kept,) = plans(cache)
    sound = kept.read_bytes()
    kept.write_bytes(sound[:-9] if content is None else content)
    again = pmdsl.load(child)
    assert again.fresh is not None
    assert again.digest == digest
    assert kept.read_bytes() == sound


@pytest.mark.parametrize(
    "payload", ["", "[]", "[]\n{}", '[{"code": 1}]\n{}', "{}\n[]", "[1]\n", "null\nnull"]
)
def test_a_file_of_another_content_is_passed_over(child: Path, cache: Path, payload: str) -> None:
    pmdsl.load(child)
    (kept,) = plans(cache)
    kept_plans.disk.save_bytes(kept.name, payload.encode())
    assert pmdsl.load(child).fresh is not None


def test_the_cache_can_be_turned_off(child: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PMDSL_CACHE", "off")
    assert pmdsl.load(child).fresh is not None
    assert pmdsl.load(child).fresh is not None
    assert not cache.exists()


def test_a_folder_that_cannot_be_written_to_is_no_error(child: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = child.with_name("blocked")
    blocked.write_text("a file", encoding="utf-8")
    monkeypatch.setenv("PMDSL_CACHE", str(blocked))
    assert pmdsl.load(child).fresh is not None
    assert pmdsl.load(child).fresh is not None


def test_what_was_not_used_for_longest_goes_first(cache: Path) -> None:
    for number in range(4):
        kept_plans.disk.save_bytes(f"plan-{number}", b"x" * 100)
        os.utime(cache / "pmdsl" / f"plan-{number}", (number, number))
    kept_plans.disk.load_bytes("plan-0")
    kept_plans.disk.save_bytes("other", b"x" * 1_000)
    kept_plans.disk.bound("plan-", 300)
    assert [path.name for path in plans(cache)] == ["plan-0", "plan-3"]
    assert (cache / "pmdsl" / "other").exists()


def test_two_processes_at_once_give_one_answer(child: Path, cache: Path) -> None:
    program = "import sys, pmdsl; print([pmdsl.load(sys.argv[1]).digest for _ in range(5)])"
    command = [sys.executable, "-c", program, str(child)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    told = {process.communicate(timeout=120)[0] for process in running}
    assert len(told) == 1
    assert pmdsl.load(child).digest in told.pop()
    names = {path.name.partition("-")[0] for path in (cache / "pmdsl").iterdir()}
    assert names == {"grammar", "plan"}


def test_a_finding_about_another_text_is_not_kept(child: Path, cache: Path) -> None:
    library = Library()
    source = source_of(child, library)
    place = kept_plans.place_of(source, library)
    assert place is not None
    assert {Path(name).name for name in place.sources} == {"child.margin", "parent.margin", "weights.csv"}
    rules = fresh_rules(source, library)
    stranger = Finding("PM239", "nothing needs this", Span(Source("elsewhere", "text"), 0, 4))
    kept_plans.keep(place, rules.plan, [stranger])
    assert not plans(cache)
    label = Label(Span(source, 6, 7), "why")
    own = Finding("PM239", "nothing needs this", Span(source, 0, 5), (label,), "remove it")
    kept_plans.keep(place, rules.plan, [own])
    kept = kept_plans.find(place)
    assert kept is not None
    assert render_text(kept.findings) == render_text([own])
