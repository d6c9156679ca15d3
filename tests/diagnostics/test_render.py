"""How findings are shown: as text, as JSON and as SARIF."""

from __future__ import annotations

import json

from pmdsl.diagnostics import CODES, Finding, Fix, Label
from pmdsl.diagnostics.render import FORMAT_VERSION, render_json, render_sarif, render_text
from pmdsl.source import Source, Span

SOURCE = Source(
    "rules/a b.margin", 'pmdsl 1\n\tstep x = a = b\n  title "日本 ä"  # 1\n' + "#\n" * 8 + "last line"
)
LINE_2 = SOURCE.line_starts[1]
LINE_3 = SOURCE.line_starts[2]


def spot(start: int, end: int) -> Span:
    return Span(SOURCE, start, end)


PLAIN = Finding(
    "PM107",
    "`=` compares nothing",
    spot(LINE_2 + 12, LINE_2 + 13),
    hint="write `==` to compare",
    fix=Fix(spot(LINE_2 + 12, LINE_2 + 13), "=="),
)


def test_text_has_place_excerpt_hint_and_page() -> None:
    assert render_text([PLAIN]) == (
        "error[PM107]: `=` compares nothing\n"
        " --> rules/a b.margin:2:13\n"
        "  |\n"
        "2 | \tstep x = a = b\n"
        "  | \t           ^\n"
        "  = help: write `==` to compare\n"
        "  = see docs/errors/PM107.md\n"
    )


def test_two_findings_have_a_blank_line_between_them() -> None:
    assert render_text([PLAIN, PLAIN]).count("\n\n") == 1
    assert render_text([]) == ""


def test_a_finding_without_a_place_has_no_excerpt() -> None:
    shown = render_text([Finding("PM129", "too large")])
    assert shown == "error[PM129]: too large\n  = see docs/errors/PM129.md\n"


def test_labels_stand_below_their_lines_in_the_order_of_the_text() -> None:
    last = SOURCE.line_starts[-1]
    finding = Finding(
        "PM103",
        "never closed",
        spot(last, last + 4),
        (Label(spot(LINE_2 + 1, LINE_2 + 5), "the first"), Label(spot(last + 5, last + 9), "beside it")),
    )
    assert render_text([finding]).splitlines()[1:-1] == [
        "  --> rules/a b.margin:12:1",
        "   |",
        " 2 | \tstep x = a = b",
        "   | \t---- the first",
        "...",
        "12 | last line",
        "   | ^^^^",
        "   |      ---- beside it",
    ]


def test_a_label_in_another_source_has_its_own_place() -> None:
    other = Source("parent.margin", "pmdsl 1\nstep y = 1")
    finding = Finding("PM101", "message", spot(0, 5), (Label(Span(other, 8, 12), "declared here"),))
    lines = render_text([finding]).splitlines()
    assert lines[1] == " --> rules/a b.margin:1:1"
    assert lines[5] == " --> parent.margin:2:1"
    assert lines[-2] == "  | ---- declared here"


def test_wide_characters_take_two_columns() -> None:
    start = LINE_3 + SOURCE.line_text(3).index("#")
    lines = render_text([Finding("PM101", "message", spot(start, start + 3))]).splitlines()
    assert lines[3] == '3 |   title "日本 ä"  # 1'
    assert lines[4] == f"  | {' ' * 18}^^^"


def test_long_lines_are_shown_around_the_place() -> None:
    source = Source("long.margin", "a" * 1_000 + "HERE" + "b" * 1_000)
    lines = render_text([Finding("PM101", "message", Span(source, 1_000, 1_004))]).splitlines()
    assert lines[3].startswith("1 | …aaa")
    assert lines[3].endswith("bbb…")
    assert len(lines[3]) < 160
    assert lines[3][lines[4].index("^") :][:4] == "HERE"


def test_nothing_of_a_text_can_move_the_cursor_or_hide() -> None:
    source = Source("evil\x1b[2J.margin", 'title "\x1b[31m\u202etxet"')
    finding = Finding(
        "PM101", "found \x1b[0m", Span(source, 0, 5), (Label(Span(source, 0, 1), "\x07"),), "\u202e"
    )
    shown = render_text([finding], colour=False)
    assert not any(character in shown for character in "\x1b\x07\u202e")
    assert "<U+202E>" in shown


def test_colour_comes_only_when_asked_for() -> None:
    assert "\033[31merror[PM107]\033[0m" in render_text([PLAIN], colour=True)
    assert "\033" not in render_text([PLAIN])


def test_json_has_a_version_and_every_part() -> None:
    document = json.loads(render_json([PLAIN, Finding("PM129", "too large")]))
    assert document["format_version"] == FORMAT_VERSION
    first, second = document["findings"]
    assert first == {
        "code": "PM107",
        "severity": "error",
        "title": CODES["PM107"].title,
        "message": "`=` compares nothing",
        "place": {
            "file": "rules/a b.margin",
            "start": {"line": 2, "column": 13, "offset": LINE_2 + 12},
            "end": {"line": 2, "column": 14, "offset": LINE_2 + 13},
        },
        "labels": [],
        "hint": "write `==` to compare",
        "fix": {"place": first["place"], "replacement": "=="},
        "page": "docs/errors/PM107.md",
    }
    assert second["place"] is None


def test_sarif_names_rules_places_and_fixes() -> None:
    labelled = Finding("PM103", "never closed", spot(0, 5), (Label(spot(6, 7), "here"),))
    log = json.loads(render_sarif([PLAIN, labelled, Finding("PM129", "too large")]))
    (run,) = log["runs"]
    assert (log["version"], run["columnKind"]) == ("2.1.0", "unicodeCodePoints")
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["PM103", "PM107", "PM129"]
    plain, other, bare = run["results"]
    assert (plain["ruleId"], plain["ruleIndex"], plain["level"]) == ("PM107", 1, "error")
    place = plain["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "rules/a%20b.margin"
    assert place["region"] == {"startLine": 2, "startColumn": 13, "endLine": 2, "endColumn": 14}
    (change,) = plain["fixes"][0]["artifactChanges"]
    assert change["replacements"][0]["insertedContent"] == {"text": "=="}
    assert other["relatedLocations"][0]["message"] == {"text": "here"}
    assert bare["locations"] == []
