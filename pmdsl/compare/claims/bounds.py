"""Between which bounds the values of each node lie, whatever the book: one pass over a plan for one date.

Every bound holds for exact arithmetic and for values that can be had; a poisoned value makes no claim false.
What is not known is unbounded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import inf

from pmdsl.compare.claims.intervals import ANY, POSITIVE, TRUTH, Interval, hull, just
from pmdsl.plan.nodes import Node, Plan
from pmdsl.portfolio.shape import INSTRUMENT, UNDERLYING

SHAPES = {"underlying": UNDERLYING, "instrument": INSTRUMENT}
Known = Sequence[Interval]


def bounds(plan: Plan, given: Mapping[int, Interval] | None = None) -> list[Interval]:
    """The bounds of every node; truth values lie between 0 and 1. `given` says what is known of
    some nodes.
    """
    found: list[Interval] = []
    for number, node in enumerate(plan.nodes):
        rule = RULES.get(node.op)
        x = (given or {}).get(number) or (rule(node, [found[i] for i in node.inputs], plan) if rule else ANY)
        found.append(x.met(TRUTH) if node.base == "bool" else x)
    return found


def live_cells(node: Node, plan: Plan) -> list[int]:
    """The inputs of a `select` that a row in force may reach, as positions."""
    rows = plan.nodes[node.inputs[0]].params.get("rows")
    if rows is None:
        return list(range(1, len(node.inputs)))
    return [k for k, row in enumerate(rows, start=1) if row is not None]


# ---- leaves ------------------------------------------------------------------------------------------------


def const(node: Node, xs: Known, plan: Plan) -> Interval:
    return just(Fraction(str(node.params["value"]))) if node.base in ("number", "bool") else ANY


def axis_column(node: Node, xs: Known, plan: Plan) -> Interval:
    return hull(just(Fraction(str(v))) for v in node.params["values"]) if node.base == "number" else ANY


def read(node: Node, xs: Known, plan: Plan) -> Interval:
    """What the shape of a book lets through; a rule set's own attribute may be anything."""
    shape = SHAPES.get(str(node.params["table"]))
    field = shape.fields.get(str(node.params["column"])) if shape is not None else None
    if field is None or node.base != "number":
        return ANY
    lows = [Fraction(x) for x in (field.above, field.least) if x is not None]
    own = Interval(max(lows, default=-inf), inf if field.most is None else Fraction(field.most))
    return own.joined(xs[0]) if xs else own


# ---- arithmetic --------------------------------------------------------------------------------------------


def power(node: Node, xs: Known, plan: Plan) -> Interval:
    return POSITIVE if xs[0].is_positive else ANY


def probability(node: Node, xs: Known, plan: Plan) -> Interval:
    """A probability, or the normal density, which is nowhere above 0.4."""
    return TRUTH


def product(node: Node, xs: Known, plan: Plan) -> Interval:
    found = xs[0] * xs[1]
    return found.met(POSITIVE) if node.inputs[0] == node.inputs[1] else found


def ratio(node: Node, xs: Known, plan: Plan) -> Interval:
    return (xs[0] * xs[1].reciprocal()).joined(xs[2])


def signed(node: Node, xs: Known, plan: Plan) -> Interval:
    """Rounding may move a value, never across zero."""
    return xs[0].sign()


def largest(node: Node, xs: Known, plan: Plan) -> Interval:
    return Interval(max(x.low for x in xs), max(x.high for x in xs))


def smallest(node: Node, xs: Known, plan: Plan) -> Interval:
    return Interval(min(x.low for x in xs), min(x.high for x in xs))


def clamp(node: Node, xs: Known, plan: Plan) -> Interval:
    """Between its bounds, whatever the operand; near the operand where that is between them already."""
    return hull(xs[1:]).met(hull(xs))


def branch(node: Node, xs: Known, plan: Plan) -> Interval:
    decided = xs[0].exact
    return xs[1].joined(xs[2]) if decided is None else xs[1] if decided == 1 else xs[2]


# ---- conditions --------------------------------------------------------------------------------------------


def comparison(
    holds: Callable[[Interval, Interval], bool], fails: Callable[[Interval, Interval], bool]
) -> Rule:
    """A comparison that bounds alone may decide."""

    def rule(node: Node, xs: Known, plan: Plan) -> Interval:
        if plan.nodes[node.inputs[0]].base != "number":
            return words(node, plan)
        return just(1) if holds(xs[0], xs[1]) else just(0) if fails(xs[0], xs[1]) else TRUTH

    return rule


