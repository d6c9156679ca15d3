"""Rule files of any length, in the manner of the bundled ones: dated tables, parameters, scenarios, steps."""

from __future__ import annotations

HEAD = """\
pmdsl 1

# {sections} markets under one roof. Each has its own rates, moves and minimum; the requirement is their sum.
methodology bench.long_file {{
  title    "A long rule file"
  version  "1"
  currency USD
  covers   2015-01-01 onward

  source book {{ title "A rule book"  publisher "Nobody"  read_on 2026-11-21 }}

  kind size = big | small
  input underlying {{
    size: size default small
    sector: text default none
    market: text default none
    tenor: years default 1
{tiers}
  }}

  levels position -> name -> sector -> account
  group name   = underlying.id
  group sector = underlying.sector

  step worth = quantity * multiplier * underlying.price

"""
SECTION = """\
  # ---- market {n} ----

  kind tier_{n} = first | second | third | fourth

  param least_{n}: money per contract {{
    from 2015-01-01 = USD 0.375
    from 2020-07-01 = USD {least}
    stricter higher
    cite book at "({n})(7)" unverified
    because "the lower of two readings, which differ for small positions only"
  }}
  param stressed_{n}: bool {{ from 2015-01-01 = no  from 2021-02-01 = yes  cite book at "({n})(3)" }}
  param share_{n}: percent {{ from 2015-01-01 = 50%  cite book at "({n})(4)" }}

  # How far a price moves.
  unique table range_{n} by underlying.tier_{n}, underlying.size {{
    cite book at "({n})(1)"
    stricter down: lower, up: higher
    | tier_{n} | size  | from       | down   | up     |
    | first  | big   | 2015-01-01 |  -8.0% |  +6.0% |
    | first  | big   | 2020-03-16 | -12.0% | +10.5% |
    | first  | small | 2015-01-01 |  -9.5% |  +7.5% |
    | second | any   | 2015-01-01 | -10.0% | +10.0% |
    | second | any   | 2022-06-01 | -{n}.25% | +11.0% |
    | third  | any   | 2015-01-01 | -15.0% | +15.0% |
    | fourth | any   | 2015-01-01 | -30.0% | +25.0% |
  }}

  first table charge_{n} by underlying.tier_{n} {{
    cite book at "({n})(2)"
    | tier_{n} | when                                 | rate  | within |
    | first  | underlying.price >= USD {price}.00       |   {n}% |    90% |
    | first  | underlying.price >= USD 5.00         |   15% |    75% |
    | any    | stressed_{n} and underlying.tenor < 2 |   40% |    50% |
    | any    | any                                  |   25% |     0% |
  }}

  scenarios point_{n} {{
    cite book at "({n})(8)"
    | point_{n} | down | up   | weight |
    | d2    | 100% |   0% |    1.0 |
    | d1    |  50% |   0% |    1.0 |
    | u1    |   0% |  50% |    1.0 |
    | u2    |   0% | 100% |    0.5 |
  }}

  step move_{n}   = point_{n}.down * range_{n}.down + point_{n}.up * range_{n}.up
  step taken_{n}  = quantity * multiplier * underlying.price * move_{n} * point_{n}.weight
  step gain_{n}   = if stressed_{n} then taken_{n} * (1 + charge_{n}.rate) else taken_{n}
  step net_{n}    = sum gain_{n} where underlying.market == "m{n}" into name
  step sector_{n} = net net_{n} into sector crediting share_{n} of gains
  step worst_{n}  = worst sector_{n} over point_{n}
  step floor_{n}  = sum abs(quantity) * least_{n} where underlying.market == "m{n}" into sector
  step plain_{n}  = sum abs(worth) * charge_{n}.rate * (1 - charge_{n}.within) into sector
  step charged_{n}
    = if worst_{n} > floor_{n} and stressed_{n} then min(worst_{n}, plain_{n} + floor_{n})
      else max(worst_{n}, floor_{n})
    cite book at "({n})(5)"
  report market_{n} = sum charged_{n} into account
  require margin_{n} = sum max(charged_{n}, 0) into account   cite book at "({n})(6)"

"""
TAIL = "}\n"


def rule_file(lines: int) -> str:
    """A rule file of about so many lines, without anything to find in it."""
    around = HEAD.count("\n") + TAIL.count("\n")
    sections = max(1, round((lines - around) / (SECTION.count("\n") + 1)))
    parts = (SECTION.format(n=n, least=f"0.{400 + n}", price=20 + n) for n in range(1, sections + 1))
    tiers = "\n".join(f"    tier_{n}: tier_{n} default fourth" for n in range(1, sections + 1))
    return HEAD.format(sections=sections, tiers=tiers) + "".join(parts) + TAIL
