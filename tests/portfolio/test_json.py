"""JSON, YAML and mappings are three spellings of one tree."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmdsl.diagnostics import Findings
from pmdsl.portfolio import read_portfolio
from pmdsl.portfolio.json_tree import read_json
from pmdsl.portfolio.report import Report
from pmdsl.portfolio.tree import Listing, Mapping, Node
from pmdsl.portfolio.yaml_tree import read_yaml
from pmdsl.source import Source
from tests.portfolio.helpers import codes, good, only

PLAIN = st.characters(
    codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp", "Co", "Cn"], exclude_characters="\ufeff"
)
LEAVES = (
    st.text(PLAIN, max_size=10)
    | st.integers(-(10**9), 10**9)
    | st.floats(-1e9, 1e9)
    | st.booleans()
    | st.none()
)
TREES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(PLAIN, max_size=8), inner, max_size=4)
    ),
)

Shape = tuple[object, ...]


def shape(node: Node) -> Shape:
    """A tree without its places."""
    if isinstance(node, Listing):
        return ("list", *(shape(item) for item in node.items))
    if isinstance(node, Mapping):
        return ("mapping", *((key.text, shape(value)) for key, value in node))
    return ("scalar", node.text, node.quoted)


def tree(text: str, reader: object) -> Node:
    findings = Findings()
    node = reader(Source("text", text), Report(findings))  # type: ignore[operator]
    assert node is not None, [str(finding) for finding in findings]
    return node  # type: ignore[no-any-return]


@given(TREES)
def test_both_readers_see_one_tree(value: object) -> None:
    text = json.dumps(value, ensure_ascii=False)
    assert shape(tree(text, read_json)) == shape(tree(text, read_yaml))


@given(TREES)
def test_escapes_and_layout_change_nothing(value: object) -> None:
    plain = shape(tree(json.dumps(value, ensure_ascii=False), read_json))
    assert shape(tree(json.dumps(value, indent=3), read_json)) == plain


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    for name in ("book.json", "book.yaml"):
        codes(text, name)


@given(TREES)
def test_places_hold_what_was_read(value: object) -> None:
    text = json.dumps(value, ensure_ascii=False)

    def check(node: Node) -> None:
        inner = (
            node.items
            if isinstance(node, Listing)
            else [v for _, v in node]
            if isinstance(node, Mapping)
            else ()
        )
        assert json.loads(node.span.text) is not ...
        for child in inner:
            check(child)

    check(tree(text, read_json))


def test_a_book_in_json() -> None:
    book = good(
        '{"on": "2024-01-19", "underlyings": [{"id": "SPY", "kind": "etf", "price": 450.5}],'
        ' "positions": [{"instrument": "SPY", "quantity": 1E2}], "market": {"open": true, "vix": 14.20}}',
        "book.json",
    )
    assert book.positions.number("quantity").tolist() == [100.0]
    assert book.market == {"open": "true", "vix": "14.20"}


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        ('{"on": "2024-01-19",}', 21, "expected a key"),
        ('{"on": "2024-01-19"', 20, "expected `,` or `}`, found the end of the text"),
        ('{"on" "2024-01-19"}', 7, "expected `:`"),
        ('{"on": 2024-01-19}', 8, "texts stand in double quotes"),
        ("{\"on\": '2024-01-19'}", 8, "found `'`"),
        ('{"on": "2024-01-19"} {}', 22, "after the end"),
        ('{"a": "\\x41"}', 7, "broken escape"),
        ('{"a": True}', 7, "`True` is no value"),
        ('{"a": 01}', 7, "`01` is no value"),
        ('{"a": +1}', 7, "`+1` is no value"),
        ('{"a": .5}', 7, "`.5` is no value"),
        ('{"a": 1.}', 7, "`1.` is no value"),
        ('{"a": [1 2]}', 10, "expected `,` or `]`"),
        ("// no\n{}", 1, "found `/`"),
        ("", 1, "the end of the text"),
    ],
)
def test_what_is_no_json(text: str, column: int, said: str) -> None:
    finding = only(text, "book.json")
    assert finding.code == "PM603"
    assert finding.span is not None
    assert finding.span.column == column
    assert said in finding.message


def test_which_texts_are_json() -> None:
    assert codes("{on: 2024-01-19}", "book.yaml") == []
    assert codes("{on: 2024-01-19}", "<text>") == []
    assert codes('{"on": "2024-01-19"}', "<text>") == []
    assert codes('{"on": "2024-01-19"}', "book.yml") == []
    assert codes("on: 2024-01-19", "book.json") == ["PM603"]


def test_a_mapping_of_python_values() -> None:
    book = read_portfolio(
        MappingProxyType(
            {
                "on": datetime(2024, 1, 19, 16, tzinfo=timezone(timedelta(hours=-5))),
                "rate": Decimal("0.05"),
                "underlyings": ({"id": "SPY", "kind": "etf", "price": np.float64(450.5)},),
                "instruments": [{"id": "F", "kind": "future", "expiry": date(2024, 3, 15), "listed": True}],
                "positions": [{"instrument": "F", "quantity": np.int64(-3)}],
                "market": {"vix": np.float32(14.5)},
            }
        )
    )
    assert book.moment is not None
    assert book.positions.number("quantity").tolist() == [-3.0]
    assert book.instruments.number("listed").tolist() == [1.0]
    assert book.market == {"vix": "14.5"}
