"""The rules of `tims_like.margin` by hand, as others would do it: numpy, DuckDB, Polars.

Each maker takes positions and their market, prepares what does not depend on the values of the market (a
database's tables, numpy's segments), and returns a contender: a function without arguments that gives the
requirement of each account, in the order of the accounts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from benchmarks.books import CREDIT, MINIMUM, Codes, Floats, Market, Positions

Contender = Callable[[], Floats]

# Positions of a block: its rows of sixteen values stay in the cache. The best of 4,096 to 131,072 here.
BLOCK = 16_384


def starts(codes: Codes) -> Codes:
    """Where runs of equal codes begin."""
    change = np.ones(len(codes), dtype=bool)
    change[1:] = codes[1:] != codes[:-1]
    return np.flatnonzero(change)


def by_numpy(held: Positions, market: Market, threads: int = 1) -> Contender:
    """What one writes by hand: blocks of accounts, `take` and three times `reduceat`."""
    classes, products = market.class_of[held.instrument], market.product_of[market.class_of[held.instrument]]
    segments = starts(held.account * len(market.product_of) + classes)
    groups = starts(held.account * len(market.product_of) + products)
    accounts = starts(held.account)
    blocks = accounts[np.unique(np.searchsorted(accounts, np.arange(0, held.size, BLOCK)))]
    ends = np.append(blocks[1:], held.size)
    outcome = market.outcome

    def block(low: int, high: int) -> Floats:
        mine = segments[np.searchsorted(segments, low) : np.searchsorted(segments, high)]
        outer = groups[np.searchsorted(groups, low) : np.searchsorted(groups, high)]
        owners = accounts[np.searchsorted(accounts, low) : np.searchsorted(accounts, high)]
        quantity = held.quantity[low:high]
        pnl = np.take(outcome, held.instrument[low:high], axis=0, mode="clip")
        pnl *= quantity[:, None]
        of_class = np.add.reduceat(pnl, mine - low, axis=0)
        np.minimum(of_class, CREDIT * of_class, out=of_class)
        of_group = np.add.reduceat(of_class, np.searchsorted(mine, outer), axis=0)
        scan = -of_group.min(axis=1)
        floor = MINIMUM * np.add.reduceat(np.abs(quantity), outer - low)
        return np.add.reduceat(np.maximum(scan, floor), np.searchsorted(outer, owners))

    def run() -> Floats:
        if threads == 1:
            return np.concatenate([block(low, high) for low, high in zip(blocks, ends, strict=True)])
        with ThreadPoolExecutor(threads) as pool:
            return np.concatenate(list(pool.map(block, blocks, ends)))

    return run


def table_of(held: Positions) -> dict[str, Any]:
    """The positions as columns for a database, of the narrowest types that hold them."""
    return {
        "account": held.account.astype(np.int32),
        "instrument": held.instrument.astype(np.int32),
        "quantity": held.quantity,
    }


def market_table(market: Market) -> dict[str, Any]:
    """The instruments as columns for a database: class, product group and one column a point."""
    columns: dict[str, Any] = {
        "instrument": np.arange(market.instruments, dtype=np.int32),
        "class": market.class_of.astype(np.int32),
        "product": market.product_of[market.class_of].astype(np.int32),
    }
    for k, name in enumerate(names_of(market)):
        columns[name] = np.ascontiguousarray(market.outcome[:, k])
    return columns


def names_of(market: Market) -> list[str]:
    return [f"p{k}" for k in range(market.outcome.shape[1])]


QUERY = """
with of_class as (
  select account, product, class, {sums}, sum(abs(quantity)) as contracts
  from positions join market using (instrument) group by account, product, class
), of_product as (
  select account, {nets}, sum(contracts) as contracts from of_class group by account, product
)
select account, sum(greatest(-least({points}), {minimum} * contracts)) as maintenance
from of_product group by account order by account
"""


def by_duckdb(held: Positions, market: Market, threads: int = 2) -> Contender:
    """One query over two tables of DuckDB in memory."""
    import duckdb

    database = duckdb.connect(config={"threads": threads})
    _load(database, "positions", table_of(held))
    _load(database, "market", market_table(market))
    names = names_of(market)
    query = QUERY.format(
        sums=", ".join(f"sum(quantity * {name}) as {name}" for name in names),
        nets=", ".join(f"sum(least({name}, {CREDIT} * {name})) as {name}" for name in names),
        points=", ".join(names),
        minimum=MINIMUM,
    )
    return lambda: np.asarray(database.execute(query).fetchnumpy()["maintenance"])


def _load(database: Any, name: str, columns: Mapping[str, Any]) -> None:
    database.register("given", dict(columns))
    database.execute(f"create table {name} as select * from given")
    database.unregister("given")


def by_polars(held: Positions, market: Market, engine: str = "streaming") -> Contender:
    """One lazy query of Polars over two frames, on all processors."""
    import polars as pl

    positions, instruments = pl.DataFrame(table_of(held)), pl.DataFrame(market_table(market))
    names = names_of(market)
    of_class = (
        positions.lazy()
        .join(instruments.lazy(), on="instrument")
        .group_by("account", "product", "class")
        .agg(
            *((pl.col("quantity") * pl.col(name)).sum().alias(name) for name in names),
            pl.col("quantity").abs().sum().alias("contracts"),
        )
    )
    of_product = of_class.group_by("account", "product").agg(
        *(pl.min_horizontal(pl.col(name), CREDIT * pl.col(name)).sum().alias(name) for name in names),
        pl.col("contracts").sum(),
    )
    margin = pl.max_horizontal(-pl.min_horizontal(*names), MINIMUM * pl.col("contracts"))
    query = of_product.group_by("account").agg(margin.sum().alias("maintenance")).sort("account")
    return lambda: np.asarray(query.collect(engine=engine)["maintenance"].to_numpy())
