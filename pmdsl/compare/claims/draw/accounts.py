"""Random accounts of a few positions: shares, single options, spreads, butterflies, and mixtures of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from pmdsl.compare.claims.draw.attributes import Random, attributes, pick
from pmdsl.compare.claims.draw.book import Account, Market, Row
from pmdsl.compare.claims.draw.market import holdable
from pmdsl.plan.asked import asked_columns
from pmdsl.plan.nodes import InputColumn, Plan

Legs = list[tuple[str, int]]
LOTS = (1, 1, 1, 2, 5, 10)
SHARES = (1, 100, 100, 500)
MOST_ROWS = 4


def draw_accounts(plan: Plan, market: Market, count: int, rng: Random) -> list[Account]:
    """So many accounts over a market."""
    columns = asked_columns(plan)
    own = [c for c in columns if c.table == "account" and c.column != "id"]
    tables = {
        name: [c for c in columns if c.table == name]
        for name, level in plan.levels.items()
        if level.kind == "table"
    }
    chains = chains_of(market)
    outright = holdable(market)
    ids = [str(row["id"]) for row in market.underlyings]
    found = []
    for _ in range(count):
        positions = tuple(legs(chains, outright, rng)) if "position" in tables else ()
        rows = {n: table_rows(cs, rng, market, ids) for n, cs in tables.items() if n != "position" and cs}
        found.append(Account(attributes(own, rng, market.on, ids), positions, rows))
    return found


def table_rows(
    columns: Sequence[InputColumn], rng: Random, market: Market, ids: Sequence[str]
) -> tuple[Row, ...]:
    """A few rows of another input table."""
    return tuple(attributes(columns, rng, market.on, ids) for _ in range(int(rng.integers(1, MOST_ROWS + 1))))


Chain = dict[str, list[str]]


def chains_of(market: Market) -> dict[str, Chain]:
    """For each underlying its calls and its puts by rising strike."""
    found: dict[str, Chain] = {}
    for row in sorted(
        (r for r in market.instruments if r["kind"] == "option"), key=lambda r: float(r["strike"])
    ):
        chain = found.setdefault(str(row["underlying"]), {"call": [], "put": []})
        chain[str(row["right"])].append(str(row["id"]))
    return found


def legs(chains: dict[str, Chain], outright: dict[str, list[str]], rng: Random) -> Legs:
    """One to three structures; what is held of one instrument is put together."""
    total: dict[str, int] = {}
    for _ in range(int(pick(rng, (1, 1, 1, 2, 3)))):
        name = str(pick(rng, list(outright)))
        chain = chains.get(name)
        pieces = (
            pick(rng, STRUCTURES)(chain, rng) if chain and rng.random() < 0.8 else held(outright[name], rng)
        )
        size = int(pick(rng, LOTS)) * int(pick(rng, (1, -1)))
        for instrument, quantity in pieces:
            total[instrument] = total.get(instrument, 0) + size * quantity
    return [(instrument, quantity) for instrument, quantity in total.items() if quantity]


def held(names: list[str], rng: Random) -> Legs:
    return [(str(pick(rng, names)), int(pick(rng, SHARES)))] if names else []


# ---- structures --------------------------------------------------------------------------------------------


def strikes(chain: Chain, count: int, rng: Random) -> tuple[str, list[int]]:
    """A right, and some places of its strikes in rising order, mostly near to one another."""
    right = str(pick(rng, ("call", "put")))
    size = len(chain[right])
    if size < count:
        return right, list(range(size))
    span = min(size, count + int(pick(rng, (0, 0, 1, 2, 6))))
    low = int(rng.integers(0, size - span + 1))
    return right, sorted(int(k) + low for k in rng.choice(span, count, replace=False))


def single(chain: Chain, rng: Random) -> Legs:
    right, (*places,) = strikes(chain, 1, rng)
    return [(chain[right][k], 1) for k in places]


def vertical(chain: Chain, rng: Random) -> Legs:
    right, places = strikes(chain, 2, rng)
    return [(chain[right][k], sign) for k, sign in zip(places, (1, -1), strict=False)]


def butterfly(chain: Chain, rng: Random) -> Legs:
    right, places = strikes(chain, 3, rng)
    return [(chain[right][k], sign) for k, sign in zip(places, (1, -2, 1), strict=False)]


def condor(chain: Chain, rng: Random) -> Legs:
    right, places = strikes(chain, 4, rng)
    return [(chain[right][k], sign) for k, sign in zip(places, (1, -1, -1, 1), strict=False)]


def straddle(chain: Chain, rng: Random) -> Legs:
    _, places = strikes(chain, 2, rng)
    return [(chain["put"][places[0]], 1), (chain["call"][places[-1]], 1)] if places else []


STRUCTURES: Sequence[Callable[[Chain, Random], Legs]] = (
    single,
    vertical,
    butterfly,
    butterfly,
    condor,
    straddle,
)
__all__: Sequence[Any] = ("draw_accounts",)
