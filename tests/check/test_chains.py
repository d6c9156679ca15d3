"""Declarations that need one another in long chains are no matter; in endless ones they are reported."""

from __future__ import annotations

import sys

from tests.corpus import found_in

PROGRAM = """pmdsl 1
methodology example {{
  version  "1"
  currency USD
  covers   2020-01-01 onward
  source rulebook {{ title "The rule book" }}
  levels position -> account
  step s0 = abs(quantity) * multiplier * underlying.price
{steps}
  require maintenance = sum s{last} into account   cite rulebook at "1"
}}
"""


def chain(length: int) -> str:
    steps = "\n".join(f"  step s{i} = s{i - 1} + s0" for i in range(1, length))
    return PROGRAM.format(steps=steps, last=length - 1)


def test_a_chain_of_a_thousand_steps() -> None:
    before = sys.getrecursionlimit()
    assert list(found_in(chain(1000), "long.margin")) == []
    assert sys.getrecursionlimit() == before


def test_a_chain_that_is_too_long() -> None:
    assert [finding.code for finding in found_in(chain(6000), "endless.margin")] == ["PM254"]
