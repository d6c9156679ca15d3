"""The parts of strategies: what holds for all of them, their amounts, their patterns and pools."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pmdsl.compare.difference.plainer import bare, text_of
from pmdsl.syntax import ast

Cells = Mapping[str, tuple[str, object]]


def strategy_parts(declaration: ast.Strategies) -> Iterator[tuple[str, Cells, ast.Node]]:
    """Each part by its name, with its cells as text and as trees, and the node where it stands."""
    yield (
        "",
        cells(within=declaration.within, measured=declaration.measure, same=declaration.same),
        declaration,
    )
    for amount in declaration.amounts:
        yield f"amount {amount.name}", cells(default=amount.default), amount
    for pattern in declaration.patterns:
        yield f"{'pool' if pattern.pool else 'pattern'} {pattern.name}", of_pattern(pattern), pattern


def of_pattern(pattern: ast.PatternDecl) -> Cells:
    """Its legs, its conditions, and what it charges of each amount."""
    charges = {f"charge {charge.amount}": charge.value for charge in pattern.charges}
    found = cells(legs=pattern.slots, same=pattern.same, where=pattern.where)
    pooled = cells(**{"balanced by": pattern.balanced, "needs": pattern.needs})
    return {**found, **pooled, **cells(**charges)}


def cells(**nodes: ast.Node | tuple[ast.Node, ...] | None) -> Cells:
    """What is written of some parts, without those of which nothing is."""
    return {name: (said(node), bare(node)) for name, node in nodes.items() if node}


def said(node: ast.Node | tuple[ast.Node, ...] | None) -> str:
    return ", ".join(map(text_of, node)) if isinstance(node, tuple) else text_of(node)
