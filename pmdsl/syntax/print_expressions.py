"""Expressions and cells as documents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from pmdsl.syntax import ast
from pmdsl.syntax.pretty import LINE, Align, Doc, Group, Nest, Text, concat, flat, join
from pmdsl.syntax.print_reductions import PHRASES, phrase

SUMS, PRODUCTS = frozenset("+-"), frozenset("*/")


def expr_text(node: ast.Expr) -> str:
    """An expression or a cell on one line."""
    return flat(expr_doc(node))


def expr_doc(node: ast.Expr) -> Doc:
    """An expression or a cell, with the places where a long one may be broken."""
    return PRINTERS[type(node)](node)


def written(node: Any) -> Doc:
    return Text(node.text)


def spaced(node: ast.Money | ast.Contracts) -> Doc:
    return Text(" ".join(node.text.split()))


def text(node: ast.Text) -> Doc:
    return Text(f'"{node.value}"')


def day(node: ast.Date) -> Doc:
    return Text(node.value.isoformat())


def path(node: ast.Path) -> Doc:
    return Text(str(node))


def paren(node: ast.Paren) -> Doc:
    return concat("(", Align(expr_doc(node.inner)), ")")


def sign(node: ast.Sign) -> Doc:
    return concat(node.operator, expr_doc(node.operand))


def negation(node: ast.Not) -> Doc:
    return concat("not ", expr_doc(node.operand))


# ---- operators -------------------------------------------------------------------------------------------


def binary(node: ast.Binary) -> Doc:
    """A chain of sums, or of products, is broken before each of its operators."""
    family = SUMS if node.operator in SUMS else PRODUCTS
    links: list[tuple[str, ast.Expr]] = []
    left: ast.Expr = node
    while isinstance(left, ast.Binary) and left.operator in family:
        links.append((left.operator, left.right))
        left = left.left
    links.reverse()
    return chain(left, links) if family is SUMS else filled(left, links)


def filled(first: ast.Expr, links: Sequence[tuple[str, ast.Expr]]) -> Doc:
    """A product: as many factors on a line as fit."""
    parts: list[Doc | str] = [expr_doc(first)]
    for operator, operand in links:
        parts.append(Group(concat(LINE, f"{operator} ", Align(expr_doc(operand)))))
    return Group(Align(concat(*parts)))


def both(node: ast.And) -> Doc:
    links: list[tuple[str, ast.Expr]] = []
    left: ast.Expr = node
    while isinstance(left, ast.And):
        links.append(("and", left.right))
        left = left.left
    return chain(left, links[::-1])


def either(node: ast.Or) -> Doc:
    links: list[tuple[str, ast.Expr]] = []
    left: ast.Expr = node
    while isinstance(left, ast.Or):
        links.append(("or", left.right))
        left = left.left
    return chain(left, links[::-1])


def chain(first: ast.Expr, links: Sequence[tuple[str, ast.Expr]]) -> Doc:
    parts: list[Doc | str] = [expr_doc(first)]
    for operator, operand in links:
        parts += [LINE, f"{operator} ", Align(expr_doc(operand))]
    return Group(Align(concat(*parts)))


def compare(node: ast.Compare) -> Doc:
    return chain(node.left, [(node.operator, node.right)])


def member(node: ast.Member) -> Doc:
    return concat(expr_doc(node.operand), f" in {node.set}")


def condition(node: ast.If) -> Doc:
    """`if … then …`, and below it each `else`."""
    parts: list[Doc | str] = []
    rest: ast.Expr = node
    opening = "if "
    while isinstance(rest, ast.If):
        parts += [
            Group(concat(opening, Align(expr_doc(rest.condition)), LINE, "then ", Align(expr_doc(rest.then))))
        ]
        parts.append(LINE)
        opening, rest = "else if ", rest.otherwise
    return Group(Align(concat(*parts, "else ", Align(expr_doc(rest)))))


# ---- calls, look-ups and places --------------------------------------------------------------------------


def args(arguments: Sequence[ast.Arg]) -> Doc:
    return Group(Align(join(concat(",", LINE), [arg(argument) for argument in arguments])))


def arg(argument: ast.Arg) -> Doc:
    value = expr_doc(argument.value)
    return value if argument.name is None else concat(f"{argument.name}: ", Align(value))


def call(node: ast.Call) -> Doc:
    return concat(f"{node.function}(", args(node.args), ")")


def index(node: ast.Index) -> Doc:
    column = "" if node.column is None else f".{node.column}"
    return concat(f"{node.target}[", args(node.args), f"]{column}")


def at(node: ast.At) -> Doc:
    place = node.place
    told = concat("(", args(place), ")") if isinstance(place, tuple) else expr_doc(place)
    return concat(expr_doc(node.operand), " at ", told)


def marginal(node: ast.Marginal) -> Doc:
    return concat(f"marginal {node.column} of (", Align(expr_doc(node.operand)), ")")


def reduction(node: ast.Expr) -> Doc:
    """A reduction, broken before each of its parts but the first."""
    told: list[Doc | str] = []
    words = phrase(node)
    for lead, value in words.parts:
        if value is None:
            continue
        inner = Text(value) if isinstance(value, str) else Align(expr_doc(value))
        told += [*([LINE] if told else []), f"{lead} " if lead else "", inner]
    return concat(Group(Align(Nest(2, concat(f"{words.word} ", *told)))), words.end)


# ---- cells -----------------------------------------------------------------------------------------------


def each(node: ast.EachCell) -> Doc:
    return concat("each ", join(", ", [expr_doc(item) for item in node.items]))


def bound(node: ast.BoundCell) -> Doc:
    return concat(f"{node.operator} ", expr_doc(node.operand))


def interval(node: ast.RangeCell) -> Doc:
    return concat(expr_doc(node.low), " up to ", expr_doc(node.high))


PRINTERS: dict[type[ast.Expr], Callable[[Any], Doc]] = {
    **dict.fromkeys(PHRASES, reduction),
    ast.Marginal: marginal,
    ast.Number: written,
    ast.Percent: written,
    ast.Money: spaced,
    ast.Contracts: spaced,
    ast.Text: text,
    ast.Date: day,
    ast.Path: path,
    ast.Paren: paren,
    ast.Sign: sign,
    ast.Not: negation,
    ast.Binary: binary,
    ast.And: both,
    ast.Or: either,
    ast.Compare: compare,
    ast.Member: member,
    ast.If: condition,
    ast.Call: call,
    ast.Index: index,
    ast.At: at,
    ast.AnyCell: lambda _: Text("any"),
    ast.AloneCell: lambda _: Text("alone"),
    ast.EachCell: each,
    ast.BoundCell: bound,
    ast.RangeCell: interval,
}
