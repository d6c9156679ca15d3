"""Builders of expressions."""

from __future__ import annotations

from pmdsl.source import Span
from pmdsl.syntax import ast, numbers
from pmdsl.syntax.build_parts import Parts, date_of, text_of
from pmdsl.syntax.machine import Builder

Arguments = tuple[ast.Arg, ...]


def number(span: Span, parts: Parts) -> ast.Number:
    text = parts[0].text
    return ast.Number(numbers.exact(text), text, span=span)


def percent(span: Span, parts: Parts) -> ast.Percent:
    text = parts[0].text
    return ast.Percent(numbers.percent(text), text, span=span)


def money(span: Span, parts: Parts) -> ast.Money:
    text = parts[0].text
    currency, value = numbers.money(text)
    return ast.Money(currency, value, text, span=span)


def contracts(span: Span, parts: Parts) -> ast.Contracts:
    text = parts[0].text
    return ast.Contracts(numbers.contracts(text), text, span=span)


def text(span: Span, parts: Parts) -> ast.Text:
    return ast.Text(text_of(parts[0]), span=span)


def day(span: Span, parts: Parts) -> ast.Date:
    return ast.Date(date_of(parts[0]), span=span)


def paren(span: Span, parts: Parts) -> ast.Paren:
    return ast.Paren(parts[0], span=span)


def sign(span: Span, parts: Parts) -> ast.Sign:
    operator, operand = parts
    return ast.Sign(operator.text, operand, span=span)


def binary(span: Span, parts: Parts) -> ast.Binary:
    left, operator, right = parts
    return ast.Binary(operator.text, left, right, span=span)


def compare(span: Span, parts: Parts) -> ast.Compare:
    left, operator, right = parts
    return ast.Compare(operator.text, left, right, span=span)


def member_of(span: Span, parts: Parts) -> ast.Member:
    operand, group = parts
    return ast.Member(operand, group.text, span=span)


def negation(span: Span, parts: Parts) -> ast.Not:
    return ast.Not(parts[0], span=span)


def both(span: Span, parts: Parts) -> ast.And:
    return ast.And(parts[0], parts[1], span=span)


def either(span: Span, parts: Parts) -> ast.Or:
    return ast.Or(parts[0], parts[1], span=span)


def if_then_else(span: Span, parts: Parts) -> ast.If:
    condition, then, otherwise = parts
    return ast.If(condition, then, otherwise, span=span)


# ---- calls, look-ups and places ----------------------------------------------------------------------------


def args(span: Span, parts: Parts) -> Arguments:
    return tuple(part if isinstance(part, ast.Arg) else ast.Arg(None, part, span=part.span) for part in parts)


def named(span: Span, parts: Parts) -> ast.Arg:
    name, value = parts
    return ast.Arg(name.text, value, span=span)


def call(span: Span, parts: Parts) -> ast.Call:
    function, arguments = parts
    return ast.Call(function, arguments or (), span=span)


def index(span: Span, parts: Parts) -> ast.Index:
    target, arguments, column = parts
    return ast.Index(target, arguments, None if column is None else column.text, span=span)


def at(span: Span, parts: Parts) -> ast.At:
    operand, place = parts
    return ast.At(operand, place, span=span)


def at_path(span: Span, parts: Parts) -> ast.Path:
    found: ast.Path = parts[0]
    return found


def at_bindings(span: Span, parts: Parts) -> Arguments:
    return tuple(parts)


# ---- reductions --------------------------------------------------------------------------------------------


def fold_into(span: Span, parts: Parts) -> ast.Fold:
    kind, operand, where, into, if_empty = parts
    return ast.Fold(kind, operand, where, into.text, None, if_empty, span=span)


def fold_over(span: Span, parts: Parts) -> ast.Fold:
    kind, operand, where, over, if_empty = parts
    return ast.Fold(kind, operand, where, None, over.text, if_empty, span=span)


def net_into(span: Span, parts: Parts) -> ast.Net:
    operand, where, into, crediting = parts
    return ast.Net(operand, where, into.text, crediting, span=span)


def worst_over(span: Span, parts: Parts) -> ast.Worst:
    unfloored, operand, where, over = parts
    return ast.Worst(operand, where, over.text, bool(unfloored), span=span)


def quantile_over(span: Span, parts: Parts) -> ast.Quantile:
    kind, level, operand, where, over, by, weighing = parts
    return ast.Quantile(kind, level, operand, where, over.text, by.text, weighing, span=span)


def ewma_over(span: Span, parts: Parts) -> ast.Ewma:
    operand, over, decay = parts
    return ast.Ewma(operand, over.text, decay, span=span)


def aggregate_into(span: Span, parts: Parts) -> ast.Aggregate:
    operand, carrying, matrix, dropping, where, into = parts
    carried, clamped = carrying or (None, None)
    return ast.Aggregate(operand, carried, clamped, matrix.text, bool(dropping), where, into.text, span=span)


def carrying(span: Span, parts: Parts) -> tuple[ast.Expr, str | None]:
    return parts[0], parts[1]


def choose(span: Span, parts: Parts) -> ast.Choose:
    *preferences, ties, over = parts
    return ast.Choose(tuple(preferences), ties, over.text, span=span)


def preference(span: Span, parts: Parts) -> tuple[str, ast.Expr]:
    return parts[0], parts[1]


def marginal(span: Span, parts: Parts) -> ast.Marginal:
    return ast.Marginal(parts[0], parts[1], span=span)


def convert(span: Span, parts: Parts) -> ast.Convert:
    operand, currency, haircut = parts
    return ast.Convert(operand, currency.text, haircut, span=span)


def inner(span: Span, parts: Parts) -> ast.Expr:
    """The expression after a word such as `where` or `if_empty`."""
    found: ast.Expr = parts[0]
    return found


EXPRESSIONS: dict[str, Builder] = {
    "number": number,
    "percent": percent,
    "money": money,
    "contracts": contracts,
    "text": text,
    "date": day,
    "paren": paren,
    "sign": sign,
    "binary": binary,
    "compare": compare,
    "member_of": member_of,
    "not_": negation,
    "and_": both,
    "or_": either,
    "if_": if_then_else,
    "args": args,
    "named": named,
    "binding": named,
    "call": call,
    "index": index,
    "at": at,
    "at_path": at_path,
    "at_call": call,
    "at_text": text,
    "at_bindings": at_bindings,
    "fold_into": fold_into,
    "fold_over": fold_over,
    "net_into": net_into,
    "worst_over": worst_over,
    "quantile_over": quantile_over,
    "ewma_over": ewma_over,
    "aggregate_into": aggregate_into,
    "carrying": carrying,
    "choose": choose,
    "preference": preference,
    "marginal": marginal,
    "convert": convert,
    "where": inner,
    "if_empty": inner,
}
