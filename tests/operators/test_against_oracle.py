"""Every numeric operator, as a small program on drawn books, against the slow oracle."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.operators.running import Member, run
from tests.oracle import operators as oracle

NUMBERS = st.integers(-40, 40).map(lambda n: n / 4)
SHARES = st.integers(0, 8).map(lambda n: n / 8)
SMALL = st.integers(-4, 4).map(lambda n: n / 4)
LEVELS = """
  input position { bucket: text  a: factor  b: factor  c: factor  d: factor  share: factor  keep: bool }
  levels position -> member -> bucket -> account
  group member = underlying.id
  group bucket = position.bucket
  scenarios point {
    | point | x          | weight |
    | p1    | position.a |   0.25 |
    | p2    | position.b |   0.30 |
    | p3    | position.c |   0.15 |
    | p4    | position.d |   0.30 |
  }
  step along = sum point.x into member
"""
POINTS = ("a", "b", "c", "d")
FAST = settings(max_examples=30, deadline=None)


@st.composite
def books(draw: st.DrawFn) -> list[Member]:
    """One to seven members in two accounts and two groups."""
    values = st.fixed_dictionaries({**dict.fromkeys(POINTS, NUMBERS), "share": SHARES, "keep": st.booleans()})
    member = st.builds(Member, st.sampled_from(["A", "B"]), st.sampled_from(["g", "h"]), values)
    return draw(st.lists(member, min_size=1, max_size=7))


def groups(members: list[Member], key: Callable[[Member], Any]) -> dict[Any, list[Member]]:
    found: dict[Any, list[Member]] = {}
    for member in members:
        found.setdefault(key(member), []).append(member)
    return found


def in_groups(members: list[Member]) -> dict[tuple[str, str], list[Member]]:
    return groups(members, lambda m: (m.account, m.group))


def column(members: list[Member], name: str) -> list[float]:
    return [float(member.values[name]) for member in members]


def same(found: Any, wanted: float | None) -> bool:
    if wanted is None:
        return math.isnan(found)
    return math.isclose(found, wanted, rel_tol=1e-11, abs_tol=1e-9)


FOLDS = (
    LEVELS
    + "".join(
        f"  report {kind}_all = {kind} a into bucket\n"
        f"  report {kind}_some = {kind} a where keep into bucket if_empty (-7)\n"
        for kind in ("sum", "largest", "smallest", "average")
    )
    + "  report netted = net a into bucket crediting share of gains\n"
    + "  report netted_some = net a where keep into bucket crediting share of gains\n"
)


@FAST
@given(books())
def test_folds_and_nets(members: list[Member]) -> None:
    found = run(FOLDS, members)
    for group, inside in in_groups(members).items():
        x, keep, share = (column(inside, name) for name in ("a", "keep", "share"))
        for kind in ("sum", "largest", "smallest", "average"):
            assert same(found[f"{kind}_all"][group], oracle.fold(kind, x))
            empty = 0.0 if kind == "sum" else -7.0
            wanted = oracle.fold(kind, x, keep, -7.0) if any(keep) else empty
            assert same(found[f"{kind}_some"][group], wanted)
        assert same(found["netted"][group], oracle.net(x, share))
        assert same(found["netted_some"][group], oracle.net(x, share, keep))


OVER = (
    LEVELS
    + "".join(
        f"  report {kind.replace(' ', '_')}_all = {kind} along over point\n"
        for kind in ("sum", "largest", "smallest", "average", "worst", "worst unfloored")
    )
    + """
  step most = largest along over point
  step loss = worst along where point.weight > 0.2 over point
  step least = smallest along where point.weight > 0.2 over point
  step chosen = choose largest along then smallest point.weight * along ties 25% over point
  report most_point = along at most.point
  report loss_some = loss
  report least_there = point.weight[least.point] * least
  report chosen_weight = point.weight[chosen] + 0 * least
  report known by point = ewma along over point decay 0.9
"""
)
WEIGHTS = [0.25, 0.30, 0.15, 0.30]


@FAST
@given(books())
def test_over_an_axis(members: list[Member]) -> None:
    found = run(OVER, members)
    where = [float(w > 0.2) for w in WEIGHTS]
    for k, member in enumerate(members):
        at = (member.account, f"U{k}")
        x = [member.values[name] for name in POINTS]
        for kind in ("sum", "largest", "smallest", "average", "worst", "worst_unfloored"):
            assert same(found[f"{kind}_all"][at], oracle.fold(kind, x))
        assert same(found["most_point"][at], max(x))
        assert same(found["loss_some"][at], oracle.fold("worst", x, where))
        least = oracle.first_reached("smallest", x, where)
        assert least is not None
        assert same(found["least_there"][at], WEIGHTS[least] * x[least])
        second = [w * v for w, v in zip(WEIGHTS, x, strict=True)]
        chosen = oracle.choose(["largest", "smallest"], [x, second], 0.25)
        assert chosen is not None
        assert same(found["chosen_weight"][at], WEIGHTS[chosen])
        known = oracle.ewma(x, 0.9)
        assert all(same(a, b) for a, b in zip(found["known"][at], known, strict=True))


LEVELS_OF = ("25%", "50%", "75%", "80%", "99%")
WAYS = ("kth_worst", "kth_worst_up", "interpolated")
QUANTILES = LEVELS + "".join(
    f"  report {kind}_{number}_{by} = {kind} {level} of along over point by {by}\n"
    for kind in ("quantile", "tail_mean")
    for number, level in enumerate(LEVELS_OF)
    for by in WAYS
)
QUANTILES += "".join(
    f"  report {kind}_{number}_reaching = {kind} {level} of along over point by first_reaching"
    "    weighing point.weight\n"
    for kind in ("quantile", "tail_mean")
    for number, level in enumerate(LEVELS_OF)
)


@FAST
@given(books())
def test_quantiles(members: list[Member]) -> None:
    found = run(QUANTILES, members)
    weights = [Fraction(w) for w in ("0.25", "0.30", "0.15", "0.30")]
    for k, member in enumerate(members):
        at, x = (member.account, f"U{k}"), [member.values[name] for name in POINTS]
        for kind in ("quantile", "tail_mean"):
            for number, level in enumerate(LEVELS_OF):
                p = Fraction(int(level[:-1]), 100)
                for by in WAYS:
                    assert same(found[f"{kind}_{number}_{by}"][at], oracle.quantile(kind, by, p, x))
                wanted = oracle.quantile(kind, "first_reaching", p, x, None, weights)  # type: ignore[arg-type]
                assert same(found[f"{kind}_{number}_reaching"][at], wanted)


WAYS_TO_CARRY = {
    "plain": "aggregate x with rho",
    "carried": "aggregate x carrying y with rho",
    "clamped": "aggregate x carrying y clamped with rho",
    "rescued": "aggregate x carrying y clamped when negative with rho",
    "dropped": "aggregate x with rho dropping negative pairs",
    "some": "aggregate x with rho where keeping",
}
AGGREGATES = (
    LEVELS
    + """
  pair rho between member a and b within bucket = a.share * b.share
  step x = sum a into member
  step y = sum b into member
  step keeping = x > 0
