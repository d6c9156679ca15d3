"""Strict reading of single values."""

from __future__ import annotations

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmdsl.portfolio.scalars import Refused, day, identifier, moment, number


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15))
def test_a_float_is_read_back_as_python_and_json_write_it(value: float) -> None:
    if value == 0 or abs(value) > 1e-29:
        assert number(repr(value)) == value


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**11), max_value=10**11))
def test_plain_decimals_are_read(value: object) -> None:
    text = f"{value:f}"
    assert number(text) == float(text)


@given(st.text(max_size=12))
def test_any_other_text_is_refused_and_never_raises(text: str) -> None:
    value = number(text)
    assert isinstance(value, Refused) or (math.isfinite(value) and text.isascii())


@pytest.mark.parametrize(
    "text", ["0", "-0", "+5", ".5", "5.", "1e3", "1.5E-7", "999999999999999999", "-12.25"]
)
def test_numbers(text: str) -> None:
    assert number(text) == float(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "expected a number"),
        (".", "expected a number"),
        ("-", "expected a number"),
        ("1.2.3", "expected a number"),
        ("12:30:45", "expected a number"),
        ("0x1F", "not in decimal digits"),
        ("010", "leading zeros"),
        ("-007.5", "leading zeros"),
        ("1_000", "underscores"),
        ("1,000", "commas"),
        ("1 000", "spaces"),
        ("5%", "percentage"),
        (".nan", "not a finite number"),
        ("NaN", "not a finite number"),
        ("-.inf", "not a finite number"),
        ("Infinity", "not a finite number"),
        ("1e999", "exponent"),
        ("1e9999999", "exponent"),
        ("1e-31", "exponent"),
        ("9e18", "beyond 10^18"),
        ("1" * 19, "more than 18 integer"),
        ("0." + "1" * 41, "40 fraction digits"),
        ("1" * 5000, "5000 characters"),
        ("١٢٣", "not ASCII"),
        ("１２", "not ASCII"),
    ],
)
def test_refused_numbers(text: str, reason: str) -> None:
    value = number(text)
    assert isinstance(value, Refused)
    assert reason in value.reason


@pytest.mark.parametrize(
    ("text", "plain"), [("1_000", "1000"), ("1,234.5", "1234.5"), ("010", "10"), ("-00.5", "-0.5")]
)
def test_ornaments_have_a_safe_replacement(text: str, plain: str) -> None:
    value = number(text)
    assert isinstance(value, Refused)
    assert value.replacement == plain
    assert number(plain) == float(plain)


def test_days() -> None:
    assert day("2024-02-29") == date(2024, 2, 29)
    for text in (
        "2023-02-29",
        "20240119",
        "2024-1-19",
        "2024-W03-5",
        "1899-12-31",
        "2200-01-01",
        "٢٠٢٤-01-19",
    ):
        assert isinstance(day(text), Refused), text


def test_moments_need_an_offset() -> None:
    for text in ("2024-01-19T16:00:00-05:00", "2024-01-19 16:00Z", "2024-01-19T16:00:00.25+00:00"):
        assert not isinstance(moment(text), Refused), text
    for text in (
        "2024-01-19T16:00:00",
        "2024-01-19T25:00Z",
        "2024-02-30T10:00Z",
        "2024-01-19T16:00:00+99:00",
    ):
        assert isinstance(moment(text), Refused), text


@pytest.mark.parametrize(
    "text", ["", " A", "A ", "A\n", "A\u202eB", "A\u200bB", "A\x00", "\ufeffA", "x" * 129, "A\u2028B"]
)
def test_unfit_names(text: str) -> None:
    assert isinstance(identifier(text), Refused)


@pytest.mark.parametrize(
    "text", ["A1", "Müller & Söhne", "BRK.B", "SPY   240315C00460000", "株式会社", "x" * 128]
)
def test_fit_names(text: str) -> None:
    assert identifier(text) == text
