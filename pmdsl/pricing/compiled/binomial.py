"""Binomial trees, compiled: the cells of `binomial.py` sorted into groups that are rolled back together.

The same trees, the same escrowed dividends and the same bounds as there. Where the powers of a tree do not
fit a float64, and in the few other cases of `_is_left`, the cell is left to numpy.
"""

from __future__ import annotations

from math import ceil, isfinite, log
from math import exp as precise_exp
from typing import Any

import numpy as np

from pmdsl.jit import compiled, inlined
from pmdsl.pricing import binomial
from pmdsl.pricing.binomial import FLOOR
from pmdsl.pricing.compiled import lattice
from pmdsl.pricing.compiled.elementary import exp, within
from pmdsl.pricing.compiled.european_tree import expectation
from pmdsl.pricing.compiled.pieces import column, divided
from pmdsl.pricing.compiled.rollback import roll
from pmdsl.pricing.dividends import counted, present_values
from pmdsl.pricing.european_tree import log_choices
from pmdsl.pricing.exercise import LARGEST_EXPONENT
from pmdsl.pricing.rollback import BAND
from pmdsl.pricing.terms import Bools, Floats, Indices, Terms

# Trees of a group: few enough that their tables stay in the cache.
_MOST_TREES = 16
_GROUP_NODES = 4096
_PIECE_NODES = 2_000_000
# An option with fewer scenarios than this shares a group with its neighbours.
_NARROW = 6
# Larger trees of Leisen and Reimer have no band here; in numpy they have.
_MOST_DRIFTING = 1001


