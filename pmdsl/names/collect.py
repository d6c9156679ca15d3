"""Collects the declarations of one methodology and refuses names that are declared twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from pmdsl.diagnostics import Findings, Label
from pmdsl.names.expand import expand_params
from pmdsl.names.files import with_files
from pmdsl.names.inherit import inherit
from pmdsl.names.patterns import check_patterns
from pmdsl.names.program import Program, key_of, name_of
from pmdsl.syntax import ast

Declared = dict[tuple[type[ast.Declaration], str], ast.Declaration]

# Statements that are read by name in formulas; two of them may not share a name.
VALUES = (
    ast.Step, ast.Require, ast.Param, ast.Formula, ast.TableDecl, ast.Matrix, ast.PairDecl, ast.Scenarios,
    ast.SetDecl, ast.LegDecl, ast.Strategies, ast.Pairing,
)  # fmt: skip
# Statements that add a level; a table may have the name of the group that it decides.
LEVELS = (ast.Group, ast.Level, ast.Strategies)
HEADERS = (ast.Title, ast.Version, ast.Currency, ast.Covers, ast.Extends, ast.Lots, ast.Levels, ast.Pricing)

FindParent = Callable[[ast.Extends], Program | None]


def collect(methodology: ast.Methodology, find_parent: FindParent, findings: Findings) -> Program:
    """The program of a methodology; `find_parent` answers None where it has reported why."""
    members = with_files(expand_params(methodology, findings), findings)
    declared: Declared = {}
    for member in members:
        if not isinstance(member, ast.Override | ast.Remove):
            declare(member, declared, findings)
    check_patterns(members, findings)
    extends = next((m for m in members if isinstance(m, ast.Extends)), None)
    parent = find_parent(extends) if extends else None
    merged = inherit(parent, members, declared, findings)
    header = {kind: merged.get((kind, "")) for kind in HEADERS}
    levels = header[ast.Levels]
    return Program(
        name=methodology.name,
        span=methodology.span,
        source=methodology.span.source,
        declared=merged,
        title=text_of(declared.get((ast.Title, ""))),
        version=text_of(declared.get((ast.Version, ""))),
        currency=currency_of(merged.get((ast.Currency, "")), methodology, findings),
        covers=covers_of(declared.get((ast.Covers, "")), methodology, parent, findings),
        lots=header[ast.Lots] is not None,
        extends=extends,
        base=parent,
        overridden=tuple(m for m in members if isinstance(m, ast.Override)),
        chain=levels.chain if isinstance(levels, ast.Levels) else (),
        own=frozenset(declared),
    )


def declare(member: ast.Declaration, declared: Declared, findings: Findings) -> None:
    """Enter a declaration, or report what already has its name."""
    key = key_of(member)
    clash = declared.get(key)
    for family in (VALUES, LEVELS):
        if clash is None and isinstance(member, family):
            clash = next((declared[(kind, key[1])] for kind in family if (kind, key[1]) in declared), None)
    if clash is None:
        declared[key] = member
        return
    name = name_of(member)
    findings.add(
        "PM201",
        f"`{key[1]}` is declared twice" if key[1] else "this is said twice",
        name.span if name else member.span,
        labels=[Label(clash.span, "first here")],
        hint="keep one of them, or give one another name",
    )


def text_of(header: ast.Declaration | None) -> str:
    return header.text if isinstance(header, ast.Title | ast.Version) else ""


def currency_of(header: ast.Declaration | None, methodology: ast.Methodology, findings: Findings) -> str:
    if isinstance(header, ast.Currency):
        return header.name.text
    findings.add(
        "PM202",
        f"`{methodology.name}` does not say its currency",
        methodology.span,
        hint="add, for example, `currency USD`",
    )
    return "USD"


def covers_of(
    header: ast.Declaration | None, methodology: ast.Methodology, parent: Program | None, findings: Findings
) -> tuple[date, date | None]:
    """The dates a methodology speaks for; a child without its own speaks for its parent's."""
    if isinstance(header, ast.Covers):
        return header.start, header.end
    if parent is not None:
        return parent.covers
    findings.add(
        "PM202",
        f"`{methodology.name}` does not say which dates it covers",
        methodology.span,
        hint="add, for example, `covers 2020-01-01 onward`",
    )
    return date(1, 1, 1), None
