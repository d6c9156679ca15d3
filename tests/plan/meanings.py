"""A rule set with a bit of everything, what changes its meaning, and what does not."""

from __future__ import annotations

TEXT = """pmdsl 1

methodology example.meanings {
  title    "Every place where a meaning can hide"
  version  "1"
  currency USD
  covers   2020-01-01 to 2029-12-31
  source book { title "The book"  read_on 2026-01-01 }

  kind size = small | large
  kind mood = calm | wild
  set  huge = large
  input underlying { size: size default small  sector: text  tenor: years default 1 }
  input account { limit: money default USD 5  share: percent default 10% }
  input returns by underlying, date { move: percent  weight: factor default 1 }
  input swaption { notional: money  bought: date }

  levels position -> name -> sector -> account
  group name   = underlying.id where instrument.kind == share
  group sector = underlying.sector
  level issue  = underlying.tenor of position

  scenarios point {
    | point | move | say  |
    | down  | -10% | calm |
    | up    |  10% | wild |
  }
  scenarios side {
    | side | sign |
    | one  |    1 |
    | two  |   -1 |
  }
  scenarios day    from returns.date last 5
  scenarios stress from returns.date where date >= 2021-01-01 and date <= 2021-12-31
  scenarios settle each strike also 0 within sector

  matrix rho by sector { default 20%
    | a | b | rho |
    | X | Y | 30% |
  }
  matrix booked by sector from book
  pair apart between sector a and b = 40%

  pricing {
    | when                      | model                           |
    | instrument.kind == option | binomial(tree: crr, steps: 20)  |
    | any                       | linear                          |
  }

  param buffer: percent {
    from 2020-01-01 = 5%
    from 2024-01-01 to 2029-12-31 = 6%
    cite book at "1"
  }
  param other: percent { from 2020-01-01 = 5%  from 2024-01-01 to 2029-12-31 = 6% }

  first table haircut by underlying.size {
    | size  | when                      | haircut | cite |
    | small | underlying.price < USD 5  |    11% | book |
    | small | underlying.price < USD 50 |    12% | book |
    | any   | any                       |    13% | book |
  }
  collect table extra by underlying.size {
    | size  | extra |
    | small |    2% |
    | any   |    3% |
  }
  unique table reported by name, underlying.size from data reports {
    column name: text from "Name"
    column size: size
    column rate: percent from "Rate %"
    column floor: money
  }

  step worth  = quantity * multiplier * underlying.price
  step pnl    = worth * point.move
  step spun   = worth * side.sign * point.move
  step held   = sum worth into sector
  step payoff for option = quantity * multiplier * max(0, settle - strike)
  step moved  = sum worth * returns[underlying, day].move * returns[underlying, day].weight into account
  step hard   = sum worth * returns[underlying, stress].move into account
  step charges = loss * (1 + buffer) * (1 - other)
  step loss   = worst (sum pnl into account) over point

  require initial = max(loss, USD 1)
  require sides by side = max(0, worst (sum spun into account) over point)
  report  rounded = round(loss, half_up, USD 1)
  report  charged = sum abs(worth) * (haircut + extra) into account
  report  sizes   = sum worth where underlying.size in huge into account
  report  listed  = sum abs(worth) * reported.rate into name
  report  asked   = if given(reports) then USD 1 else USD 2
  report  var     = quantile 99% of -moved over day by kth_worst
  report  worst_year = largest -hard over stress
  report  payoffs = worst (sum payoff into sector) over settle
  report  matrix_rows = aggregate held with rho into account
  report  matrix_book = aggregate held with booked into account
  report  matrix_pair = aggregate held with apart into account
  report  netted  = worst (net (sum pnl into name) into account crediting 90% of gains) over point
  report  issues  = sum abs(worth) into issue
  step gained = quantity * multiplier * (value at (price_by: point.move) - value)
  report  priced  = worst (sum gained into account) over point
  report  shares  = account.share * account.limit
  report  traded  = sum notional where bought < today into account
  report  calmest = worst (sum pnl into account) where point.say == calm over point
  report  wildest = if (choose largest -(sum pnl into account) over point) == up then 1 else 2
  eligible small "it is small": loss < USD 100
  alert   large "it is large" severity low when loss > account.limit
  check   "a buffer never helps" : rising(charges, buffer)
}
"""

