"""Nodes, weights and interpolation for the exercise boundary, worked out once for each size.

The life of an option is 1, and x = √τ of the time τ left. A boundary is kept at the Chebyshev points of x in
[0, 1], where it is smooth. An integral over the time y² from now on, 0 ≤ y² ≤ 1, is taken by Gauss-Legendre
in the angle of y = sin θ: the rest of the life is then cos²θ, so that neither y nor √(1 − y²) has a corner.
For prices, which bend sharply at small y where the spot is near the boundary, the points are drawn together
there.

Source of the variables: L. Andersen, M. Lake and D. Offengenden, "High-performance American option pricing",
Journal of Computational Finance 20 (2016); the angle is our own.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from pmdsl.pricing.terms import Floats


@dataclass(frozen=True, eq=False)
class Rule:
    """∫₀¹ f d(y²) ≈ Σ weight·f at y = `lag`, where √(1 − y²) = `rest`; all (p,)."""

    lag: Floats
    rest: Floats
    weight: Floats


@cache
def rule(points: int, bend: float = 0.0) -> Rule:
    """Gauss-Legendre with that many points, from the shortest lag to the longest.

    The angle is ½π·((1 − bend)·t + bend·t²) at the points t of [0, 1].
    """
    node, weight = np.polynomial.legendre.leggauss(points)
    t = 0.5 * (1.0 + node)
    angle = 0.5 * np.pi * t * (1.0 - bend + bend * t)
    turn = 0.5 * np.pi * (1.0 - bend + 2.0 * bend * t)
    lag, rest = np.sin(angle), np.cos(angle)
    return Rule(lag, rest, weight * turn * lag * rest)


@cache
def roots_of_time(nodes: int) -> Floats:
    """x = √τ at the Chebyshev points of [0, 1] but 0, from the shortest to the whole life, (nodes,)."""
    return np.asarray(np.sin(0.5 * np.pi * np.arange(1, nodes + 1) / nodes) ** 2)


@cache
def whole_life(nodes: int, points: int, bend: float) -> Floats:
    """From the values at the nodes to those at the rest of each point of `rule`, (points, nodes)."""
    return _interpolation(nodes, rule(points, bend).rest)


@cache
def each_life(nodes: int, points: int) -> Floats:
    """The same for the lives that end at each node: (nodes, points, nodes)."""
    return np.stack([_interpolation(nodes, x * rule(points).rest) for x in roots_of_time(nodes)])


def _interpolation(nodes: int, at: Floats) -> Floats:
    """The matrix from values at the nodes to those at `at`, (len(at), nodes); at x = 0 the value is 0."""
    places = np.concatenate([[0.0], roots_of_time(nodes)])
    weight = (-1.0) ** np.arange(nodes + 1)
    weight[[0, -1]] *= 0.5
    gap = at[:, None] - places
    hit = np.abs(gap) < 1e-14
    matrix = weight / np.where(hit, 1.0, gap)
    matrix /= matrix.sum(axis=1, keepdims=True)
    matrix[hit.any(axis=1)] = hit[hit.any(axis=1)]
    return np.asarray(matrix[:, 1:])
