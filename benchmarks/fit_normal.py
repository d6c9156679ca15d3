"""Prints the coefficients of pmdsl/pricing/normal.py and the error of their float64 evaluation.

exp(y²/2) N(−y) is interpolated at Chebyshev points of t = (stretch·y)/(y + centre) − 1 on 0 ≤ y ≤ 38 in sixty
digits, and the polynomial in t rounded last.

Run from the top of the repository: python -m benchmarks.fit_normal
"""

from __future__ import annotations

from mpmath import cos, erfc, exp, fsum, mp, mpf, pi, sqrt

DEGREE = 20
CENTRE = 5
FURTHEST = 38
DIGITS = 60


def mills(y: mpf) -> mpf:
    return exp(y * y / 2) * erfc(y / sqrt(2)) / 2


def chebyshev_coefficients(points: int) -> list[mpf]:
    stretch = 2 * (mpf(FURTHEST) + CENTRE) / FURTHEST
    angles = [pi * (k + mpf(1) / 2) / points for k in range(points)]
    values = []
    for angle in angles:
        share = (cos(angle) + 1) / stretch
        values.append(mills(CENTRE * share / (1 - share)))
    sums = [
        2 * fsum(value * cos(j * angle) for value, angle in zip(values, angles, strict=True)) / points
        for j in range(DEGREE + 1)
    ]
    return [sums[0] / 2, *sums[1:]]


def powers(chebyshev: list[mpf]) -> list[mpf]:
    """The same polynomial in powers of t, by the recurrence of the Chebyshev polynomials."""
    before, current = [mpf(1)], [mpf(0), mpf(1)]
    total = [mpf(0)] * len(chebyshev)
    total[0] = chebyshev[0]
    for weight in chebyshev[1:]:
        for power, coefficient in enumerate(current):
            total[power] += weight * coefficient
        following = [mpf(0), *(2 * coefficient for coefficient in current)]
        for power, coefficient in enumerate(before):
            following[power] -= coefficient
        before, current = current, following
    return total


def main() -> None:
    mp.dps = DIGITS
    for coefficient in powers(chebyshev_coefficients(DEGREE + 40)):
        print(repr(float(coefficient)))


if __name__ == "__main__":
    main()
