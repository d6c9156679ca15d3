"""The mutants of a rule file, and what becomes of them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from pmdsl.source import Source
from tests.mutation.accepted import Accepted, accepted
from tests.mutation.campaign import chosen, is_accepted, rule_files
from tests.mutation.mutants import Mutant, mutants, nudged
from tests.mutation.trial import Fate, Subject, fate, files_of_tests

SMALL = Path(__file__).resolve().parents[1] / "testing" / "samples" / "small.margin"


@pytest.fixture(scope="module")
def subject() -> Subject:
    return Subject.read(SMALL)


@pytest.fixture(scope="module")
def every(subject: Subject) -> list[Mutant]:
    return mutants(subject.source)


def changes(every: list[Mutant]) -> set[tuple[str, str, str]]:
    return {(m.what, " ".join(m.span.text.split()), " ".join(m.after.split())) for m in every}


def test_every_kind_of_change_is_made(every: list[Mutant]) -> None:
    counts = Counter(mutant.what for mutant in every)
    assert set(counts) == {"number", "date", "sign", "comparison", "word", "row", "order"}
    assert counts["row"] == 3 + 3 + 3 + 2
    assert counts["order"] == 2


@pytest.mark.parametrize(
    "change",
    [
        ("number", "5%", "6%"),
        ("number", "USD 1_000_000", "USD 1000001"),
        ("date", "2025-01-01", "2025-01-02"),
        ("sign", "-", "+"),
        ("sign", "*", "/"),
        ("comparison", ">", ">="),
        ("comparison", ">", "<="),
        ("comparison", "==", "!="),
        ("word", "worst", "worst unfloored"),
        ("word", "sum", "largest"),
        ("word", "max", "min"),
        ("word", "big", "little"),
        ("word", "USD 100", "0"),
        ("row", "| any | 2% |", ""),
    ],
)
def test_changes_that_are_made(every: list[Mutant], change: tuple[str, str, str]) -> None:
    assert change in changes(every)


def test_what_means_nothing_is_left_alone(every: list[Mutant], subject: Subject) -> None:
    untouched = [
        subject.source.text.index(text) for text in ('"A small one"', "kind size", "| size   | from")
    ]
    lines = {subject.source.line_column(at)[0] for at in untouched}
    assert not lines & {mutant.span.line for mutant in every}


def test_what_rows_cite_and_mark_is_left_alone() -> None:
    text = SMALL.read_text(encoding="utf-8")
    marked = text.replace("| size   | from ", "| unverified | size   | from ")
    for row in ("| big    | 2020", "| little | 2020", "| little | 2025"):
        marked = marked.replace(row, f"| no {row}")
    assert len(marked) > len(text)
    before, after = mutants(Source("small.margin", text)), mutants(Source("small.margin", marked))
    assert [(m.what, m.after) for m in after if m.what != "row"] == [
        (m.what, m.after) for m in before if m.what != "row"
    ]


def test_each_change_is_one_place(every: list[Mutant], subject: Subject) -> None:
    for mutant in every:
        assert mutant.text != subject.source.text
        assert mutant.text.startswith(subject.source.text[: mutant.span.start])
        assert mutant.text.endswith(subject.source.text[mutant.span.end :])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("15%", "16%"),
        ("USD 0.375", "USD 0.376"),
        ("USD 100_000", "USD 100001"),
        ("9.99", "10.00"),
        ("0", "1"),
        ("99", "100"),
    ],
)
def test_numbers_move_in_their_last_place(before: str, after: str) -> None:
    assert nudged(before) == after


def found(every: list[Mutant], what: str, text: str) -> Mutant:
    return next(m for m in every if m.what == what and text in m.line)


def test_fates(subject: Subject, every: list[Mutant]) -> None:
    assert fate(subject, found(every, "number", "| little | 2020-01-01")) is Fate.KILLED
    assert fate(subject, found(every, "row", "| any | 2% |")) in (Fate.KILLED, Fate.REFUSED)
    assert fate(subject, found(every, "row", "| mid")) is Fate.SURVIVED
    assert subject.run(subject.source.text, checks=True) is Fate.SURVIVED
    assert (
        subject.run(subject.source.text.replace("* (1 + buffer)", "* (1 + bufer)"), checks=False)
        is Fate.REFUSED
    )


def test_a_sample_is_always_the_same(every: list[Mutant]) -> None:
    assert chosen(every, 10) == chosen(every, 10)
    assert len(chosen(every, 10)) == 10
    assert chosen(every, None) == every
    assert chosen(every, 10_000) == every


def test_survivors_may_be_accepted(every: list[Mutant], tmp_path: Path) -> None:
    mutant = found(every, "row", "| mid")
    entry = Accepted(
        "samples/small.margin", mutant.line, str(mutant).split(": ", 1)[1], "nothing ever binds there"
    )
    assert is_accepted(mutant, [entry])
    assert not any(entry.covers(other) for other in every if other != mutant)
    path = tmp_path / "list.txt"
    path.write_text(f"# one\n{entry.file}\n{entry.line}\n{entry.change}\n{entry.because}\n")
    assert accepted(path) == [entry]
    path.write_text("only\nthree\nlines\n")
    with pytest.raises(ValueError, match="four lines"):
        accepted(path)


def test_rule_files_are_those_with_tests(tmp_path: Path) -> None:
    for name in ("a.margin", "a_test.margin", "b.margin"):
        (tmp_path / name).write_text("pmdsl 1\n")
    assert rule_files([tmp_path]) == [tmp_path / "a.margin"]


def test_the_tests_of_a_rule_file_may_stand_in_several_files(tmp_path: Path) -> None:
    for name in ("a.margin", "a_test.margin", "a_shares_test.margin", "a_b.margin", "a_b_test.margin"):
        (tmp_path / name).write_text("pmdsl 1\n")
    (tmp_path / "a_b_funds_test.margin").write_text("pmdsl 1\n")
    found = {path.stem: [file.stem for file in files_of_tests(path)] for path in rule_files([tmp_path])}
    assert found == {"a": ["a_shares_test", "a_test"], "a_b": ["a_b_funds_test", "a_b_test"]}


def test_the_only_word_of_a_kind_is_left_alone() -> None:
    text = SMALL.read_text(encoding="utf-8").replace("big | little", "big")
    assert text != SMALL.read_text(encoding="utf-8")
    found = [m for m in mutants(Source(str(SMALL), text)) if m.what == "word"]
    assert found
    assert [str(m) for m in found if m.span.text == m.after] == []


def test_a_file_with_errors_is_not_mutated() -> None:
    from pmdsl.diagnostics import PmdslError

    with pytest.raises(PmdslError):
        mutants(Source("x", "pmdsl 1\nmethodology {"))
