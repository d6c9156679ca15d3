"""What each operation takes: the bases of its inputs and the shapes of its parameters. See `plan.operations`.

Inputs are written as letters: n number, b bool, d date, t text, p point, r row, x anything; a `+` after the
last one means one or more of it, a `*` any number. `flags` are parameters that say whether one more input
stands at the end; `counted` is a parameter that has one item for each further input.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from pmdsl.plan.limits import MAX_ITEMS, MOST_SLOTS
from pmdsl.plan.wire.shapes import (
    Day,
    Exact,
    Fixed,
    Many,
    Maybe,
    Named,
    Object,
    Scalar,
    Shape,
    Text,
    Truth,
    Whole,
    Word,
)

BASES = {"n": "number", "b": "bool", "d": "date", "m": "moment", "t": "text", "p": "point", "r": "row"}
NAME = Text(500)
FOLDS = Word(("sum", "largest", "smallest", "average"))
EXTREMES = Word(("sum", "largest", "smallest", "average", "worst", "worst_unfloored"))
ROUNDING = Word(("half_up", "half_even", "up", "down", "ceiling", "floor"))
CONVENTIONS = Word(("kth_worst", "kth_worst_up", "interpolated", "first_reaching"))
DAY_COUNTS = Word(("act_365f", "act_360", "act_act_isda", "thirty_360"))
PRICE_SHOCKS = ("price_by", "price_to", "price_plus")
VOLATILITY_SHOCKS = ("volatility_by", "volatility_to", "volatility_plus")
SHOCKS = Many(Word((*PRICE_SHOCKS, *VOLATILITY_SHOCKS, "rate_plus", "days_on")))
PERIOD = Fixed((Maybe(Day(as_text=True)), Maybe(Day(as_text=True))))
EDGE = Maybe(Text(200))
PATTERN = Object(
    {}, {"is": Many(Text(500), 1), "from": EDGE, "to": EDGE, "from_open": Truth(), "to_closed": Truth()}
)
SOURCE = Word(("data", "input"))


@dataclass(frozen=True)
class Contract:
    """What one operation takes."""

    inputs: str = ""
    keys: Mapping[str, Shape] = field(default_factory=dict)
    optional: Mapping[str, Shape] = field(default_factory=dict)
    flags: tuple[tuple[str, str], ...] = ()
    counted: tuple[str, str] | None = None

    @property
    def params(self) -> Object:
        """The shape of its parameters."""
        flags: dict[str, Shape] = {name: Truth() for name, _ in self.flags}
        return Object(self.keys, {**self.optional, **flags})


def elementwise() -> dict[str, Contract]:
    """The operations on single cells."""
    found = {op: Contract("n n") for op in ("add", "sub", "mul", "div", "power")}
    found |= {op: Contract("n") for op in ("neg", "abs", "sqrt", "exp", "ln", "floor", "ceil")}
    found |= {op: Contract("n") for op in ("normal_cdf", "normal_pdf", "normal_quantile")}
    found |= {op: Contract("x x") for op in ("eq", "ne", "lt", "le", "gt", "ge")}
    found |= {op: Contract("x+") for op in ("min", "max")}
    found |= {op: Contract("b b") for op in ("and", "or")}
    return found | {
        "not": Contract("b"),
        "if": Contract("b x x"),
        "clamp": Contract("n n n"),
        "ratio": Contract("n n n"),
        "round": Contract("n n", {"mode": ROUNDING}),
        "member": Contract("x", {"words": Many(Text(500))}),
        "add_months": Contract("d n"),
        "days_between": Contract("d d"),
        "seconds_between": Contract("m m"),
        "year_fraction": Contract("d d", {"convention": DAY_COUNTS}),
    }


def leaves() -> dict[str, Contract]:
    """Where values come from."""
    return {
        "const": Contract("", {"value": Text(200)}),
        "word": Contract("", {"value": NAME}),
        "point": Contract("", {"axis": NAME}, {"value": NAME, "end": Truth()}),
        "point_name": Contract("p", {"axis": NAME}),
        "axis_dates": Contract("", {"axis": NAME}),
        "axis_age": Contract("", {"axis": NAME}),
        "axis_size": Contract("", {"axis": NAME}),
        "axis_column": Contract("", {"axis": NAME, "values": Many(Text(500))}, {"of": NAME}),
        "matrix": Contract(
            "",
            {"name": NAME, "source": Word(("rows", "book")), "entries": Many(Fixed((NAME, NAME, Exact())))},
            {"default": Text(200)},
        ),
        "input": Contract("x*", {"table": NAME, "column": NAME}, {"words": Many(NAME), "percent": Truth()}),
        "key": Contract("", {"level": NAME, "part": Whole(most=100)}),
        "valuation": Contract("", {"what": Word(("date", "moment"))}),
        "given": Contract("", {"data": NAME}),
        "dated": Contract("", {"segments": Many(PERIOD, 1), "name": NAME}, counted=("segments", "x")),
    }


def reductions() -> dict[str, Contract]:
    """Between levels, and over axes."""
    over = (("where", "b"), ("if_empty", "n"))
    return {
        "down": Contract("x", {"along": Word(("", "first", "second", *map(str, range(MOST_SLOTS))))}),
        "agree": Contract("x"),
        "fold_into": Contract("n", {"kind": FOLDS}, flags=over),
        "net_into": Contract("n n", flags=(("where", "b"),)),
        "aggregate": Contract(
            "n n",
            {"clamped": Word(("", "always", "when negative")), "dropping": Truth()},
            {"matrix": NAME, "within": NAME},
            flags=(("carrying", "n"), ("where", "b")),
        ),
        "currency": Contract("n t", {"currency": Text(3)}),
        "fx": Contract("t", {"to": Text(3)}),
        "fold_over": Contract("n", {"axis": NAME, "kind": EXTREMES}, flags=over),
        "arg_over": Contract("n", {"axis": NAME, "kind": EXTREMES}, flags=over),
        "quantile_over": Contract(
            "n n",
            {"axis": NAME, "kind": Word(("quantile", "tail_mean")), "by": CONVENTIONS},
            flags=(("where", "b"), ("weighing", "n")),
        ),
        "ewma_over": Contract("n n", {"axis": NAME}),
        "choose_over": Contract(
            "", {"axis": NAME, "kinds": Many(FOLDS, 1)}, flags=(("ties", "n"),), counted=("kinds", "n")
        ),
        "pick": Contract("x p", {"axis": NAME}),
        "stack": Contract("x+", {"axis": NAME}, {"of": NAME}),
    }


def tables() -> dict[str, Contract]:
    """Decision tables, and tables given at run time."""
    read: dict[str, Shape] = {"table": NAME, "source": SOURCE, "column": NAME}
    row = Maybe(Many(Maybe(PATTERN)))
    return {
        "match": Contract(
            "x*",
            {
                "table": NAME,
                "keys": Whole(most=100),
                "names": Many(NAME),
                "rows": Many(row),
                "whens": Many(Whole(-1)),
                "first": Truth(),
            },
            {"periods": Many(PERIOD)},
        ),
        "select": Contract("r x*", {"table": NAME, "column": NAME}),
        "collect": Contract("x*", {}, {"table": NAME, "column": NAME}),
        "lookup": Contract("x+", {"table": NAME, "source": SOURCE}, {"name": NAME}),
        "cell": Contract("r", read),
        "has": Contract("r", read),
        "found": Contract("r"),
        "marginal": Contract("n", {"bounds": Many(Exact(), 1)}, {"table": NAME}, counted=("bounds", "n")),
    }


def pricing() -> dict[str, Contract]:
    """Theoretical values."""
    return {
        "model": Contract("b*", {"models": Many(Named(Scalar(), 50), 1)}, {"table": NAME}),
        "volatility": Contract("r"),
        "revalue": Contract("r n", {"shocks": SHOCKS}, counted=("shocks", "n")),
        "model_delta": Contract("r n", {"shocks": SHOCKS}, counted=("shocks", "n")),
        "market_price": Contract("n"),
        "distinct": Contract("x x*", {"axis": NAME}),
    }


def matches() -> dict[str, Contract]:
    """Matches of positions, and how often each is taken."""
    place, places = Whole(most=MAX_ITEMS), Many(Whole(most=MAX_ITEMS))
    pool: dict[str, Shape] = {
        "level": NAME,
        "long": NAME,
        "short": NAME,
        "size": place,
        "balanced": places,
        "same": places,
        "bound": Whole(-1, MAX_ITEMS),
        "op": Word(("ge", "le")),
        "scans": places,
    }
    return {
        "pattern": Contract(),
        "contracts": Contract("", {"slot": Whole(most=MOST_SLOTS)}),
        "pairing": Contract(
            "x+",
            {
                "held": place,
                "admitted": Whole(-1, MAX_ITEMS),
                "taken": Many(place, 1, MOST_SLOTS),
                "objectives": Many(Object({"linear": place, "scans": places}), 1),
                "pools": Many(Object(pool)),
                "allowed": Many(NAME),
                "axes": Named(NAME),
            },
        ),
    }


CONTRACTS: Mapping[str, Contract] = MappingProxyType(
    {**leaves(), **elementwise(), **reductions(), **tables(), **pricing(), **matches()}
)
