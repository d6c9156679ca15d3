"""Prints the coefficients of pmdsl/pricing/normal.py and the error of each quotient before it is rounded.

exp(y²/2) N(−y) is fitted by P(y)/Q(y) of degrees n − 1 and n on 0 ≤ y ≤ furthest: least squares of the
relative error, linearised by the denominator of the step before, with weights that grow where the error is
large (Lawson's algorithm), so that it ends near the smallest largest error. P(0) is half of Q(0), so that
N(0) is one half. Q is printed with a leading 1, which costs nothing.

Run from the top of the repository: python -m benchmarks.fit_normal
"""

from __future__ import annotations

from mpmath import cos, erfc, exp, lu_solve, matrix, mp, mpf, pi, sqrt

DIGITS = 80
POINTS = 140
STEPS = 14
# Degree of the denominator and how far the fit reaches: to the last bits, and to nine digits.
FITS = ((10, 38), (5, 9))


def mills(y: mpf) -> mpf:
    return exp(y * y / 2) * erfc(y / sqrt(2)) / 2


def points(furthest: int) -> list[mpf]:
    """Chebyshev points, drawn together towards 0, where the function bends."""
    centre = mpf(furthest) / 7
    stretch = 1 + 2 * centre / furthest
    nodes = [cos(pi * (k + mpf(1) / 2) / POINTS) for k in range(POINTS)]
    return [centre * (1 + node) / (stretch - node) for node in nodes]


def polynomial(coefficients: list[mpf], y: mpf) -> mpf:
    return sum(c * y**power for power, c in enumerate(coefficients))


def fitted(degree: int, furthest: int) -> tuple[list[mpf], list[mpf], mpf]:
    """Numerator, denominator (lowest power first, Q(0) = 1) and the largest relative error."""
    grid = points(furthest)
    values = [mills(y) for y in grid]
    weights, below = [mpf(1)] * POINTS, [mpf(1)] * POINTS
    for _ in range(STEPS):
        rows, right = matrix(POINTS, 2 * degree - 1), matrix(POINTS, 1)
        for i, (y, value) in enumerate(zip(grid, values, strict=True)):
            scale = sqrt(weights[i]) / (value * below[i])
            for power in range(1, degree):
                rows[i, power - 1] = scale * y**power
            for power in range(1, degree + 1):
                rows[i, degree + power - 2] = -scale * value * y**power
            right[i] = scale * (value - mpf(1) / 2)
        found = list(lu_solve(rows.T * rows, rows.T * right))
        numerator, denominator = [mpf(1) / 2, *found[: degree - 1]], [mpf(1), *found[degree - 1 :]]
        below = [polynomial(denominator, y) for y in grid]
        errors = [
            abs(polynomial(numerator, y) / q / value - 1)
            for y, q, value in zip(grid, below, values, strict=True)
        ]
        weights = [w * (error / max(errors)) ** mpf("0.8") for w, error in zip(weights, errors, strict=True)]
        weights = [max(w / max(weights), mpf("1e-12")) for w in weights]
    return numerator, denominator, max(errors)


def main() -> None:
    mp.dps = DIGITS
    for degree, furthest in FITS:
        numerator, denominator, error = fitted(degree, furthest)
        print(f"degrees {degree - 1} and {degree}, 0 ≤ y ≤ {furthest}: relative error {mp.nstr(error, 2)}")
        for coefficients in (numerator, denominator):
            print([float(c / denominator[-1]) for c in coefficients])


if __name__ == "__main__":
    main()
