"""Why an instrument has no theoretical value or no volatility, in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

from pmdsl.diagnostics import Finding
from pmdsl.engine.blame import Culprit
from pmdsl.engine.demand import Scene
from pmdsl.engine.kernels.pricing import instruments_of, solved, specs
from pmdsl.engine.kernels.shocks import Spec
from pmdsl.engine.terms import Contracts, contracts, terms_of
from pmdsl.portfolio.symbols import parse_symbol
from pmdsl.pricing.catalogue import MODELS
from pmdsl.source import Span

QUOTES = "prices of its day may come from a file of quotes: `--quotes FILE`"


def price_complaint(scene: Scene, found: Culprit, needed: str) -> Finding:
    """Why an instrument has no value."""
    node = scene.node(found.node)
    known = contracts(scene.world, scene.block.index)
    row = int(instruments_of(scene.block, node.level)[found.row])
    name = scene.block.index.label("instrument", row)
    if known.has_values[row]:
        return _given(scene, found, known, row, name)
    spec = _spec(scene, found)
    lacking = _lacking(scene, known, spec, row)
    if lacking is not None:
        hint = by_quotes(name, bool(np.isnan(known.spot[row])))
        return Finding("PM718", f"{name} has no value: {lacking}{needed}", _place(scene, row), hint=hint)
    message = f"the model {spec.name} gives {name} no value under this shock{needed}"
    return Finding("PM718", message, _place(scene, row))


def volatility_complaint(scene: Scene, found: Culprit, needed: str) -> Finding:
    """Why an instrument has no volatility."""
    node = scene.node(found.node)
    known = contracts(scene.world, scene.block.index)
    rows = instruments_of(scene.block, node.level)[found.row : found.row + 1]
    row, models = int(rows[0]), scene.rows_of(node.inputs[0], np.array([found.row])).reshape(-1)
    name = scene.block.index.label("instrument", row)
    spec = _spec(scene, found)
    lacking = _lacking(scene, known, spec, row) if spec.is_option else f"{spec.name} uses none"
    unpriced = bool(np.isnan(known.spot[row]))
    if lacking is None:
        _, reason = solved(scene.site(found.node), specs(scene.site(found.node)), known, models, rows)
        lacking, unpriced = _reason(known, spec, row, int(reason[0])), int(reason[0]) == -1
    message = f"{name} has no volatility: {lacking}{needed}"
    return Finding("PM717", message, _place(scene, row), hint=by_quotes(name, unpriced))


def by_quotes(name: str, unpriced: bool) -> str | None:
    """What helps where a listed option or its underlying has no price: files of quotes know its symbol."""
    return QUOTES if unpriced and parse_symbol(name) is not None else None


def _spec(scene: Scene, found: Culprit) -> Spec:
    node = scene.node(found.node)
    chosen = int(scene.rows_of(node.inputs[0], np.array([found.row])).reshape(-1)[0])
    return specs(scene.site(found.node))[chosen]


def _place(scene: Scene, row: int) -> Span | None:
    source = scene.block.index.levels["instrument"].source
    assert source is not None
    return scene.world.book.instruments.place(int(source[row]))


def _given(scene: Scene, found: Culprit, known: Contracts, row: int, name: str) -> Finding:
    node = scene.node(found.node)
    if node.op == "model_delta":
        message = f"{name} comes with values at scenarios and has no delta"
    elif not node.params.get("shocks"):
        message = f"{name} comes with values at scenarios and has no `price`, their base"
    elif len(node.axes) != 1:
        message = f"{name} comes with values at scenarios, and this shock is at none of them"
    else:
        point = scene.world.axes[node.axes[0]].names[found.cell[0]]
        message = f"{name} has no value at `{point}`: where values are given they stand for every point"
    return Finding("PM719", message, _place(scene, row))


def _lacking(scene: Scene, known: Contracts, spec: Spec, row: int) -> str | None:
    """The first thing that an instrument lacks for its model."""
    index = scene.block.index
    under = int(index.parent("instrument", "underlying")[row])
    whose = (
        f"its underlying {index.label('underlying', under)}" if under >= 0 else "it has no underlying, which"
    )
    if not spec.is_option:
        return (
            f"it has no `price`, and {whose} has none"
            if np.isnan(known.price[row] + 0 * known.spot[row])
            else None
        )
    if np.isnan(known.spot[row]):
        return f"{whose} has no `price`"
    for column, value in (("strike", known.strike), ("expiry", known.years)):
        if np.isnan(value[row]):
            return f"it has no `{column}`"
    if not known.known[row]:
        return "it does not say its `right` and `exercise`"
    if known.years[row] < 0:
        expired = date.fromordinal(scene.world.book.on.toordinal() + round(float(known.years[row]) * 365.0))
        return f"it expired on {expired}"
    if known.curve is None:
        return "the book has no `rate`"
    paid = (known.dividend_times[row] <= known.years[row]) & (known.dividend_amounts[row] != 0.0)
    if MODELS[spec.name].refuses_dividends and paid.any():
        return f"{whose} pays dividends before it expires (`binomial` values them, `{spec.name}` does not)"
    return None


def _reason(known: Contracts, spec: Spec, row: int, reason: int) -> str:
    """What the solver found, in words."""
    from pmdsl.pricing import Reason

    price = f"price {known.price[row]:g}"
    if reason == -1:
        return (
            "it has no `price` to solve it from, no `implied_volatility`, and its underlying no `volatility`"
        )
    if reason == Reason.BELOW_BOUND:
        return f"{price} is below the least that {spec.name} can give ({_least(known, spec, row):.6g})"
    if reason == Reason.ABOVE_BOUND:
        return f"{price} is above the most that an option of its kind can be worth"
    return f"no volatility gives its {price}"


def _least(known: Contracts, spec: Spec, row: int) -> float:
    """About the least an option can be worth: its value at next to no volatility, or what exercise brings."""
    from pmdsl.pricing import price
    from pmdsl.pricing.catalogue import LOWEST_VOLATILITY

    rows = np.array([row])
    terms = terms_of(known, rows, np.zeros(1), np.zeros(1))
    name = "black_76" if spec.name == "black_76" else "black_scholes"
    sign = 1.0 if known.call[row] else -1.0
    intrinsic = max(sign * (known.spot[row] - known.strike[row]), 0.0) if known.american[row] else 0.0
    flat = replace(terms, american=np.zeros(1, dtype=bool))
    return max(intrinsic, float(price(name, {}, flat, known.spot[rows], LOWEST_VOLATILITY)[0]))
