"""Random formulas over everything that a rule set can hold, most of them wrong in some way."""

from __future__ import annotations

import random
from collections.abc import Callable

PROGRAM = """pmdsl 1
methodology example {{
  version  "1"
  currency USD
  covers   2020-01-01 to 2024-12-31
  levels   position -> book -> sector_group -> account
  kind sector = energy | banks
  set  majors = SPX, NDX
  input underlying {{
    sector: sector     default banks
    share:  percent    default 10%
    tracks: underlying default underlying.id
  }}
  input account {{ cash: money default 0 }}
  input market {{ vix: factor default 20 }}
  input returns by underlying, date {{ move: percent }}
  group book = underlying.tracks
  group sector_group = underlying.sector
  level kind_level = instrument.kind of position
  scenarios point {{
    | point | move | vol | pair |
    | down  | -10% |  5% | up   |
    | up    |  10% | -5% | down |
  }}
  scenarios day from returns.date last 20
  scenarios settle each strike also USD 0 within book
  pricing {{
    | when                                               | model                |
    | instrument.kind == option and exercise == american | binomial(steps: 10)  |
    | instrument.kind == option                          | black_scholes        |
    | any                                                | linear               |
  }}
  param rate: percent {{ from 2020-01-01 = 5% from 2022-01-01 = 6% }}
  param fee: money per contract {{ from 2020-01-01 = USD 1 }}
  unique table haircut by right {{
    | right | share | strict |
    | call  |   20% | yes    |
    | put   |   30% | no     |
  }}
  unique table tier by sector_group {{
    | sector_group | weight |
    | energy       |      2 |
    | banks        |      1 |
  }}
  first table size by underlying.price {{
    | price          | when         | class |
    | < USD 10       | quantity > 0 | penny |
    | any            | any          | usual |
  }}
  matrix correlation by book {{
    default 20%
    | a   | b   | rho |
    | SPX | NDX | 80% |
  }}
  pair rho between book a and b = if same(underlying.sector) then 50% else 10%
  formula twice(x) = x + x
  step worth  = quantity * multiplier * underlying.price
  step pnl    = quantity * multiplier * (value at (price_by: point.move) - value)
  step total  = sum worth into account
  step group_pnl = sum pnl into book
  step loss   = worst (sum pnl into account) over point
  step late for option = expiry > add_months(today, 3)
  step random_one = {one}
  step random_two for option = {two}
  require maintenance = {three}
  report shown = {four}
  eligible fine "it is fine": {five}
}}
"""
NAMES = [
    "quantity",
    "multiplier",
    "strike",
    "expiry",
    "right",
    "exercise",
    "price",
    "value",
    "volatility",
    "model_delta",
    "today",
    "underlying.price",
    "underlying.sector",
    "underlying.tracks",
    "underlying.id",
    "account.equity",
    "account.cash",
    "market.vix",
    "instrument.kind",
    "instrument.price",
    "position.quantity",
    "point",
    "point.move",
    "point.pair",
    "day",
    "day.age",
    "settle",
    "rate",
    "fee",
    "haircut.share",
    "haircut.strict",
    "haircut",
    "tier.weight",
    "size",
    "size.class",
    "worth",
    "pnl",
    "total",
    "group_pnl",
    "loss",
    "late",
    "loss.point",
    "loss.point.pair",
    "book",
    "sector_group",
    "sector_group.price",
    "returns.move",
    "energy",
    "banks",
    "call",
    "option",
    "down",
    "up",
    "maintenance",
    "random_one",
    "nothing_like_it",
    "base.total",
    "valuation.date",
    "valuation.moment",
    "multiplier",
    "returns",
]
FUNCTIONS = ("abs", "sqrt", "exp", "ln", "normal_cdf", "floor", "twice", "count", "given", "same")
LEVELS = ("account", "book", "sector_group", "position", "kind_level", "nowhere")
AXES = ("point", "day", "settle", "nowhere")
LITERALS = ("0", "1", "2.5", "10%", "-3%", "USD 5", "EUR 7", "2021-06-30", '"SPX"', "1_000", "10 contracts")
FOLDS = ("sum", "largest", "smallest", "average")
SIGNS = ("+", "-", "*", "/")
COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")


