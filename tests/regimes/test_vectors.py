"""Published and hand-worked vectors, run by the bundled rule sets as anyone would run them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from pmdsl.engine import evaluate
from pmdsl.portfolio import read_portfolio
from tests.oracle.vector_file import every_vector
from tests.regimes.bundled import plan

Vector = dict[str, Any]
Changes = tuple[tuple[str, str], ...]

VECTORS = every_vector()
MOVES = (
    "    | down_10 | -10% |\n",
    "    | down_5  |  -5% |\n",
    "    | up_5    |   5% |\n",
    "    | up_10   |  10% |\n",
)

# The first day of rule sets of which a vector changes a parameter, and what they say of it.
STARTS = {"eu.esma_cfd": "2018-08-01", "uk.fca_cfd": "2019-08-01"}
WRITTEN = {"thirty_to_one": "1 / 30", "notional_at": "current"}


def percent(value: float) -> str:
    return f"{100 * value:g}%"


def changes(vector: Vector) -> Changes:
    """What a vector's own parameters change in the text of the bundled rule set."""
    parameters = vector.get("parameters", {})
    found: list[tuple[str, str]] = []
    for down, up in parameters.get("ranges", {}).values():
        row = "    | alone          | 2008-08-01 | -15% | +15% |"
        found.append((row, f"    | alone | 2008-08-01 | {percent(down)} | {percent(up)} |"))
    if "minimum_equity" in parameters:
        found.append(
            ("    from 2008-08-01 = USD 100_000", f"    from 2008-08-01 = USD {parameters['minimum_equity']}")
        )
    if "buffer" in parameters:
        found.append(("    from 2000-01-01 = 10%", f"    from 2000-01-01 = {percent(parameters['buffer'])}"))
    if "moves" in parameters:
        found.extend((row, "") for row in MOVES[1:])
        rows = "".join(f"    | {name} | {percent(move)} |\n" for name, move in parameters["moves"].items())
        found.append((MOVES[0], rows))
    for name in sorted(parameters.keys() & WRITTEN.keys()):
        start = f"    from {STARTS[vector['rules']]} = "
        found.append((start + WRITTEN[name], f"{start}{parameters[name]}"))
    return tuple(found)


@pytest.mark.parametrize("vector", [pytest.param(v, id=v["id"]) for v in VECTORS])
def test_vector(vector: Vector) -> None:
    book = vector["book"]
    found = evaluate(
        plan(vector["rules"], date.fromisoformat(str(book["on"])), 200, changes(vector)), read_portfolio(book)
    )
    tolerance = Decimal(vector["tolerance"])
    for account, expected in vector["expected"].items():
        requirements = found.requirements(account)
        for name in expected.keys() - {"binding", "eligible", "alerts", "reports"}:
            amount = requirements[name]
            assert amount is not None, [str(m) for m in found.account(account).messages]
            assert abs(amount - Decimal(expected[name])) <= tolerance, name
        for group, wanted in expected.get("binding", {}).items():
            part = next(p for p in found.binding(account)["maintenance"] if p.group == group)
            assert part.amount is not None
            assert abs(part.amount - Decimal(wanted["amount"])) <= tolerance
            assert part.by in wanted["by"]
        for name, wanted in expected.get("eligible", {}).items():
            assert found.eligible(account)[name] is wanted
        for name, wanted in expected.get("reports", {}).items():
            said = found.reports(account)[name]
            parts = (
                [(said[k], v) for k, v in wanted.items()] if isinstance(wanted, dict) else [(said, wanted)]
            )
            assert all(abs(Decimal(str(x)) - Decimal(y)) <= tolerance for x, y in parts), name
        if "alerts" in expected:
            assert [alert.name for alert in found.alerts(account)] == expected["alerts"]