def words(node: Node, plan: Plan) -> Interval:
    """Two words or points that are written out are equal or not."""
    left, right = (plan.nodes[i] for i in node.inputs)
    if left.op != right.op or left.op not in ("word", "point") or "value" not in left.params or left.axes:
        return TRUTH
    equal = left.params["value"] == right.params.get("value")
    return just(int(equal == (node.op == "eq")))


def both(node: Node, xs: Known, plan: Plan) -> Interval:
    return Interval(min(x.low for x in xs), min(x.high for x in xs))


def negation(node: Node, xs: Known, plan: Plan) -> Interval:
    return just(1) - xs[0]


# ---- reductions --------------------------------------------------------------------------------------------


def gathered(node: Node, xs: Known, plan: Plan) -> Interval:
    """Into a level: a sum keeps a sign and may be 0; the others lie among their members."""
    if node.params["kind"] == "sum":
        return xs[0].sign()
    return xs[0].joined(xs[-1]) if node.params.get("if_empty") else xs[0]


def over_axis(node: Node, xs: Known, plan: Plan) -> Interval:
    kind = node.params["kind"]
    empty = [xs[-1]] if node.params.get("if_empty") else []
    if kind == "sum":
        return xs[0].sign()
    if kind == "worst":
        return Interval(Fraction(0), max(Fraction(0), -xs[0].low))
    return hull([-xs[0] if kind == "worst_unfloored" else xs[0], *empty])


def netted(node: Node, xs: Known, plan: Plan) -> Interval:
    """Losses in full and a share of gains."""
    gains = xs[1].is_positive or xs[0].is_negative
    return xs[0].sign() if gains else ANY


def picked(node: Node, xs: Known, plan: Plan) -> Interval:
    return hull(xs[k] for k in live_cells(node, plan))


def collected(node: Node, xs: Known, plan: Plan) -> Interval:
    return hull(x.sign() for x in xs[1::2])


def bracketed(node: Node, xs: Known, plan: Plan) -> Interval:
    """Each rate on a part that is not negative."""
    return hull(x.sign() for x in xs[1:])


def same(node: Node, xs: Known, plan: Plan) -> Interval:
    return xs[0]


def never_negative(node: Node, xs: Known, plan: Plan) -> Interval:
    return POSITIVE


def quantile(node: Node, xs: Known, plan: Plan) -> Interval:
    """One of the values or between two of them; weights may be anything."""
    return ANY if node.params.get("weighing") and node.params["kind"] == "tail_mean" else xs[0]


def stacked(node: Node, xs: Known, plan: Plan) -> Interval:
    return hull(xs)


Rule = Callable[[Node, Known, Plan], Interval]

RULES: Mapping[str, Rule] = {
    "const": const,
    "axis_column": axis_column,
    "input": read,
    "add": lambda node, xs, plan: xs[0] + xs[1],
    "sub": lambda node, xs, plan: xs[0] - xs[1],
    "mul": product,
    "div": lambda node, xs, plan: xs[0] * xs[1].reciprocal(),
    "neg": lambda node, xs, plan: -xs[0],
    "abs": lambda node, xs, plan: xs[0].absolute(),
    "max": largest,
    "min": smallest,
    "clamp": clamp,
    "if": branch,
    "ratio": ratio,
    "round": signed,
    "floor": signed,
    "ceil": signed,
    "power": power,
    "normal_cdf": probability,
    "normal_pdf": probability,
    "eq": comparison(
        lambda a, b: a.exact is not None and a.exact == b.exact, lambda a, b: a.low > b.high or b.low > a.high
    ),
    "ne": comparison(
        lambda a, b: a.low > b.high or b.low > a.high, lambda a, b: a.exact is not None and a.exact == b.exact
    ),
    "lt": comparison(lambda a, b: a.high < b.low, lambda a, b: a.low >= b.high),
    "le": comparison(lambda a, b: a.high <= b.low, lambda a, b: a.low > b.high),
    "gt": comparison(lambda a, b: a.low > b.high, lambda a, b: a.high <= b.low),
    "ge": comparison(lambda a, b: a.low >= b.high, lambda a, b: a.high < b.low),
    "and": both,
    "or": largest,
    "not": negation,
    "fold_into": gathered,
    "fold_over": over_axis,
    "net_into": netted,
    "select": picked,
    "collect": collected,
    "marginal": bracketed,
    "pick": same,
    "down": same,
    "agree": same,
    "currency": same,
    "quantile_over": quantile,
    "stack": stacked,
    **dict.fromkeys(
        ["sqrt", "exp", "aggregate", "fx", "volatility", "axis_age", "axis_size", "ewma_over"], never_negative
    ),
}
