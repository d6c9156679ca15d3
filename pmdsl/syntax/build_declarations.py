"""Builders of the statements of a methodology: values, tables, formulas, outputs."""

from __future__ import annotations

from typing import TypeVar

from pmdsl.source import Span
from pmdsl.syntax import ast
from pmdsl.syntax.build_parts import (
    Parts,
    date_of,
    name_of,
    notes_of,
    optional_name,
    text_of,
)
from pmdsl.syntax.build_strategies import STRATEGIES
from pmdsl.syntax.build_structure import STRUCTURE
from pmdsl.syntax.build_tables import all_of, first_of
from pmdsl.syntax.lexer import Token
from pmdsl.syntax.machine import Builder

Output = TypeVar("Output", ast.Require, ast.Report)


def scenarios(span: Span, parts: Parts) -> ast.Scenarios:
    name, content, *notes = parts
    return ast.Scenarios(name_of(name, span), content, notes_of(notes), span=span)


def history(span: Span, parts: Parts) -> ast.History:
    path, last, where = parts
    return ast.History(path, None if last is None else whole(last), where, span=span)


def whole(token: Token) -> int:
    """A count; a fraction in its place has been reported and counts as its whole part."""
    return int(token.text.replace("_", "").partition(".")[0])


def distinct(span: Span, parts: Parts) -> ast.Distinct:
    each, also, within = parts
    return ast.Distinct(each, also, name_of(within, span), span=span)


def param(span: Span, parts: Parts) -> ast.Param:
    name, type_name, *rest = parts
    return ast.Param(
        name=name_of(name, span),
        type=type_name,
        segments=all_of(rest, ast.Dated),
        stricter=first_of(rest, ast.Stricter),
        notes=notes_of(rest),
        span=span,
    )


def dated(span: Span, parts: Parts) -> ast.Dated:
    start, end, value = parts
    return ast.Dated(date_of(start), None if end is None else date_of(end), value, span=span)


def params(span: Span, parts: Parts) -> ast.Params:
    return ast.Params(parts[0], notes_of(parts[1:]), span=span)


def table(span: Span, parts: Parts) -> ast.TableDecl:
    policy, name, keys, outside, body, *notes = parts
    return ast.TableDecl(policy, name_of(name, span), keys, outside, body, notes_of(notes), span=span)


def override_table(span: Span, parts: Parts) -> ast.TableDecl:
    name, keys, body, *notes = parts
    return ast.TableDecl(None, name_of(name, span), keys, None, body, notes_of(notes), span=span)


def matrix(span: Span, parts: Parts) -> ast.Matrix:
    name, by, outside, body, *notes = parts
    return ast.Matrix(name_of(name, span), name_of(by, span), outside, body, notes_of(notes), span=span)


def pair(span: Span, parts: Parts) -> ast.PairDecl:
    name, level, first, second, within, content, *notes = parts
    return ast.PairDecl(
        name=name_of(name, span),
        level=name_of(level, span),
        first=name_of(first, span),
        second=name_of(second, span),
        within=optional_name(within, span),
        content=content,
        notes=notes_of(notes),
        span=span,
    )


def formula(span: Span, parts: Parts) -> ast.Formula:
    name, parameters, value, *notes = parts
    return ast.Formula(name_of(name, span), parameters, value, notes_of(notes), span=span)


def pricing(span: Span, parts: Parts) -> ast.Pricing:
    return ast.Pricing(parts[0], notes_of(parts[1:]), span=span)


def step(span: Span, parts: Parts) -> ast.Step:
    name, guard, value, *notes = parts
    return ast.Step(name_of(name, span), optional_name(guard, span), value, notes_of(notes), span=span)


def output(kind: type[Output]) -> Builder:
    """The builder of `require` or `report`."""

    def build(span: Span, parts: Parts) -> Output:
        name, by, value, *notes = parts
        return kind(name_of(name, span), optional_name(by, span), value, notes_of(notes), span=span)

    return build


def eligible(span: Span, parts: Parts) -> ast.Eligible:
    name, message, condition, *notes = parts
    return ast.Eligible(name_of(name, span), text_of(message), condition, notes_of(notes), span=span)


def alert(span: Span, parts: Parts) -> ast.Alert:
    name, message, severity, condition, *notes = parts
    return ast.Alert(
        name=name_of(name, span),
        message=text_of(message),
        severity=name_of(severity, span),
        condition=condition,
        notes=notes_of(notes),
        span=span,
    )


def check(span: Span, parts: Parts) -> ast.Check:
    message, claim, *notes = parts
    return ast.Check(text_of(message), claim, notes_of(notes), span=span)


def override(span: Span, parts: Parts) -> ast.Override:
    tighten, declaration = parts
    return ast.Override(bool(tighten), declaration, span=span)


def remove(span: Span, parts: Parts) -> ast.Remove:
    what, name, *notes = parts
    text = text_of(name) if name.kind == "STRING" else name.text
    return ast.Remove(name_of(what, span), text, notes_of(notes), span=span)


DECLARATIONS: dict[str, Builder] = {
    **STRUCTURE,
    **STRATEGIES,
    "scenarios": scenarios,
    "history": history,
    "distinct": distinct,
    "param": param,
    "dated": dated,
    "params": params,
    "table": table,
    "override_table": override_table,
    "matrix": matrix,
    "pair": pair,
    "formula": formula,
    "pricing": pricing,
    "step": step,
    "require": output(ast.Require),
    "report": output(ast.Report),
    "eligible": eligible,
    "alert": alert,
    "check": check,
    "override": override,
    "remove": remove,
}
