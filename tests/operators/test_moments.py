"""Moments in books: offsets, the moment of the run, and what is no moment."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmdsl.engine import Answer, Engine
from tests.operators.running import answer, planned, reports

EXPECTED = "expected a moment with its offset, such as 2026-11-21T16:00:00Z"
BODY = """
  input account { opens: moment  closes: moment }
  levels position -> account
  report lasting = seconds_between(account.opens, account.closes)
  report left    = seconds_between(valuation.moment, account.closes)
  report ending  = account.closes
"""
MOMENTS = st.datetimes(
    datetime(1901, 1, 1),
    datetime(2198, 12, 31),
    timezones=st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)


def asked(opens: Any, closes: Any, on: str = "2024-01-02", engine: Engine = "numpy") -> Answer:
    """The answer for one account that opens and closes then."""
    book = {"on": on, "accounts": [{"id": "A", "opens": opens, "closes": closes}]}
    return answer(planned(BODY), json.dumps(book), engine=engine)


def told(found: Answer, name: str) -> float:
    return float(reports(found)[name]["A", "A"])


@pytest.mark.parametrize("engine", ["numpy", "compiled"])
def test_offsets_are_taken_away(engine: Engine) -> None:
    found = asked(
        "2024-01-02T09:00:00+09:00", "2024-01-01T19:00:00.25-05:00", "2024-01-02T05:30+05:30", engine
    )
    assert told(found, "lasting") == 0.25
    assert told(found, "left") == 0.25


def test_a_date_alone_is_its_midnight_in_utc() -> None:
    assert told(asked("2024-01-02T00:00Z", "2024-01-02T00:01Z"), "left") == 60.0


@given(MOMENTS, MOMENTS)
@settings(max_examples=50, deadline=None)
def test_seconds_between(opens: datetime, closes: datetime) -> None:
    found = told(asked(opens.isoformat(), closes.isoformat()), "lasting")
    assert abs(found - (closes.astimezone(UTC) - opens.astimezone(UTC)).total_seconds()) <= 2e-5


@pytest.mark.parametrize("cell", ["2024-01-02", "2024-01-02T09:00:00", "noon", "2024-13-01T00:00Z", 45_000])
def test_what_is_no_moment(cell: object) -> None:
    found = asked("2024-01-02T00:00Z", cell)
    [first] = found.findings
    assert (first.code, first.message.partition(": ")[2]) == ("PM701", EXPECTED)
    assert told(found, "left") != told(found, "left")
