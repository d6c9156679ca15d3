"""Margin methodologies as text: a language, its compiler and a vectorised engine.

    rules = pmdsl.load("us.finra.cpm")
    book = pmdsl.read_portfolio("book.yaml")
    rules.margin(book)["A1"].maintenance

Nothing is imported until it is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from pmdsl.version import __version__

if TYPE_CHECKING:
    from pmdsl.bound_rules import BoundRules
    from pmdsl.diagnostics import Finding, PmdslError
    from pmdsl.loading import load
    from pmdsl.portfolio import book_from_tables, read_portfolio
    from pmdsl.result import AccountResult, Result
    from pmdsl.rules import Rules

__all__ = [
    "AccountResult",
    "BoundRules",
    "Finding",
    "PmdslError",
    "Result",
    "Rules",
    "__version__",
    "book_from_tables",
    "load",
    "read_portfolio",
]

_HOMES = {
    "AccountResult": "pmdsl.result",
    "BoundRules": "pmdsl.bound_rules",
    "Finding": "pmdsl.diagnostics",
    "PmdslError": "pmdsl.diagnostics",
    "Result": "pmdsl.result",
    "Rules": "pmdsl.rules",
    "book_from_tables": "pmdsl.portfolio",
    "load": "pmdsl.loading",
    "read_portfolio": "pmdsl.portfolio",
}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
