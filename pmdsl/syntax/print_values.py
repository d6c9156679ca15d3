"""Statements with a value: on one line, or the value below their head."""

from __future__ import annotations

from typing import Any

from pmdsl.syntax import ast
from pmdsl.syntax.drafts import Draft, hung
from pmdsl.syntax.layout import INDENT, WIDTH, Entry
from pmdsl.syntax.pretty import Align, Doc, flat, render
from pmdsl.syntax.print_expressions import expr_doc
from pmdsl.syntax.print_parts import words_of


def valued(
    node: Any, key: str, head: str, middle: str, value: Doc, notes: ast.Notes, margin: int = INDENT
) -> Draft:
    """`head middle = value notes`; `middle` is such as ` for option`."""
    text = f"{middle} = ".lstrip() + flat(value)

    def below() -> Entry:
        return broken(node, f"{head}{middle}", value, notes, margin=margin)

    return Draft(node, key, (head, text), words_of(notes), below, margin)


def broken(
    node: ast.Node, head: str, value: Doc, notes: ast.Notes, sign: str = "= ", margin: int = INDENT
) -> Entry:
    """The value on the line of its head where it fits without the notes, else below it.

    `margin` is where the lines of the block begin that the statement stands in.
    """
    one_line = f"{head} {sign}{flat(value)}"
    if margin + len(one_line) <= WIDTH:
        return Entry(node, (one_line, *hung(words_of(notes))))
    lead = f"{'':{INDENT}}{sign}"
    first, *others = lines_of(value, margin, len(lead))
    return Entry(node, (head, f"{lead}{first}", *others, *hung(words_of(notes))))


def lines_of(value: Doc, margin: int, column: int = 0) -> list[str]:
    """A document as lines of a block that is indented by a margin; it begins at a column of its line."""
    first, *others = render(Align(value), WIDTH, margin + column)
    return [first, *(line.removeprefix(" " * margin) for line in others)]


def spoken(node: Any, head: str, sign: str, value: ast.Expr) -> Draft:
    """`head sign value notes`, where nothing is aligned."""
    doc = expr_doc(value)
    line = f"{head} {sign}{flat(doc)}"
    return Draft(node, "", (line,), words_of(node.notes), lambda: broken(node, head, doc, node.notes, sign))
