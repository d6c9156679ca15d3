"""The JSON Schema and the reader agree on what a portfolio file looks like."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from pmdsl.diagnostics import Findings
from pmdsl.portfolio.report import Report
from pmdsl.portfolio.scalars import Refused, number
from pmdsl.portfolio.schema import schema_text
from pmdsl.portfolio.tree import Listing, Mapping, Node
from pmdsl.portfolio.yaml_tree import read_yaml
from pmdsl.source import Source
from tests.portfolio.helpers import EXAMPLES, ROOT, codes
from tests.portfolio.test_book import FULL

FILE = ROOT / "pmdsl" / "schemas" / "portfolio.schema.json"

# Beyond a schema: names, contradictions, roots, and what the text itself may not hold.
SEMANTIC = {"PM613", "PM614", "PM615", "PM616", "PM617"}

HEAD = "on: 2024-01-19\n"

GOOD = [
    FULL,
    HEAD,
    "on: 2024-01-19T16:00:00-05:00\n",
    "on: 2024-01-19 16:00Z\n",
    HEAD + "rate: -0.005\n",
    HEAD + "rate: [{tenor: 0, rate: 0.05}]\n",
    HEAD + "accounts: [{id: 700, equity: -5, tier: gold, cash: true, n: 1.5}]\n",
    HEAD + "accounts: []\npositions: []\n",
    HEAD + "underlyings: [{id: CL, kind: future, price: -37.63, roots: [LO], option_exercise: american}]\n",
    HEAD + "underlyings: [{id: X, dividends: [{ex_date: 2024-02-01, amount: 0}]}]\n",
    HEAD + "underlyings: [{id: Müller & Söhne, kind: basket, volatility: 12}]\n",
    HEAD
    + "instruments: [{id: X, kind: swap, multiplier: 0.001, listed: false, price: -3, expiry: 2199-12-31}]\n",
    HEAD + "values: {}\nmatrices: {r: []}\nfx: {}\nmarket: {}\ntables: {t: []}\n",
    HEAD + "matrices: {r: [[A, B, -0.5], [A, C, 2]]}\n",
    HEAD + "fx: {EURUSD: 1.08, USDJPY: 150}\n",
    HEAD + "market: {a: text, b: 1, c: true, d: 5%}\n",
    HEAD + "tables: {t: [{a: 1, b: x}, {b: false}]}\n",
]

BAD = [
    "rate: 0.05\n",
    "on: 2024-1-19\n",
    "on: 2024-13-01\n",
    "on: 2024-02-30\n",
    "on: 2024-01-19T16:00:00\n",
    "on: [2024-01-19]\n",
    "on:\n",
    "[]\n",
    "text\n",
    HEAD + "position: []\n",
    HEAD + "rate: 5.25\n",
    HEAD + "rate: high\n",
    HEAD + "rate: '0.05'\n",
    HEAD + "rate: []\n",
    HEAD + "rate: [{tenor: 1}]\n",
    HEAD + "rate: [{tenor: -1, rate: 0.05}]\n",
    HEAD + "rate: [{tenor: 1, rate: 0.05, note: x}]\n",
    HEAD + "accounts: {id: A}\n",
    HEAD + "accounts: [A]\n",
    HEAD + "accounts: [{}]\n",
    HEAD + "accounts: [{id: true}]\n",
    HEAD + "accounts: [{id: null}]\n",
    HEAD + 'accounts: [{id: ""}]\n',
    HEAD + 'accounts: [{id: " A"}]\n',
    HEAD + 'accounts: [{id: "A\\n"}]\n',
    HEAD + f"accounts: [{{id: {'x' * 129}}}]\n",
    HEAD + "accounts: [{id: A, equity: much}]\n",
    HEAD + "accounts: [{id: A, tier: [x]}]\n",
    HEAD + "accounts: [{id: A, tier: }]\n",
    HEAD + "underlyings: [{id: X, volatility: 0}]\n",
    HEAD + "underlyings: [{id: X, volatility: 101}]\n",
    HEAD + "underlyings: [{id: X, roots: X}]\n",
    HEAD + "underlyings: [{id: X, roots: [[X]]}]\n",
    HEAD + "underlyings: [{id: X, option_exercise: bermudan}]\n",
    HEAD + "underlyings: [{id: X, dividends: [{amount: 1}]}]\n",
    HEAD + "underlyings: [{id: X, dividends: [{ex_date: 2024-02-01, amount: -1}]}]\n",
    HEAD + "underlyings: [{id: X, dividends: [{ex_date: 2024-02-01, amount: 1, note: x}]}]\n",
    HEAD + "instruments: [{id: X, kind: stock}]\n",
    HEAD + "instruments: [{id: X, kind: future, multiplier: 0}]\n",
    HEAD + "instruments: [{id: X, kind: future, listed: maybe}]\n",
    HEAD + "instruments: [{id: X, kind: future, listed: 'true'}]\n",
    HEAD + "instruments: [{id: X, kind: future, expiry: 20240315}]\n",
    HEAD + "instruments: [{id: X, kind: option, right: Call}]\n",
    HEAD + "positions: [{instrument: X}]\n",
    HEAD + "positions: [{quantity: 1}]\n",
    HEAD + "positions: [{instrument: X, quantity: '1'}]\n",
    HEAD + "values: [1]\n",
    HEAD + "values: {X: 1}\n",
    HEAD + "values: {X: {up: high}}\n",
    HEAD + "matrices: {r: [[A, B]]}\n",
    HEAD + "matrices: {r: [[A, B, 1, 2]]}\n",
    HEAD + "matrices: {r: [[A, B, x]]}\n",
    HEAD + "matrices: {r: 1}\n",
    HEAD + "fx: {EUR: 1}\n",
    HEAD + "fx: {eurusd: 1}\n",
    HEAD + "fx: {USDUSD: 1}\n",
    HEAD + "fx: {EURUSD: 0}\n",
    HEAD + "market: {a: [1]}\n",
    HEAD + "market: [1]\n",
    HEAD + "tables: {t: 1}\n",
    HEAD + "tables: {t: [1]}\n",
    HEAD + "tables: {t: [{a: [1]}]}\n",
    HEAD + "tables: {t: {}}\n",
    HEAD + "tables: {t: {file: x.csv, sheet: 1}}\n",
]


@cache
def validator() -> Draft202012Validator:
    schema = json.loads(FILE.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=FormatChecker())


def instance(node: Node) -> Any:
    """What a reader of YAML 1.2 makes of a tree."""
    if isinstance(node, Listing):
        return [instance(item) for item in node.items]
    if isinstance(node, Mapping):
        return {key.text: instance(value) for key, value in node}
    if node.is_null:
        return None
    if node.is_truth:
        return node.text == "true"
    value = number(node.text)
    return node.text if node.quoted or isinstance(value, Refused) else value


def accepted(text: str) -> bool:
    node = read_yaml(Source("book.yaml", text), Report(Findings()))
    assert node is not None
    return bool(validator().is_valid(instance(node)))


def test_the_file_is_made_from_the_declared_shape() -> None:
    assert FILE.read_text(encoding="utf-8") == schema_text()


@pytest.mark.parametrize("text", GOOD)
def test_both_accept(text: str) -> None:
    assert accepted(text)
    assert set(codes(text)) <= SEMANTIC


@pytest.mark.parametrize("text", BAD)
def test_both_refuse(text: str) -> None:
    assert not accepted(text)
    assert set(codes(text)) - SEMANTIC


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.name)
def test_the_examples_fit(path: Any) -> None:
    assert accepted(path.read_text(encoding="utf-8"))
