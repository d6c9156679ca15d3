"""Expressions of the language as SymPy expressions, made by visiting their nodes: no text is ever parsed.

Nothing is simplified: what is shown is what was written. SymPy is imported with this module, so this module
is imported only where a formula is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import sympy

from pmdsl.syntax import ast

Expression = Any

RELATIONS: Mapping[str, Callable[..., Expression]] = {
    "==": sympy.Eq, "!=": sympy.Ne, "<": sympy.Lt, "<=": sympy.Le, ">": sympy.Gt, ">=": sympy.Ge,
}  # fmt: skip
UNEVALUATED: Mapping[str, Callable[..., Expression]] = {
    "abs": sympy.Abs, "exp": sympy.exp, "ln": sympy.log,
    "floor": sympy.floor, "ceil": sympy.ceiling,
}  # fmt: skip


# Greek names that SymPy shows as letters.
NAMES: Mapping[str, str] = {"normal_cdf": "Phi", "normal_pdf": "phi"}
SIGNS: Mapping[str, str] = {"sum": "Σ", "largest": "max", "smallest": "min"}


def expression(node: ast.Expr) -> Expression:
    """The SymPy expression of a formula."""
    for kind, make in MAKERS.items():
        if isinstance(node, kind):
            return make(node)
    return symbol(" ".join(node.span.text.split()))


def symbol(name: str) -> Expression:
    return sympy.Symbol(name)


def number(value: Fraction) -> Expression:
    return sympy.Rational(value.numerator, value.denominator)


def plain_number(node: ast.Number) -> Expression:
    return number(node.value) if node.value.denominator == 1 else symbol(node.text)


def sign(node: ast.Sign) -> Expression:
    inner = expression(node.operand)
    return sympy.Mul(sympy.Integer(-1), inner, evaluate=False) if node.operator == "-" else inner


def binary(node: ast.Binary) -> Expression:
    """A chain of one precedence as one sum or one product, in the order of writing."""
    summed = node.operator in "+-"
    terms: list[Expression] = []
    rest: ast.Expr = node
    while isinstance(rest, ast.Binary) and (rest.operator in "+-") == summed:
        terms.append(inverted(rest.operator, expression(rest.right)))
        rest = rest.left
    terms.append(expression(rest))
    make = sympy.Add if summed else sympy.Mul
    return make(*reversed(terms), evaluate=False)


def inverted(operator: str, term: Expression) -> Expression:
    """A term as it enters a sum or a product."""
    if operator == "-":
        return sympy.Mul(sympy.Integer(-1), term, evaluate=False)
    return sympy.Pow(term, sympy.Integer(-1), evaluate=False) if operator == "/" else term


def compare(node: ast.Compare) -> Expression:
    return RELATIONS[node.operator](expression(node.left), expression(node.right), evaluate=False)


def truth(node: ast.Expr) -> Expression:
    """A condition; one that SymPy would not take as such stands as a name."""
    found = expression(node)
    boolean = isinstance(found, sympy.logic.boolalg.Boolean)
    return found if boolean else symbol(" ".join(node.span.text.split()))


def choice(node: ast.If) -> Expression:
    """Nested conditions become one case distinction."""
    cases = [(expression(node.then), truth(node.condition))]
    rest: ast.Expr = node.otherwise
    while isinstance(rest, ast.If):
        cases.append((expression(rest.then), truth(rest.condition)))
        rest = rest.otherwise
    return sympy.Piecewise(*cases, (expression(rest), True), evaluate=False)


def call(node: ast.Call) -> Expression:
    name = str(node.function)
    args = [expression(arg.value) for arg in node.args]
    if name == "sqrt":
        return sympy.Pow(args[0], sympy.Rational(1, 2), evaluate=False)
    if name in UNEVALUATED:
        return UNEVALUATED[name](*args, evaluate=False)
    return applied(NAMES.get(name, name), *args)


def applied(name: str, *args: Expression) -> Expression:
    """A function that SymPy does not know."""
    return sympy.Function(name)(*args, evaluate=False)


def over(kind: str, name: str | None, *args: Expression) -> Expression:
    """A reduction: `Σ[account](x)`, `max[point](x)`."""
    return applied(f"{SIGNS.get(kind, kind)}[{name}]", *args)


def fold(node: ast.Fold) -> Expression:
    where = [applied("where", truth(node.where))] if node.where is not None else []
    return over(node.kind, node.into or node.over, expression(node.operand), *where)


def net(node: ast.Net) -> Expression:
    """What netting means: all losses, and a share of the gains."""
    inner, share = expression(node.operand), expression(node.crediting)
    zero = sympy.Integer(0)
    losses = over("sum", node.into, applied("min", inner, zero))
    gains = over("sum", node.into, applied("max", inner, zero))
    return sympy.Add(losses, sympy.Mul(share, gains, evaluate=False), evaluate=False)


def worst(node: ast.Worst) -> Expression:
    loss = sympy.Mul(sympy.Integer(-1), expression(node.operand), evaluate=False)
    highest = over("largest", node.over, loss)
    return highest if node.unfloored else applied("max", sympy.Integer(0), highest)


def at(node: ast.At) -> Expression:
    """`value at (price_by: move)`: a function of its shocks."""
    if not isinstance(node.place, tuple):
        return applied(f"{node.operand.span.text} at", symbol(node.place.span.text))
    shocks = [applied(str(arg.name), expression(arg.value)) for arg in node.place]
    return applied(node.operand.span.text, *shocks)


MAKERS: Mapping[type[ast.Expr], Callable[[Any], Expression]] = {
    ast.Number: plain_number,
    ast.Paren: lambda node: expression(node.inner),
    ast.Sign: sign,
    ast.Binary: binary,
    ast.Compare: compare,
    ast.And: lambda node: sympy.And(truth(node.left), truth(node.right), evaluate=False),
    ast.Or: lambda node: sympy.Or(truth(node.left), truth(node.right), evaluate=False),
    ast.Not: lambda node: sympy.Not(truth(node.operand), evaluate=False),
    ast.If: choice,
    ast.Call: call,
    ast.Fold: fold,
    ast.Net: net,
    ast.Worst: worst,
    ast.At: at,
}
