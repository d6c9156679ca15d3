"""The pricing models that are asked most as compiled loops (numba), one file a model.

They answer as the models in numpy do, to rounding. Nothing here is imported unless the engine is compiled.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pmdsl.pricing.compiled import american, binomial, european
from pmdsl.pricing.terms import Floats, Terms


def price(model: str, options: Mapping[str, Any], terms: Terms, spot: Floats, volatility: Floats) -> Floats:
    """The values of an option model on (n, m) or (n, 1) arrays, with its options complete."""
    if model == "binomial":
        return binomial.price(terms, spot, volatility, **options)
    if model == "american":
        return american.price(terms, spot, volatility, **options)
    return european.price(terms, spot, volatility, on_forward=model == "black_76")
