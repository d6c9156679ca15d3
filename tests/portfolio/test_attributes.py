"""Attributes of a methodology's own: kept as written, and reported where nobody asks for them."""

from __future__ import annotations

from pmdsl.diagnostics import Findings
from pmdsl.portfolio.attributes import check_attributes, own_attributes
from tests.portfolio.helpers import good, listed, rendered

TEXT = """\
on: 2024-01-19
accounts: [{id: A, tier: gold}]
underlyings:
  - {id: SPX, kind: index, price: 4505}
  - {id: SPY, kind: etf, price: 450, breadth: broad, volatilty: 0.2}
market: {vix: 14}
"""


def found(asked: dict[str, set[str]]) -> list[str]:
    findings = Findings()
    check_attributes(good(TEXT + listed("instrument: SPY, quantity: 1")), asked, findings)
    return rendered(list(findings))


def test_own_attributes_by_table() -> None:
    book = good(TEXT)
    assert own_attributes(book) == {
        "accounts": ("tier",),
        "underlyings": ("breadth", "volatilty"),
        "instruments": (),
        "positions": (),
        "market": ("vix",),
    }
    assert book.underlyings.text("breadth").tolist() == [None, "broad"]


def test_what_nobody_asks_for_is_reported_with_what_was_meant() -> None:
    assert found({"accounts": {"tier"}, "underlyings": {"breadth"}, "market": {"vix"}}) == [
        "book.yaml:5:65: error[PM618]: no rule set asks for the underlying attribute `volatilty`",
        "  hint: did you mean `volatility`?",
    ]
    assert found({"underlyings": {"breadth", "volatilty"}, "market": {"vix9d"}}) == [
        "book.yaml:2:26: error[PM618]: no rule set asks for the account attribute `tier`",
        "book.yaml:6:15: error[PM618]: no rule set asks for the market value `vix`",
        "  hint: did you mean `vix9d`?",
    ]
