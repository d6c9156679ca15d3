"""What each operation means, cell by cell, with loops: written from the language reference and
`plan/operations.py`.

A value is a float (a text, a point number), or None for poison. Nothing here is vectorised and nothing is
shared with the engine.
"""

from __future__ import annotations

import calendar
import math
from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from statistics import NormalDist

Cell = float | None
Text = str | None
Row = Sequence[Cell]

# ---- elementwise -------------------------------------------------------------------------------------------


def finite(x: float) -> Cell:
    return x if math.isfinite(x) else None


def strict(function: Callable[..., float]) -> Callable[..., Cell]:
    """Poison where an input is poison, or where there is no finite result."""

    def apply(*values: Cell) -> Cell:
        if any(value is None for value in values):
            return None
        try:
            return finite(function(*values))
        except (ZeroDivisionError, ValueError, OverflowError):
            return None

    return apply


def power(x: float, y: float) -> float:
    if x < 0 and y != int(y):
        raise ValueError
    return float(x) ** y


def logarithm(x: float) -> float:
    return math.log(x)


ARITHMETIC: dict[str, Callable[..., Cell]] = {
    "add": strict(lambda a, b: a + b),
    "sub": strict(lambda a, b: a - b),
    "mul": strict(lambda a, b: a * b),
    "div": strict(lambda a, b: a / b),
    "neg": strict(lambda a: -a),
    "abs": strict(abs),
    "sqrt": strict(math.sqrt),
    "exp": strict(math.exp),
    "ln": strict(logarithm),
    "normal_cdf": strict(lambda x: math.erfc(-x / math.sqrt(2)) / 2),
    "normal_pdf": strict(lambda x: math.exp(-x * x / 2) / math.sqrt(2 * math.pi)),
    "normal_quantile": strict(lambda p: NormalDist().inv_cdf(p)),
    "power": strict(power),
    "floor": strict(lambda a: float(math.floor(a))),
    "ceil": strict(lambda a: float(math.ceil(a))),
    "min": strict(min),
    "max": strict(max),
    "clamp": strict(lambda x, low, high: min(max(x, low), high)),
    "eq": strict(lambda a, b: float(a == b)),
    "ne": strict(lambda a, b: float(a != b)),
    "lt": strict(lambda a, b: float(a < b)),
    "le": strict(lambda a, b: float(a <= b)),
    "gt": strict(lambda a, b: float(a > b)),
    "ge": strict(lambda a, b: float(a >= b)),
    "not": strict(lambda a: 1.0 - a),
}


def ratio(a: Cell, b: Cell, if_zero: Cell) -> Cell:
    if b is None:
        return None
    return if_zero if b == 0 else ARITHMETIC["div"](a, b)


def both(a: Cell, b: Cell) -> Cell:
    return None if a is None else 0.0 if a == 0 else b


def either(a: Cell, b: Cell) -> Cell:
    return None if a is None else 1.0 if a == 1 else b


def choice(condition: Cell, then: Cell, other: Cell) -> Cell:
    return None if condition is None else then if condition == 1 else other


def rounded(x: Cell, unit: Cell, mode: str) -> Cell:
    """On the exact value of the decimal that was meant: shortest decimals in, the nearest float out."""
    if x is None or unit is None or unit <= 0:
        return None
    quotient = Fraction(repr(x)) / Fraction(repr(unit))
    size = abs(quotient)
    whole, part = divmod(size, 1)
    near = Fraction(1, 10**9)
    if part > 1 - near:
        whole, part = whole + 1, Fraction(0)
    elif part < near:
        part = Fraction(0)
    elif abs(part - Fraction(1, 2)) <= near:
        part = Fraction(1, 2)
    sign = -1 if quotient < 0 else 1
    return float(sign * _rounded(whole, part, sign, mode) * Fraction(repr(unit)))


def _rounded(whole: Fraction, part: Fraction, sign: int, mode: str) -> Fraction:
    if part == 0:
        return whole
    up = {
        "half_up": part >= Fraction(1, 2),
        "half_even": part > Fraction(1, 2) or (part == Fraction(1, 2) and whole % 2 == 1),
        "up": True,
        "down": False,
        "ceiling": sign > 0,
        "floor": sign < 0,
    }[mode]
    return whole + 1 if up else whole


# ---- dates -------------------------------------------------------------------------------------------------


