"""Text → canonical text: the same tree and the same comments, in the one layout."""

from __future__ import annotations

from dataclasses import replace

from pmdsl.diagnostics import Findings
from pmdsl.source import Source, Span
from pmdsl.syntax import ast
from pmdsl.syntax.grammar import load_tables
from pmdsl.syntax.layout import Entry
from pmdsl.syntax.lexer import Token, lex
from pmdsl.syntax.parser import parse
from pmdsl.syntax.printer import file_entries
from pmdsl.syntax.weave import SourceLayout, matching_braces, values_of_openings, weave


def format_text(source: Source, findings: Findings) -> str | None:
    """A text in the canonical layout; None, with findings, where it cannot be read without errors."""
    found = Findings()
    file = parse(source, found)
    findings.extend(found)
    if found.has_errors:
        return None
    tokens, _ = lex(source.text, load_tables())
    layout = SourceLayout(source, file.comments, matching_braces(tokens), values_of_openings(tokens))
    sorted_file = with_sorted_values(file)
    entries = (edition_entry(tokens, source), *file_entries(sorted_file, layout))
    return "\n".join(weave(entries, file.comments, layout)) + "\n"


def edition_entry(tokens: list[Token], source: Source) -> Entry:
    """The first line of a file, with its place."""
    word, number = tokens[0], tokens[1]
    return Entry(ast.Node(span=Span(source, word.start, number.end)), (f"pmdsl {number.text}",))


def with_sorted_values(file: ast.File) -> ast.File:
    """The file with the values of each parameter in the order of their dates."""
    return replace(file, items=tuple(sorted_item(item) for item in file.items))


def sorted_item(item: ast.Methodology | ast.TestCase) -> ast.Methodology | ast.TestCase:
    if isinstance(item, ast.TestCase):
        return item
    return replace(item, members=tuple(sorted_member(member) for member in item.members))


def sorted_member(member: ast.Declaration) -> ast.Declaration:
    if isinstance(member, ast.Override):
        return replace(member, declaration=sorted_member(member.declaration))
    if isinstance(member, ast.Param):
        return replace(member, segments=tuple(sorted(member.segments, key=lambda segment: segment.start)))
    return member
