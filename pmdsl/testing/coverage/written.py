"""What the author of a rule set wrote that tests should reach."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from pmdsl.names.program import Program
from pmdsl.plan.lower.tables import Layout, body_layout, layout_of
from pmdsl.source import Span
from pmdsl.syntax import ast
from pmdsl.testing.coverage.items import (
    BRANCH,
    CONDITION,
    FILE_ROW,
    OPERAND,
    PATTERN,
    POINT,
    ROW,
    SEGMENT,
    Item,
    Place,
    place_of,
)

EXTREMES = ("max", "min")
CLAMPED = ("inside", "low", "high")


def items_of(program: Program) -> list[Item]:
    """Every item of a program that stands in its own files: what it inherits was written by another."""
    found = [item for declared in program.declared.values() for item in declared_items(declared)]
    own = [item for item in found if item.span.source.name == program.source.name]
    return [*sorted(dict.fromkeys(own), key=lambda item: item.span.start), *file_rows(program)]


def file_rows(program: Program) -> Iterator[Item]:
    """The rows that tables of a program take from files, those of its parent's files left out."""
    base = program.base.all(ast.TableDecl) if program.base is not None else ()
    theirs = {span.source.name for declared in base for span in layout_of(declared).spans}
    for declared in program.all(ast.TableDecl):
        for item in rows_of(declared):
            if item.span.source.name not in {program.source.name, *theirs}:
                yield replace(item, kind=FILE_ROW)


def declared_items(declared: ast.Declaration) -> Iterator[Item]:
    """The items of one declaration."""
    match declared:
        case ast.TableDecl() | ast.PairDecl() | ast.Pricing() | ast.Matrix():
            yield from rows_of(declared)
        case ast.Param():
            for segment in declared.segments:
                yield Item(SEGMENT, f"{declared.name} from {segment.start}", "", segment.span)
        case ast.Scenarios() if isinstance(declared.content, ast.Body):
            for row in declared.content.rows[1:]:
                yield Item(POINT, f"{declared.name} {first_word(row)}", "", row.span)
        case ast.Eligible() | ast.Alert():
            word = "eligible" if isinstance(declared, ast.Eligible) else "alert"
            yield Item(CONDITION, f"{word} {declared.name}", "yes", declared.span)
            yield Item(CONDITION, f"{word} {declared.name}", "no", declared.span)
        case ast.Strategies():
            for pattern in declared.patterns:
                yield Item(PATTERN, f"{declared.name}.{pattern.name}", "", pattern.span)
        case ast.Check():
            return
    for node in ast.walk(declared):
        yield from expression_items(node)


def expression_items(node: ast.Node) -> Iterator[Item]:
    if isinstance(node, ast.If):
        words = f"if {short(node.condition.span)}"
        yield Item(BRANCH, words, "then", node.span)
        yield Item(BRANCH, words, "else", node.span)
    elif isinstance(node, ast.Call) and str(node.function) in EXTREMES:
        for number, arg in enumerate(node.args):
            yield Item(OPERAND, f"{node.function} of {short(arg.span)}", str(number), node.span)
    elif isinstance(node, ast.Call) and str(node.function) == "clamp":
        for part in CLAMPED:
            yield Item(OPERAND, f"clamp {short(node.span)}: {part}", part, node.span)


def rows_of(declared: ast.TableDecl | ast.PairDecl | ast.Pricing | ast.Matrix) -> Iterator[Item]:
    layout = layout_in(declared)
    if layout is None:
        return
    name = "pricing" if isinstance(declared, ast.Pricing) else declared.name.text
    for span in layout.spans:
        yield Item(ROW, f"{name} {short(span)}", "", span)


def layout_in(declared: ast.Declaration) -> Layout | None:
    """The rows of a declaration that has rows which are chosen from."""
    match declared:
        case ast.TableDecl():
            return layout_of(declared)
        case ast.PairDecl() if isinstance(declared.content, ast.Body):
            return body_layout(declared.content, ())
        case ast.Pricing() | ast.Matrix():
            return body_layout(declared.body, ())
    return None


def first_word(row: ast.Row) -> str:
    return row.cells[0].span.text if row.cells and row.cells[0] is not None else ""


def short(span: Span, most: int = 60) -> str:
    """A piece of text on one line."""
    text = " ".join(span.text.split()).strip("| ")
    return text if len(text) <= most else text[: most - 1] + "…"


# ---- from nodes of a plan back to what was written ---------------------------------------------------------


def catalogue(program: Program) -> dict[tuple[str, Place], tuple[Span, ...]]:
    """Rows of tables and segments of parameters, by the name and the place of their declaration."""
    found: dict[tuple[str, Place], tuple[Span, ...]] = {}
    for declared in program.declared.values():
        layout = layout_in(declared)
        if layout is not None:
            name = "pricing" if isinstance(declared, ast.Pricing) else str(getattr(declared, "name", ""))
            found[name, place_of(declared.span)] = layout.spans
        elif isinstance(declared, ast.Param):
            ordered = sorted(declared.segments, key=lambda segment: segment.start)
            found[declared.name.text, place_of(declared.span)] = tuple(segment.span for segment in ordered)
        elif isinstance(declared, ast.Strategies):
            found[declared.name.text, place_of(declared.span)] = tuple(p.span for p in declared.patterns)
    return found


def alike(program: Program) -> dict[Place, tuple[Place, ...]]:
    """The places of formulas that say the same, by the place of each: a plan may hold them only once.

    What a parent wrote counts as well where its child replaced it, for `base.` works it out.
    """
    theirs = program.base.declared if program.base is not None else {}
    replaced = [old for key, old in theirs.items() if program.declared.get(key) is not old]
    places: dict[object, set[Place]] = {}
    for declared in (*program.declared.values(), *replaced):
        for said, span in formulas_in(declared):
            places.setdefault(said, set()).add(place_of(span))
    found: dict[Place, set[Place]] = {}
    for same in places.values():
        for place in same:
            found.setdefault(place, set()).update(same)
    return {place: tuple(sorted(same)) for place, same in found.items() if len(same) > 1}


def formulas_in(declared: ast.Node) -> Iterator[tuple[object, Span]]:
    """The formulas that coverage counts, each as something that is equal where they say the same."""
    for node in ast.walk(declared):
        if isinstance(node, ast.If | ast.Call):
            yield node, node.span
        elif isinstance(node, ast.PatternDecl):
            parts = (part for part in ast.walk(node) if isinstance(part, ast.If | ast.Call))
            yield from ((by_slot(part, node), part.span) for part in parts)


def by_slot(node: ast.Node, pattern: ast.PatternDecl) -> str:
    """A formula of a pattern with its legs numbered: to the plan a leg is the number of its slot."""
    text = " ".join(node.span.text.split())
    for number, slot in enumerate(pattern.slots):
        text = re.sub(rf"\b{slot.name}\.", f"{number}.", text)
    return text