"""
    + "".join(f"  report {name}_sum = {formula} into bucket\n" for name, formula in WAYS_TO_CARRY.items())
)


@FAST
@given(books())
def test_correlated_sums(members: list[Member]) -> None:
    found = run(AGGREGATES, members)
    for group, inside in in_groups(members).items():
        x, y, share = (column(inside, name) for name in ("a", "b", "share"))

        def rho(i: int, j: int, share: list[float] = share) -> float:
            return share[i] * share[j]

        wanted = {
            "plain": oracle.aggregate(x, rho),
            "carried": oracle.aggregate(x, rho, y),
            "clamped": oracle.aggregate(x, rho, y, "always"),
            "rescued": oracle.aggregate(x, rho, y, "when negative"),
            "dropped": oracle.aggregate(x, rho, None, "", True),
            "some": oracle.aggregate(x, rho, None, "", False, [float(v > 0) for v in x]),
        }
        for name, value in wanted.items():
            assert same(found[f"{name}_sum"][group], value), name


MODES = ("half_up", "half_even", "up", "down", "ceiling", "floor")
FUNCTIONS = {
    "absolute": ("abs(a)", lambda a, b: oracle.ARITHMETIC["abs"](a)),
    "low": ("min(a, b)", oracle.ARITHMETIC["min"]),
    "high": ("max(a, b)", oracle.ARITHMETIC["max"]),
    "held": ("clamp(a, -1.5, b)", lambda a, b: oracle.ARITHMETIC["clamp"](a, -1.5, b)),
    "quotient": ("a / b", oracle.ARITHMETIC["div"]),
    "shares": ("ratio(a, b, if_zero: 3)", lambda a, b: oracle.ratio(a, b, 3.0)),
    "whole": ("floor(a)", lambda a, b: oracle.ARITHMETIC["floor"](a)),
    "above": ("ceil(a)", lambda a, b: oracle.ARITHMETIC["ceil"](a)),
    "squared": ("power(a, 2)", lambda a, b: oracle.ARITHMETIC["power"](a, 2)),
    "rooted": ("sqrt(a)", lambda a, b: oracle.ARITHMETIC["sqrt"](a)),
    "logged": ("ln(a)", lambda a, b: oracle.ARITHMETIC["ln"](a)),
    "grown": ("exp(a)", lambda a, b: oracle.ARITHMETIC["exp"](a)),
    "likely": ("normal_cdf(a)", lambda a, b: oracle.ARITHMETIC["normal_cdf"](a)),
    "dense": ("normal_pdf(a)", lambda a, b: oracle.ARITHMETIC["normal_pdf"](a)),
    "reached": ("normal_quantile(a)", lambda a, b: oracle.ARITHMETIC["normal_quantile"](a)),
    "chosen": ("if a > b then a else -b", lambda a, b: a if a > b else -b),
    "parts": (
        "marginal tier.rate of (a)",
        lambda a, b: oracle.marginal(a, ["0", "2", "5"], [0.5, 0.25, 1.0]),
    ),
    "picked": ("tier[abs(b)].rate", lambda a, b: 0.5 if abs(b) < 2 else 0.25 if abs(b) < 5 else 1.0),
}
ELEMENTWISE = LEVELS + (
    "  unique table tier by size {\n    column size: factor\n    | size | rate |\n    | < 2 | 50% |\n"
    "    | 2 up to 5 | 25% |\n    | >= 5 | 100% |\n  }\n"
)
ELEMENTWISE += "".join(f"  report {name} = {text}\n" for name, (text, _) in FUNCTIONS.items())
ELEMENTWISE += "".join(f"  report round_{mode} = round(a, {mode}, 0.5)\n" for mode in MODES)


@FAST
@given(books())
def test_functions(members: list[Member]) -> None:
    found = run(ELEMENTWISE, members)
    for k, member in enumerate(members):
        at, a, b = (member.account, f"U{k}"), member.values["a"], member.values["b"]
        for name, (_, wanted) in FUNCTIONS.items():
            assert same(found[name][at], wanted(a, b)), name
        for mode in MODES:
            assert same(found[f"round_{mode}"][at], oracle.rounded(a, 0.5, mode)), mode
