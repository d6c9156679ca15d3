"""A program: the declarations of a methodology by name, after its parent has been merged in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TypeVar

from pmdsl.source import Source, Span
from pmdsl.syntax import ast

D = TypeVar("D", bound=ast.Declaration)


@dataclass(frozen=True, eq=False)
class Program:
    """What one methodology declares. `declared` is keyed by kind of statement and name, in the order of
    writing.

    `base` is the parent as it stands by itself; `overridden` says which declarations replace one of the
    parent's.
    """

    name: str
    span: Span
    source: Source
    declared: Mapping[tuple[type[ast.Declaration], str], ast.Declaration]
    title: str = ""
    version: str = ""
    currency: str = ""
    covers: tuple[date, date | None] = (date(1, 1, 1), None)
    lots: bool = False
    extends: ast.Extends | None = None
    base: Program | None = None
    overridden: tuple[ast.Override, ...] = ()
    chain: tuple[ast.Name, ...] = ()
    own: frozenset[tuple[type[ast.Declaration], str]] = field(default_factory=frozenset)

    def all(self, kind: type[D]) -> Iterator[D]:
        """Every declaration of one kind, in the order of writing."""
        for declaration in self.by_kind.get(kind, ()):
            assert isinstance(declaration, kind)
            yield declaration

    @cached_property
    def by_kind(self) -> Mapping[type[ast.Declaration], list[ast.Declaration]]:
        """The declarations of each kind, in the order of writing."""
        found: dict[type[ast.Declaration], list[ast.Declaration]] = {}
        for declaration in self.declared.values():
            found.setdefault(type(declaration), []).append(declaration)
        return found

    def get(self, kind: type[D], name: str) -> D | None:
        found = self.declared.get((kind, name))
        return found if isinstance(found, kind) else None

    def named(self, name: str) -> list[ast.Declaration]:
        """Every declaration of a name, whatever its kind."""
        return [found for (_, key), found in self.declared.items() if key == name]

    @cached_property
    def nodes(self) -> list[tuple[ast.Declaration, list[ast.Node]]]:
        """Each declaration with everything that stands in it, itself first."""
        return [(declared, ast.walk(declared)) for declared in self.declared.values()]

    @cached_property
    def overriding(self) -> frozenset[tuple[type[ast.Declaration], str]]:
        """The keys of the declarations that replace one of the parent's."""
        return frozenset(key_of(override.declaration) for override in self.overridden)

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(name for _, name in self.declared)


def name_of(declaration: ast.Declaration) -> ast.Name | None:
    """The name that a statement declares, or None for those that declare none."""
    found = getattr(declaration, "name", None)
    return found if isinstance(found, ast.Name) else None


def key_of(declaration: ast.Declaration) -> tuple[type[ast.Declaration], str]:
    """What tells a declaration from all others: its kind and its name, or its message for a claim."""
    name = name_of(declaration)
    if name is not None and not isinstance(declaration, ast.Currency):
        return type(declaration), name.text
    return type(declaration), declaration.message if isinstance(declaration, ast.Check) else ""
