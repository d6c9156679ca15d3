"""Adding, netting and picking the worst, point by point."""

from __future__ import annotations

from collections.abc import Sequence

Vector = dict[str, float]


def added(vectors: Sequence[Vector], points: Sequence[str]) -> Vector:
    """Everything counts in full at every point (OCC, RBH and CPM User Guide: within a class group)."""
    return {point: sum(vector[point] for vector in vectors) for point in points}


def netted(vectors: Sequence[Vector], points: Sequence[str], credit: float) -> Vector:
    """Losses in full, gains at `credit` (OCC, RBH and CPM User Guide: product and portfolio groups)."""
    total: Vector = {}
    for point in points:
        total[point] = 0.0
        for vector in vectors:
            gain_or_loss = vector[point]
            total[point] += gain_or_loss if gain_or_loss < 0.0 else credit * gain_or_loss
    return total


def worst(vector: Vector) -> tuple[float, str | None]:
    """The largest loss and its point, the first of equals; nothing, and no point, where there is no loss."""
    amount, by = 0.0, None
    for point, gain_or_loss in vector.items():
        if -gain_or_loss > amount:
            amount, by = -gain_or_loss, point
    return amount, by
