"""What an order is about: nodes of a plan by their numbers, and constants."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Constant:
    """A constant; of another type than the number of a node, so that 0 and node 0 differ."""

    value: Fraction

    def __str__(self) -> str:
        return str(self.value)


Term = int | Constant
ZERO = Constant(Fraction(0))
