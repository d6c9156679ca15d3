"""Formulas that are nested too deep: they are left out, so that no later pass runs out of stack."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from pmdsl.diagnostics import Finding
from pmdsl.syntax import ast
from pmdsl.syntax.log import Log

MAX_DEPTH = 100
HINT = "give the parts names of their own: one step each"

Item = TypeVar("Item", ast.Methodology, ast.TestCase)
Member = TypeVar("Member", bound=ast.Node)


def without_deep(file: ast.File, log: Log) -> ast.File:
    """The file without the statements that hold something too deep, each of which is reported."""
    return replace(file, items=tuple(without_deep_members(item, log) for item in file.items))


def without_deep_members(item: ast.Methodology | ast.TestCase, log: Log) -> ast.Methodology | ast.TestCase:
    if isinstance(item, ast.Methodology):
        members = tuple(member for member in item.members if is_shallow(member, log))
        return item if len(members) == len(item.members) else replace(item, members=members)
    kept = tuple(member for member in item.members if is_shallow(member, log))
    return item if len(kept) == len(item.members) else replace(item, members=kept)


def is_shallow(statement: ast.Node, log: Log) -> bool:
    """Whether nothing in a statement is nested deeper than is allowed; reports what is."""
    deep = too_deep(statement)
    if deep is None:
        return True
    what = (
        "this chain of operators is" if isinstance(deep, ast.Binary | ast.And | ast.Or) else "this is nested"
    )
    log.report(Finding("PM160", f"{what} more than {MAX_DEPTH} deep", deep.span, hint=HINT))
    return False


def too_deep(statement: ast.Node) -> ast.Node | None:
    """The first expression that is too deep; a list of nodes, walked without recursion."""
    pending: list[tuple[ast.Node, int]] = [(statement, 0)]
    while pending:
        node, depth = pending.pop()
        if depth > MAX_DEPTH:
            return node
        step = 1 if isinstance(node, ast.Expr) else 0
        pending.extend((child, depth + step) for child in ast.children(node))
    return None
