"""From the name of a model to its arrays: shapes, blocks and the two questions that every model answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from math import prod
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from pmdsl.memory import OPTIONS, keep_freed_memory
from pmdsl.pricing import american, binomial, black_76, black_scholes, linear
from pmdsl.pricing.catalogue import MODELS
from pmdsl.pricing.terms import Floats, Terms

# Cells of one block: its dozen temporaries stay in the second-level cache.
_BLOCK_CELLS = 24_000

_Kernel = Callable[[Terms, Floats, Floats], Floats]


def price(
    model: str,
    options: Mapping[str, int | str],
    terms: Terms,
    spot: ArrayLike,
    volatility: ArrayLike,
    engine: str = "numpy",
) -> Floats:
    """The value per unit of n options, (n, ...), in the units of the spot.

    `spot` and `volatility` broadcast to (n, ...) with n first: a scalar, (n,), or (n, ...) with ones where it
    does not vary. The spot is what `MODELS[model].underlying` says; `linear` returns it and reads nothing
    else. NaN wherever an input is NaN or invalid or the model does not value the option; ValueError for
    unknown models, options and shapes. The engine `compiled` gives the same values by compiled loops, on as
    many threads as numba may have.
    """
    if engine == "compiled" and model in MODELS and MODELS[model].uses_volatility:
        return _compiled(model, options, terms, spot, volatility)
    return _evaluate("price", model, options, terms, spot, volatility)


def delta(
    model: str, options: Mapping[str, int | str], terms: Terms, spot: ArrayLike, volatility: ArrayLike
) -> Floats:
    """The derivative of `price` by the spot, per unit; arguments, shape and NaN as there, always by numpy."""
    return _evaluate("delta", model, options, terms, spot, volatility)


def completed_options(model: str, options: Mapping[str, int | str]) -> dict[str, Any]:
    """The options of a model with its defaults; ValueError, with every problem, where they are wrong."""
    if model not in MODELS:
        raise ValueError(f"there is no pricing model {model}")
    problems = MODELS[model].problems(options)
    if problems:
        raise ValueError("; ".join(problems))
    return MODELS[model].completed(options)


def _evaluate(
    question: str,
    model: str,
    options: Mapping[str, int | str],
    terms: Terms,
    spot: ArrayLike,
    volatility: ArrayLike,
) -> Floats:
    kernel = _kernel(question, model, completed_options(model, options))
    count = len(terms)
    shape, (spots, volatilities) = _n_first(count, spot, volatility)
    width = max(spots.shape[1], volatilities.shape[1])
    result = np.empty((count, width))
    rows = max(_BLOCK_CELLS // max(width, 1), 1)
    keep_freed_memory(OPTIONS)
    # Bad data gives NaN, not warnings.
    with np.errstate(all="ignore"):
        for start in range(0, count, rows):
            part = slice(start, start + rows)
            result[part] = kernel(terms.take(part), spots[part], volatilities[part])
    return result.reshape(shape)


def _compiled(
    model: str, options: Mapping[str, int | str], terms: Terms, spot: ArrayLike, volatility: ArrayLike
) -> Floats:
    """The values by the compiled models, which divide the options among threads themselves."""
    from pmdsl.pricing import compiled

    chosen = completed_options(model, options)
    shape, (spots, volatilities) = _n_first(len(terms), spot, volatility)
    keep_freed_memory(OPTIONS)
    with np.errstate(all="ignore"):
        return compiled.price(model, chosen, terms, spots, volatilities).reshape(shape)


def _kernel(question: str, model: str, options: Mapping[str, Any]) -> _Kernel:
    """The function of a model on (n, m) arrays that answers `price` or `delta`."""
    if model == "linear":
        return lambda terms, spot, volatility: getattr(linear, question)(spot)
    if model == "binomial":
        return partial(_flattened, partial(getattr(binomial, question), **options))
    if model == "american":
        return partial(getattr(american, question), **options)
    modules: Mapping[str, ModuleType] = {"black_scholes": black_scholes, "black_76": black_76}
    return getattr(modules[model], question)  # type: ignore[no-any-return]


def _flattened(kernel: _Kernel, terms: Terms, spot: Floats, volatility: Floats) -> Floats:
    """The answer of a kernel that takes cells, with the options repeated for each scenario."""
    spot, volatility = np.broadcast_arrays(spot, volatility)
    cells = terms.take(np.repeat(np.arange(len(terms)), spot.shape[1]))
    return kernel(cells, spot.ravel(), volatility.ravel()).reshape(spot.shape)


def _n_first(count: int, *inputs: ArrayLike) -> tuple[tuple[int, ...], list[Floats]]:
    """The common shape (n, ...) of the inputs, and each as (n, m), or (n, 1) where it does not vary."""
    arrays = [np.atleast_1d(np.asarray(values, dtype=np.float64)) for values in inputs]
    depth = max(array.ndim for array in arrays)
    arrays = [array.reshape(array.shape + (1,) * (depth - array.ndim)) for array in arrays]
    shape = np.broadcast_shapes((count, *(1,) * (depth - 1)), *(array.shape for array in arrays))
    if shape[0] != count:
        raise ValueError(f"the first dimension is {shape[0]} where {count} options were given")
    width = prod(shape[1:])
    flat = []
    for array in arrays:
        varies = prod(array.shape[1:]) > 1
        wide = np.broadcast_to(array, shape if varies else (count, *array.shape[1:]))
        flat.append(wide.reshape(count, width if varies else 1))
    return shape, flat
