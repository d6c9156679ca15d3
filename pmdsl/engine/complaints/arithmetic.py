"""Arithmetic that has no result."""

from __future__ import annotations

from collections.abc import Mapping

from pmdsl.diagnostics import Finding
from pmdsl.engine.blame import Culprit
from pmdsl.engine.complaints.words import declared, label, place
from pmdsl.engine.demand import Scene

ARITHMETIC: Mapping[str, str] = {
    "div": "division by zero",
    "sqrt": "the square root of a number below zero",
    "ln": "the logarithm of a number that is not above zero",
    "normal_quantile": "the normal quantile of a number that is not between 0 and 1",
    "exp": "an exponential beyond all bounds",
    "power": "a power that is no number",
    "round": "rounding to a unit that is not above zero",
    "add_months": "a date that does not exist",
    "quantile_over": "a quantile of no points",
    "choose_over": "a choice among no points",
}


def no_number(scene: Scene, found: Culprit) -> Finding:
    """Arithmetic that has no result."""
    node = scene.node(found.node)
    what = ARITHMETIC.get(node.op, "a number beyond all bounds")
    excerpt = f" in `{node.origin.text}`" if node.origin.text else ""
    where = f"{declared(node)}, {label(scene, node.level, found.row)}"
    return Finding("PM712", f"{what}{excerpt}: {where}{place(node)}", hint=HINTS.get(node.op))


HINTS: Mapping[str, str] = {"div": "write `ratio(a, b, if_zero: …)` where the divisor may be 0"}
