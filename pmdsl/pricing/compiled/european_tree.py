"""European options on a tree, compiled: the binomial sum of `european_tree.py`, within the band alone."""

from __future__ import annotations

from math import floor, log, sqrt

from pmdsl.jit import compiled
from pmdsl.pricing.compiled.elementary import exp
from pmdsl.pricing.rollback import BAND
from pmdsl.pricing.terms import Floats


@compiled
def expectation(
    moneyness: float,
    inward_log: float,
    outward_log: float,
    inward: float,
    outward: float,
    discount: float,
    choices: Floats,
    parts: Floats,
) -> float:
    """The value at the root in the units of the lattice; `parts` is memory of (steps + 1,)."""
    steps, spacing = choices.shape[0] - 1, inward_log - outward_log
    deepest = moneyness + inward_log * steps
    swing = BAND * sqrt(steps) + 1.0
    first = int(max(outward * steps - swing, 0.0))
    last = min(deepest / spacing, outward * steps + swing, float(steps))
    rows = int(max(floor(last) + 1.0 - first, 0.0))
    log_in, log_out = log(max(inward, 1e-300)), log(max(outward, 1e-300))
    tilt, lowest = log_out - log_in, steps * log_in
    some, part = choices[first : first + rows], parts[:rows]
    for k in range(rows):
        row = float(first + k)
        weight = some[k] + row * tilt + lowest
        paid = row * spacing - deepest
        weight = -700.0 if weight < -700.0 else weight
        paid = -700.0 if paid < -700.0 else paid
        paid = 0.0 if paid > 0.0 else paid
        part[k] = exp(weight) * (1.0 - exp(paid))
    total = 0.0
    for k in range(rows):
        total += part[k]
    return float(total * discount**steps)
