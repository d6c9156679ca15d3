"""Builders of tests."""

from __future__ import annotations

from dataclasses import replace

from pmdsl.source import Span
from pmdsl.syntax import ast
from pmdsl.syntax.build_parts import Parts, date_of, text_of
from pmdsl.syntax.lexer import Token
from pmdsl.syntax.machine import Builder


def test(span: Span, parts: Parts) -> ast.TestCase:
    title, *members = parts
    return ast.TestCase(text_of(title), tuple(members), span=span)


def using(span: Span, parts: Parts) -> ast.Using:
    return ast.Using(parts[0], span=span)


def on(span: Span, parts: Parts) -> ast.On:
    return ast.On(date_of(parts[0]), span=span)


def rate(span: Span, parts: Parts) -> ast.Rate:
    return ast.Rate(parts[0], span=span)


def block(span: Span, parts: Parts) -> ast.Block:
    kind, name, *rows = parts
    return ast.Block(kind.text, None if name is None else name.text, tuple(rows), span=span)


def expect(span: Span, parts: Parts) -> ast.TestMember:
    found: ast.TestMember = replace(parts[0], span=span)
    return found


def expect_value(span: Span, parts: Parts) -> ast.ExpectValue:
    target, arguments, point, value, within = parts
    return ast.ExpectValue(
        target, arguments or (), None if point is None else point.text, value, within, span=span
    )


def expect_error(span: Span, parts: Parts) -> ast.ExpectError:
    return ast.ExpectError(parts[0].text, span=span)


def expect_fires(span: Span, parts: Parts) -> ast.ExpectFires:
    return ast.ExpectFires(parts[0], parts[1], span=span)


def expect_state(span: Span, parts: Parts) -> ast.ExpectState:
    kind, name, arguments, value = parts
    return ast.ExpectState(kind, name_or_text(name), arguments or (), value, span=span)


def name_or_text(token: Token) -> str:
    return text_of(token) if token.kind == "STRING" else token.text


TESTS: dict[str, Builder] = {
    "test": test,
    "using": using,
    "on": on,
    "rate": rate,
    "block": block,
    "expect": expect,
    "expect_value": expect_value,
    "expect_error": expect_error,
    "expect_fires": expect_fires,
    "expect_state": expect_state,
}
