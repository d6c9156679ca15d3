"""The overlays of brokers against slow and obvious reimplementations, on random books."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from pmdsl.engine import Answer, evaluate
from pmdsl.portfolio import read_portfolio
from tests.oracle import books
from tests.oracle.fidelity import HouseHolding, Security, fidelity_margin
from tests.oracle.ibkr import ibkr_margin, volatility_of_sessions
from tests.oracle.lightspeed import lightspeed_margin
from tests.oracle.reg_t import Name
from tests.oracle.schwab import schwab_margin
from tests.oracle.tastytrade import tastytrade_margin, turned_high
from tests.regimes.bundled import plan
from tests.regimes.test_against_oracles import close, scale_of

STEPS = books.TREE_STEPS
REVALUED = ("volatility", "price", "underlying", "expired")
Row = dict[str, Any]
many = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def described(
    draw: DrawFn,
    dates: Sequence[str],
    attributes: Mapping[str, SearchStrategy[Any]],
    *,
    always: Mapping[str, SearchStrategy[Any]] | None = None,
    all_equity: bool = False,
    market: Mapping[str, SearchStrategy[Any]] | None = None,
) -> Row:
    """A random book whose underlyings say what an overlay asks: `attributes` of an index or a single name,
    given or not, and `always` of each. Its first underlying speaks for an index that it does not list.
    """
    row: Row = draw(books.books(sources=REVALUED, steps=STEPS, dates=dates, all_equity=all_equity))
    for underlying in row["underlyings"]:
        for name, values in attributes.items() if "tracks" not in underlying else ():
            value = draw(st.one_of(st.none(), values))
            if value is not None:
                underlying[name] = value
        for name, values in (always or {}).items():
            underlying[name] = draw(values)
    agreed = {name: row["underlyings"][0][name] for name in always or {}}
    for underlying in row["underlyings"]:
        # The funds on an index that the book does not list must agree on what is asked of it.
        if underlying.get("tracks") == "OUT":
            underlying |= {"daily_volatility": 0.01, **agreed}
    if market:
        row["market"] = {name: draw(values) for name, values in market.items()}
    return row


def answer(name: str, row: Row) -> Answer:
    return evaluate(plan(name, date.fromisoformat(str(row["on"])), STEPS), read_portfolio(row))


def same(found: Answer, account: str, name: str, wanted: float, row: Row) -> None:
    amount = found.amounts(name)[found.row_of[account]]
    assert close(amount, wanted, scale_of(row)), [str(m) for m in found.account(account).messages]


# ---- tastytrade --------------------------------------------------------------------------------------------


@many
@given(
    row=described(
        ("2022-05-02", "2023-02-28", "2023-03-01", "2026-03-02"),
        {
            "small_cap_biotech": st.booleans(),
            "extended_fall": books.percents(0, 80),
            "extended_rise": books.percents(0, 80),
            "reports_on": st.sampled_from(("2026-02-28", "2026-03-02", "2026-03-05", "2026-03-06")),
        },
        always={
            "uncovered_share": books.percents(0, 9),
            "expected_fall": books.percents(0, 60),
            "expected_rise": books.percents(0, 60),
        },
        market={"environment": st.sampled_from(("low_volatility", "high_volatility"))},
    )
)
def test_tastytrade(row: Row) -> None:
    found, expected = answer("tastytrade", row), tastytrade_margin(row, steps=STEPS)
    for account, wanted in expected.items():
        same(found, account, "maintenance", wanted.maintenance, row)
        assert wanted.maintenance >= wanted.base_maintenance
        assert found.eligible(account) == wanted.eligible
        assert tuple(alert.name for alert in found.alerts(account)) == wanted.alerts


@settings(max_examples=150, deadline=None)
@given(
    closes=st.lists(st.sampled_from((18.0, 20.0, 24.0, 25.0, 26.0, 30.0, 31.0)), min_size=1, max_size=14),
    later=st.integers(0, 3),
)
def test_the_environment_of_tastytrade_is_a_switch(closes: list[float], later: int) -> None:
    """A loop over closes that turns a switch finds what the rule finds; the last may come too late."""
    first = date(2026, 1, 5)
    history = [((first + timedelta(days=n)).isoformat(), value) for n, value in enumerate(closes)]
    on = first + timedelta(days=len(closes) - 1 - later)
    row: Row = {
        "on": on.isoformat(),
        "accounts": [{"id": "A1"}],
        "underlyings": [{"id": "IWM", "kind": "etf", "price": 100.0, "breadth": "broad"}],
        "positions": [{"account": "A1", "instrument": "IWM", "quantity": 100}],
        "tables": {"vix": [{"date": day, "close": value} for day, value in history]},
    }
    found = answer("tastytrade", row)
    state = turned_high(history, on)
    amount = found.requirements("A1")["maintenance"]
    if state is None:
        assert amount is None
        assert [m.code for m in found.account("A1").messages] == ["PM714"]
    else:
        assert amount == (2000 if state else 1500)


# ---- Interactive Brokers -----------------------------------------------------------------------------------


@many
@given(row=described(("2015-10-05", "2026-03-02"), {"daily_volatility": books.percents(0, 12)}))
def test_ibkr(row: Row) -> None:
    found, expected = answer("ibkr", row), ibkr_margin(row, steps=STEPS)
    for account, wanted in expected.items():
        same(found, account, "maintenance", wanted.maintenance, row)
        reported = found.amounts("extreme_risk_additional_charge", "report")[found.row_of[account]]
        assert abs(reported - wanted.additional) <= 0.005 + 1e-9 * scale_of(row)
        assert wanted.maintenance >= wanted.base_maintenance
        assert found.eligible(account)["opening_equity"] is wanted.opens


@settings(max_examples=40, deadline=None)
@given(
    bars=st.lists(
        st.tuples(
            books.cents(90, 100), books.cents(100, 110), books.percents(0, 100), books.percents(0, 100)
        ),
        min_size=30,
        max_size=35,
    )
)
def test_thirty_sessions_of_ibkr(bars: list[tuple[float, float, float, float]]) -> None:
    """Five standard deviations of the last 30 sessions, where they are more than 30%."""
    first = date(2026, 1, 1)
    sessions = [
        {
            "underlying": "XYZ",
            "date": (first + timedelta(days=n)).isoformat(),
            "open": low + opens * (high - low),
            "high": 3 * high,
            "low": low,
            "close": low + closes * (high - low),
        }
        for n, (low, high, opens, closes) in enumerate(bars)
    ]
    row: Row = {
        "on": "2026-03-02",
        "accounts": [{"id": "A1"}],
        "underlyings": [{"id": "XYZ", "kind": "stock", "price": 100.0}],
        "positions": [{"account": "A1", "instrument": "XYZ", "quantity": -100}],
        "tables": {"ohlc": sessions},
    }
    deviation = volatility_of_sessions(sessions[-30:])
    same(answer("ibkr", row), "A1", "maintenance", 5 * deviation * 10_000, row)


# ---- Lightspeed --------------------------------------------------------------------------------------------


@many
@given(row=described(("2021-01-01", "2026-03-02"), {"volatility_product": st.booleans()}))
def test_lightspeed(row: Row) -> None:
    found, expected = answer("lightspeed", row), lightspeed_margin(row, steps=STEPS)
    for account, wanted in expected.items():
        same(found, account, "maintenance", wanted.maintenance, row)
        said = {name: found.eligible(account)[name] for name in wanted.eligible}
        assert said == wanted.eligible
        warned = [alert.name for alert in found.alerts(account)]
        assert ("risk_warning" in warned) == (False in wanted.eligible.values())


# ---- Charles Schwab ----------------------------------------------------------------------------------------


@many
@given(
    row=described(
        ("2020-12-31", "2021-01-01", "2026-03-02"),
        {"extended_fall": books.percents(0, 60), "extended_rise": books.percents(0, 60)},
        always={
            "expected_fall": books.percents(1, 60),
            "expected_rise": books.percents(1, 60),
            "beta": st.sampled_from((0.5, 1.0, 1.5, -1.0)),
        },
        all_equity=True,
    )
)
def test_schwab(row: Row) -> None:
    found, expected = answer("schwab", row), schwab_margin(row, steps=STEPS)
    for account, wanted in expected.items():
        same(found, account, "maintenance", wanted.maintenance, row)
        assert wanted.maintenance >= wanted.base_maintenance
        for side, name in enumerate(("point_of_no_return_down", "point_of_no_return_up")):
            said = found.reports(account)[name]
            assert said.keys() == wanted.returns.keys()
            assert all(abs(said[group] - ends[side]) < 1e-7 for group, ends in wanted.returns.items())
        assert ("concentrated" in [alert.name for alert in found.alerts(account)]) == wanted.concentrated
        assert found.eligible(account)["portfolio_stress"] is wanted.passes_stress
        assert found.eligible(account)["opening_equity"] is wanted.opens


# ---- Fidelity ----------------------------------------------------------------------------------------------


@st.composite
def crowded(draw: DrawFn) -> list[Row]:
    """Up to six names with shares, an option or both, some of them hard to sell."""
    found: list[Row] = draw(
        st.lists(
            st.fixed_dictionaries(
                {
                    "price": st.sampled_from((4, 20, 100)),
                    "leverage": st.sampled_from((1, 1, 1, 2, -3)),
                    "average_volume": st.sampled_from((200, 700, 1_000, 1_000_000)),
                    "shares_outstanding": st.sampled_from((10_000, 30_000, 1_000_000)),
                    "industry": st.sampled_from(("banks", "mining", "none")),
                    "base_rate": st.sampled_from((None, None, 0.25, 0.5)),
                    "shares": st.sampled_from((0, 100, 300, 350, 500, 1_000, -100, -300, -700)),
                    "option": st.sampled_from(
                        (None, None, ("call", -1), ("call", 2), ("put", -2), ("put", 1))
                    ),
                }
            ),
            min_size=1,
            max_size=6,
        )
    )
    return found


def margin_book(names: list[Row]) -> Row:
    """The portfolio file of such names."""
    described = ("price", "leverage", "average_volume", "shares_outstanding", "industry", "base_rate")
    options = [
        {"id": f"O{k}", "kind": "option", "underlying": f"N{k}", "right": n["option"][0],
         "strike": n["price"], "expiry": "2026-06-19", "price": n["price"] / 16}
        for k, n in enumerate(names)
        if n["option"]
    ]  # fmt: skip
    held = [(f"N{k}", n["shares"]) for k, n in enumerate(names)]
    held += [(f"O{k}", n["option"][1]) for k, n in enumerate(names) if n["option"]]
    return {
        "on": "2026-03-02",
        "accounts": [{"id": "A1"}],
        "underlyings": [
            {"id": f"N{k}", "kind": "etf" if n["leverage"] != 1 else "stock"}
            | {key: n[key] for key in described if n[key] is not None}
            for k, n in enumerate(names)
        ],
        "instruments": options,
        "positions": [{"account": "A1", "instrument": i, "quantity": q} for i, q in held if q],
    }


def held_of(names: list[Row]) -> list[tuple[Security, HouseHolding, int]]:
    """What the oracle takes."""
    found = []
    for k, n in enumerate(names):
        name = Name(
            Fraction(n["price"]), "etf" if n["leverage"] != 1 else "stock", "narrow", Fraction(n["leverage"])
        )
        base = None if n["base_rate"] is None else Fraction(n["base_rate"])
        volume, outstanding = Fraction(n["average_volume"]), Fraction(n["shares_outstanding"])
        security = Security(f"N{k}", name, volume, outstanding, n["industry"], base)
        if n["shares"]:
            price = Fraction(n["price"])
            side = 1 if n["shares"] > 0 else -1
            found.append((security, HouseHolding(name, side, price, price), abs(n["shares"])))
        if n["option"]:
            right, quantity = n["option"]
            price = Fraction(n["price"]) / 16
            side = 1 if quantity > 0 else -1
            option = HouseHolding(
                name, side, price, price, 100, right, Fraction(n["price"]), date(2026, 6, 19)
            )
            found.append((security, option, abs(quantity)))
    return found


@many
@given(names=crowded())
def test_fidelity(names: list[Row]) -> None:
    found = answer("fidelity", margin_book(names))
    wanted = fidelity_margin(held_of(names), date(2026, 3, 2))
    amount = found.requirements("A1")["maintenance"]
    assert amount is not None, [str(m) for m in found.account("A1").messages]
    assert abs(float(amount) - float(wanted.maintenance)) <= 0.005 + 1e-6
    said = found.reports("A1")["add_ons_of_position"]
    for name, rate in wanted.add_ons.items():
        assert abs(said[name] - float(rate)) < 1e-12
