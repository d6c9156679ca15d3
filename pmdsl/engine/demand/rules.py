"""For each operation: which cells of its inputs matter to some cells of its value.

A branch that is not taken, a row that is not reached and a member that `where` leaves out do not matter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pmdsl.engine.demand.cells import choice, junction, ratio, read
from pmdsl.engine.demand.matches import contracts, pairing, pattern
from pmdsl.engine.demand.members import aggregate, agree, down, fold_into, net_into
from pmdsl.engine.demand.need import Asked, Needs
from pmdsl.engine.demand.points import choose_over, ewma_over, over_axis, pick, quantile_over, stack
from pmdsl.engine.demand.prices import distinct, market_price, model, shocked
from pmdsl.engine.demand.rows import gathered, marginal, match, select

Rule = Callable[[Asked], Needs]


def everything(asked: Asked) -> Needs:
    """All inputs at the same cells."""
    return asked.all_of(range(len(asked.node.inputs)))


RULES: Mapping[str, Rule] = {
    "if": choice,
    "and": junction(1.0),
    "or": junction(0.0),
    "ratio": ratio,
    "input": read,
    "down": down,
    "agree": agree,
    "fold_into": fold_into,
    "net_into": net_into,
    "aggregate": aggregate,
    "fold_over": over_axis,
    "arg_over": over_axis,
    "quantile_over": quantile_over,
    "ewma_over": ewma_over,
    "choose_over": choose_over,
    "pick": pick,
    "stack": stack,
    "match": match,
    "select": select,
    "collect": gathered,
    "marginal": marginal,
    "model": model,
    "revalue": shocked,
    "model_delta": shocked,
    "market_price": market_price,
    "distinct": distinct,
    "pattern": pattern,
    "contracts": contracts,
    "pairing": pairing,
}


def needs(asked: Asked) -> Needs:
    """What mattered to some cells of a node."""
    return RULES.get(asked.node.op, everything)(asked)
