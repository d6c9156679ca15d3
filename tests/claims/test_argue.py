"""What can be argued, and what must not be."""

from __future__ import annotations

import pytest

from pmdsl.compare.claims import Effort
from tests.claims.helpers import verdict

NO_SEARCH = Effort(markets=0)

PROVED = [
    "gross >= 0",
    "gross >= gross",
    "gross * (1 + share) >= gross",
    "gross + whole >= gross",
    "max(gross, whole) >= whole",
    "whole >= min(gross, whole)",
    "sum max(scan, floor) into account >= gross",
    "(sum max(scan, floor) into account) * 110% >= sum floor into account",
    "sum floor into account >= 0",
    "gross - whole <= gross",
    "gross / 2 <= gross",
    "gross >= gross * 90%",
    "sum (if scan > floor then scan - floor else 0) into account >= 0",
    "sum max(scan, floor) into account - gross >= 0",
    "abs(worth) >= worth",
    "abs(worth) >= -worth",
    "(if account.equity > gross then account.equity else gross) >= gross",
    "(if gross > whole then gross else whole) >= min(gross, whole)",
    "clamp(worth, USD 1, USD 5) >= USD 1",
    "round(gross * 2, half_up, USD 1) >= round(gross, half_up, USD 1)",
    "largest scan into account >= 0",
    "largest max(scan, floor) into account >= largest scan into account",
    "whole >= 0",
    "2 * gross + 3 * whole >= gross + whole",
    "not (gross < 0)",
    "gross >= 0 and whole >= 0",
    "gross < 0 or whole >= 0",
    "gross == gross",
    "sqrt(abs(share)) >= 0",
    "normal_cdf(worth / USD 1) >= 0 and normal_cdf(worth / USD 1) <= 1",
    "normal_pdf(worth / USD 1) >= 0",
    "normal_cdf(abs(worth) / USD 1) >= normal_cdf(worth / USD 1)",
    "rising(initial, share)",
    "rising(loaded, share)",
    "rising(halved, share)",
    "rising(loaded, slide)",
]  # fmt: skip
STEPS = """
  step loaded = gross * (1 + share) + sum floor * slide into account
  step halved = sum max(scan, floor * (1 + share)) into account
"""


@pytest.mark.parametrize("expression", PROVED)
def test_what_is_proved(expression: str) -> None:
    found = verdict(expression, STEPS, NO_SEARCH)
    assert found.kind == "proved", found.explanation


NOT_PROVED = [
    "normal_pdf(abs(worth) / USD 1) >= normal_pdf(worth / USD 1)",
    "normal_quantile(share) >= 0",
    "gross > 0",
    "gross >= whole + USD 1",
    "gross >= worth",
    "whole >= gross",
    "gross * slide >= 0",
    "gross * (1 + slide) >= gross",
    "worth * (1 + share) >= worth",
    "gross - whole >= gross",
    "max(gross, worth) >= gross + USD 1",
    "min(gross, whole) >= gross",
    "sum min(scan, floor) into account >= gross",
    "sum scan where scan > USD 5 into account >= gross",
    "largest scan into account >= gross",
    "(if account.equity > gross then account.equity else whole) >= gross",
    "clamp(worth, USD 1, USD 5) >= USD 2",
    "round(gross, half_up, USD 1) >= gross",
    "gross != whole",
    "gross == whole",
    "gross >= 0 and whole > gross",
    "rising(shrunk, share)",
    "rising(mixed, share)",
]  # fmt: skip
FALLING = """
  step shrunk = gross * (1 - share)
  step mixed  = worth * share
"""


@pytest.mark.parametrize("expression", NOT_PROVED)
def test_what_is_not_proved(expression: str) -> None:
    assert verdict(expression, FALLING, NO_SEARCH).kind == "unknown"


def test_an_argument_is_told() -> None:
    found = verdict("gross * (1 + share) >= gross")
    assert found.explanation.splitlines()[0] == "`gross * (1 + share)` is at least `gross`"
    assert "times at least 11/10" in found.explanation
    assert found.explanation.endswith("(and alike on 1 earlier stretch of dates)")


def test_every_stretch_of_dates_is_argued() -> None:
    assert verdict("gross * (1 + slide) >= gross", "", NO_SEARCH).kind == "unknown"
    assert verdict("gross * (100% + slide) >= gross * 90%", "", NO_SEARCH).kind == "proved"
