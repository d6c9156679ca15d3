"""European options on a tree: the binomial sum, without rolling back."""

from __future__ import annotations

from math import log

import numpy as np

from pmdsl.pricing.lattice import Lattice
from pmdsl.pricing.terms import Floats


def log_choices(steps: int) -> Floats:
    """ln C(n, j) for j = 0 … n = steps, from whole numbers: differences of lgamma lose three digits."""
    choices = [1]
    for j in range(steps):
        choices.append(choices[-1] * (steps - j) // (j + 1))
    return np.array([log(choice) for choice in choices])


def european(lattice: Lattice, choices: Floats, to: int = 0) -> Floats:
    """The values at step `to` (0 or 1) of European options, (to + 1, c), in the units of the lattice.

    `choices` is `log_choices(steps − to)`: the caller works it out once for all blocks.
    """
    if to == 0:
        return _expectation(lattice, lattice.moneyness, choices)[None]
    inward = _expectation(lattice, lattice.moneyness + lattice.inward_log, choices)
    outward = _expectation(lattice, lattice.moneyness + lattice.outward_log, choices)
    return np.stack([inward, outward])


def _expectation(lattice: Lattice, moneyness: Floats, choices: Floats) -> Floats:
    """Σ C(n, j)·in^{n−j}·out^j·max(1 − e^{−M(n, j)}, 0), discounted over n steps, (c,)."""
    steps = len(choices) - 1
    deepest = moneyness + lattice.inward_log * steps
    rows = int(np.clip(np.floor((deepest / lattice.spacing).max()) + 1.0, 0.0, steps + 1.0))
    row = np.arange(rows, dtype=np.float64)[:, None]
    # A probability of exactly 0 would give 0·ln 0 in the rows that it does not touch.
    log_in, log_out = (np.log(np.maximum(p, 1e-300)) for p in (lattice.inward, lattice.outward))
    weight = row * (log_out - log_in)
    weight += choices[:rows, None]
    weight += steps * log_in
    np.exp(weight, out=weight)
    payoff = row * lattice.spacing
    payoff -= deepest
    np.minimum(payoff, 0.0, out=payoff)
    np.exp(payoff, out=payoff)
    np.subtract(1.0, payoff, out=payoff)
    payoff *= weight
    return np.asarray(payoff.sum(axis=0) * lattice.discount**steps)
