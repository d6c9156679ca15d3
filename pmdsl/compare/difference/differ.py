"""Compares two programs declaration by declaration; parents are merged in before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pmdsl.compare.difference.change import Change, Difference
from pmdsl.compare.difference.parts import KEYED, parts_of
from pmdsl.compare.difference.plainer import bare, text_of
from pmdsl.names.inherit import statement_word
from pmdsl.names.program import Program
from pmdsl.syntax import ast

WORDS = (ast.Title, ast.Version, ast.SourceDecl)
SKIPPED = (*WORDS, ast.Extends, ast.Covers)
Key = tuple[type[ast.Declaration], str]


def difference(left: Program, right: Program, digests: tuple[str, str], on: date | None = None) -> Difference:
    """What differs between two rule sets; with a date, between what holds on it.

    Rule sets of equal digest do not differ. Digests are `sha256:…` of the plans, of the date where one is
    given.
    """
    changes = () if digests[0] == digests[1] else tuple(changes_of(left, right, on))
    return Difference(
        left.name, right.name, digests, changes, tuple(wordings(left, right)), on.isoformat() if on else None
    )  # fmt: skip


def changes_of(left: Program, right: Program, on: date | None) -> Iterator[Change]:
    """Differences in meaning, in the order of the right-hand rule set, removals last."""
    if on is None and left.covers != right.covers:
        yield Change("covers", "", before=covers_text(left), after=covers_text(right), place=str(right.span))
    for key, new in right.declared.items():
        if not isinstance(new, SKIPPED):
            yield from compare(key, left.declared.get(key), new, on)
    for key, old in left.declared.items():
        if key not in right.declared and not isinstance(old, SKIPPED):
            yield from compare(key, old, None, on)


def covers_text(program: Program) -> str:
    start, end = program.covers
    return f"{start} to {end}" if end else f"{start} onward"


def compare(
    key: Key, old: ast.Declaration | None, new: ast.Declaration | None, on: date | None
) -> Iterator[Change]:
    """The differences of one declaration: part by part where it has parts, as a whole otherwise."""
    what, name = statement_word(key[0]), shown_name(key, new or old)
    present = new if new is not None else old
    assert present is not None
    if isinstance(present, KEYED):
        yield from compare_parts(what, name, old, new, on)
    elif old is None or new is None or bare(old) != bare(new):
        yield Change(what, name, "", "", formula_text(old), formula_text(new), str(present.span))


def shown_name(key: Key, declaration: ast.Declaration | None) -> str:
    return str(declaration.name) if isinstance(declaration, ast.Currency) else key[1]


def formula_text(declaration: ast.Declaration | None) -> str | None:
    """What a whole declaration says: its formula, or its text without the keyword and the notes."""
    if declaration is None:
        return None
    for field in ("value", "condition", "claim"):
        expression = getattr(declaration, field, None)
        if isinstance(expression, ast.Expr):
            return text_of(expression)
    return text_of(declaration)


def compare_parts(
    what: str, name: str, old: ast.Declaration | None, new: ast.Declaration | None, on: date | None
) -> Iterator[Change]:
    """Rows, segments, words or attributes by their keys, each column by itself where both sides have the
    part.
    """
    before, after = parts_of(old, on), parts_of(new, on)
    for key, part in after.items():
        was = before.get(key)
        if was is None:
            yield Change(what, name, key, "", None, part.text, part.place)
            continue
        for column, cell in part.cells.items():
            if was.meaning.get(column) != part.meaning[column]:
                yield Change(what, name, key, column, was.cells.get(column), cell, part.place)
        for column in (c for c in was.cells if c not in part.cells):
            yield Change(what, name, key, column, was.cells[column], None, part.place)
    for key, part in before.items():
        if key not in after:
            yield Change(what, name, key, "", part.text, None, part.place)
    yield from reordered(what, name, list(before), list(after), new, old)


def reordered(
    what: str,
    name: str,
    before: list[str],
    after: list[str],
    new: ast.Declaration | None,
    old: ast.Declaration | None,
) -> Iterator[Change]:
    """Order counts where the first row that fits is taken, between points of an axis, between patterns."""
    counts = isinstance(new, ast.Scenarios | ast.Pricing | ast.Strategies) or (
        isinstance(new, ast.TableDecl) and new.policy == "first"
    )
    shared = [key for key in after if key in before]
    if counts and old is not None and new is not None and shared != [key for key in before if key in after]:
        was = [key for key in before if key in after]
        ordered = "order of parts" if isinstance(new, ast.Strategies) else "order of rows"
        yield Change(what, name, ordered, "", ", ".join(was), ", ".join(shared), str(new.span))


def wordings(left: Program, right: Program) -> Iterator[Change]:
    """Differences in titles, versions, sources and citations, which change no number."""
    for key in dict.fromkeys([*left.declared, *right.declared]):
        old, new = left.declared.get(key), right.declared.get(key)
        present = new if new is not None else old
        assert present is not None
        if isinstance(present, ast.SourceDecl):
            if old != new:
                yield Change(
                    "source", key[1], "", "", formula_text(old), formula_text(new), str(present.span)
                )
        elif old is not None and new is not None and cites(old) != cites(new):
            yield Change("cite", key[1], "", "", cites(old), cites(new), str(new.span))
    for word in ("title", "version"):
        before, after = getattr(left, word), getattr(right, word)
        if before != after:
            yield Change(word, "", "", "", before, after, str(right.span))


def cites(declaration: ast.Declaration) -> str:
    """The citations of a declaration as one text."""
    notes = [getattr(declaration, "notes", None), getattr(getattr(declaration, "body", None), "notes", None)]
    found = [f"{c.source.text} at {c.at}" for n in notes if n is not None for c in n.cites]
    return ", ".join([*found, *("unverified" for n in notes if n is not None and n.unverified)])
