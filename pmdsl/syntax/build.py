"""What each rule of the grammar becomes: one table of builders, keyed by the rule's name or alias.

A builder is handed the span of what was read and its parts in order, None for a part that was left out.
"""

from __future__ import annotations

from pmdsl.source import Span
from pmdsl.syntax import ast
from pmdsl.syntax.build_declarations import DECLARATIONS
from pmdsl.syntax.build_expressions import EXPRESSIONS
from pmdsl.syntax.build_parts import PARTS, Parts
from pmdsl.syntax.build_tables import TABLES
from pmdsl.syntax.build_tests import TESTS
from pmdsl.syntax.machine import Builder


def start(span: Span, parts: Parts) -> ast.File:
    edition, *items = parts
    return ast.File(edition=edition, items=tuple(items), span=span)


def edition(span: Span, parts: Parts) -> str:
    return str(parts[0].text)


def methodology(span: Span, parts: Parts) -> ast.Methodology:
    name, *members = parts
    return ast.Methodology(name=name, members=tuple(members), span=span)


BUILDERS: dict[str, Builder] = {
    "start": start,
    "edition": edition,
    "methodology": methodology,
    **PARTS,
    **EXPRESSIONS,
    **TABLES,
    **DECLARATIONS,
    **TESTS,
}
