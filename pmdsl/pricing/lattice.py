"""Recombining binomial trees, each seen from in the money.

A tree is kept in the measure and the units in which an option's value stays within [0, 1]: a put in units of
its strike under the risk-neutral measure, a call in units of the share under the share measure. Row 0 of step
i is the node deepest in the money, row i the one furthest out; from row j a move inward leads to row j of
step i + 1, a move outward to row j + 1. In both cases exercise pays 1 − e^{−M} with the log-moneyness

    M(i, j) = moneyness + inward_log·(i − j) + outward_log·j,   moneyness = ±ln(S/K)  (+ for a call),

so one rollback serves calls and puts, and nothing overflows at high volatility.

Sources: J. C. Cox, S. A. Ross and M. Rubinstein, "Option pricing: a simplified approach", Journal of
Financial Economics 7 (1979); D. Leisen and M. Reimer, "Binomial models for option valuation", Applied
Mathematical Finance 3 (1996), with the second inversion formula of Peizer and Pratt.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pmdsl.pricing.terms import Bools, Floats, Indices


@dataclass(frozen=True, eq=False)
class Lattice:
    """Trees of c cells with equal numbers of steps; every array is (c,).

    `discount` is for one step and in the units of the tree.
    """

    steps: int
    moneyness: Floats
    inward_log: Floats
    outward_log: Floats
    inward: Floats
    outward: Floats
    discount: Floats

    @property
    def spacing(self) -> Floats:
        """The distance of neighbouring nodes of one step in log-moneyness, shape (c,), positive."""
        return self.inward_log - self.outward_log

    @property
    def valid(self) -> Bools:
        """Where the tree is one: probabilities within [0, 1] and nodes apart; False where anything is NaN."""
        apart = (self.spacing > 0.0) & np.isfinite(self.spacing) & np.isfinite(self.moneyness)
        return apart & (self.inward >= 0.0) & (self.outward >= 0.0)

    def take(self, index: Indices | Bools | slice) -> Lattice:
        """The trees at an index of the cells."""
        return Lattice(
            self.steps,
            self.moneyness[index],
            self.inward_log[index],
            self.outward_log[index],
            self.inward[index],
            self.outward[index],
            self.discount[index],
        )


def crr(steps: int, moneyness: Floats, carry: Floats, spread: Floats, discount: Floats) -> Lattice:
    """Cox-Ross-Rubinstein: a move is ±σ√Δt, its probability makes the forward exact.

    `carry` is ±(r − q)Δt (+ for a call), `spread` is σ√T over the whole life. The probability of the
    risk-neutral up move is (e^{(r−q)Δt} − d)/(u − d); both are written with expm1 so that they stay exact for
    small steps.
    """
    move = spread / np.sqrt(steps)
    # Seen from in the money, the put and the call in its own measure differ only in the sign of the carry.
    inward = np.expm1(-carry - move) / np.expm1(-2.0 * move)
    outward = np.expm1(move - carry) / np.expm1(2.0 * move)
    return Lattice(steps, moneyness, move, -move, inward, outward, discount)


def leisen_reimer(steps: int, moneyness: Floats, carry: Floats, spread: Floats, discount: Floats) -> Lattice:
    """Leisen-Reimer: probabilities that follow the normal ones, centred on the strike; steps must be odd.

    Arguments as in `crr`. The moves are quotients of probabilities; they are formed from logarithms of the
    tails, which keeps them exact far from the money.
    """
    centre = (moneyness + carry * steps) / spread
    own = _peizer_pratt(centre + 0.5 * spread, steps)
    other = _peizer_pratt(centre - 0.5 * spread, steps)
    inward_log = carry + own[0] - other[0]
    outward_log = carry + own[1] - other[1]
    return Lattice(steps, moneyness, inward_log, outward_log, np.exp(own[0]), np.exp(own[1]), discount)


def _peizer_pratt(z: Floats, steps: int) -> tuple[Floats, Floats]:
    """Logarithms of the probability for which `steps` trials resemble N(z), and of its complement."""
    exponent = (z / (steps + 1.0 / 3.0 + 0.1 / (steps + 1.0))) ** 2 * (steps + 1.0 / 6.0)
    root = np.sqrt(-np.expm1(-exponent))
    larger = np.log1p(root) - np.log(2.0)
    smaller = -exponent - np.log1p(root) - np.log(2.0)
    return np.where(z > 0.0, larger, smaller), np.where(z > 0.0, smaller, larger)
