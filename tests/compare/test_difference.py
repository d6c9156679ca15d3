"""What differs between two rule sets: every kind of change is named, and nothing else is."""

from __future__ import annotations

from datetime import date

import pytest

from pmdsl.compare.difference import Difference, difference
from pmdsl.compiler import Compiled, compile_source
from pmdsl.diagnostics import Findings
from pmdsl.names.library import Library
from pmdsl.plan.digest import digest
from pmdsl.plan.simplify import simplify
from pmdsl.source import Source

TEXT = """pmdsl 1

methodology my.rules {
  title    "Mine"
  version  "1"
  currency USD
  covers   2020-01-01 onward

  source book { title "The book" read_on 2026-01-01 }

  kind size = small | large
  input underlying { size: size default small }

  levels position -> name -> account
  group name = underlying.id

  param buffer: percent {
    from 2020-01-01 = 5%
    from 2024-01-01 = 10%
    cite book at "1"
  }

  unique table rate by underlying.size {
    cite book at "2"
    | size  | from       | percent |
    | small | 2020-01-01 |     20% |
    | small | 2023-01-01 |     25% |
    | large | 2020-01-01 |     10% |
  }

  scenarios move {
    cite book at "3"
    | move | by   |
    | down | -10% |
    | up   |  10% |
  }

  step exposure = quantity * multiplier * underlying.price
  step loss     = worst (sum exposure * move.by into name) over move
  step charge   = sum abs(exposure) * rate.percent into name

  require initial = sum max(loss, charge) * (1 + buffer) into account cite book at "4"
}
"""


def compiled(text: str) -> Compiled:
    findings = Findings()
    found = compile_source(Source("my.margin", text), Library(), findings)
    assert not findings.has_errors, [str(finding) for finding in findings]
    return found.methodologies[0]


def compare(text: str, on: date | None = None, against: str = TEXT) -> Difference:
    left, right = compiled(against), compiled(text)
    assert left.plan is not None
    assert right.plan is not None
    plans = [p if on is None else simplify(p, on) for p in (left.plan, right.plan)]
    return difference(left.program, right.program, (digest(plans[0]), digest(plans[1])), on)


def changed(*replacements: tuple[str, str]) -> str:
    text = TEXT
    for old, new in replacements:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def one(found: Difference) -> tuple[str, str, str, str, str, str | None, str | None]:
    assert len(found.changes) == 1, found.changes
    change = found.changes[0]
    return change.kind, change.what, change.name, change.key, change.column, change.before, change.after


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        TEXT.replace("  ", " ").replace("\n\n", "\n"),
        changed(("  step exposure", "  # A comment.\n  step exposure")),
        changed(
            (
                "worst (sum exposure * move.by into name) over move",
                "worst (sum (exposure * move.by) into name) over move",
            )
        ),
        changed(("= 5%", "= 5.0%")),
        changed(
            ("    | small | 2020-01-01 |     20% |\n", ""),
            (
                "    | large | 2020-01-01 |     10% |\n",
                "    | large | 2020-01-01 | 10% |\n    | small | 2020-01-01 | 20% |\n",
            ),
        ),
        changed(
            ("  step exposure = quantity * multiplier * underlying.price\n", ""),
            ("  require", "  step exposure = quantity * multiplier * underlying.price\n  require"),
        ),
    ],
)
def test_layout_comments_and_order_are_no_difference(text: str) -> None:
    assert not compare(text)
    assert compare(text).to_json()["equal"] is True


def test_titles_and_citations_are_told_apart() -> None:
    found = compare(changed(('title    "Mine"', 'title    "Ours"'), ('at "4"', 'at "5"')))
    assert not found
    assert [(w.what, w.before, w.after) for w in found.words] == [
        ("cite", "book at 4", "book at 5"),
        ("title", "Mine", "Ours"),
    ]


