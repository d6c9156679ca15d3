"""Text → syntax tree. Every error of a text is found in one run, and whatever could be read is returned."""

from __future__ import annotations

from dataclasses import replace

from pmdsl.diagnostics import Findings
from pmdsl.source import Source, Span
from pmdsl.syntax import ast, recovery
from pmdsl.syntax.build import BUILDERS
from pmdsl.syntax.grammar import load_tables
from pmdsl.syntax.lexer import Token, lex
from pmdsl.syntax.machine import Machine


def parse(source: Source, findings: Findings) -> ast.File:
    """The syntax tree of a text; what could not be read is left out of it and reported."""
    tables = load_tables()
    tokens, comments = lex(source.text, tables)
    machine = Machine(tables, BUILDERS, source)
    file = run(machine, tokens, findings)
    return replace(file, comments=comments_of(comments, source))


def comments_of(comments: list[Token], source: Source) -> tuple[ast.Comment, ...]:
    return tuple(ast.Comment(c.text, span=Span(source, c.start, c.end)) for c in comments)


def run(machine: Machine, tokens: list[Token], findings: Findings) -> ast.File:
    """Feed the tokens; where one cannot stand, report it and go on where the text makes sense again."""
    position = 0
    while position < len(tokens):
        if machine.feed(tokens[position]):
            position += 1
        else:
            position = recovery.recover(machine, tokens, position, findings)
    return recovery.salvage(machine)
