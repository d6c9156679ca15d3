"""The engine: a typed plan and a book to numbers, all accounts at once, without a loop over positions."""

from __future__ import annotations

from collections.abc import Mapping

from pmdsl.engine.answer import AccountAnswer, Alert, Answer
from pmdsl.engine.binding import Bind, BindColumns
from pmdsl.engine.bound import Bound
from pmdsl.engine.engines import ENGINES, Engine, engine_named
from pmdsl.engine.inputs import Holdings, unknown_columns
from pmdsl.engine.job import world_of
from pmdsl.engine.listing import Leg, Listed, listed
from pmdsl.engine.notes import stale
from pmdsl.plan.nodes import Plan
from pmdsl.portfolio.book import Book, Table

__all__ = [
    "ENGINES",
    "AccountAnswer",
    "Alert",
    "Answer",
    "Bind",
    "BindColumns",
    "Bound",
    "Engine",
    "Holdings",
    "Leg",
    "Listed",
    "bind",
    "engine_named",
    "evaluate",
    "listed",
    "unknown_columns",
]


def bind(plan: Plan, book: Book, data: Mapping[str, Table] | None = None, engine: Engine = "numpy") -> Bound:
    """Bind a plan to the market of a book: instruments are priced here, once, whoever holds them.

    `data` are the tables given at run time by name, their columns as text. `engine` changes how fast an
    answer comes, and no cent of it. What is wrong with single cells stands in `findings` of the result.
    Raises PmdslError where nothing can be answered, or the engine is not installed.
    """
    bound = Bound(world_of(plan, book, data or {}, engine_named(engine)))
    bound.findings.extend(stale(bound.world))
    bound.job(tuple(out.node for out in plan.outputs))
    return bound


def evaluate(
    plan: Plan, book: Book, data: Mapping[str, Table] | None = None, engine: Engine = "numpy"
) -> Answer:
    """Bind a plan to a book and run the book's own positions."""
    return bind(plan, book, data, engine).run()
