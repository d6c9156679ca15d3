"""A random market: a few underlyings with grids of options, quiet or lively, and whatever else the rule set
reads.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import product
from typing import Any

from pmdsl.compare.claims.draw.attributes import Random, attributes, pick
from pmdsl.compare.claims.draw.book import Market, Row
from pmdsl.compare.claims.draw.tables import DAYS, correlations, reference_tables
from pmdsl.plan.asked import asked_columns, asked_matrices
from pmdsl.plan.nodes import InputColumn, Plan
from pmdsl.portfolio.shape import HELD_AS, INSTRUMENT, UNDERLYING

UNDERLYINGS = 6
KINDS = ("stock", "stock", "stock", "etf", "index")
PRICES = (100.0, 100.0, 50.0, 20.0, 400.0, 5.0)
STEPS = tuple(range(70, 131, 3)) + tuple(range(80, 121, 5))
QUIET, LIVELY = 0.001, (0.1, 0.2, 0.4, 0.8)
DRAWN = ("leverage", "volatility")
DATED = ("future", "forward", "option", "warrant")


def draw_market(plan: Plan, on: date, rng: Random, quiet: bool) -> Market:
    """A market in which a rule set can be run on a date; in a quiet one options stand at their payoff."""
    columns = asked_columns(plan)
    underlyings = tuple(draw_underlyings(columns, on, rng))
    instruments = tuple(draw_instruments(plan, columns, underlyings, on, rng, quiet))
    ids = [str(row["id"]) for row in underlyings]
    return Market(
        on=on,
        rate=0.0 if quiet else float(pick(rng, (0.0, 0.03, 0.05))),
        underlyings=underlyings,
        instruments=instruments,
        market=attributes([c for c in columns if c.table == "market"], rng, on, ids),
        tables=reference_tables(plan, ids, on, rng),
        matrices={name: tuple(correlations(ids, rng)) for name in asked_matrices(plan)},
    )


# ---- underlyings -------------------------------------------------------------------------------------------


def draw_underlyings(columns: Sequence[InputColumn], on: date, rng: Random) -> Iterator[Row]:
    own = [
        c
        for c in columns
        if c.table == "underlying" and (c.column in DRAWN or c.column not in UNDERLYING.fields)
    ]
    plain = [c for c in own if c.base != "text" or c.words]
    indexes: list[str] = []
    for number in range(1, UNDERLYINGS + 1):
        name, kind = f"U{number}", str(pick(rng, KINDS))
        row: dict[str, Any] = {"id": name, "kind": kind, "price": float(pick(rng, PRICES))}
        row["option_exercise"] = "american" if number == UNDERLYINGS else "european"
        if kind in ("etf", "etn") and indexes and any(c.column == "tracks" for c in columns):
            row["tracks"] = pick(rng, indexes)
        indexes += [name] if kind == "index" else []
        yield (
            row
            | attributes(plain, rng, on, ())
            | {c.column: pick(rng, ("a", "b")) for c in own if c not in plain}
        )


# ---- instruments -------------------------------------------------------------------------------------------


def kinds_of(plan: Plan) -> set[str]:
    """The kinds of instrument that the rules speak of; shares and options where they speak of none."""
    words = {str(n.params["value"]) for n in plan.nodes if n.op == "word" and n.unit == "instrument_kind"}
    return words | ({"share", "option"} if words <= {"option"} else set())


def draw_instruments(
    plan: Plan, columns: Sequence[InputColumn], underlyings: Sequence[Row], on: date, rng: Random, quiet: bool
) -> Iterator[Row]:
    kinds = kinds_of(plan)
    own = [c for c in columns if c.table == "instrument" and c.column not in INSTRUMENT.fields]
    for underlying in underlyings:
        rows = list(options(underlying, on, rng, quiet)) if "option" in kinds else []
        rows += [other(underlying, kind, on) for kind in sorted(kinds - {"option", "share"})]
        for row in rows:
            yield {**row, **attributes(own, rng, on, ())}


def options(underlying: Row, on: date, rng: Random, quiet: bool) -> Iterator[Row]:
    """Calls and puts of one expiry at strikes around the price."""
    name, price = str(underlying["id"]), float(underlying["price"])
    expiry = on + timedelta(days=int(pick(rng, (0, *DAYS) if quiet else DAYS)))
    volatility = QUIET if quiet else float(pick(rng, LIVELY))
    strikes = sorted({round(price * step / 100, 2) for step in STEPS})
    few = underlying["option_exercise"] == "american"
    for strike, right in product(strikes[::5] if few else strikes, ("call", "put")):
        yield {
            "id": f"{name}-{right[0].upper()}-{strike:g}",
            "kind": "option",
            "underlying": name,
            "right": right,
            "strike": strike,
            "expiry": expiry.isoformat(),
            "implied_volatility": volatility,
        }


def other(underlying: Row, kind: str, on: date) -> dict[str, Any]:
    """An instrument of any other kind, at the price of its underlying."""
    row = {
        "id": f"{underlying['id']}-{kind}",
        "kind": kind,
        "underlying": underlying["id"],
        "price": underlying["price"],
    }
    return row | ({"expiry": (on + timedelta(days=90)).isoformat()} if kind in DATED else {})


def holdable(market: Market) -> dict[str, list[str]]:
    """What can be held on each underlying, options excepted: itself, where it can be, and other
    instruments.
    """
    found = {str(row["id"]): [str(row["id"])] if row["kind"] in HELD_AS else [] for row in market.underlyings}
    for row in market.instruments:
        if row["kind"] != "option":
            found[str(row["underlying"])].append(str(row["id"]))
    return found
