"""Pricing models, one file a model: arrays in, arrays out, vectorised over instruments × scenarios.

Everything that other packages use is named here. The catalogue is plain data; the models load numpy, so they
are imported on first use and a check of a rule file never pays for them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from pmdsl.pricing.catalogue import MODELS, ModelInfo, OptionInfo

if TYPE_CHECKING:
    from pmdsl.pricing.dispatch import delta, price
    from pmdsl.pricing.implied import Solved, implied_volatility
    from pmdsl.pricing.reasons import Reason
    from pmdsl.pricing.terms import Terms

__all__ = [
    "MODELS",
    "ModelInfo",
    "OptionInfo",
    "Reason",
    "Solved",
    "Terms",
    "delta",
    "implied_volatility",
    "price",
]

_HOMES = {
    "Reason": "reasons",
    "Solved": "implied",
    "Terms": "terms",
    "delta": "dispatch",
    "implied_volatility": "implied",
    "price": "dispatch",
}


def __getattr__(name: str) -> Any:
    """The public name `name`, from the module that holds it; raises AttributeError where there is none."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
