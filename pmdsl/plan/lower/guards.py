"""Which kinds of instrument a condition leaves: `instrument.kind == option and …` leaves options."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmdsl.plan.lower.elaborator import Elaborator
from pmdsl.syntax import ast
from pmdsl.types.values import Type

if TYPE_CHECKING:
    from pmdsl.plan.lower.tables import Layout

Kinds = frozenset[str] | None


def all_kinds(e: Elaborator) -> frozenset[str]:
    return frozenset(e.kinds["instrument_kind"].words)


def kinds_of(e: Elaborator, node: ast.Expr, holds: bool = True, depth: int = 0) -> Kinds:
    """The kinds of instrument for which a condition can hold (or fail); None where it says nothing of
    kinds.
    """
    if isinstance(node, ast.Paren):
        return kinds_of(e, node.inner, holds, depth)
    if isinstance(node, ast.Not):
        return kinds_of(e, node.operand, not holds, depth)
    if isinstance(node, ast.And | ast.Or):
        left, right = kinds_of(e, node.left, holds, depth), kinds_of(e, node.right, holds, depth)
        return both(left, right) if isinstance(node, ast.And) == holds else either(left, right)
    if isinstance(node, ast.Compare):
        return of_comparison(e, node, holds)
    if isinstance(node, ast.Member) and is_kind(node.operand):
        words = e.program.get(ast.SetDecl, node.set)
        named = frozenset(word.text for word in words.words) if words else frozenset()
        return named if holds else all_kinds(e) - named
    if isinstance(node, ast.Path) and len(node.parts) == 1 and depth < 10:
        step = e.program.get(ast.Step, node.parts[0])
        return kinds_of(e, step.value, holds, depth + 1) if step is not None else None
    return None


def both(left: Kinds, right: Kinds) -> Kinds:
    if left is None or right is None:
        return left if right is None else right
    return left & right


def either(left: Kinds, right: Kinds) -> Kinds:
    return None if left is None or right is None else left | right


def is_kind(node: ast.Expr) -> bool:
    return isinstance(node, ast.Path) and node.parts in (("instrument", "kind"), ("kind",))


def of_comparison(e: Elaborator, node: ast.Compare, holds: bool) -> Kinds:
    """`instrument.kind == option`, either way round."""
    for one, other in ((node.left, node.right), (node.right, node.left)):
        if is_kind(one) and isinstance(other, ast.Path) and node.operator in ("==", "!="):
            named = frozenset({other.parts[-1]})
            return named if (node.operator == "==") == holds else all_kinds(e) - named
    return None


def kinds_of_keys(e: Elaborator, layout: Layout, row: dict[str, ast.Expr | None], types: list[Type]) -> Kinds:
    """The kinds that a row's key cells leave, where one of the keys is the instrument's kind."""
    for key, type_ in zip(layout.keys, types, strict=True):
        cell = row.get(key)
        if type_.kind == "instrument_kind" and isinstance(cell, ast.Path):
            return frozenset({cell.parts[0]})
    return None


def kinds_of_row(e: Elaborator, layout: Layout, row: dict[str, ast.Expr | None], types: list[Type]) -> Kinds:
    """The kinds that a row leaves, by its keys and its condition."""
    when = row.get("when")
    of_when = kinds_of(e, when) if when is not None and not isinstance(when, ast.AnyCell) else None
    return both(kinds_of_keys(e, layout, row, types), of_when)
