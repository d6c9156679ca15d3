"""Shapes: n first, anything after, scalars everywhere."""

from __future__ import annotations

import numpy as np
import pytest

from pmdsl.pricing import Terms, delta, implied_volatility, price

MODELS = [
    ("linear", {}),
    ("black_scholes", {}),
    ("black_76", {}),
    ("binomial", {"steps": 5}),
    ("american", {}),
]
THREE = Terms.of([True, False, True], [90.0, 100.0, 110.0], [0.1, 0.5, 1.0], rate=0.03)


@pytest.mark.parametrize(("model", "options"), MODELS)
@pytest.mark.parametrize(
    ("spot", "volatility", "shape"),
    [
        ((), (), (3,)),
        ((3,), (), (3,)),
        ((3,), (3,), (3,)),
        ((3, 4), (3,), (3, 4)),
        ((3,), (3, 4), (3, 4)),
        ((1, 4), (3, 1), (3, 4)),
        ((3, 4, 1), (3, 1, 2), (3, 4, 2)),
        ((3, 3), (3,), (3, 3)),
    ],
)
def test_broadcasting_has_n_first(
    model: str,
    options: dict[str, int | str],
    spot: tuple[int, ...],
    volatility: tuple[int, ...],
    shape: tuple[int, ...],
) -> None:
    random = np.random.default_rng(7)
    spots, volatilities = 100.0 + 5.0 * random.random(spot), 0.2 + 0.1 * random.random(volatility)
    for question in (price, delta):
        values = question(model, options, THREE, spots, volatilities)
        assert values.shape == shape
        depth = len(shape)
        wide = [
            np.broadcast_to(x.reshape(x.shape + (1,) * (depth - x.ndim)), shape).reshape(3, -1)
            for x in (np.atleast_1d(spots), np.atleast_1d(volatilities))
        ]
        for row in range(3):
            for column in range(wide[0].shape[1]):
                cell = question(
                    model, options, THREE.take(np.array([row])), wide[0][row, column], wide[1][row, column]
                )
                assert values.reshape(3, -1)[row, column] == pytest.approx(cell[0], rel=1e-13, abs=1e-13)


@pytest.mark.parametrize(("model", "options"), MODELS)
def test_no_options_at_all(model: str, options: dict[str, int | str]) -> None:
    none = THREE.take(slice(0, 0))
    assert price(model, options, none, np.zeros((0, 4)), np.zeros(0)).shape == (0, 4)
    assert delta(model, options, none, 100.0, 0.2).shape == (0,)
    assert implied_volatility(model, options, none, 100.0, 5.0).volatility.shape == (0,)


def test_more_cells_than_a_block() -> None:
    n = 700
    random = np.random.default_rng(8)
    terms = Terms.of(random.random(n) < 0.5, random.uniform(80, 120, n), 0.3, True, 0.05)
    spot = np.linspace(90, 110, 40) * np.ones((n, 1))
    for model, options in (("black_76", {}), ("binomial", {"steps": 3})):
        european = terms if model == "binomial" else Terms.of(terms.call, terms.strike, 0.3, False, 0.05)
        values = price(model, options, european, spot, 0.2)
        for row in (0, 350, 699):
            some = price(model, options, european.take(np.array([row])), spot[row : row + 1], 0.2)
            np.testing.assert_allclose(values[row], some[0], rtol=0, atol=1e-12)


def test_shapes_that_do_not_fit() -> None:
    with pytest.raises(ValueError, match="shape mismatch"):
        price("linear", {}, THREE, np.zeros(2), 0.2)
    with pytest.raises(ValueError, match="first dimension is 4 where 1 options"):
        price("linear", {}, THREE.take(slice(0, 1)), np.zeros((4, 2)), 0.2)
    with pytest.raises(ValueError, match="differ in shape"):
        Terms(THREE.call, THREE.strike[:2], *[THREE.years] * 4, np.zeros((3, 0)), np.zeros((3, 0)))
    with pytest.raises(ValueError, match="one row an option"):
        Terms(THREE.call, *[THREE.years] * 5, np.zeros((2, 1)), np.zeros((2, 1)))


def test_unknown_models_and_options() -> None:
    with pytest.raises(ValueError, match="there is no pricing model heston"):
        price("heston", {}, THREE, 100.0, 0.2)
    with pytest.raises(ValueError, match="steps must be odd"):
        implied_volatility("binomial", {"tree": "leisen_reimer", "steps": 100}, THREE, 100.0, 5.0)


def test_inputs_are_not_written_to() -> None:
    spot, volatility = np.full((3, 2), 100.0), np.full(3, 0.2)
    for array in (spot, volatility):
        array.flags.writeable = False
    for model, options in MODELS:
        price(model, options, THREE, spot, volatility)
        delta(model, options, THREE, spot, volatility)
        implied_volatility(model, options, THREE, spot[:, 0], volatility)


def test_take() -> None:
    mask = THREE.take(np.array([True, False, True]))
    np.testing.assert_array_equal(mask.strike, THREE.take(np.array([0, 2])).strike)
    assert len(mask) == 2
    assert len(THREE.take(slice(1, None))) == 2