CHANGES = {
    "covers": ("to 2029-12-31\n  source", "to 2029-12-30\n  source"),
    "lots": ("  kind size", "  lots\n  kind size"),
    "a level is grouped otherwise": ("issue  = underlying.tenor", "issue  = underlying.price"),
    "who is in a group": ("id where instrument.kind == share", "id where instrument.kind == option"),
    "the chain of levels": ("name -> sector -> account", "sector -> name -> account"),
    "a constant": ("| down  | -10%", "| down  | -11%"),
    "a word of a column": ("| -10% | calm", "| -10% | wild"),
    "the order of points": (
        "    | down  | -10% | calm |\n    | up    |  10% | wild |",
        "    | up    |  10% | wild |\n    | down  | -10% | calm |",
    ),
    "how many days": ("last 5", "last 6"),
    "the first day": ("date >= 2021-01-01", "date >= 2021-01-02"),
    "the last day": ("date <= 2021-12-31", "date <= 2021-12-30"),
    "what a distinct axis takes": ("each strike also", "each underlying.price also"),
    "what a distinct axis adds": ("strike also 0", "strike also 1"),
    "what a distinct axis lacks": ("strike also 0", "strike"),
    "where a distinct axis is distinct": ("within sector\n", "within name\n"),
    "the default of a matrix": ("default 20%", "default 21%"),
    "an entry of a matrix": ("30% |", "31% |"),
    "which matrix of the book": ("booked", "ordered"),
    "a pair": ("= 40%", "= 41%"),
    "an option of a model": ("steps: 20", "steps: 21"),
    "a dated value": ("from 2020-01-01 = 5%\n", "from 2020-01-01 = 4%\n"),
    "a date": ("from 2024-01-01 to 2029-12-31 = 6%\n", "from 2024-01-02 to 2029-12-31 = 6%\n"),
    "a condition": ("price < USD 50", "price < USD 51"),
    "how a comparison treats its edge": ("price < USD 50", "price <= USD 50"),
    "the key of a row": ("| small |    2%", "| large |    2%"),
    "the policy of a table": ("collect table extra", "first table extra"),
    "the header of a column of data": ('"Rate %"', '"Rate"'),
    "the type of a column of data": ("column rate: percent", "column rate: factor"),
    "a column of data": ("    column floor: money\n", ""),
    "the keys of data": ("by name, underlying.size from data", "by name from data"),
    "the name of data": ("reports", "told"),
    "the type of an attribute": ("share: percent", "share: factor"),
    "the default of an attribute": ("share: percent default 10%", "share: percent default 11%"),
    "an attribute that may be left out": ("sector: text ", 'sector: text default "none" '),
    "the words of an attribute": ("small | large\n", "small | large | other\n"),
    "the type of a column of an input table": ("weight: factor", "weight: percent"),
    "the default of a column of an input table": ("weight: factor default 1", "weight: factor default 2"),
    "the column of an input table": ("day].move", "day].weight"),
    "the members of a set": ("huge = large", "huge = large, small"),
    "an operator": ("* (haircut + extra)", "* (haircut - extra)"),
    "a reduction": ("report  charged = sum", "report  charged = largest"),
    "its level": (
        "listed  = sum abs(worth) * reported.rate into name",
        "listed  = sum abs(worth) into sector",
    ),
    "a convention": ("kth_worst", "interpolated"),
    "a quantile": ("99% of -moved", "98% of -moved"),
    "a mode of rounding": ("half_up", "half_even"),
    "a unit of rounding": ("USD 1)\n  report  charged", "USD 2)\n  report  charged"),
    "the credit of gains": ("crediting 90%", "crediting 91%"),
    "a shock": ("price_by: point.move", "volatility_by: point.move"),
    "the sides of a requirement": ("require sides by side = max", "report sides by side = max"),
    "the kind of an output": ("report  shares", "require shares"),
    "the name of an output": ("report  shares", "report  part"),
    "an output": ("  report  shares  = account.share * account.limit\n", ""),
    "the severity of an alert": ("severity low", "severity high"),
    "the unit of an output": ("USD 1 else USD 2", "1 else 2"),
    "the point that is meant": ("over point) == up", "over point) == down"),
    "the parameter of a claim": ("rising(charges, buffer)", "rising(charges, other)"),
    "the model of a kind": ("instrument.kind == option |", "instrument.kind == share  |"),
}

SAME = {
    "the title": ('"Every place', '"Each place'),
    "the version": ('version  "1"', 'version  "2"'),
    "a comment": ("  kind size", "  # The sizes.\n  kind size"),
    "layout": ("| small |    2% |", "|small|2%|"),
    "a source": ("read_on 2026-01-01", "read_on 2025-01-01"),
    "a citation": ('cite book at "1"', 'cite book at "2" unverified'),
    "the name of a step": ("loss", "the_loss"),
    "the name of a parameter": ("buffer", "cushion"),
    "the name of a table": ("haircut", "levy"),
    "the name of a table of data": ("reported", "told"),
    "the wording of a claim": ("never helps", "does not help"),
    "the wording of a condition": ("it is small", "the account is small"),
    "the order of words": ("small | large", "large | small"),
    "the order of columns": (
        '    column rate: percent from "Rate %"\n    column floor: money\n',
        '    column floor: money\n    column rate: percent from "Rate %"\n',
    ),
    "how a number is written": ("steps: 20)", "steps: 020)"),
    "a ratio": ("= 40%", "= 0.4"),
}
