"""What a rule set answers for: its own declarations and what it overrides, not what its parent wrote."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from pmdsl.check.cover import Board, board_of
from pmdsl.check.gaps import Gaps, gaps_of
from pmdsl.check.sheets import Sheet, sheet_of
from pmdsl.diagnostics import Findings
from pmdsl.names.program import key_of
from pmdsl.plan.lower.elaborator import Elaborator
from pmdsl.plan.lower.tables import Layout, body_layout, layout_of
from pmdsl.source import Span
from pmdsl.syntax import ast

Tabular = ast.TableDecl | ast.Pricing | ast.PairDecl


@dataclass(frozen=True)
class Target:
    """A table to be proved: how messages call it, its layout, and its sheet."""

    declared: Tabular
    says: str
    layout: Layout
    sheet: Sheet

    @property
    def span(self) -> Span:
        """Where a finding about the table as a whole stands."""
        return place_of(self.declared)

    @cached_property
    def board(self) -> Board:
        """Which rows take which cases, for every proof that asks."""
        return board_of(self.sheet)

    @cached_property
    def gaps(self) -> Gaps:
        """The cases that no row takes."""
        return gaps_of(self.board)


def place_of(declared: ast.Declaration) -> Span:
    """The name of a declaration, else its first line."""
    name = getattr(declared, "name", None)
    return name.span if isinstance(name, ast.Name) else first_line(declared.span)


def first_line(span: Span) -> Span:
    """The part of a span that stands on its first line."""
    text = span.text.split("\n", 1)[0].rstrip()
    return Span(span.source, span.start, span.start + len(text))


def is_own(e: Elaborator, declared: ast.Declaration) -> bool:
    """Whether the rule set itself wrote a declaration or overrides it."""
    key = key_of(declared)
    return key in e.program.own or key in e.program.overriding


def targets(e: Elaborator, findings: Findings, *, inherited: bool = False) -> Iterator[Target]:
    """The tables with rows that no error was found in.

    Those of the rule set, or those that it inherits as they are.
    """
    for declared in e.program.declared.values():
        if (
            not isinstance(declared, Tabular)
            or is_own(e, declared) == inherited
            or is_broken(declared.span, findings)
        ):
            continue
        found = target(e, declared)
        if found is not None:
            yield found


def target(e: Elaborator, declared: Tabular) -> Target | None:
    """A table with its sheet; None where it has no rows or could not be made."""
    if isinstance(declared, ast.TableDecl):
        name, layout = declared.name.text, layout_of(declared)
    elif isinstance(declared, ast.Pricing):
        name, layout = "pricing", body_layout(declared.body, ())
    elif isinstance(declared.content, ast.Body):
        name, layout = declared.name.text, body_layout(declared.content, ())
    else:
        return None
    sheet = sheet_of(e, name, layout.spans) if layout.rows else None
    says = "the pricing table" if isinstance(declared, ast.Pricing) else f"`{name}`"
    return Target(declared, says, layout, sheet) if sheet is not None else None


def is_broken(span: Span, findings: Findings) -> bool:
    """Whether an error was found inside a place, so that proofs about it would only repeat it."""
    return any(
        f.is_error
        and f.span is not None
        and f.span.source is span.source
        and span.start <= f.span.start < span.end
        for f in findings
    )
