"""What is said when a value cannot be had: the row, the attribute, who needs it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from pmdsl.engine import bind
from pmdsl.plan.nodes import DataTable, Node, Origin
from tests.engine.building import ON, Building, book
from tests.engine.two_accounts import ACCOUNTS, FOLD, HELD, SHARES, UNDERS


def said(building: Building, account: str = "A2", **more: Any) -> list[tuple[str, str]]:
    """The messages of an account; the other account has none."""
    data = more.pop("data", {})
    parts = {"positions": HELD, "instruments": SHARES, "underlyings": UNDERS, "accounts": ACCOUNTS} | more
    answer = bind(building.plan(), book(**parts), data).run()
    other = "A1" if account == "A2" else "A2"
    assert answer.messages(other) == () or account == "both"
    assert answer.failed().tolist() == [name == account for name in answer.accounts]
    assert set(answer.requirements(account).values()) == {None}
    return [(m.code, m.message) for m in answer.messages(account)]


def total(building: Building, node: int) -> None:
    """The value of each position times quantity, summed into the account and required."""
    value = building.add("down", node, level="position") if building.nodes[node].level != "position" else node
    product = building.add("mul", value, building.input("position", "quantity"))
    building.output(
        building.add("fold_into", product, level="account", kind="sum", **FOLD), "initial", "requirement"
    )


def test_an_attribute_that_is_missing_names_its_row_and_who_needs_it() -> None:
    building = Building()
    breadth = building.input("underlying", "breadth", base="text")
    row = building.add(
        "match", breadth, base="row", table="size", keys=1, names=("breadth",), whens=(-1,), first=False,
        rows=(({"is": ("narrow",)},),), origin="product_group",
    )  # fmt: skip
    cell = building.add("select", row, building.const(1), table="size", column="x")
    total(building, building.add("down", cell, level="instrument"))
    assert said(building) == [("PM710", "the underlying ABC has no `breadth`, which `product_group` needs")]


def test_a_table_without_a_row_names_the_keys() -> None:
    building = Building()
    breadth = building.input("underlying", "breadth", base="text")
    row = building.add(
        "match", breadth, base="row", table="range", keys=1, names=("product_group",), whens=(-1,),
        first=False,
        rows=(({"is": ("narrow",)},),), origin="range",
    )  # fmt: skip
    cell = building.add("select", row, building.const(1), table="range", column="x", origin="move")
    total(building, building.add("down", cell, level="instrument"))
    unders = [UNDERS[0], {"id": "ABC", "breadth": "small_cap"}]
    expected = "table `range` has no row for product_group = small_cap, which `move` needs"
    assert said(building, underlyings=unders) == [("PM711", expected)]


def test_division_by_zero_names_the_step() -> None:
    building = Building()
    price = building.input("underlying", "price")
    quotient = building.add(
        "div", building.const(1), building.add("sub", price, building.const(20)), origin="ratio"
    )
    total(building, building.add("down", quotient, level="instrument"))
    assert said(building) == [("PM712", "division by zero: `ratio`, underlying ABC")]


@pytest.mark.parametrize(("op", "words"), [("ln", "the logarithm"), ("sqrt", "the square root")])
def test_functions_outside_their_domain(op: str, words: str) -> None:
    building = Building()
    below = building.add("sub", building.input("underlying", "price"), building.const(21))
    total(building, building.add("down", building.add(op, below, origin="s"), level="instrument"))
    [(code, message)] = said(building)
    assert code == "PM712"
    assert message.startswith(words)


def test_a_quantile_of_more_than_everything() -> None:
    building = Building()
    share = building.add("div", building.const(21), building.input("underlying", "price"))
    total(
        building, building.add("down", building.add("normal_quantile", share, origin="z"), level="instrument")
    )
    words = "the normal quantile of a number that is not between 0 and 1: `z`, underlying ABC"
    assert said(building) == [("PM712", words)]


def test_members_that_do_not_agree_are_named() -> None:
    building = Building()
    family = building.input("underlying", "family", base="text")
    building.group("family", "position", "underlying", family)
    price = building.add("agree", building.input("underlying", "price"), level="family.key", origin="rate")
    size = building.add(
        "fold_into", building.input("position", "quantity"), level="family", kind="sum", **FOLD
    )
    product = building.add("mul", size, building.add("down", price, level="family"))
    building.output(
        building.add("fold_into", product, level="account", kind="sum", **FOLD), "initial", "requirement"
    )
    unders = [
        {**UNDERS[0], "family": "f"},
        {**UNDERS[1], "family": "g"},
        {"id": "DEF", "price": 7.0, "family": "g"},
    ]
    [(code, message)] = said(building, underlyings=unders)
    assert code == "PM713"
    assert message == "the members of family g do not agree about `price`: ABC has 20, DEF has 7"


def test_the_largest_of_nothing() -> None:
    building = Building()
    quantity = building.input("position", "quantity")
    where = building.add("gt", quantity, building.const(5), base="bool")
    node = building.add(
        "fold_into",
        quantity,
        where,
        level="account",
        kind="largest",
        origin="peak",
        where=True,
        if_empty=False,
    )
    building.output(node, "initial", "requirement")
    held = [HELD[0], {**HELD[1], "quantity": 1.0}]
    assert said(building, positions=held) == [
        ("PM714", "there is nothing to take the largest of in account A2: `peak`")
    ]


def test_currencies() -> None:
    building = Building()
    code = building.input("instrument", "currency", base="text")
    value = building.add(
        "currency", building.input("instrument", "price"), code, currency="USD", origin="worth"
    )
    total(building, value)
    shares = [{**SHARES[0], "price": 1.0}, {**SHARES[1], "price": 1.0, "currency": "EUR"}]
    assert said(building, instruments=shares) == [
        ("PM715", "instrument ABC is in EUR and meets USD in `worth`")
    ]
    building = Building()
    rate = building.add("fx", building.input("instrument", "currency", base="text"), to="USD", origin="worth")
    total(building, rate)
    assert said(building, instruments=shares) == [("PM716", "the book has no rate from EUR to USD")]


def option(**more: Any) -> dict[str, Any]:
    return {
        "id": "ABC", "underlying": "ABC", "kind": "option", "right": "call", "strike": 20,
        "exercise": "european",
        "expiry": ON + timedelta(days=30), **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("instrument", "under", "code", "words"),
    [
        (option(), {}, "PM717", "it has no `price` to solve it from"),
        (
            option(price=0.0001, strike=1),
            {},
            "PM717",
            "price 0.0001 is below the least that black_scholes can give (19)",
        ),
        (option(price=30.0), {}, "PM717", "is above the most"),
        (option(implied_volatility=0.3), {"price": None}, "PM718", "its underlying ABC has no `price`"),
        (option(implied_volatility=0.3, strike=None), {}, "PM718", "it has no `strike`"),
        (
            option(implied_volatility=0.3, exercise=None),
            {},
            "PM718",
            "it does not say its `right` and `exercise`",
        ),
        (
            option(implied_volatility=0.3, expiry=ON - timedelta(days=2)),
            {},
            "PM718",
            "it expired on 2024-01-17",
        ),
        (option(kind="bond"), {}, "PM718", "no row of `pricing` fits instrument ABC"),
        (
            option(kind="share"),
            {"price": None},
            "PM718",
            "it has no `price`, and its underlying ABC has none",
        ),
    ],
)
def test_prices(instrument: dict[str, Any], under: dict[str, Any], code: str, words: str) -> None:
    building = Building()
    kind = building.input("instrument", "kind", base="text")
    tests = [building.add("eq", kind, building.word(word), base="bool") for word in ("option", "share")]
    models = ({"name": "black_scholes"}, {"name": "linear"})
    model = building.add("model", *tests, base="row", models=models)
    value = building.add(
        "revalue", model, building.add("volatility", model, origin="value"), shocks=(), origin="value"
    )
    total(building, value)
    unders = [UNDERS[0], {**UNDERS[1], **under}]
    [(found, message)] = said(building, instruments=[SHARES[0], instrument], underlyings=unders)
    assert found == code
    assert words in message


def test_given_values_that_are_missing() -> None:
    building = Building()
    building.axis("point", "down", "up")
    model = building.add(
        "model", building.const("1", "bool"), level="instrument", base="row", models=({"name": "linear"},)
    )
    volatility = building.add("volatility", model)
    value = building.add("revalue", model, volatility, building.column("point", -1, 1), shocks=("price_by",))
    worst = building.add("fold_over", value, axes=(), axis="point", kind="worst", **FOLD)
    total(building, worst)
    shares = [SHARES[0], {**SHARES[1], "price": 1.0}]
    [(code, message)] = said(building, instruments=shares, given_values={"ABC": {"down": 1.0}})
    assert (code, message) == (
        "PM719",
        "ABC has no value at `up`: where values are given they stand for every point",
    )


def test_a_lookup_without_a_row_and_a_cell_that_is_empty() -> None:
    building = Building()
    columns = (("id", "id", "text", ()), ("rate", "rate", "number", ()))
    building.data["haircuts"] = DataTable("haircuts", 1, columns)
    key = building.input("underlying", "id", base="text")
    row = building.add("lookup", key, base="row", table="haircuts", source="data", origin="haircut")
    cell = building.add("cell", row, table="haircuts", source="data", column="rate", origin="haircut")
    total(building, building.add("down", cell, level="instrument"))
    from tests.engine.building import table

    one = table("haircuts", [{"id": "XYZ", "rate": "1"}])
    two = table("haircuts", [{"id": "XYZ", "rate": "1"}, {"id": "ABC", "rate": None}])
    expected = "the table `haircuts` has no row for id = ABC, which `haircut` needs"
    assert said(building, data={"haircuts": one}) == [("PM721", expected)]
    expected = "`rate` is not given in row 2 of `haircuts`"
    assert said(building, data={"haircuts": two}) == [("PM721", expected)]


def test_a_row_that_belongs_to_nothing() -> None:
    building = Building()
    total(
        building,
        building.add("down", building.input("underlying", "price"), level="instrument", origin="worth"),
    )
    shares = [SHARES[0], {"id": "ABC", "kind": "cash"}]
    assert said(building, instruments=shares) == [("PM722", "instrument ABC has no underlying")]


def test_a_key_that_cannot_be_told_leads_to_what_is_missing() -> None:
    building = Building()
    family = building.input("underlying", "family", base="text", origin="family")
    building.group("family", "position", "underlying", family)
    sums = building.add(
        "fold_into", building.input("position", "quantity"), level="family", kind="sum", **FOLD
    )
    total_ = building.add("fold_into", sums, level="account", kind="sum", origin="size", **FOLD)
    building.output(total_, "initial", "requirement")
    unders = [{"id": "XYZ", "family": "f"}, {"id": "ABC"}]
    [(code, message)] = said(building, underlyings=unders)
    assert (code, message) == ("PM710", "the underlying ABC has no `family`, which `size` needs")


def test_netted_parts_that_disagree() -> None:
    building = Building()
    price = building.input("position", "trade_price", building.const(3), origin="cost")
    total(building, price)
    held = [HELD[0], {**HELD[1], "trade_price": 3.0}, {**HELD[1], "quantity": -4.0, "trade_price": 5.0}]
    [(code, message)] = said(building, positions=held)
    assert code == "PM723"
    assert message == "position ABC of account A2 is held in parts that do not agree about `trade_price`"


def test_a_word_that_is_unknown_is_poison_though_there_is_a_default() -> None:
    building = Building()
    default = building.word("narrow")
    breadth = building.input("underlying", "breadth", default, base="text", words=("broad", "narrow"))
    narrow = building.add("eq", breadth, building.word("narrow"), base="bool", origin="test")
    value = building.add("if", narrow, building.const(1), building.const(2), origin="size")
    total(building, building.add("down", value, level="instrument"))
    unders = [UNDERS[0], {"id": "ABC", "breadth": "brod"}]
    [(code, message)] = said(building, underlyings=unders)
    assert code == "PM710"
    assert (
        message
        == "`breadth` of the underlying ABC is `brod`, which is not what it must be, which `test` needs"
    )


def test_conditions_that_cannot_be_told_are_no_errors() -> None:
    building = Building()
    equity = building.input("account", "equity")
    building.output(building.add("gt", equity, building.const(1), base="bool"), "rich", "eligible")
    building.output(building.add("lt", equity, building.const(1), base="bool"), "poor", "alert")
    answer = bind(building.plan(), book(HELD, SHARES, UNDERS, ACCOUNTS)).run()
    assert answer.eligible("A1") == {"rich": None}
    assert answer.alerts("A1") == ()
    assert answer.messages("A1") == ()


def test_origins_are_shown() -> None:
    building = Building()
    zero = building.const(0)
    building.nodes.append(
        Node("div", (zero, zero), {}, "", (), origin=Origin("r", "rules/x.margin", 7, 3, "a / b"))
    )
    building.output(len(building.nodes) - 1, "initial", "requirement")
    answer = bind(building.plan(), book()).run()
    assert [str(m) for m in answer.messages("A")] == [
        "error[PM712]: division by zero in `a / b`: `r`, the run (rules/x.margin:7)"
    ]


def test_a_report_of_a_shared_level_concerns_the_accounts_that_hold_of_it() -> None:
    building = Building()
    price = building.add("down", building.input("underlying", "price"), level="instrument")
    building.output(price, "prices")
    unders = [UNDERS[0], {"id": "ABC"}]
    answer = bind(building.plan(), book(HELD, SHARES, unders, ACCOUNTS)).run()
    assert answer.failed().tolist() == [False, True]
    assert answer.reports("A1") == {"prices": {"XYZ": 50.0}}
    assert answer.reports("A2") == {"prices": {"ABC": None}}
    assert answer.messages("A1") == ()
    assert [m.code for m in answer.messages("A2")] == ["PM710"]
