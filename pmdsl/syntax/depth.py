"""Formulas that are nested too deep: they are left out, so that no later pass runs out of stack."""

from __future__ import annotations

from dataclasses import replace

from pmdsl.diagnostics import Finding
from pmdsl.syntax import ast
from pmdsl.syntax.log import Log

MAX_DEPTH = 100
HINT = "give the parts names of their own: one step each"

OPERATORS = (ast.Binary, ast.And, ast.Or)


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
    node, is_chain = deep
    what = f"this is nested more than {MAX_DEPTH} deep"
    if is_chain:
        what = f"more than {MAX_DEPTH} operators follow one another"
    log.report(Finding("PM160", what, node.span, hint=HINT))
    return False


def too_deep(statement: ast.Node) -> tuple[ast.Node, bool] | None:
    """An expression that is too deep, and whether mostly operators are above it; found without recursion.

    What has fewer characters than would be needed to be too deep is not looked into.
    """
    pending: list[tuple[ast.Node, int, int]] = [(statement, 0, 0)]
    while pending:
        node, depth, operators = pending.pop()
        if depth > MAX_DEPTH:
            return node, operators > MAX_DEPTH // 2
        if isinstance(node, ast.Expr):
            depth += 1
            if depth + node.span.end - node.span.start <= MAX_DEPTH:
                continue
        operators += isinstance(node, OPERATORS)
        pending.extend((child, depth, operators) for child in ast.children(node))
    return None
