"""The exact value of an expression that constants alone make up."""

from __future__ import annotations

from fractions import Fraction

from pmdsl.syntax import ast

Exact = tuple[Fraction, str]


def exact_value(node: ast.Expr) -> Exact | None:
    """The value and its unit: a currency, `contracts`, "" for none. None for other formulas."""
    match node:
        case ast.Number() | ast.Percent():
            return node.value, ""
        case ast.Money():
            return node.value, node.currency
        case ast.Contracts():
            return node.value, "contracts"
        case ast.Paren():
            return exact_value(node.inner)
        case ast.Sign():
            inner = exact_value(node.operand)
            return inner and (-inner[0] if node.operator == "-" else inner[0], inner[1])
        case ast.Binary():
            return binary(node)
    return None


def binary(node: ast.Binary) -> Exact | None:
    """Arithmetic of two constants; what has a unit only with plain numbers, or added to its like."""
    left, right = exact_value(node.left), exact_value(node.right)
    if left is None or right is None or (node.operator == "/" and (right[0] == 0 or right[1])):
        return None
    if node.operator in "+-" and left[1] == right[1]:
        return (left[0] + right[0] if node.operator == "+" else left[0] - right[0]), left[1]
    if node.operator == "*" and not (left[1] and right[1]):
        return left[0] * right[0], left[1] or right[1]
    return (left[0] / right[0], left[1]) if node.operator == "/" else None
