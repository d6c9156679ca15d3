"""The catalogue of models: data for static checks."""

from __future__ import annotations

import subprocess
import sys

import pytest

import pmdsl.pricing
from pmdsl.pricing.catalogue import MODELS


def test_the_catalogue_needs_no_numpy() -> None:
    code = "import pmdsl.pricing.catalogue, sys; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_scipy_is_not_imported() -> None:
    code = "from pmdsl.pricing import price, implied_volatility; import sys; sys.exit('scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_every_public_name_is_there() -> None:
    for name in pmdsl.pricing.__all__:
        assert getattr(pmdsl.pricing, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'volga'"):
        _ = pmdsl.pricing.volga


def test_what_models_can_do() -> None:
    assert list(MODELS) == ["linear", "black_scholes", "black_76", "binomial", "american"]
    assert [name for name, info in MODELS.items() if info.american] == ["binomial", "american"]
    assert [name for name, info in MODELS.items() if info.refuses_dividends] == ["american"]
    assert [name for name, info in MODELS.items() if not info.uses_volatility] == ["linear"]
    assert [name for name, info in MODELS.items() if info.dividends] == ["black_scholes", "binomial"]


@pytest.mark.parametrize(
    ("model", "options", "problems"),
    [
        ("linear", {}, ()),
        ("black_scholes", {"steps": 3}, ("black_scholes has no option steps",)),
        ("binomial", {"steps": 200}, ()),
        ("binomial", {}, ("binomial needs the option steps",)),
        ("binomial", {"tree": "crr"}, ("binomial needs the option steps",)),
        ("binomial", {"steps": 0}, ("steps must be from 1 to 5000",)),
        ("binomial", {"steps": 5001}, ("steps must be from 1 to 5000",)),
        ("binomial", {"steps": True}, ("steps must be a whole number",)),
        ("binomial", {"steps": "many"}, ("steps must be a whole number",)),
        ("binomial", {"steps": 9, "tree": "tian"}, ("tree must be crr or leisen_reimer",)),
        ("binomial", {"steps": 9, "tree": "leisen_reimer"}, ()),
        (
            "binomial",
            {"steps": 10, "tree": "leisen_reimer"},
            ("steps must be odd for leisen_reimer: 9 or 11",),
        ),
        ("american", {}, ()),
        ("american", {"accuracy": "high"}, ()),
        ("american", {"accuracy": "perfect"}, ("accuracy must be standard or high",)),
        ("american", {"steps": 200}, ("american has no option steps",)),
        (
            "binomial",
            {"tree": 1, "depth": 2},
            (
                "binomial has no option depth",
                "tree must be crr or leisen_reimer",
                "binomial needs the option steps",
            ),
        ),
    ],
)
def test_problems(model: str, options: dict[str, object], problems: tuple[str, ...]) -> None:
    assert MODELS[model].problems(options) == problems


def test_defaults() -> None:
    assert MODELS["binomial"].completed({"steps": 50}) == {"tree": "crr", "steps": 50}
    assert MODELS["american"].completed({}) == {"accuracy": "standard"}
