"""Reductions in words: what each is made of, in the order in which it is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pmdsl.syntax import ast

Part = tuple[str, ast.Expr | str | None]


@dataclass(frozen=True)
class Phrase:
    """`word`, then each part that is not None with the word before it, and what stands at the end."""

    word: str
    parts: tuple[Part, ...]
    end: str = ""


def fold(node: ast.Fold) -> Phrase:
    parts = (("", node.operand), ("where", node.where), ("into", node.into), ("over", node.over))
    return Phrase(node.kind, (*parts, ("if_empty", node.if_empty)))


def net(node: ast.Net) -> Phrase:
    parts = (("", node.operand), ("where", node.where), ("into", node.into), ("crediting", node.crediting))
    return Phrase("net", parts, " of gains")


def worst(node: ast.Worst) -> Phrase:
    word = "worst unfloored" if node.unfloored else "worst"
    return Phrase(word, (("", node.operand), ("where", node.where), ("over", node.over)))


def quantile(node: ast.Quantile) -> Phrase:
    what = (("", node.level), ("of", node.operand), ("where", node.where))
    return Phrase(node.kind, (*what, ("over", node.over), ("by", node.by), ("weighing", node.weighing)))


def ewma(node: ast.Ewma) -> Phrase:
    return Phrase("ewma", (("", node.operand), ("over", node.over), ("decay", node.decay)))


def aggregate(node: ast.Aggregate) -> Phrase:
    clamped = {None: None, "always": "clamped", "when negative": "clamped when negative"}[node.clamped]
    what = (("", node.operand), ("carrying", node.carrying), ("", clamped), ("with", node.matrix))
    dropping = "dropping negative pairs" if node.dropping else None
    return Phrase("aggregate", (*what, ("", dropping), ("where", node.where), ("into", node.into)))


def choose(node: ast.Choose) -> Phrase:
    first, *others = node.preferences
    then = tuple((f"then {kind}", operand) for kind, operand in others)
    return Phrase("choose", (first, *then, ("ties", node.ties), ("over", node.over)))


def convert(node: ast.Convert) -> Phrase:
    return Phrase("convert", (("", node.operand), ("to", node.currency), ("haircut", node.haircut)))


PHRASES: dict[type[ast.Expr], Callable[[Any], Phrase]] = {
    ast.Fold: fold,
    ast.Net: net,
    ast.Worst: worst,
    ast.Quantile: quantile,
    ast.Ewma: ewma,
    ast.Aggregate: aggregate,
    ast.Choose: choose,
    ast.Convert: convert,
}


def phrase(node: ast.Expr) -> Phrase:
    """A reduction in words."""
    return PHRASES[type(node)](node)
