"""Statements on one line each, before it is known how wide the columns of their neighbours are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pmdsl.syntax import ast
from pmdsl.syntax.layout import INDENT, WIDTH, Entry, Layout

NOTES_GAP = "   "


@dataclass(frozen=True)
class Draft:
    """A statement that may stand on one line, in columns aligned with those of its neighbours of one `key`.

    Its notes follow on the same line or stand below. `broken` gives the statement on several lines, for where
    one line would be too long. `margin` is where the lines of its block begin.
    """

    node: ast.Node
    key: str
    columns: tuple[str, ...]
    notes: tuple[str, ...]
    broken: Callable[[], Entry]
    margin: int = INDENT

    def line(self, widths: Sequence[int]) -> str:
        """The statement on one line, its columns filled up to some widths; the last one is not filled."""
        filled = [column.ljust(width) for column, width in zip(self.columns, widths, strict=False)]
        first, *others = (*filled, self.columns[-1])
        gap = " " if len(others) < 2 else "  "
        return " ".join([first, gap.join(others)]).rstrip() if others else first

    def fits(self, widths: Sequence[int]) -> bool:
        return self.margin + len(self.line(widths)) <= WIDTH

    def settled(self, widths: Sequence[int]) -> Entry:
        """The statement on one line."""
        return Entry(self.node, with_notes(self.line(widths), self.notes))

    @property
    def natural(self) -> list[int]:
        """The widths that its own columns need."""
        return [len(column) for column in self.columns[:-1]]


Printed = Draft | Entry


def plain(node: ast.Node, key: str, *columns: str, notes: tuple[str, ...] = ()) -> Draft:
    """A statement that is never broken, but for its notes."""
    line = " ".join(columns)
    return Draft(node, key, columns, notes, lambda: Entry(node, (line, *hung(notes))))


def with_notes(line: str, notes: Sequence[str]) -> tuple[str, ...]:
    """A line with notes behind it where they fit, else below it."""
    together = NOTES_GAP.join([line, " ".join(notes)]) if notes else line
    return (together,) if INDENT + len(together) <= WIDTH else (line, *hung(notes))


def hung(notes: Sequence[str]) -> tuple[str, ...]:
    """Notes below a statement: on one line where they fit."""
    together = f"{'':{INDENT}}{' '.join(notes)}"
    if INDENT + len(together) <= WIDTH:
        return (together,) if notes else ()
    return tuple(f"{'':{INDENT}}{note}" for note in notes)


def settle(drafts: Sequence[Printed], layout: Layout) -> tuple[Entry, ...]:
    """The entries of statements, those that stand together in aligned columns."""
    return tuple(entry for run in runs(drafts, layout) for entry in settle_run(run))


def runs(drafts: Sequence[Printed], layout: Layout) -> Iterator[list[Printed]]:
    """Neighbours of one key with nothing between them."""
    run: list[Printed] = []
    for draft in drafts:
        if run and (key_of(draft) != key_of(run[-1]) or layout.parts_from_above(draft.node)):
            yield run
            run = []
        run.append(draft)
    if run:
        yield run


def key_of(draft: Printed) -> str:
    return draft.key if isinstance(draft, Draft) else ""


def settle_run(run: Sequence[Printed]) -> Iterator[Entry]:
    """The statements of a run; one that fits only without filled columns stands without."""
    single = [draft for draft in run if isinstance(draft, Draft) and draft.key and draft.fits(draft.natural)]
    widths = [max(column) for column in zip(*(draft.natural for draft in single), strict=True)]
    for draft in run:
        if isinstance(draft, Entry):
            yield draft
        elif not draft.fits(draft.natural):
            yield draft.broken()
        else:
            yield draft.settled(widths if draft.key and draft.fits(widths) else draft.natural)
