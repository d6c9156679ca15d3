"""Strategies: their layout, their parts in any order, their words as names elsewhere, their mistakes."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmdsl.diagnostics import Findings
from pmdsl.source import Source
from pmdsl.syntax import ast
from pmdsl.syntax.formatter import format_text
from pmdsl.syntax.parser import parse

# ---- layout ------------------------------------------------------------------------------------------------

WRITTEN = """pmdsl 1
methodology m {
leg stock=position where instrument.kind==share
leg call = option where right==call cite cmm at "p. 3"
strategies cover within class_group measured in size{
amount initial amount credit default 0 same underlying.family, currency
# the first pattern
pattern covered_call { cite cmm at "p. 13" # a note
charge maintenance = 25%*min(s.worth,c.strike_value) long stock s
where c.exercise==american # american only
charge initial = 50%*s.cost # half
short call c count 2 same exercise
} because "it is written so"

pool spread { charge initial = sum a.cost into spread+worst sum payoff into spread over settle
each b needs a where a.right==b.right balanced by right , expiry long option a short option b }
} cite cmm at "p. 4"
pairing opening=cover minimising initial then credit only covered_call,spread
pairing daily = cover minimising credit without spread cite cmm at "p. 5"
}
"""
FORMATTED = """pmdsl 1

methodology m {
  leg stock = position where instrument.kind == share
  leg call  = option where right == call   cite cmm at "p. 3"
  strategies cover within class_group measured in size {
    cite cmm at "p. 4"
    same underlying.family, currency
    amount initial
    amount credit default 0
    # the first pattern
    pattern covered_call {
      same exercise
      long  stock s
      short call  c count 2
      where c.exercise == american  # american only
      charge maintenance = 25% * min(s.worth, c.strike_value)
      charge initial     = 50% * s.cost  # half
      cite cmm at "p. 13"                # a note
      because "it is written so"
    }

    pool spread {
      long  option a
      short option b
      balanced by right, expiry
      each b needs a where a.right == b.right
      charge initial = sum a.cost into spread + worst sum payoff into spread over settle
    }
  }
  pairing opening = cover minimising initial then credit only covered_call, spread
  pairing daily   = cover minimising credit without spread   cite cmm at "p. 5"
}
"""


def formatted(text: str) -> str:
    findings = Findings()
    found = format_text(Source("text.margin", text), findings)
    assert found is not None, [str(finding) for finding in findings]
    return found


def in_methodology(body: str) -> str:
    return f"pmdsl 1\nmethodology m {{\n{body}\n}}\n"


def test_the_house_layout() -> None:
    assert formatted(WRITTEN) == FORMATTED
    assert formatted(FORMATTED) == FORMATTED


def test_long_parts_are_broken() -> None:
    long = "a_rather_long_name_of_a_step"
    body = f"""strategies cover within name {{ pattern p {{
      long stock s count round(s.{long} / s.{long}, up, s.{long} + s.{long})
      where s.{long} > 0 and s.{long} > s.{long} and s.{long} > 1
      charge initial = s.{long} + s.{long} + s.{long} + s.{long}
    }} }}
    pairing opening = cover minimising {long} then {long} then {long} only {long}, {long}"""
    lines = formatted(in_methodology(body)).splitlines()
    assert lines[5:-1] == [
        f"      long stock s count round(s.{long} / s.{long},",
        "                               up,",
        f"                               s.{long} + s.{long})",
        f"      where s.{long} > 0",
        f"            and s.{long} > s.{long}",
        f"            and s.{long} > 1",
        "      charge initial",
        f"        = s.{long}",
        f"          + s.{long}",
        f"          + s.{long}",
        f"          + s.{long}",
        "    }",
        "  }",
        "  pairing opening",
        f"    = cover minimising {long}",
        f"      then {long}",
        f"      then {long}",
        f"      only {long}, {long}",
    ]
    assert max(len(line) for line in lines) <= 110


# ---- any order ---------------------------------------------------------------------------------------------

IN_POOL = (
    "same exercise",
    "long option a",
    "where a.listed",
    "balanced by right",
    "each b needs a where a.right == b.right",
    "charge initial = sum a.cost into spread",
    'cite cmm at "p. 9"',
)
IN_STRATEGIES = ("same underlying.family", "amount initial", f"pool spread {{ {' '.join(IN_POOL)} }}")


def tree(lines: tuple[str, ...]) -> ast.File:
    findings = Findings()
    body = "\n".join(lines)
    file = parse(
        Source("text.margin", in_methodology(f"strategies cover within name {{\n{body}\n}}")), findings
    )
    assert [str(finding) for finding in findings] == []
    return file


@given(st.integers(0, 2**32))
def test_parts_stand_in_any_order(seed: int) -> None:
    random = Random(seed)
    inner = " ".join(random.sample(IN_POOL, len(IN_POOL)))
    outer = [*IN_STRATEGIES[:-1], f"pool spread {{ {inner} }}"]
    random.shuffle(outer)
    assert tree(tuple(outer)) == tree(IN_STRATEGIES)


# ---- words that are names elsewhere ------------------------------------------------------------------------

FREE = (
    *("long", "short", "same", "amount", "balanced", "needs", "charge"),
    *("count", "measured", "minimising", "only", "without"),
)
AS_NAMES = """
  kind word_{w} = {w} | other
  set weak = {w}, other
  input {w} {{ {w}: factor default 2 {w}: money }}
  levels position -> {w} -> account
  group {w} = underlying.{w}
  scenarios {w} {{
    | {w} | move |
    | {w} |    1 |
  }}
  unique table {w} by {w} {{
    | {w}           | {w}_2 |
    | {w}           |     1 |
    | < {w}         |     2 |
    | {w} up to {w} |     3 |
  }}
  step {w} = {w} * {w}.{w} + {w}({w}) - {w}[{w}: {w}] + (if {w} then {w} else {w})
  step {w} = sum {w} where {w} into {w} + worst {w} over {w}
  strategies {w} within {w} measured in {w} {{
    same {w}, {w}.{w}
    amount {w} default {w}
    pattern {w} {{
      long {w} {w} count {w}
      where {w}.{w} == {w}
      charge {w} = {w}
    }}
    pool {w} {{
      balanced by {w}
      each {w} needs {w} where {w}
    }}
  }}
  pairing {w} = {w} minimising {w} then {w} only {w}, {w}
  require {w} by {w} = {w}
  remove {w} {w}
