"""American options with continuous exercise, compiled: the model of `american.py` from compiled parts.

What decides between methods stays in numpy; the boundary, the premium, the European values and the trees of
the few cases without a boundary are compiled, and the options are divided among threads.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from pmdsl.pricing import american, boundary
from pmdsl.pricing.compiled import binomial, european
from pmdsl.pricing.compiled.boundary import newton
from pmdsl.pricing.compiled.boundary_start import first_depth
from pmdsl.pricing.compiled.pieces import divided
from pmdsl.pricing.compiled.premium import premium
from pmdsl.pricing.terms import Floats, Terms

_PIECE = 3072


def price(terms: Terms, spot: Floats, volatility: Floats, accuracy: str) -> Floats:
    """`american.price`; arguments, shape and NaN as there."""
    parts = american.Parts(
        partial(european.price, on_forward=False),
        partial(boundary.solve, guess=first_depth, newton=newton),
        premium,
        _tree,
    )
    result = np.empty((len(terms), max(spot.shape[1], volatility.shape[1])))

    def work(start: int, stop: int) -> None:
        part = slice(start, stop)
        some = terms.take(part), spot[part], volatility[part]
        result[part] = american.price(*some, accuracy, parts)

    divided(work, len(terms), _PIECE)
    return result


def _tree(terms: Terms, spot: Floats, volatility: Floats, tree: str, steps: int) -> Floats:
    """The trees of cells, (c,)."""
    return binomial.price(terms, spot[:, None], volatility[:, None], tree, steps)[:, 0]
