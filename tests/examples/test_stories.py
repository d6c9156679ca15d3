"""What each example claims about its numbers."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest

import pmdsl
from pmdsl.asking import ask
from pmdsl.changes import versus
from pmdsl.testing import run_tests

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
REPORTS = ("included_products", "product_groups", "portfolio_groups")
BOOKS = sorted(path.name for path in EXAMPLES.glob("*.yaml"))


def maintenance(
    book: str, rules: str = "us.finra.cpm", data: Mapping[str, object] | None = None
) -> dict[str, Decimal]:
    """The maintenance of each account of an example."""
    result = pmdsl.load(rules).margin(EXAMPLES / book, data=data)
    return {account: result[account].maintenance for account in result}


def test_every_example_is_told() -> None:
    story = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    assert [book for book in BOOKS if f"examples/{book}" not in story] == []


def test_a_collar_asks_less_than_any_of_its_legs_but_the_puts() -> None:
    found = maintenance("02_collar.yaml")
    assert found["collar"] < found["shares"]
    assert 6 * found["collar"] < found["shares"] + found["puts"] + found["calls"] < 8 * found["collar"]


def test_a_wider_range_lowers_the_margin_of_a_short_fly_and_the_base_is_the_floor() -> None:
    house = pmdsl.load("house.example").margin(EXAMPLES / "03_short_fly.yaml")["A1"]
    assert maintenance("03_short_fly.yaml") == {"A1": Decimal("300.00")}
    assert house.requirements == {"maintenance": Decimal("200.00"), "house": Decimal("330.00")}


def test_funds_on_one_index_offset_by_their_factors() -> None:
    found = maintenance("04_leveraged_funds.yaml")
    assert found["single"] == Decimal("3600.00")
    assert found["double"] == 2 * found["single"]
    assert found["inverse"] == Decimal("5400.00")
    assert found["hedged"] == found["pair"] == 0


def test_reports_with_footers_give_groups_ranges_and_minimums() -> None:
    data = {name: EXAMPLES / "occ" / f"{name}.csv" for name in REPORTS}
    found = maintenance("05_occ_reports.yaml", data=data)
    assert found["index"] == 0
    assert found["pair"] == Decimal("4050") * (1 - Decimal("0.85"))
    # At d5 12% of 45,000 are lost; of the gain of 9% count 85%, and of that 70%.
    assert found["across"] == Decimal("5400") - Decimal("4050") * Decimal("0.85") * Decimal("0.70")
    assert found["listed"] == Decimal("30.00")
    assert found["new"] == Decimal("1500.00")


@pytest.mark.parametrize("name", REPORTS)
def test_reports_say_that_they_are_illustrations_and_end_in_a_footer(name: str) -> None:
    lines = (EXAMPLES / "occ" / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    assert "not OCC's numbers" in lines[-1]
    assert lines[-1].count(",") < lines[0].count(",")


def test_the_brokers_tests_pass_and_reach_everything() -> None:
    report = run_tests([EXAMPLES / "06_broker"], coverage=True)
    assert not list(report.findings)
    assert report.failed == ()
    assert report.passed == 6
    assert [coverage.uncovered for coverage in report.coverage if coverage.uncovered] == []


@pytest.mark.parametrize("step", ["1_wider_range", "2_buffer", "3_floor"])
def test_each_step_compiles_without_a_warning(step: str) -> None:
    rules = pmdsl.load(EXAMPLES / "06_broker" / f"{step}.margin")
    assert [str(finding) for finding in rules.findings if finding.code != "PM503"] == []


def test_futures_by_covariance_and_by_stress() -> None:
    assert maintenance("07_futures.yaml", "generic.covariance")["pair"] == Decimal("18629.01")
    assert maintenance("07_futures.yaml", "generic.stress")["pair"] == Decimal("22000.00")


def test_the_illustration_of_a_saving() -> None:
    files = [EXAMPLES / "10_saving" / f"{name}.margin" for name in ("standard", "portfolio")]
    standard, portfolio = ask(
        list(map(pmdsl.load, files)), pmdsl.read_portfolio(EXAMPLES / "10_saving.yaml"), {}
    )
    (change,) = versus(standard, portfolio).changes("pair")
    assert (change.before, change.after) == (Decimal("90000.00"), Decimal("60000.00"))
    assert change.saving == Decimal("30000.00")
    assert change.share == Decimal(-1) / 3


@pytest.mark.parametrize("name", ["standard", "portfolio"])
def test_the_illustration_is_no_authoritys_rule(name: str) -> None:
    rules = pmdsl.load(EXAMPLES / "10_saving" / f"{name}.margin")
    assert not rules.findings
    assert rules.name.startswith("demo.")
    assert rules.on("2026-03-02").unverified == 1


def test_cfds_by_class_of_underlying() -> None:
    result = pmdsl.load("eu.esma_cfd").margin(EXAMPLES / "11_retail_cfds.yaml")
    found = {account: result[account].initial for account in result}
    # A long and a short of one index are 36,000 at 5%; a future on a government bond is a bond at 20%.
    assert found["hedge"] == Decimal("1800.00")
    assert found["bund"] == Decimal("7800.00")
    assert [alert.name for alert in result["hedge"].alerts] == ["margin_close_out"]


def test_government_bonds_are_leveraged_in_britain_and_the_australian_dollar_is_major_in_australia() -> None:
    names = ("eu.esma_cfd", "uk.fca_cfd", "au.asic_cfd")
    found = {name: pmdsl.load(name).margin(EXAMPLES / "11_retail_cfds.yaml") for name in names}
    # 39,000 euros at the book's own rates, and 100,000 Australian dollars.
    assert found["uk.fca_cfd"]["bund"].initial == round(Decimal("39000") * Decimal("0.866") / 30, 2)
    assert found["au.asic_cfd"]["bund"].initial == Decimal("39000") * Decimal("1.692") / 5
    assert found["au.asic_cfd"]["pair"].initial == round(Decimal(100_000) / 30, 2)
    assert found["uk.fca_cfd"]["coin"].eligible == {"no_crypto": False}


def test_brackets_in_dollars_and_in_euros() -> None:
    dollars = pmdsl.load("saxo.fx").margin(EXAMPLES / "12_fx_tiers.yaml")
    euros = pmdsl.load("saxo.fx_eur").margin(EXAMPLES / "12_fx_tiers.yaml")
    assert dollars["large"].initial == Decimal("220000.00")
    assert euros["large"].initial == Decimal("200000.00")
    # One million of euros is left of spot against the forward.
    assert dollars["hedged"].initial == Decimal("11000.00")
    # 30,000 and 2% of 1.4 million; 30,000 and 2% of 1 million.
    assert dollars["two"].initial == Decimal("58000.00") + Decimal("50000.00")


def test_deposits_follow_the_notice_of_the_day() -> None:
    rules = pmdsl.load("us.nfa_fx")
    raised = rules.margin(EXAMPLES / "13_forex_deposits.yaml")
    lowered = rules.margin(EXAMPLES / "13_forex_deposits.yaml", on="2021-08-10")
    assert raised["pound"].initial == Decimal("6000.00")
    assert lowered["pound"].initial == Decimal("3600.00")
    assert raised["cross"].initial == lowered["cross"].initial == Decimal("10700.00")
    # 2% of 107,000 and 2,000 received; 1,000 paid.
    assert raised["options"].initial == Decimal("2140.00") + 2000 + 1000


def test_the_program_runs() -> None:
    pytest.importorskip("pyarrow")
    root = EXAMPLES.parent
    done = subprocess.run(
        [sys.executable, str(EXAMPLES / "08_embed.py")],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(root), "PATH": ""},
    )
    assert "the collar: 3881.04 USD" in done.stdout
    assert not done.stderr


def test_one_name_asks_thirty_percent_and_six_ask_fifteen_or_five_deviations() -> None:
    house = maintenance("19_concentrated.yaml", "ibkr")
    assert house["one"] == Decimal("0.30") * 400_000
    assert house["six"] == Decimal("0.15") * 300_000 + 5 * Decimal("0.04") * 60_000
    assert house["index"] == Decimal("0.08") * 900_000


def test_accounts_that_would_not_survive_the_expected_range_are_asked_for_it() -> None:
    rule, house = (maintenance("19_concentrated.yaml", name) for name in ("us.finra.cpm", "schwab"))
    assert house["one"] == Decimal("0.45") * 400_000
    assert house["six"] == rule["six"]
    assert house["index"] == Decimal("0.20") * 900_000


def test_what_is_crowded_is_charged_with_add_ons() -> None:
    rule, house = (maintenance("20_add_ons.yaml", name) for name in ("us.reg_t", "fidelity"))
    assert rule["one_name"] == Decimal("0.25") * 100_000
    assert house["spread_out"] == Decimal("0.30") * 100_000
    assert house["one_name"] == Decimal("0.60") * 100_000
    # Two and a half days and 1.67% of the shares: 20% and 10% of 10,000.
    assert house["illiquid"] == house["spread_out"] + Decimal("0.30") * 10_000
    # A quarter of the account each, and all of it one industry.
    assert house["industry"] == Decimal("0.50") * 100_000
    # The calls take what is above 95 out of the base, and nothing out of the add-on.
    assert house["written"] == Decimal("0.30") * 95_000 + Decimal("0.30") * 100_000


def test_the_newest_turn_of_the_vix_holds() -> None:
    rule, house = (maintenance("18_volatility_switch.yaml", name) for name in ("us.finra.cpm", "tastytrade"))
    assert all(house[account] > rule[account] for account in rule)
    assert house["index"] == Decimal("0.20") * 45_000
    assert house["reporting"] == Decimal("1.5") * house["stock"]
    assert house["biotech"] == 10_000
    assert house["naked"] == Decimal("0.005") * 100 * 1_000


def required(book: str, rules: str, on: str | None = None) -> dict[str, Mapping[str, Decimal | None]]:
    """All requirements of each account of an example."""
    result = pmdsl.load(rules).margin(EXAMPLES / book, on=on)
    return {account: result[account].requirements for account in result}


def test_a_calendar_spread_pays_for_both_months_and_rates_rise_within_days() -> None:
    rules, book = "us.exchange_futures", "15_exchange_futures.yaml"
    before, after = required(book, rules), required(book, rules, "2020-03-19")
    assert before["calendar"]["maintenance"] == 2 * 10_600
    assert after["outright"]["maintenance"] == 12_000
    assert before["hedger"]["initial"] == before["hedger"]["maintenance"] == after["hedger"]["maintenance"]
    assert [alert.name for alert in pmdsl.load(rules).margin(EXAMPLES / book)["outright"].alerts] == []


def test_deposits_go_by_contract_value_and_a_broker_asks_for_more() -> None:
    statute = required("16_jp_margin.yaml", "jp.margin")
    broker = required("16_jp_margin.yaml", "jp.mizuho_online")
    assert {amounts["initial"] for amounts in statute.values()} == {Decimal(600_000)}
    assert statute["hedge"] == statute["cash"]
    assert broker["cash"]["initial"] == Decimal("0.35") * 2_000_000
    assert broker["double"]["initial"] == Decimal("0.60") * 1_000_000


def test_clients_are_grossed_and_the_highest_snapshot_counts() -> None:
    found = required("17_sebi_cash.yaml", "in.sebi_cash")
    assert found["seller"]["var"] == Decimal("0.1125") * 780_800
    assert found["buyer"]["mark_to_market"] == 9 * 1_000
    assert found["intraday"]["daily"] == 0
    assert found["intraday"]["upfront"] == Decimal("0.50") * 200 * Decimal("1114.65")


def test_strategies_are_the_cheapest_and_risk_is_cheaper_still() -> None:
    result = pmdsl.load("us.reg_t").margin(EXAMPLES / "21_strategies.yaml")
    assert result["straddles"].requirements["initial"] == Decimal("34085.00")
    assert result["condors"].requirements["initial"] == Decimal("13100.00")
    risk = maintenance("21_strategies.yaml")
    assert all(risk[account] < result[account].requirements["maintenance"] for account in result)


def test_each_stage_is_charged_for_its_own_cheapest_combinations() -> None:
    found = required("23_taifex.yaml", "tw.taifex")
    # 460 points and A; the strangle adds 135 points and C.
    assert found["naked"]["initial"] == 460 * 50 + 81_000
    assert found["strangle"]["initial"] == found["naked"]["initial"] + 135 * 50 + 8_200
    assert set(found["vertical"].values()) == {Decimal(500 * 50)}
    assert found["covered"]["clearing"] == 59_500 + 190 * 50


def test_condors_of_the_guidance_note_ask_for_their_price() -> None:
    result = pmdsl.load("ca.ciro").margin(EXAMPLES / "24_ciro.yaml")
    found = {account: result[account].requirements["margin"] for account in result}
    assert (found["condor"], found["apart"]) == (Decimal("190.00"), Decimal("220.00"))
    # With another last interval: the short call by itself asks for less than its spread can lose.
    assert found["uneven"] == Decimal("0.30") * 5_200 - 1_300
    assert [account for account in result if not result[account].eligible["good_standing"]] == ["book"]
