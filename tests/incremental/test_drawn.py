"""Random rule sets and books: a trade followed by its rows has the bits of the whole run."""

from __future__ import annotations

import json
from importlib.util import find_spec
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, event, example, given, settings
from hypothesis import strategies as st

import pmdsl
from pmdsl.engine import Engine
from tests.incremental.against import assert_all_ways_agree, assert_other_quantities_agree, held_of
from tests.operators.running import HEAD, ON
from tests.property.drawing import ACCOUNT, FINE, LEAVES, RUN, Program, Step, leaf, programs
from tests.property.writing import text

NAMES = [f"U{k}" for k in range(6)]
# Numbers of a few binary digits: every sum is exact, in whatever order it is added up.
NUMBERS = st.integers(-16, 16).map(lambda n: n / 4)
TRADES = st.lists(st.tuples(st.sampled_from(NAMES), NUMBERS), max_size=6)
UNDERLYINGS = st.lists(
    st.fixed_dictionaries({"bucket": st.sampled_from(["g", "h", "i"]), "b": NUMBERS}), min_size=6, max_size=6
)
ENGINES = ["numpy", *(["compiled"] if find_spec("numba") else [])]
FAST = settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
)


# What is added up is decided by the market alone, and how often by who is held.
COUNTING = (
    *(leaf(name) for name in LEAVES),
    Step("branch", (3, 3, 0, 2), ("<",), FINE, True),
    Step("arithmetic", (0, 0), ("+",), FINE, False),
)


def ruled(program: Program) -> str:
    """The program with groups and one number of the underlying, the other one being what is held."""
    body = (
        text(program)
        .replace("input position { bucket: text  a: factor", "input underlying { bucket: text")
        .replace("group bucket = position.bucket", "group bucket = underlying.bucket")
        .replace("step s1 = position.b", "step s1 = underlying.b + 0 * position.a")
    )
    for number, step in enumerate(program):
        if step.op == "scaled" and program[step.inputs[0]].level == RUN:
            # Of the market alone, it would belong to no position.
            body = body.replace(
                f"s{number} = s{step.inputs[0]} * position.b", f"s{number} = s{step.inputs[0]} * s1"
            )
    body = body.replace("position.b", "underlying.b").replace("position.a", "(quantity * lot / dollar)")
    lines = [line for line in body.splitlines() if not line.startswith("  report")]
    wanted = [k for k, step in enumerate(program) if step.level != RUN][-2:]
    lines.append("  param dollar: money { from 2020-01-01 = USD 1 }")
    lines.append("  param lot: money per contract { from 2020-01-01 = USD 1 }")
    for k in wanted:
        worst = f"(worst unfloored s{k} over point)" if program[k].axis else f"s{k}"
        total = worst if program[k].level == ACCOUNT else f"(sum {worst} into account)"
        lines.append(f"  require r{k} = {total} * dollar")
    return HEAD + "\n".join(lines) + "\n}\n"


def market_of(program: Program, underlyings: list[dict[str, Any]], engine: Engine = "numpy") -> Any:
    rows = [{"id": n, "kind": "stock", "price": 1, **u} for n, u in zip(NAMES, underlyings, strict=True)]
    book = pmdsl.read_portfolio(json.dumps({"on": ON.isoformat(), "underlyings": rows, "positions": []}))
    return pmdsl.load(ruled(program)).compile(book, engine=engine)


@pytest.mark.parametrize("engine", ENGINES)
@FAST
@example(program=COUNTING, underlyings=[{"bucket": "g", "b": 0.0}] * 6, positions=[], trades=[("U0", 1.0)])
@given(
    programs(),
    UNDERLYINGS,
    TRADES,
    st.lists(st.tuples(st.sampled_from(NAMES), NUMBERS), min_size=1, max_size=4),
)
def test_trades_by_their_rows_are_the_whole_run(
    engine: Engine, program: Program, underlyings: list[dict[str, Any]], positions: Any, trades: Any
) -> None:
    held = held_of(market_of(program, underlyings, engine), positions)
    event(held.why_not or type(held.seat.light).__name__)
    assert_all_ways_agree(held, trades)


@pytest.mark.parametrize("engine", ENGINES)
@FAST
@given(programs(), UNDERLYINGS, TRADES, st.lists(NUMBERS, min_size=6, max_size=6))
def test_other_quantities_are_the_whole_run(
    engine: Engine, program: Program, underlyings: list[dict[str, Any]], positions: Any, quantities: Any
) -> None:
    held = held_of(market_of(program, underlyings, engine), positions)
    assert_other_quantities_agree(held, quantities[: len(held.instruments)])
