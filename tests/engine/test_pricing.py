"""Theoretical values: which model, which volatility, what each shock does, and values that are given."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from pmdsl.engine import bind
from pmdsl.engine.kernels import pricing as kernels
from tests.engine.building import ON, Building, book
from tests.engine.compare import cells
from tests.oracle.models import Terms, black_scholes, black_scholes_delta, implied_volatility

EXPIRY = ON + timedelta(days=73)
YEARS = 73 / 365
RATE, YIELD, SPOT, SIGMA = 0.05, 0.02, 100.0, 0.25
TERMS = Terms("call", 105.0, YEARS, RATE, YIELD)
UNDER = {"id": "U", "price": SPOT, "dividend_yield": YIELD, "volatility": 0.4}
CALL = {
    "id": "C", "kind": "option", "underlying": "U", "right": "call", "strike": 105, "expiry": EXPIRY,
    "exercise": "european",
}  # fmt: skip
SHARE = {"id": "S", "kind": "share", "underlying": "U", "price": 50.0}


def plan_of(*shocks: tuple[str, object], op: str = "revalue", axis: bool = False) -> Building:
    """A plan that reports the value of each instrument under some shocks."""
    building = Building()
    building.axis("point", "down", "up")
    kind = building.input("instrument", "kind", base="text")
    option = building.add("eq", kind, building.word("option"), base="bool")
    share = building.add("eq", kind, building.word("share"), base="bool")
    models = ({"name": "black_scholes"}, {"name": "linear"})
    model = building.add("model", option, share, base="row", models=models)
    volatility = building.add("volatility", model)
    given = [building.column("point", f"-{v}", v) if axis else building.const(v) for _, v in shocks]
    names = tuple(name for name, _ in shocks)
    building.output(building.add(op, model, volatility, *given, shocks=names), "value")
    building.output(volatility, "volatility")
    return building


def run(building: Building, *instruments: dict[str, Any], **more: Any) -> list[Any]:
    answer = bind(
        building.plan(), book(instruments=instruments, underlyings=[UNDER], rate=RATE, **more)
    ).run()
    return [cells(value) for value in answer.values.values()]


@pytest.mark.parametrize(
    ("shock", "terms", "spot", "sigma"),
    [
        ([], TERMS, SPOT, SIGMA),
        ([("price_by", "1/10")], TERMS, SPOT * 1.1, SIGMA),
        ([("price_to", "90")], TERMS, 90.0, SIGMA),
        ([("price_plus", "-7")], TERMS, SPOT - 7, SIGMA),
        ([("volatility_by", "1/5")], TERMS, SPOT, SIGMA * 1.2),
        ([("volatility_to", "1/2")], TERMS, SPOT, 0.5),
        ([("volatility_plus", "1/20")], TERMS, SPOT, SIGMA + 0.05),
        ([("rate_plus", "1/100")], Terms("call", 105.0, YEARS, RATE + 0.01, YIELD), SPOT, SIGMA),
        ([("days_on", "10")], Terms("call", 105.0, 63 / 365, RATE, YIELD), SPOT, SIGMA),
        ([("price_by", "-1/10"), ("volatility_by", "1/2")], TERMS, SPOT * 0.9, SIGMA * 1.5),
        ([("price_to", "90"), ("price_by", "1/10"), ("price_plus", "1")], TERMS, 90 * 1.1 + 1, SIGMA),
    ],
)
def test_shocks_of_an_option(
    shock: list[tuple[str, object]], terms: Terms, spot: float, sigma: float
) -> None:
    value, _ = run(plan_of(*shock), {**CALL, "implied_volatility": SIGMA})
    assert value == [pytest.approx(black_scholes(terms, spot, sigma), rel=1e-12)]


@pytest.mark.parametrize(
    ("shock", "expected"),
    [
        ([], 50.0),
        ([("price_by", "1/10")], 55.0),
        ([("price_by", "-2")], 0.0),
        ([("price_to", "120")], 60.0),
        ([("price_plus", "10")], 55.0),
        ([("volatility_by", "1/2"), ("rate_plus", "1")], 50.0),
    ],
)
def test_a_linear_instrument_moves_by_the_part_its_underlying_moves(shock: Any, expected: float) -> None:
    assert run(plan_of(*shock), SHARE)[0] == [pytest.approx(expected)]


def test_the_volatility_given_then_solved_then_of_the_underlying() -> None:
    price = black_scholes(TERMS, SPOT, 0.33)
    options = [
        {**CALL, "id": "A", "implied_volatility": 0.2, "price": price},
        {**CALL, "id": "B", "price": price},
        {**CALL, "id": "C"},
        {**CALL, "id": "D", "price": 0.001},
        {**CALL, "id": "E", "expiry": ON},
        {**CALL, "id": "F", "expiry": ON - timedelta(days=1), "implied_volatility": 0.2},
    ]
    value, volatility = run(plan_of(), *options)
    solved = implied_volatility(lambda s: black_scholes(TERMS, SPOT, s), price, 1e-4)
    assert volatility[:4] == [0.2, pytest.approx(solved, rel=1e-7), 0.4, pytest.approx(volatility[3])]
    assert value[1] == pytest.approx(price, rel=1e-9)
    assert value[4] == 0.0
    assert value[5] is None


def test_delta() -> None:
    value, _ = run(plan_of(op="model_delta"), {**CALL, "implied_volatility": SIGMA}, SHARE)
    assert value == [pytest.approx(black_scholes_delta(TERMS, SPOT, SIGMA), rel=1e-9), 1.0]


def test_given_values_stand_alone() -> None:
    given = {"C": {"down": 1.5, "up": 7.0}, "D": {"down": 1.0}}
    options = [
        {**CALL, "price": 4.0},
        {**CALL, "id": "D", "price": 4.0},
        {**CALL, "id": "E", "implied_volatility": SIGMA},
    ]
    value, _ = run(plan_of(("price_by", "1/10"), axis=True), *options, given_values=given)
    model = [black_scholes(TERMS, SPOT * move, SIGMA) for move in (0.9, 1.1)]
    assert value == [[1.5, 7.0], [1.0, None], [pytest.approx(x, rel=1e-12) for x in model]]
    assert run(plan_of(), *options, given_values=given)[0][:2] == [4.0, 4.0]
    assert run(plan_of(("price_by", "1/10")), *options, given_values=given)[0][0] is None
    assert run(plan_of(op="model_delta"), *options, given_values=given)[0][0] is None


def test_an_instrument_that_no_row_fits_has_no_value() -> None:
    value, _ = run(plan_of(), {"id": "B", "kind": "bond", "underlying": "U", "price": 1.0}, SHARE)
    assert value == [None, 50.0]


def test_dividends_after_the_valuation_date_count() -> None:
    paid = ((ON - timedelta(days=5)).toordinal(), 9.0), ((ON + timedelta(days=20)).toordinal(), 2.0)
    value, _ = run(plan_of(), {**CALL, "implied_volatility": SIGMA}, dividends={"U": paid})
    import math

    net = SPOT - 2.0 * math.exp(-(RATE - YIELD) * 20 / 365)
    lower, upper = (black_scholes(TERMS, s, SIGMA) for s in (SPOT - 2.1, SPOT - 1.9))
    assert lower < value[0] < upper
    assert value[0] == pytest.approx(black_scholes(TERMS, net, SIGMA), rel=2e-3)


def test_each_instrument_is_priced_once_whoever_holds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    price = kernels.valued

    def counting(question: str, spec: Any, known: Any, rows: Any, *rest: Any) -> Any:
        asked.append(len(rows))
        return price(question, spec, known, rows, *rest)

    monkeypatch.setattr(kernels, "valued", counting)
    building = plan_of(("price_by", "1/10"))
    value = building.add("down", building.outputs[0].node, level="position")
    building.output(building.add("mul", value, building.input("position", "quantity")), "worth")
    accounts = [{"id": f"A{i}"} for i in range(50)]
    held = [{"account": a["id"], "instrument": "S", "quantity": 1.0} for a in accounts]
    bound = bind(building.plan(), book(held, [SHARE, CALL], [UNDER], accounts, rate=RATE))
    bound.run(rows=5)
    bound.run(rows=7)
    assert sum(asked) == 2


def test_a_shock_below_zero_is_said() -> None:
    building = plan_of(("price_by", "-3/2"))
    del building.outputs[1]
    held = [{"instrument": "S", "quantity": 1.0}]
    answer = bind(building.plan(), book(held, [SHARE], [UNDER], rate=RATE)).run()
    assert [str(m) for m in answer.messages("A")] == [
        "warning[PM724]: a shock takes underlying U below zero: its price is held at 0 there"
    ]


def test_a_book_without_a_rate_prices_no_option() -> None:
    building = plan_of()
    held = [{"instrument": "C", "quantity": 1.0}]
    option = {**CALL, "implied_volatility": SIGMA}
    answer = bind(building.plan(), book(held, [option], [UNDER], rate=None)).run()
    assert cells(answer.values[0]) == [None]
    assert "the book has no `rate`" in answer.messages("A")[0].message


def test_expiry_is_counted_in_calendar_days() -> None:
    assert date(2024, 4, 1) - ON == timedelta(days=73)
