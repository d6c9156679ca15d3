"""Builders of the statements that a methodology rests on: its head, sources, words, inputs and levels."""

from __future__ import annotations

from pmdsl.source import Span
from pmdsl.syntax import ast
from pmdsl.syntax.build_parts import Parts, date_of, name_of, notes_of, optional_text, text_of
from pmdsl.syntax.build_tables import all_of
from pmdsl.syntax.lexer import Token
from pmdsl.syntax.machine import Builder


def title(span: Span, parts: Parts) -> ast.Title:
    return ast.Title(text_of(parts[0]), span=span)


def version(span: Span, parts: Parts) -> ast.Version:
    return ast.Version(text_of(parts[0]), span=span)


def currency(span: Span, parts: Parts) -> ast.Currency:
    return ast.Currency(name_of(parts[0], span), span=span)


def covers(span: Span, parts: Parts) -> ast.Covers:
    end = date_of(parts[1]) if len(parts) > 1 else None
    return ast.Covers(date_of(parts[0]), end, span=span)


def extends(span: Span, parts: Parts) -> ast.Extends:
    parent, pinned, digest = parts
    return ast.Extends(parent, optional_text(pinned), optional_text(digest), span=span)


def positions_kept(span: Span, parts: Parts) -> ast.Lots:
    return ast.Lots(span=span)


def source(span: Span, parts: Parts) -> ast.SourceDecl:
    name, *fields = parts
    return ast.SourceDecl(name_of(name, span), tuple(fields), span=span)


def source_field(span: Span, parts: Parts) -> tuple[str, object]:
    name, value = parts
    return name.text, date_of(value) if value.kind == "DATE" else text_of(value)


def kind(span: Span, parts: Parts) -> ast.Kind:
    name, *rest = parts
    return ast.Kind(name_of(name, span), all_of(rest, ast.Name), notes_of(rest), span=span)


def set_of_words(span: Span, parts: Parts) -> ast.SetDecl:
    name, *rest = parts
    return ast.SetDecl(name_of(name, span), all_of(rest, ast.Name), notes_of(rest), span=span)


def input_table(span: Span, parts: Parts) -> ast.Input:
    name, keys, data, *rest = parts
    return ast.Input(
        name=name_of(name, span),
        keys=keys or (),
        data=None if data is None else data.text,
        fields=all_of(rest, ast.Field),
        notes=notes_of(rest),
        span=span,
    )


def field(span: Span, parts: Parts) -> ast.Field:
    name, type_name, default = parts
    return ast.Field(name_of(name, span), type_name, default, span=span)


def levels(span: Span, parts: Parts) -> ast.Levels:
    chain = tuple(name_of(part, span) for part in parts if isinstance(part, Token))
    return ast.Levels(chain, notes_of(parts), span=span)


def level(span: Span, parts: Parts) -> ast.Level:
    name, keys, of, where, *notes = parts
    return ast.Level(name_of(name, span), keys, name_of(of, span), where, notes_of(notes), span=span)


def group(span: Span, parts: Parts) -> ast.Group:
    name, keys, where, *notes = parts
    return ast.Group(name_of(name, span), keys, where, notes_of(notes), span=span)


def keys(span: Span, parts: Parts) -> tuple[ast.Expr, ...]:
    return tuple(parts)


STRUCTURE: dict[str, Builder] = {
    "title": title,
    "version": version,
    "currency": currency,
    "covers": covers,
    "extends": extends,
    "positions_kept": positions_kept,
    "source": source,
    "source_field": source_field,
    "kind": kind,
    "set": set_of_words,
    "input": input_table,
    "field": field,
    "levels": levels,
    "level": level,
    "group": group,
    "keys": keys,
}
