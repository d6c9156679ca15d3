"""One model under shocks: what each does to the price of the underlying, the volatility, rate and time.

An option sees its underlying's price S: `price_to` v is v, `price_by` a is S (1 + a), `price_plus` p is S +
p, in this order, held at 0. A linear instrument moves by the same part of its own price. Volatility likewise;
`days_on` n lets n calendar days pass.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from pmdsl.engine.engines import Engine
from pmdsl.engine.terms import Contracts, terms_of
from pmdsl.engine.words import Codes, Number
from pmdsl.pricing.catalogue import MODELS


@dataclass(frozen=True)
class Spec:
    """A model of the pricing table: its name and options."""

    name: str
    options: Mapping[str, Any]

    @property
    def is_option(self) -> bool:
        return MODELS[self.name].uses_volatility


def valued(
    question: str,
    spec: Spec,
    known: Contracts,
    rows: Codes,
    sigma: Number,
    shocks: Mapping[str, Any],
    depth: int,
    engine: Engine,
) -> Any:
    from pmdsl.pricing import delta, price

    spread = (len(rows), *(1,) * depth)
    if not spec.is_option:
        base = np.where(np.isnan(known.price[rows]), known.spot[rows], known.price[rows]).reshape(spread)
        ratio = _ratio(shocks, known.spot[rows].reshape(spread), base)
        return base * ratio if question == "price" else np.ones(ratio.shape)
    spot = _moved(shocks, "price", known.spot[rows].reshape(spread))
    volatility = _moved(shocks, "volatility", sigma.reshape(spread))
    ask = partial(price, engine=engine) if question == "price" else delta
    later, rate_plus = shocks.get("days_on"), shocks.get("rate_plus")
    if later is None and rate_plus is None:
        terms = terms_of(known, rows, np.zeros(1), np.zeros(1))
        return ask(spec.name, spec.options, terms, spot, volatility)
    return _cell_by_cell(ask, spec, known, rows, spot, volatility, later, rate_plus)


def _cell_by_cell(
    ask: Any,
    spec: Spec,
    known: Contracts,
    rows: Codes,
    spot: Any,
    volatility: Any,
    later: Any,
    rate_plus: Any,
) -> Any:
    """Time and rates differ by cell: each cell is an option of its own."""
    zero = np.zeros((1,) * spot.ndim)
    wide = np.broadcast_arrays(
        spot, volatility, zero if later is None else later, zero if rate_plus is None else rate_plus
    )
    shape = wide[0].shape
    each = np.repeat(rows, int(np.prod(shape[1:], dtype=np.int64)))
    flat = [x.ravel() for x in wide]
    terms = terms_of(known, each, flat[2], flat[3])
    return ask(spec.name, spec.options, terms, flat[0], flat[1]).reshape(shape)


def _moved(shocks: Mapping[str, Any], what: str, value: Any) -> Any:
    """A price or a volatility after its shocks, `to` before `by` before `plus`; never below 0."""
    if f"{what}_to" in shocks:
        value = shocks[f"{what}_to"] + 0.0 * value
    if f"{what}_by" in shocks:
        value = value * (1.0 + shocks[f"{what}_by"])
    if f"{what}_plus" in shocks:
        value = value + shocks[f"{what}_plus"]
    return np.maximum(value, 0.0)


def _ratio(shocks: Mapping[str, Any], spot: Any, base: Any) -> Any:
    """What a linear price is multiplied by; without an underlying its own price is the spot."""
    spot = np.where(np.isnan(spot), base, spot)
    ratio = np.ones_like(spot)
    if "price_to" in shocks:
        ratio = shocks["price_to"] / spot
    if "price_by" in shocks:
        ratio = ratio * (1.0 + shocks["price_by"])
    if "price_plus" in shocks:
        ratio = ratio + shocks["price_plus"] / spot
    return np.maximum(ratio, 0.0)


def below_zero(shocks: Mapping[str, Any], spot: Number) -> Any:
    """The rows that some shock would take below zero. Shape (rows,)."""
    below = np.zeros(len(spot), dtype=bool)
    for name, x in shocks.items():
        flat = x.reshape(len(spot), -1)
        if name == "price_by":
            below |= (flat < -1.0).any(axis=1)
        elif name == "price_to":
            below |= (flat < 0.0).any(axis=1)
        elif name == "price_plus":
            below |= (flat + spot[:, None] < 0.0).any(axis=1)
    return below
