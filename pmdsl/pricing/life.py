"""What an exercise boundary depends on: rates and volatility over the life of an option, and nothing else.

Everything is seen as a put in units of its strike. A call is the put with spot and strike, rate and yield
exchanged: C(S, K, r, q) = P(K, S, q, r) = S·P(K/S, 1, q, r).

Source: R. L. McDonald and M. D. Schroder, "A parity result for American options", Journal of Computational
Finance 1 (1998).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pmdsl.pricing.terms import Bools, Floats, Indices, Terms

# Rates over a whole life that are nothing but rounding.
_NO_RATE = 1e-12


@dataclass(frozen=True, eq=False)
class Life:
    """rT, qT and σ√T of n puts, (n,)."""

    rate: Floats
    dividend_yield: Floats
    spread: Floats

    @staticmethod
    def of(terms: Terms, volatility: Floats) -> Life:
        """The lives of options, calls as puts; `volatility` is (n,)."""
        rate, other = terms.rate * terms.years, terms.dividend_yield * terms.years
        rate, other = (np.where(np.abs(part) < _NO_RATE, 0.0, part) for part in (rate, other))
        return Life(
            np.where(terms.call, other, rate),
            np.where(terms.call, rate, other),
            volatility * np.sqrt(terms.years),
        )

    def __len__(self) -> int:
        return len(self.rate)

    def take(self, index: Indices | Bools | slice) -> Life:
        """The lives at an index."""
        return Life(self.rate[index], self.dividend_yield[index], self.spread[index])

    def distinct(self) -> tuple[Indices, Indices]:
        """Where each different life stands first, and which of these each life is, (n,)."""
        columns = np.stack([self.rate, self.dividend_yield, self.spread])
        order = np.lexsort(columns)
        ordered = columns[:, order]
        new = np.append(True, (ordered[:, 1:] != ordered[:, :-1]).any(axis=0))
        which = np.empty(len(order), dtype=np.intp)
        which[order] = np.cumsum(new) - 1
        return order[new], which

    @property
    def pays_early(self) -> Bools:
        """Whether there is a price at which exercise before expiry can pay, (n,); False for NaN."""
        return (self.rate > 0.0) | (self.rate > self.dividend_yield)

    @property
    def two_sided(self) -> Bools:
        """Whether exercise pays between two prices rather than below one, q < r < 0, (n,)."""
        return (self.rate < 0.0) & (self.rate > self.dividend_yield)

    @property
    def steepness(self) -> Floats:
        """|r − q|√T/σ + σ√T/2: how many deviations the drift of prices takes in the life, (n,)."""
        return np.asarray(np.abs(self.rate - self.dividend_yield) / self.spread + 0.5 * self.spread)

    @property
    def highest(self) -> Floats:
        """ln X of the boundary just before expiry over the strike: 0, or ln(r/q) where q > r > 0, (n,)."""
        below = self.dividend_yield > self.rate
        quotient = self.rate / np.where(below, self.dividend_yield, 1.0)
        return np.log(np.where(below, quotient, 1.0))

    @property
    def deepest(self) -> Floats:
        """ln(X/b) of the boundary of a put that never expires, inf where there is none, (n,)."""
        square = self.spread**2
        drift = 2.0 * (self.rate - self.dividend_yield) / square - 1.0
        twice = 2.0 * self.rate / square
        root = np.sqrt(drift * drift + 4.0 * twice)
        power = np.where(drift > 0.0, 0.5 * (drift + root), 2.0 * twice / np.maximum(root - drift, 1e-300))
        with np.errstate(divide="ignore"):
            return np.asarray(np.log1p(1.0 / power) + self.highest)