def add_months(day: date, months: int) -> date:
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def year_fraction(a: date, b: date, convention: str) -> float:
    if convention in ("act_365f", "act_360"):
        return (b - a).days / (365.0 if convention == "act_365f" else 360.0)
    if convention == "thirty_360":
        first = min(a.day, 30)
        last = 30 if b.day == 31 and first == 30 else b.day
        return ((b.year - a.year) * 360 + (b.month - a.month) * 30 + last - first) / 360.0
    if b < a:
        return -year_fraction(b, a, convention)
    total, day = Fraction(0), a
    while day < b:
        end = min(b, date(day.year + 1, 1, 1))
        total += Fraction((end - day).days, 366 if calendar.isleap(day.year) else 365)
        day = end
    return float(total)


# ---- folds -------------------------------------------------------------------------------------------------


def counting(xs: Row, where: Row | None) -> list[Cell] | None:
    """The values that count; None where that is not known."""
    if where is None:
        return list(xs)
    if any(w is None for w in where):
        return None
    return [x for x, w in zip(xs, where, strict=True) if w == 1]


def fold(kind: str, xs: Row, where: Row | None = None, if_empty: Cell = None) -> Cell:
    kept = counting(xs, where)
    if kept is None:
        return None
    if any(x is None for x in kept):
        return None
    values = [Fraction(x) for x in kept if x is not None]
    if kind == "sum":
        return float(sum(values, Fraction(0)))
    if kind in ("worst", "worst_unfloored"):
        worst = max((-x for x in values), default=None)
        if kind == "worst":
            return float(max(worst or Fraction(0), Fraction(0)))
        return if_empty if worst is None else float(worst)
    if not values:
        return if_empty
    if kind == "average":
        return float(sum(values, Fraction(0)) / len(values))
    return float(max(values) if kind == "largest" else min(values))


def net(xs: Row, credits: Row, where: Row | None = None) -> Cell:
    terms = [
        None if x is None or c is None else float(min(Fraction(x), 0) + Fraction(c) * max(Fraction(x), 0))
        for x, c in zip(xs, credits, strict=True)
    ]
    return fold("sum", terms, where)


def first_reached(kind: str, xs: Row, where: Row | None = None) -> int | None:
    """The first point at which an extreme is reached."""
    values = [(p, x) for p, x in enumerate(xs) if where is None or where[p] == 1]
    if (
        (where is not None and any(w is None for w in where))
        or any(x is None for _, x in values)
        or not values
    ):
        return None
    signed = [(p, float(x) if kind == "largest" else -float(x)) for p, x in values if x is not None]
    best = max(x for _, x in signed)
    return next(p for p, x in signed if x == best)


def agreed(xs: Sequence[Cell | Text]) -> Cell | Text:
    return xs[0] if len(set(xs)) == 1 else None


def aggregate(
    xs: Row,
    rho: Callable[[int, int], Cell],
    carried: Row | None = None,
    clamped: str = "",
    dropping: bool = False,
    where: Row | None = None,
) -> Cell:
    """The root of sum x^2 + 2 sum over pairs, with floats and two loops."""
    if where is not None and any(w is None for w in where):
        return None
    inside = [i for i in range(len(xs)) if where is None or where[i] == 1]
    free = list(carried if carried is not None else xs)
    if any(xs[i] is None or free[i] is None for i in inside):
        return None
    held = {i: max(-abs(xs[i]), min(abs(xs[i]), free[i])) for i in inside}  # type: ignore[arg-type, type-var]
    plain = {i: free[i] for i in inside}

    def form(c: dict[int, Cell]) -> Cell:
        total = math.fsum(float(xs[i]) ** 2 for i in inside)  # type: ignore[arg-type]
        for at, i in enumerate(inside):
            for j in inside[at + 1 :]:
                r = rho(i, j)
                if dropping and c[i] < 0 and c[j] < 0:  # type: ignore[operator]
                    continue
                if r is None or abs(r) > 1:
                    return None
                total += 2 * r * c[i] * c[j]  # type: ignore[operator]
        return total

    found = form(held if clamped == "always" else plain)
    if clamped == "when negative" and found is not None and found < 0:
        found = form(held)
    if found is None:
        return None
    return math.sqrt(found) if found >= 0 else (0.0 if found > -1e-9 else None)


# ---- quantiles ---------------------------------------------------------------------------------------------


