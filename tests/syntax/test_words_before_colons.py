"""Before a colon any word is a name, even where a statement with that keyword could begin."""

from __future__ import annotations

import pytest

from pmdsl.diagnostics import Findings
from pmdsl.source import Source
from pmdsl.syntax import ast
from pmdsl.syntax.parser import parse

WORDS = (
    *("rate", "title", "on", "currency", "kind", "source", "step", "sum", "where", "expect", "default"),
    *("leg", "pattern", "charge", "amount", "long", "count"),
)


@pytest.mark.parametrize("word", WORDS)
def test_a_keyword_names_an_attribute_after_a_default(word: str) -> None:
    text = f"pmdsl 1\nmethodology a {{ input underlying {{ first: factor default 1 * 2 {word}: factor }} }}\n"
    findings = Findings()
    file = parse(Source("a.margin", text), findings)
    assert [str(finding) for finding in findings] == []
    names = [
        field.name.text for node in ast.walk(file) if isinstance(node, ast.Input) for field in node.fields
    ]
    assert names == ["first", word]
