"""Builders of legs, of strategies with their patterns, and of pairings."""

from __future__ import annotations

from dataclasses import dataclass

from pmdsl.source import Span
from pmdsl.syntax import ast
from pmdsl.syntax.build_parts import Parts, name_of, notes_of
from pmdsl.syntax.build_tables import all_of, first_of
from pmdsl.syntax.machine import Builder


@dataclass(frozen=True)
class Same(ast.Node):
    """`same a, b`, until it has joined its block."""

    paths: tuple[ast.Path, ...]


@dataclass(frozen=True)
class Balanced(ast.Node):
    """`balanced by a, b`, until it has joined its pool."""

    paths: tuple[ast.Path, ...]


@dataclass(frozen=True)
class Condition(ast.Node):
    """`where x` on a line of its own, until it has joined its pattern."""

    value: ast.Expr


@dataclass(frozen=True)
class Only(ast.Node):
    """`only a, b`, until it has joined its pairing."""

    names: tuple[ast.Name, ...]


@dataclass(frozen=True)
class Without(ast.Node):
    """`without a, b`, until it has joined its pairing."""

    names: tuple[ast.Name, ...]


def leg(span: Span, parts: Parts) -> ast.LegDecl:
    name, of, where, *notes = parts
    return ast.LegDecl(name_of(name, span), name_of(of, span), where, notes_of(notes), span=span)


def strategies(span: Span, parts: Parts) -> ast.Strategies:
    name, within, measure, *rest = parts
    return ast.Strategies(
        name=name_of(name, span),
        within=name_of(within, span),
        measure=measure,
        same=paths_of(rest, Same),
        amounts=all_of(rest, ast.Amount),
        patterns=all_of(rest, ast.PatternDecl),
        notes=notes_of(rest),
        span=span,
    )


def paths_of(parts: Parts, kind: type[Same] | type[Balanced]) -> tuple[ast.Path, ...]:
    """The paths of the one part of a kind; none where nothing is said."""
    found = first_of(parts, kind)
    return () if found is None else found.paths


def same(span: Span, parts: Parts) -> Same:
    return Same(parts[0], span=span)


def balanced(span: Span, parts: Parts) -> Balanced:
    return Balanced(parts[0], span=span)


def condition(span: Span, parts: Parts) -> Condition:
    return Condition(parts[0], span=span)


def amount(span: Span, parts: Parts) -> ast.Amount:
    name, default = parts
    return ast.Amount(name_of(name, span), default, span=span)


def construct(*, pool: bool) -> Builder:
    """The builder of `pattern` or `pool`."""

    def build(span: Span, parts: Parts) -> ast.PatternDecl:
        name, *rest = parts
        where = first_of(rest, Condition)
        return ast.PatternDecl(
            name=name_of(name, span),
            pool=pool,
            same=paths_of(rest, Same),
            slots=all_of(rest, ast.SlotDecl),
            where=None if where is None else where.value,
            balanced=paths_of(rest, Balanced),
            needs=all_of(rest, ast.Needs),
            charges=all_of(rest, ast.Charge),
            notes=notes_of(rest),
            span=span,
        )

    return build


def slot(span: Span, parts: Parts) -> ast.SlotDecl:
    side, leg_name, name, count = parts
    return ast.SlotDecl(side, name_of(leg_name, span), name_of(name, span), count, span=span)


def needs(span: Span, parts: Parts) -> ast.Needs:
    short, other, where = parts
    return ast.Needs(name_of(short, span), name_of(other, span), where, span=span)


def charge(span: Span, parts: Parts) -> ast.Charge:
    name, value = parts
    return ast.Charge(name_of(name, span), value, span=span)


def pairing(span: Span, parts: Parts) -> ast.Pairing:
    name, choice, *rest = parts
    only, without = first_of(rest, Only), first_of(rest, Without)
    return ast.Pairing(
        name=name_of(name, span),
        strategies=name_of(choice, span),
        objectives=all_of(rest, ast.Expr),
        only=() if only is None else only.names,
        without=() if without is None else without.names,
        notes=notes_of(rest),
        span=span,
    )


STRATEGIES: dict[str, Builder] = {
    "leg": leg,
    "strategies": strategies,
    "same": same,
    "amount": amount,
    "pattern": construct(pool=False),
    "pool": construct(pool=True),
    "slot": slot,
    "condition": condition,
    "balanced": balanced,
    "needs": needs,
    "charge": charge,
    "pairing": pairing,
    "only": lambda span, parts: Only(parts[0], span=span),
    "without": lambda span, parts: Without(parts[0], span=span),
}