class Maker:
    """Makes formulas; equal seeds make equal ones."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def program(self) -> str:
        """A program with five random formulas."""
        words = ("one", "two", "three", "four", "five")
        return PROGRAM.format(**{word: self.formula(self.chance.randint(1, 4)) for word in words})

    def formula(self, depth: int) -> str:
        if depth == 0:
            return self.chance.choice(NAMES) if self.chance.random() < 0.8 else self.chance.choice(LITERALS)
        return self.chance.choice(SHAPES)(self, depth - 1)

    def where(self, depth: int) -> str:
        return f" where {self.formula(depth)}" if self.chance.random() < 0.3 else ""

    def pick(self, words: tuple[str, ...]) -> str:
        return self.chance.choice(words)


Shape = Callable[[Maker, int], str]

SHAPES: tuple[Shape, ...] = (
    lambda m, d: f"({m.formula(d)} {m.pick(SIGNS)} {m.formula(d)})",
    lambda m, d: f"({m.formula(d)} {m.pick(SIGNS)} {m.formula(d)})",
    lambda m, d: f"({m.formula(d)} {m.pick(COMPARISONS)} {m.formula(d)})",
    lambda m, d: f"({m.formula(d)} {m.pick(('and', 'or'))} not {m.formula(d)})",
    lambda m, d: f"(if {m.formula(d)} then {m.formula(d)} else {m.formula(d)})",
    lambda m, d: f"({m.pick(FOLDS)} {m.formula(d)}{m.where(d)} into {m.pick(LEVELS)})",
    lambda m, d: (
        f"({m.pick(FOLDS)} {m.formula(d)}{m.where(d)} over {m.pick(AXES)} if_empty ({m.formula(d)}))"
    ),
    lambda m, d: f"(net {m.formula(d)}{m.where(d)} into {m.pick(LEVELS)} crediting {m.formula(d)} of gains)",
    lambda m, d: f"(worst {m.pick(('', 'unfloored '))}{m.formula(d)}{m.where(d)} over {m.pick(AXES)})",
    lambda m, d: f"(quantile {m.formula(d)} of {m.formula(d)} over {m.pick(AXES)} by kth_worst)",
    lambda m, d: f"(tail_mean 97.5% of {m.formula(d)} over day by first_reaching weighing ({m.formula(d)}))",
    lambda m, d: f"(ewma {m.formula(d)} over {m.pick(AXES)} decay ({m.formula(d)}))",
    lambda m, d: f"(aggregate {m.formula(d)} carrying {m.formula(d)} clamped with correlation into account)",
    lambda m, d: (
        f"(aggregate {m.formula(d)} with rho dropping negative pairs{m.where(d)} into {m.pick(LEVELS)})"
    ),
    lambda m, d: f"(choose largest {m.formula(d)} then smallest {m.formula(d)} over {m.pick(AXES)})",
    lambda m, d: f"(convert {m.formula(d)} to {m.pick(('USD', 'EUR'))} haircut ({m.formula(d)}))",
    lambda m, d: (
        f"(value at ({m.pick(('price_by', 'price_to', 'volatility_plus', 'days_on'))}: {m.formula(d)}))"
    ),
    lambda m, d: f"({m.formula(d)} at {m.pick(('down', 'loss.point', 'last(day)', 'nowhere'))})",
    lambda m, d: f"{m.pick(('min', 'clamp', 'power', 'twice', 'nothing'))}({m.formula(d)}, {m.formula(d)})",
    lambda m, d: f"{m.pick(FUNCTIONS)}({m.formula(d)})",
    lambda m, d: f"round({m.formula(d)}, {m.pick(('up', 'half_even', 'sideways'))}, {m.formula(d)})",
    lambda m, d: f"ratio({m.formula(d)}, {m.formula(d)}, if_zero: {m.formula(d)})",
    lambda m, d: f"seconds_between({m.formula(d)}, {m.formula(d)})",
    lambda m, d: f"days_between({m.formula(d)}, {m.formula(d)})",
    lambda m, d: f"add_months({m.formula(d)}, {m.formula(d)})",
    lambda m, d: f"year_fraction({m.pick(('act_365f', 'act_360', 'never'))}, {m.formula(d)}, {m.formula(d)})",
    lambda m, d: f"haircut[{m.formula(d)}].share",
    lambda m, d: f"returns[{m.formula(d)}, {m.formula(d)}].move",
    lambda m, d: f"{m.pick(('pnl', 'group_pnl', 'worth'))}[point: {m.formula(d)}]",
    lambda m, d: f"({m.formula(d)} in {m.pick(('majors', 'minors'))})",
    lambda m, d: f"(-{m.formula(d)})",
)