def quantile(
    kind: str, by: str, p: Fraction, xs: Row, where: Row | None = None, weights: Row | None = None
) -> Cell:
    """Order statistics of losses, with exact numbers."""
    if where is not None and any(w is None for w in where):
        return None
    kept = [i for i in range(len(xs)) if where is None or where[i] == 1]
    if not kept or any(xs[i] is None for i in kept):
        return None
    if weights is not None and any(weights[i] is None for i in kept):
        return None
    order = sorted(kept, key=lambda i: (-xs[i], i))  # type: ignore[operator]
    worst = [Fraction(xs[i]) for i in order]  # type: ignore[arg-type]
    n, tail = len(worst), 1 - p
    if by == "first_reaching" and weights is not None:
        return _reaching(kind, worst, [Fraction(weights[i]) for i in order], tail)  # type: ignore[arg-type]
    if by == "interpolated":
        return _interpolated(kind, worst, p)
    k = max(1, math.floor(n * tail) if by == "kth_worst" else math.ceil(n * tail))
    return float(worst[k - 1] if kind == "quantile" else sum(worst[:k], Fraction(0)) / k)


def _interpolated(kind: str, worst: list[Fraction], p: Fraction) -> float:
    n, tail = len(worst), 1 - p
    if kind == "quantile":
        ascending = worst[::-1]
        low, part = divmod((n - 1) * p, 1)
        upper = ascending[min(int(low) + 1, n - 1)]
        return float(ascending[int(low)] + (upper - ascending[int(low)]) * part)
    size = n * tail
    if size == 0:
        return float(worst[0])
    whole = math.floor(size)
    last = (size - whole) * worst[whole] if size > whole else Fraction(0)
    return float((sum(worst[:whole], Fraction(0)) + last) / size)


def _reaching(kind: str, worst: list[Fraction], weights: list[Fraction], tail: Fraction) -> Cell:
    if tail == 0:
        return float(worst[0])
    total = summed = Fraction(0)
    for x, w in zip(worst, weights, strict=True):
        if total + w >= tail - Fraction(1, 10**12):
            return float(x) if kind == "quantile" else float((summed + (tail - total) * x) / tail)
        total, summed = total + w, summed + w * x
    return None


def ewma(xs: Row, decay: float) -> list[Cell]:
    if any(x is None for x in xs):
        return [None] * len(xs)
    squares = [float(x) ** 2 for x in xs if x is not None]
    known = sum(squares) / len(squares)
    found: list[Cell] = []
    for square in squares:
        found.append(math.sqrt(known))
        known = decay * known + (1 - decay) * square
    return found


def choose(kinds: Sequence[str], preferences: Sequence[Row], ties: float = 0.0) -> int | None:
    if any(x is None for row in preferences for x in row):
        return None
    left = list(range(len(preferences[0])))
    for kind, row in zip(kinds, preferences, strict=True):
        liked = {p: (row[p] if kind == "largest" else -row[p]) for p in left}  # type: ignore[operator]
        best = max(liked.values())
        left = [p for p in left if liked[p] >= best - ties * abs(best)]
    return left[0]


# ---- tables ------------------------------------------------------------------------------------------------


def fits(pattern: dict[str, object] | None, key: Cell | Text) -> bool | None:
    """Whether a key fits a pattern; None where that is not known."""
    if pattern is None:
        return True
    if key is None:
        return None
    if "is" in pattern:
        return any(_same(key, text) for text in pattern["is"])  # type: ignore[attr-defined]
    low, high = pattern.get("from"), pattern.get("to")
    number = Fraction(key)
    if low is not None and not (
        number > Fraction(str(low)) if pattern.get("from_open") else number >= Fraction(str(low))
    ):
        return False
    return high is None or (
        number <= Fraction(str(high)) if pattern.get("to_closed") else number < Fraction(str(high))
    )


def _same(key: float | str, text: object) -> bool:
    return key == text if isinstance(key, str) else Fraction(key) == Fraction(str(text))


def match(
    rows: Sequence[Sequence[dict[str, object] | None] | None],
    keys: Sequence[Cell | Text],
    whens: Sequence[Cell | str],
) -> int:
    """The row that fits; -1 for none, -2 where that is not known. A when of "" is no condition."""
    for number, (row, when) in enumerate(zip(rows, whens, strict=True)):
        if row is None:
            continue
        answers = [fits(pattern, key) for pattern, key in zip(row, keys, strict=True)]
        if any(answer is False for answer in answers):
            continue
        if when != "" and when == 0:
            continue
        if any(answer is None for answer in answers) or when is None:
            return -2
        return number
    return -1


def marginal(x: Cell, bounds: Sequence[str], rates: Sequence[Cell]) -> Cell:
    if x is None:
        return None
    total = Fraction(0)
    edges = [Fraction(bound) for bound in bounds]
    for low, high, rate in zip(edges, [*edges[1:], None], rates, strict=True):
        part = (Fraction(x) if high is None else min(Fraction(x), high)) - low
        if part > 0:
            if rate is None:
                return None
            total += part * Fraction(rate)
    return float(total)
