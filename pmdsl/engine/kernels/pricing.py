"""Theoretical values: each instrument once, under every shock, by the model that its row names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from pmdsl.engine.blocks import Block
from pmdsl.engine.index import Index
from pmdsl.engine.inputs import Wanted
from pmdsl.engine.kernels.shocks import Spec, below_zero, valued
from pmdsl.engine.kernels.site import Kernel, Maker, Site
from pmdsl.engine.terms import Contracts, contracts, terms_of
from pmdsl.engine.words import Codes, Number
from pmdsl.engine.world import World

UNKNOWN_MODEL = -2


def model(site: Site) -> Kernel:
    """(condition, ...): the first model whose condition holds; -1 for none, -2 where that cannot be told."""

    def run(block: Block, xs: list[Any]) -> Any:
        size = block.size(site.node.level)
        found = np.full(size, -1, dtype=np.int64)
        open_ = np.ones(size, dtype=bool)
        for row, condition in enumerate(xs):
            condition = np.broadcast_to(condition, (size,))
            fits = open_ & (condition != 0)
            found[fits] = np.where(np.isnan(condition[fits]), UNKNOWN_MODEL, row)
            open_ &= ~fits
        return found

    return run


def specs(site: Site) -> tuple[Spec, ...]:
    """The models that the node `model` behind an input chooses from."""
    node = site.inputs[0]
    while node.op != "model":
        node = site.plan.nodes[node.inputs[0]]
    models = node.params["models"]
    return tuple(Spec(m["name"], {k: v for k, v in m.items() if k != "name"}) for m in models)


def volatility(site: Site) -> Kernel:
    """(model): given, else solved from the instrument's price, else the underlying's. Shape (rows,)."""
    chosen = specs(site)

    def run(block: Block, xs: list[Any]) -> Any:
        rows = instruments_of(block, site.node.level)
        known = contracts(site.world, block.index)
        return solved(site, chosen, known, xs[0], rows)[0]

    return run


def solved(
    site: Site, chosen: tuple[Spec, ...], known: Contracts, models: Codes, rows: Codes
) -> tuple[Number, Codes]:
    """Volatilities and, where solving one failed, the reason of the solver (-1: nothing to solve from)."""
    from pmdsl.pricing import implied_volatility

    result = known.implied[rows].copy()
    reason = np.zeros(len(rows), dtype=np.int64)
    for number, spec in enumerate(chosen):
        if not spec.is_option:
            continue
        wanted = (models == number) & np.isnan(result)
        expired = wanted & (known.years[rows] <= 0)
        result[expired] = 0.0
        wanted &= ~expired
        priced = np.flatnonzero(wanted & ~np.isnan(known.price[rows]))
        if len(priced):
            at = rows[priced]
            terms = terms_of(known, at, np.zeros(1), np.zeros(1))
            found = implied_volatility(spec.name, spec.options, terms, known.spot[at], known.price[at])
            result[priced], reason[priced] = found.volatility, found.reason
        other = np.flatnonzero(wanted & np.isnan(known.price[rows]))
        result[other] = known.underlying_volatility[rows[other]]
        reason[other] = np.where(np.isnan(result[other]), -1, 0)
    return result, reason


def instruments_of(block: Block, level: str) -> Codes:
    """The instrument of each row. Shape (rows,)."""
    if level == "instrument":
        return np.arange(block.size(level), dtype=np.int64)
    return block.parent(level, "instrument")


def revalue(site: Site) -> Kernel:
    """(model, volatility, shock, ...): the price per unit under the shocks."""
    return _shocked(site, "price")


def model_delta(site: Site) -> Kernel:
    """The same inputs: the derivative by the underlying's price."""
    return _shocked(site, "delta")


def _shocked(site: Site, question: str) -> Kernel:
    chosen, names = specs(site), tuple(site.params.get("shocks") or ())
    sizes = tuple(site.world.axes[axis].size for axis in site.node.axes)

    def run(block: Block, xs: list[Any]) -> Any:
        rows = instruments_of(block, site.node.level)
        known = contracts(site.world, block.index)
        models, sigma = (np.broadcast_to(x.reshape(-1), rows.shape) for x in xs[:2])
        shocks = {name: _wide(x, len(rows)) for name, x in zip(names, xs[2:], strict=True)}
        found = np.full((len(rows), *sizes), np.nan)
        for number, spec in enumerate(chosen):
            at = np.flatnonzero((models == number) & ~known.has_values[rows])
            if len(at):
                mine = {name: x[at] for name, x in shocks.items()}
                asked = question, spec, known, rows[at], sigma[at], mine, len(sizes)
                found[at] = valued(*asked, site.world.engine)
                site.world.floored.update(rows[at][below_zero(mine, known.spot[rows[at]])].tolist())
        if question == "price" and known.has_values.any():
            _given(site, block, known, rows, bool(names), found)
        return found

    return run


def _wide(x: Any, size: int) -> Any:
    return np.broadcast_to(x, (size, *x.shape[1:]))


def _given(site: Site, block: Block, known: Contracts, rows: Codes, shocked: bool, found: Any) -> None:
    """Theoretical values of the book stand alone: by the point, or the instrument's price as the base."""
    at = np.flatnonzero(known.has_values[rows])
    axes = site.node.axes
    if not shocked:
        found[at] = known.price[rows[at]].reshape(-1, *(1,) * (found.ndim - 1))
    elif len(axes) == 1:
        values, place = given_values(site.world, block.index, axes[0])
        found[at] = values[place[rows[at]]]


def given_values(world: World, index: Index, axis: str) -> tuple[Number, Codes]:
    """The values that the book gives at the points of an axis, and the row in them of each instrument."""
    if axis not in world.given_at:
        ids = index.levels["instrument"].ids
        named = [(ids[name], values) for name, values in world.book.given_values.items() if name in ids]
        names = world.axes[axis].names
        table = [[values.get(name, np.nan) for name in names] for _, values in named]
        place = np.zeros(index.size("instrument"), dtype=np.int64)
        place[[row for row, _ in named]] = np.arange(len(named))
        world.given_at[axis] = np.array(table, dtype=np.float64).reshape(len(named), len(names)), place
    found: tuple[Number, Codes] = world.given_at[axis]
    return found


def market_price(site: Site) -> Kernel:
    """(value): the instrument's price, else its value."""
    wanted = Wanted("instrument", "price", "number")

    def run(block: Block, xs: list[Any]) -> Any:
        rows = instruments_of(block, site.node.level)
        source = block.index.levels["instrument"].source
        assert source is not None
        price = site.world.reader.column(wanted).values[source][rows]
        price = price.reshape(-1, *(1,) * (xs[0].ndim - 1))
        return np.where(np.isnan(price), xs[0], price)

    return run


MAKERS: Mapping[str, Maker] = {
    "model": model,
    "volatility": volatility,
    "revalue": revalue,
    "model_delta": model_delta,
    "market_price": market_price,
}
