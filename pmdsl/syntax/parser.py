"""Text → syntax tree. Every error of a text is found in one run, and whatever could be read is returned."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pmdsl.diagnostics import Findings
from pmdsl.source import Source, Span
from pmdsl.syntax import ast, limits
from pmdsl.syntax.build import BUILDERS
from pmdsl.syntax.build_declarations import DECLARATIONS
from pmdsl.syntax.build_parts import Parts
from pmdsl.syntax.depth import without_deep
from pmdsl.syntax.edition import check_edition
from pmdsl.syntax.foreign import MARKS
from pmdsl.syntax.grammar import load_tables
from pmdsl.syntax.lexer import Token, lex
from pmdsl.syntax.literals import LITERALS
from pmdsl.syntax.log import Log
from pmdsl.syntax.machine import Builder, Machine
from pmdsl.syntax.once import check_once
from pmdsl.syntax.reader import Reader
from pmdsl.syntax.rows import check_rows
from pmdsl.syntax.straight import straight
from pmdsl.syntax.tables import Tables
from pmdsl.syntax.texts import TEXTS
from pmdsl.syntax.tidy import tidy
from pmdsl.syntax.words import check_words

MENDERS = {**LITERALS, **MARKS, **TEXTS}


def parse(source: Source, findings: Findings) -> ast.File:
    """The syntax tree of a text; what could not be read is left out of it and reported."""
    log = Log(source)
    file = read(source, log)
    log.hand_over(findings)
    return file


def read(source: Source, log: Log) -> ast.File:
    """Characters, then tokens, then the tree, then what a grammar cannot say."""
    if not limits.check_text(source, log):
        return ast.File(edition="1", items=())
    tables = load_tables()
    tokens, comments = lex(source.text, tables)
    tokens = tidy(tokens, MENDERS, log)
    file = file_of(tables, tokens, log)
    file = without_deep(file, log)
    check_edition(tokens, log)
    nodes = ast.walk(file)
    check_words(file, nodes, log)
    check_rows(nodes, log)
    return replace(file, comments=comments_of(comments, source))


def file_of(tables: Tables, tokens: list[Token], log: Log) -> ast.File:
    """The tree of the tokens, the straight way where nothing is wrong."""
    own = Log(log.source)
    file = straight(tables, builders(own), log.source, tokens)
    if file is not None and not own.findings:
        return file
    return Reader(Machine(tables, builders(log), log.source), tokens, log).read()


def builders(log: Log) -> dict[str, Builder]:
    """The builders; those of statements and blocks also see to it that nothing is said twice."""

    def seen_to(builder: Builder) -> Builder:
        def build(span: Span, parts: Parts) -> Any:
            check_once(parts, log)
            return builder(span, parts)

        return build

    blocks = {**DECLARATIONS, "body": BUILDERS["body"]}
    return {**BUILDERS, **{name: seen_to(builder) for name, builder in blocks.items()}}


def comments_of(comments: list[Token], source: Source) -> tuple[ast.Comment, ...]:
    return tuple(ast.Comment(c.text, span=Span(source, c.start, c.end)) for c in comments)