def price(terms: Terms, spot: Floats, volatility: Floats, tree: str, steps: int) -> Floats:
    """`binomial.price` of n options, shape of the broadcast of `spot` and `volatility`: (n, m) or (n, 1)."""
    count, width = len(terms), max(spot.shape[1], volatility.shape[1])
    result, left = np.empty((count, width)), np.zeros((count, width), dtype=np.bool_)
    if not result.size:
        return result
    numbers = (terms.strike, terms.years, terms.rate, terms.dividend_yield)
    paid = np.where(counted(terms), terms.dividend_times, np.nan), present_values(terms)
    columns = [column(x) for x in (*numbers, *paid, spot, volatility, log_choices(steps))]
    flags = [np.require(x, np.bool_, ("C", "W")) for x in (terms.call, terms.american)]
    flat = result.reshape(-1), left.reshape(-1)
    divided(
        lambda start, stop: fill(*flags, *columns, tree == "crr", *flat, width, start, stop),
        count,
        max(_PIECE_NODES // (width * (steps + 1) * (steps + 1)), 1),
    )
    row, at = np.nonzero(left)
    if len(row):
        spots, volatilities = (x[row, at if x.shape[1] > 1 else 0] for x in (spot, volatility))
        result[row, at] = binomial.price(terms.take(row), spots, volatilities, tree, steps)
    return result


@compiled
def fill(
    call: Bools,
    american: Bools,
    strike: Floats,
    years: Floats,
    rate: Floats,
    dividend_yield: Floats,
    times: Floats,
    values: Floats,
    spot: Floats,
    volatility: Floats,
    choices: Floats,
    is_crr: bool,
    result: Floats,
    left: Bools,
    width: int,
    start: int,
    stop: int,
) -> None:
    """The values of the options start ≤ i < stop into `result`, (n · width,), and in `left` what is left out.

    `times` are the ex-dates that count, else NaN, `values` the present values of the dividends, both (n, d),
    and `choices` is `log_choices(steps)`.
    """
    steps = choices.shape[0] - 1
    most = min(max(_GROUP_NODES // (steps + 1), 8), _MOST_TREES)
    work, remaining = np.zeros((7, (steps + 2) * most)), np.zeros(steps + 1)
    # The open group: its trees, where their answers go, and what these are multiplied by and floored with.
    trees, scale, target = np.zeros((7, most)), np.zeros((2, most)), np.zeros(most, dtype=np.intp)
    count = 0
    one_spot, one_volatility = spot.shape[1] == 1, volatility.shape[1] == 1
    alike = is_crr and one_volatility and width >= _NARROW
    for i in range(start, stop):
        total, paying = _paid(values[i])
        step = years[i] / steps
        own = (call[i], rate[i] * step, dividend_yield[i] * step)
        discount = precise_exp(-(own[2] if call[i] else own[1]))
        least = 0.0
        if american[i]:
            least = lattice.least_moneyness(call[i], lattice.limit_of_exercise(*own, 0.0, 0.0))
            if paying and years[i] > 0.0:
                to_come(times[i], values[i], step, rate[i] - dividend_yield[i], strike[i], remaining)
        # A tree of crr is the same for all prices of one volatility.
        root, moves = np.sqrt(years[i]), (0.0, 0.0, 0.0)
        if is_crr and one_volatility:
            moves = lattice.crr(steps, *own, volatility[i, 0] * root)
        for j in range(width):
            cell = i * width + j
            price, sigma = spot[i, 0 if one_spot else j], volatility[i, 0 if one_volatility else j]
            result[cell], valued, net, base = _at_once(*own, strike[i], years[i], price, sigma, total)
            if valued:
                continue
            if is_crr and not one_volatility:
                moves = lattice.crr(steps, *own, sigma * root)
            tree = _tree(is_crr, steps, *own, net, base, sigma * root, moves)
            if not lattice.is_tree(*tree):
                continue
            floor = max((price - strike[i]) if call[i] else (strike[i] - price), 0.0) if american[i] else 0.0
            unit = net if call[i] else base
            unit = 0.0 if call[i] and price == 0.0 else unit
            if not american[i] or (not paying and lattice.never_pays(steps, *tree, least, BAND)):
                result[cell] = max(unit * expectation(*tree, discount, choices, work[0]), floor)
                continue
            if _is_left(is_crr, steps, tree, paying, total, price, strike[i], base):
                left[cell] = True
                continue
            moneyness, inward_log, outward_log, inward, outward = tree
            known = (
                moneyness,
                inward_log,
                outward_log,
                outward,
                least,
                inward * discount,
                outward * discount,
            )
            for k in range(7):
                trees[k, count] = known[k]
            scale[0, count], scale[1, count], target[count] = unit, floor, cell
            count += 1
            if count == most:
                kind = (alike, not is_crr, paying)
                settle(trees, count, steps, *kind, *own, remaining, work, scale, target, result)
                count = 0
        if count > 0 and (alike or paying or i + 1 == stop or _paid(values[i + 1])[1]):
            kind = (alike, not is_crr, paying)
            settle(trees, count, steps, *kind, *own, remaining, work, scale, target, result)
            count = 0


@inlined
def _paid(values: Floats) -> Any:
    """The sum of the dividends, and whether there are any."""
    total, paying = 0.0, False
    for k in range(values.shape[0]):
        total += values[k]
        paying = paying or values[k] != 0.0
    return total, paying


@inlined
def _at_once(
    call: Any,
    rate: Any,
    dividend_yield: Any,
    strike: Any,
    years: Any,
    spot: Any,
    volatility: Any,
    total: Any,
) -> Any:
    """The value where it needs no tree, whether it does not, and net spot and strike for the tree."""
    sound = spot >= 0.0 and strike >= 0.0 and volatility >= 0.0 and years >= 0.0
    if not (sound and isfinite(rate + dividend_yield + volatility)):
        return np.nan, True, 0.0, 0.0
    if years == 0.0:
        return max(spot - strike if call else strike - spot, 0.0), True, 0.0, 0.0
    base = max(strike, FLOOR * spot + 1e-300)
    net = spot + 0.0 * total
    if spot > 0.0:
        net = spot - total
        net = 0.0 if net < 0.0 else net
    known = isfinite(net) and isfinite(base)
    return np.nan, not known, max(net, FLOOR * base), base


@inlined
def _tree(
    is_crr: Any,
    steps: Any,
    call: Any,
    rate: Any,
    dividend_yield: Any,
    net: Any,
    base: Any,
    spread: Any,
    moves: Any,
) -> Any:
    """Moneyness, logarithms of the moves and their probabilities; `moves` are those of crr."""
    moneyness = log(net / base) if call else -log(net / base)
    if is_crr:
        move, inward, outward = moves
        return moneyness, move, -move, inward, outward
    carry = rate - dividend_yield if call else dividend_yield - rate
    inward_log, outward_log, inward, outward = lattice.leisen_reimer(steps, moneyness, carry, spread)
    return moneyness, inward_log, outward_log, inward, outward


@inlined
def _is_left(
    is_crr: Any, steps: Any, tree: Any, paying: Any, total: Any, spot: Any, strike: Any, base: Any
) -> Any:
    """Whether numpy values a cell: where powers do not fit, where there would be a band in numpy alone.

    And where dividends are scaled down to the spot, which differs by scenario, or have no sound strike.
    """
    wild = (abs(tree[1]) + abs(tree[2])) * steps + abs(tree[0]) > LARGEST_EXPONENT
    odd = paying and (not 0.0 <= total <= spot or strike < base)
    return wild or odd or (not is_crr and steps > _MOST_DRIFTING)


@compiled
def settle(
    trees: Floats,
    count: int,
    steps: int,
    alike: bool,
    drifting: bool,
    paying: bool,
    call: bool,
    rate: float,
    dividend_yield: float,
    remaining: Floats,
    work: Floats,
    scale: Floats,
    target: Indices,
    result: Floats,
) -> None:
    """Rolls the open group back and writes its answers."""
    found = roll(trees, count, steps, alike, drifting, paying, call, rate, dividend_yield, remaining, work)
    for k in range(count):
        result[target[k]] = max(found[k] * scale[0, k], scale[1, k])


@compiled
def to_come(
    times: Floats, values: Floats, step: float, carry: float, strike: float, remaining: Floats
) -> None:
    """The value at each node time of the dividends after it, over the strike: `binomial._remaining`."""
    steps = remaining.shape[0] - 1
    remaining[:] = 0.0
    for k in range(times.shape[0]):
        if isfinite(times[k]) and isfinite(values[k]):
            remaining[max(ceil(times[k] / step - 1e-6) - 1, 0)] += values[k] / strike
    for i in range(steps - 1, -1, -1):
        remaining[i] += remaining[i + 1]
    for i in range(steps + 1):
        remaining[i] *= exp(within(carry * step * i))
