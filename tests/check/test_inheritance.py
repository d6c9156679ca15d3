"""A child answers for what it writes and for what it changes, not for what it inherits as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from pmdsl.compiler import compile_source
from pmdsl.diagnostics import Findings
from pmdsl.names.library import Library
from pmdsl.source import Source
from tests.corpus import found_in

HERE = Path(__file__).parent

PARENT = """pmdsl 1
methodology exchange.careless {
  version  "1"
  currency USD
  covers   2020-01-01 onward
  levels position -> account
  kind size = small | large
  input underlying { size: size default small }
  unique table rate by underlying.size {
    | size  | share |
    | small |   10% |
  }
  param unused: percent { from 2021-01-01 = 5% }
  require maintenance = sum abs(quantity) * multiplier * underlying.price * rate.share into account
}
"""
CHILD = """pmdsl 1
methodology broker.house {{
  version  "1"
  currency USD
  covers   2020-01-01 onward
  extends  exchange.careless at "1"
  source minutes {{ title "Minutes" }}
  {body}
  require house = 2 * maintenance   cite minutes at "1"
}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "careless.margin").write_text(PARENT, encoding="utf-8")
    return tmp_path


def codes(body: str, folder: Path) -> list[str]:
    return sorted(f.code for f in found_in(CHILD.format(body=body), "child.margin", folder))


def test_the_parent_is_told_of_its_own_mistakes() -> None:
    found = {finding.code for finding in found_in(PARENT, "careless.margin")}
    assert {"PM409", "PM420", "PM244"} <= found


def test_a_child_is_not_told_of_its_parents_mistakes(folder: Path) -> None:
    assert codes("", folder) == []


def test_a_child_is_told_of_what_it_overrides(folder: Path) -> None:
    body = """override table rate by underlying.size {
    cite minutes at "2"
    | size  | share |
    | small |   15% |
  }
  because "the committee said so" """
    assert codes(body, folder) == ["PM409"]


def test_a_child_that_mends_a_table_is_told_nothing(folder: Path) -> None:
    body = """override table rate by underlying.size {
    cite minutes at "2"
    | size  | share |
    | large |   15% |
  }
  because "the exchange forgot it" """
    assert codes(body, folder) == []


def test_an_override_needs_a_citation_of_its_own(folder: Path) -> None:
    body = 'override param unused: percent { from 2020-01-01 = 6% } because "why not"'
    assert codes(body, folder) == ["PM207", "PM243"]


def test_the_plan_holds_a_changed_table_beside_the_parents_own() -> None:
    path = HERE / "good" / "a_child_that_tightens.margin"
    source = Source(path.name, path.read_text(encoding="utf-8"))
    compiled = compile_source(source, Library((HERE / "parents",)), Findings())
    plan = compiled.methodologies[0].plan
    assert plan is not None
    assert [len(plan.tables[name].rows) for name in ("base.haircut", "haircut")] == [3, 4]
    matches = [node for node in plan.nodes if node.op == "match"]
    assert {str(node.params["table"]): len(node.params["rows"]) for node in matches} == {
        "base.haircut": 3,
        "haircut": 4,
    }