"""


@pytest.mark.parametrize("word", FREE)
def test_a_word_of_strategies_is_a_name_elsewhere(word: str) -> None:
    findings = Findings()
    (item,) = parse(Source("names.margin", in_methodology(AS_NAMES.format(w=word))), findings).items
    assert [str(finding) for finding in findings] == []
    assert isinstance(item, ast.Methodology)
    assert len(item.members) == 13


# ---- mistakes ----------------------------------------------------------------------------------------------

MISTAKES = (
    "long s",
    "long 2 stock s",
    "long stock s_{n},",
    "charge amount_{n}",
    "charge amount_{n} =",
    "charge amount_{n} 2",
    "charge amount_{n}: 2",
    "charge amount_{n} == 2",
    "charge amount_{n} = 2 3",
    "charge amount_{n} = max(2, 3",
    "charge amount_{n} = if a then b",
    "charge amount_{n} = sum a",
    "charges amount_{n} = 2",
    "each a needs b",
    "each a need b where a.x == b.x",
    "balanced right",
    "amount later_{n}",
    "step later_{n} = 2",
    "param later_{n}: factor {{ from 2020-01-01 = 2 }}",
    "something = 2",
    'cite book "p. {n}"',
    "| a | b |",
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from((None, *MISTAKES)), min_size=1, max_size=12))
def test_each_mistake_in_a_pool_is_told_where_it_stands(drawn: list[str | None]) -> None:
    lines = ["pmdsl 1", "methodology m {", "  strategies cover within name {", "    pool spread {"]
    wrong = []
    for number, mistake in enumerate(drawn):
        if mistake is not None:
            wrong.append(len(lines) + 1)
            lines.append(f"      {mistake.format(n=number)}")
        lines.append(f"      charge right_{number} = 1 + a")
    lines += ["      long stock end", "    }", "    pool last {", "      long s"]
    wrong.append(len(lines))
    lines += ["    }", "  }", "  step after = 1", "}"]
    findings = Findings()
    (item,) = parse(Source("text.margin", "\n".join(lines)), findings).items
    assert [finding.span.line for finding in findings if finding.span] == wrong, "\n".join(lines)
    assert isinstance(item, ast.Methodology)
    assert isinstance(item.members[-1], ast.Step)
