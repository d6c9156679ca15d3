"""Syntax tree → canonical text. What is printed is read back as the same tree."""

from __future__ import annotations

from pmdsl.syntax import ast
from pmdsl.syntax.drafts import settle
from pmdsl.syntax.layout import Entry, Layout, entry_lines
from pmdsl.syntax.print_expressions import expr_text
from pmdsl.syntax.print_statements import print_statement
from pmdsl.syntax.print_tests import print_test_member

__all__ = ["expr_text", "file_entries", "print_file"]


def print_file(file: ast.File) -> str:
    """A whole file as text; without comments, which a tree does not place."""
    layout = Layout()
    lines = [f"pmdsl {file.edition}"]
    for entry in file_entries(file, layout):
        lines += ["", *entry_lines((entry,))]
    return "\n".join(lines) + "\n"


def file_entries(file: ast.File, layout: Layout) -> tuple[Entry, ...]:
    """The methodologies and tests of a file."""
    return tuple(item_entry(item, layout) for item in file.items)


def item_entry(item: ast.Methodology | ast.TestCase, layout: Layout) -> Entry:
    if isinstance(item, ast.Methodology):
        parts = settle([print_statement(member, layout) for member in item.members], layout)
        return Entry(item, (f"methodology {item.name} {{",), parts, ("}",))
    members = settle([print_test_member(member) for member in item.members], layout)
    return Entry(item, (f'test "{item.title}" {{',), members, ("}",))
