"""Builders of the small parts that every declaration is made of: names, paths, texts, dates, types, notes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from pmdsl.source import Span
from pmdsl.syntax import ast
from pmdsl.syntax.lexer import Token
from pmdsl.syntax.machine import Builder

Parts = list[Any]


@dataclass(frozen=True)
class Because(ast.Node):
    """`because "…"`, until it has joined its notes."""

    text: str


@dataclass(frozen=True)
class Unverified(ast.Node):
    """`unverified`, until it has joined its notes."""


@dataclass(frozen=True)
class Default(ast.Node):
    """`default x` of a matrix, until it has joined its body."""

    value: ast.Expr


def name_of(token: Token, span: Span) -> ast.Name:
    """A name with its own place; `span` is any span of the same source."""
    return ast.Name(token.text, span=Span(span.source, token.start, token.end))


def optional_name(token: Token | None, span: Span) -> ast.Name | None:
    return None if token is None else name_of(token, span)


def text_of(token: Token) -> str:
    """What stands between the quotes."""
    return token.text[1:-1]


def optional_text(token: Token | None) -> str | None:
    return None if token is None else text_of(token)


def date_of(token: Token) -> date:
    return date.fromisoformat(token.text)


def only_notes(parts: Iterable[Any]) -> list[ast.Node]:
    """The notes among the parts of a declaration."""
    return [part for part in parts if isinstance(part, ast.Cite | Because | Unverified)]


def notes_of(parts: Iterable[Any]) -> ast.Notes:
    """Everything that was noted beside a declaration, as one."""
    found = only_notes(parts)
    if not found:
        return ast.Notes()
    because = next((note for note in found if isinstance(note, Because)), None)
    unverified = next((note for note in found if isinstance(note, Unverified)), None)
    return ast.Notes(
        cites=tuple(note for note in found if isinstance(note, ast.Cite)),
        because=None if because is None else because.text,
        unverified=unverified is not None,
        because_span=None if because is None else because.span,
        unverified_span=None if unverified is None else unverified.span,
        span=found[0].span.to(found[-1].span),
    )


def path(span: Span, parts: Parts) -> ast.Path:
    return ast.Path(tuple(part.text for part in parts), span=span)


def paths(span: Span, parts: Parts) -> tuple[ast.Path, ...]:
    return tuple(parts)


def names(span: Span, parts: Parts) -> tuple[ast.Name, ...]:
    return tuple(name_of(part, span) for part in parts)


def qname(span: Span, parts: Parts) -> str:
    return ".".join(part.text for part in parts)


def word(span: Span, parts: Parts) -> ast.Name:
    return name_of(parts[0], span)


def kept(span: Span, parts: Parts) -> str:
    """The word that was chosen, where the grammar offers several."""
    return str(parts[0].text)


def present(span: Span, parts: Parts) -> bool:
    return True


def clamped(span: Span, parts: Parts) -> str:
    return "always" if parts[1] is None else "when negative"


def type_name(span: Span, parts: Parts) -> ast.TypeName:
    name, per = parts
    return ast.TypeName(name.text, None if per is None else per.text, span=span)


def cite(span: Span, parts: Parts) -> ast.Cite:
    source, place = parts
    return ast.Cite(name_of(source, span), text_of(place), span=span)


def because(span: Span, parts: Parts) -> Because:
    return Because(text_of(parts[0]), span=span)


def unverified(span: Span, parts: Parts) -> Unverified:
    return Unverified(span=span)


def default(span: Span, parts: Parts) -> Default:
    return Default(parts[0], span=span)


def stricter(span: Span, parts: Parts) -> ast.Stricter:
    first = parts[0]
    if isinstance(first, Token):
        return ast.Stricter(((None, first.text),), span=span)
    return ast.Stricter(tuple(parts), span=span)


def mark(span: Span, parts: Parts) -> tuple[str, str]:
    column, direction = parts
    return column.text, direction.text


PARTS: dict[str, Builder] = {
    "path": path,
    "paths": paths,
    "names": names,
    "qname": qname,
    "word": word,
    "policy": kept,
    "fold": kept,
    "quantile": kept,
    "state": kept,
    "side": kept,
    "clamped": clamped,
    "dropping": present,
    "unfloored": present,
    "tighten": present,
    "unverified": unverified,
    "type": type_name,
    "cite": cite,
    "because": because,
    "default": default,
    "stricter": stricter,
    "mark": mark,
}