CHARGE = "sum abs(exposure) * rate.percent into name"
CHANGES = [
    ("= 10%", "= 12%", ("changed", "param", "buffer", "from 2024-01-01", "value", "10%", "12%")),
    (
        "    from 2024-01-01 = 10%\n",
        "",
        ("removed", "param", "buffer", "from 2024-01-01", "", "value 10%", None),
    ),
    (
        "| 2023-01-01 |     25% |",
        "| 2023-01-01 |     30% |",
        ("changed", "table", "rate", "small, from 2023-01-01", "percent", "25%", "30%"),
    ),
    ("-10% |", "-12% |", ("changed", "scenarios", "move", "down", "by", "-10%", "-12%")),
    (
        "default small",
        "default large",
        ("changed", "input", "underlying", "size", "default", "small", "large"),
    ),
    (
        "abs(exposure)",
        "2 * abs(exposure)",
        ("changed", "step", "charge", "", "", CHARGE, CHARGE.replace("abs", "2 * abs")),
    ),
    (
        "group name = underlying.id",
        "group name = instrument.id",
        ("changed", "group", "name", "", "", "group name = underlying.id", "group name = instrument.id"),
    ),
    (
        "covers   2020-01-01 onward",
        "covers   2020-01-01 to 2030-12-31",
        ("changed", "covers", "", "", "", "2020-01-01 onward", "2020-01-01 to 2030-12-31"),
    ),
]


@pytest.mark.parametrize(("old", "new", "expected"), CHANGES)
def test_each_kind_of_change_is_named(old: str, new: str, expected: tuple[str | None, ...]) -> None:
    assert one(compare(changed((old, new)))) == expected


def test_on_a_date_only_what_holds_then_counts() -> None:
    text = changed(("= 10%", "= 12%"))
    assert not compare(text, date(2023, 6, 1))
    assert one(compare(text, date(2024, 6, 1))) == ("changed", "param", "buffer", "", "value", "10%", "12%")


def test_the_order_of_points_counts() -> None:
    text = changed(
        ("    | down | -10% |\n    | up   |  10% |\n", "    | up   |  10% |\n    | down | -10% |\n")
    )
    assert one(compare(text)) == ("changed", "scenarios", "move", "order of rows", "", "down, up", "up, down")


PAIRED = TEXT.replace(
    "  require initial = sum max(loss, charge) * (1 + buffer)",
    """  leg stock  = position where instrument.kind == share
  leg option = position where instrument.kind == option

  step worth = abs(quantity) * multiplier * price

  strategies cover within name measured in multiplier {
    amount margin
    amount credit default 0
    pattern one_stock {
      any stock s
      charge margin = 50% * s.worth
    }
    pattern one_option {
      any option o
      charge margin = o.worth
    }
    pattern covered {
      long  stock  s
      short option o
      where o.strike > USD 10
      charge margin = 40% * s.worth
      charge credit = o.worth
    }
    cite book at "5"
  }
  pairing best = cover minimising margin

  require initial = sum best.margin + max(loss, charge) * (1 + buffer)""",
)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("40% * s.worth", "45% * s.worth", ("pattern covered", "charge margin")),
        ("o.strike > USD 10", "o.strike > USD 20", ("pattern covered", "where")),
        ("long  stock  s", "any stock s", ("pattern covered", "legs")),
        ("charge credit = o.worth", "", ("pattern covered", "charge credit")),
        (" measured in multiplier", "", ("", "measured")),
        ("amount margin", "same underlying.size amount margin", ("", "same")),
    ],
)
def test_strategies_differ_pattern_by_pattern(before: str, after: str, told: tuple[str, str]) -> None:
    (change,) = compare(PAIRED.replace(before, after, 1), against=PAIRED).changes
    assert (change.what, change.name, change.key, change.column) == ("strategies", "cover", *told)
    if change.key and change.column.startswith(("charge margin", "where")):
        assert (change.before, change.after) == (before, after)


def test_patterns_are_added_removed_and_put_in_another_order() -> None:
    first, other = PAIRED.index("    pattern one_stock"), PAIRED.index("    pattern one_option")
    end = PAIRED.index("    pattern covered")
    turned = PAIRED[:first] + PAIRED[other:end] + PAIRED[first:other] + PAIRED[end:]
    (moved,) = compare(turned, against=PAIRED).changes
    assert moved.key == "order of parts"
    less = PAIRED[:end] + PAIRED[PAIRED.index('    cite book at "5"') :]
    (gone,) = compare(less, against=PAIRED).changes
    assert (gone.key, gone.kind) == ("pattern covered", "removed")
    (come,) = compare(PAIRED, against=less).changes
    assert (come.key, come.kind) == ("pattern covered", "added")
