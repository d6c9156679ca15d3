"""Rule sets with claims, given as the lines after a common head."""

from __future__ import annotations

from pathlib import Path

from pmdsl.compare.claims import Effort, Verdict, plan_of, prove
from pmdsl.compiler import Compiled, compile_source
from pmdsl.diagnostics import Findings
from pmdsl.names.library import Library
from pmdsl.source import Source

ROOT = Path(__file__).resolve().parents[2]
HEAD = """pmdsl 1

methodology test.claims {
  title    "Claims"
  version  "1"
  currency USD
  covers   2020-01-01 onward

  input account { equity: money }
  levels position -> name -> account
  group name = underlying.id

  scenarios point {
    | point | by   |
    | low   | -10% |
    | high  |  10% |
  }

  param share: percent {
    from 2020-01-01 = 5%
    from 2024-01-01 = 10%
  }
  param slide: percent {
    from 2020-01-01 = -10%
    from 2024-01-01 = 10%
  }

  pricing {
    | when                                               | model                           |
    | instrument.kind == option and exercise == american | binomial(tree: crr, steps: 20)  |
    | instrument.kind == option                          | black_scholes                   |
    | any                                                | linear                          |
  }

  step pnl      = quantity * multiplier * (value at (price_by: point.by) - value)
  step name_pnl = sum pnl into name
  step scan     = worst name_pnl over point
  step whole      = worst (sum pnl into account) over point
  step gross    = sum scan into account
  step floor    = sum abs(quantity * multiplier * value) * 1% into name
  step worth    = sum quantity * multiplier * value into account
"""


def compiled(text: str) -> Compiled:
    findings = Findings()
    found = compile_source(Source("claims.margin", text), Library(), findings, checks=False).methodologies[0]
    assert found.plan is not None, "\n".join(map(str, findings))
    return found


def claim(expression: str, steps: str = "") -> str:
    """A whole rule set that makes one claim, called "it"."""
    return f'{HEAD}\n{steps}\n  require initial = gross\n  check "it": {expression}\n}}\n'


def verdict(expression: str, steps: str = "", effort: Effort | None = None) -> Verdict:
    return prove(plan_of(compiled(claim(expression, steps))), "it", effort)
