"""Legs, strategies with their patterns, and pairings as drafts and entries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pmdsl.syntax import ast
from pmdsl.syntax.drafts import Draft, Printed, settle
from pmdsl.syntax.layout import INDENT, Entry, Layout
from pmdsl.syntax.pretty import LINE, Align, Doc, Group, concat, fill
from pmdsl.syntax.print_expressions import expr_doc
from pmdsl.syntax.print_parts import note_lines
from pmdsl.syntax.print_values import lines_of, valued

IN_STRATEGIES = 2 * INDENT
IN_PATTERN = 3 * INDENT


def leg(node: ast.LegDecl, layout: Layout) -> Printed:
    value = Group(concat(node.of.text, LINE, "where ", Align(expr_doc(node.where))))
    return valued(node, "leg", f"leg {node.name}", "", value, node.notes)


def pairing(node: ast.Pairing, layout: Layout) -> Printed:
    """Broken before each `then` and before `only`."""
    first, *others = node.objectives
    parts: list[Doc | str] = [f"{node.strategies} minimising ", Align(expr_doc(first))]
    for objective in others:
        parts += [LINE, "then ", Align(expr_doc(objective))]
    for word, names in (("only", node.only), ("without", node.without)):
        if names:
            parts += [LINE, f"{word} ", Align(listed(names))]
    return valued(node, "pairing", f"pairing {node.name}", "", Group(concat(*parts)), node.notes)


def listed(names: Sequence[ast.Name | ast.Path]) -> Doc:
    """Names with commas between them, as many on a line as fit."""
    return fill(concat(",", LINE), [str(name) for name in names])


def strategies(node: ast.Strategies, layout: Layout) -> Printed:
    """Citations above all else; a reason behind the brace, as it stands behind that of an override."""
    measure = "" if node.measure is None else f" measured in {node.measure}"
    notes = note_entries(replace(node.notes, because=None))
    same = () if not node.same else (paths(node.same, "same", IN_STRATEGIES),)
    amounts = tuple(amount(part) for part in node.amounts)
    patterns = tuple(pattern(part, layout) for part in node.patterns)
    reason = () if node.notes.because is None else (f'because "{node.notes.because}"',)
    return Entry(
        node,
        (f"strategies {node.name} within {node.within}{measure} {{",),
        (*notes, *same, *amounts, *patterns),
        ("}", *reason),
    )


def note_entries(notes: ast.Notes) -> tuple[Entry, ...]:
    return tuple(Entry(note, (line,)) for note, line in note_lines(notes))


def part(node: ast.Node, margin: int, *told: Doc | str) -> Entry:
    """A part of a block, on several lines where it is long."""
    return Entry(node, tuple(lines_of(concat(*told), margin)))


def paths(found: Sequence[ast.Path], words: str, margin: int) -> Entry:
    """`same a, b`."""
    place = ast.Node(span=found[0].span.to(found[-1].span))
    return part(place, margin, f"{words} ", Align(listed(found)))


def amount(node: ast.Amount) -> Entry:
    head = f"amount {node.name}"
    if node.default is None:
        return Entry(node, (head,))
    return part(node, IN_STRATEGIES, f"{head} default ", Align(expr_doc(node.default)))


def pattern(node: ast.PatternDecl, layout: Layout) -> Entry:
    """The legs first, then what is asked of them, then what they cost; notes last."""
    word = "pool" if node.pool else "pattern"
    parts: list[Printed] = []
    if node.same:
        parts.append(paths(node.same, "same", IN_PATTERN))
    parts += slots(node.slots)
    if node.where is not None:
        parts.append(part(node.where, IN_PATTERN, "where ", Align(expr_doc(node.where))))
    if node.balanced:
        parts.append(paths(node.balanced, "balanced by", IN_PATTERN))
    parts += [needs(said) for said in node.needs]
    parts += [charge(said) for said in node.charges]
    parts += note_entries(node.notes)
    return Entry(node, (f"{word} {node.name} {{",), settle(parts, layout), ("}",))


def slots(nodes: Sequence[ast.SlotDecl]) -> list[Printed]:
    """Slots with their legs and names below one another."""
    sides = max((len(node.side) for node in nodes), default=0)
    legs = max((len(node.leg.text) for node in nodes), default=0)
    found: list[Printed] = []
    for node in nodes:
        head = f"{node.side:{sides}} {node.leg.text:{legs}} {node.name}"
        count = () if node.count is None else (" count ", Align(expr_doc(node.count)))
        found.append(part(node, IN_PATTERN, head, *count))
    return found


def needs(node: ast.Needs) -> Entry:
    head = f"each {node.leg} needs {node.other} where "
    return part(node, IN_PATTERN, head, Align(expr_doc(node.where)))


def charge(node: ast.Charge) -> Draft:
    head, value = f"charge {node.amount}", expr_doc(node.value)
    return valued(node, "charge", head, "", value, ast.Notes(), IN_PATTERN)
