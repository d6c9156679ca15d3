"""The statements of a methodology as drafts and entries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pmdsl.syntax import ast
from pmdsl.syntax.drafts import Draft, Printed, hung, plain
from pmdsl.syntax.layout import INDENT, Entry, Layout
from pmdsl.syntax.pretty import LINE, Doc, Group, Text, concat, fill, flat, join
from pmdsl.syntax.print_blocks import (
    block,
    input_table,
    matrix,
    param,
    params,
    pricing,
    scenarios,
    source,
    table,
)
from pmdsl.syntax.print_expressions import expr_doc
from pmdsl.syntax.print_parts import (
    exprs_text,
    keys_text,
    where_text,
    words_of,
)
from pmdsl.syntax.print_strategies import leg, pairing, strategies
from pmdsl.syntax.print_values import lines_of, spoken, valued


def print_statement(statement: ast.Declaration, layout: Layout) -> Printed:
    """A statement of a methodology."""
    if isinstance(statement, ast.Override):
        return override(statement, layout)
    return STATEMENTS[type(statement)](statement, layout)


# ---- statements with a value: on one line, or the value below ---------------------------------------------


def step(node: ast.Step, layout: Layout) -> Printed:
    middle = "" if node.guard is None else f" for {node.guard}"
    return valued(node, "step", f"step {node.name}", middle, expr_doc(node.value), node.notes)


def output(word: str) -> Callable[[Any, Layout], Printed]:
    """The printer of `require` or `report`."""

    def show(node: ast.Require | ast.Report, layout: Layout) -> Printed:
        middle = "" if node.by is None else f" by {node.by}"
        return valued(node, word, f"{word} {node.name}", middle, expr_doc(node.value), node.notes)

    return show


def formula(node: ast.Formula, layout: Layout) -> Printed:
    head = f"formula {node.name}({keys_text(node.params)})"
    return valued(node, "formula", head, "", expr_doc(node.value), node.notes)


def pair(node: ast.PairDecl, layout: Layout) -> Printed:
    within = "" if node.within is None else f" within {node.within}"
    head, middle = f"pair {node.name}", f" between {node.level} {node.first} and {node.second}{within}"
    if isinstance(node.content, ast.Body):
        return block(node, f"{head}{middle}", node.content, node.notes)
    return valued(node, "pair", head, middle, expr_doc(node.content), node.notes)


def kind(node: ast.Kind, layout: Layout) -> Printed:
    words = Group(join(concat(LINE, "| "), [Text(word.text) for word in node.words]))
    return valued(node, "kind", f"kind {node.name}", "", words, node.notes)


def set_of_words(node: ast.SetDecl, layout: Layout) -> Printed:
    words = fill(concat(",", LINE), [word.text for word in node.words])
    return valued(node, "set", f"set {node.name}", "", words, node.notes)


def group(node: ast.Group, layout: Layout) -> Printed:
    value = concat(exprs_text(node.keys), where_text(node.where))
    return valued(node, "group", f"group {node.name}", "", value, node.notes)


def level(node: ast.Level, layout: Layout) -> Printed:
    value = concat(f"{exprs_text(node.keys)} of {node.of}{where_text(node.where)}")
    return valued(node, "level", f"level {node.name}", "", value, node.notes)


def eligible(node: ast.Eligible, layout: Layout) -> Printed:
    return spoken(node, f'eligible {node.name} "{node.message}":', "", node.condition)


def alert(node: ast.Alert, layout: Layout) -> Printed:
    return spoken(
        node, f'alert {node.name} "{node.message}" severity {node.severity}', "when ", node.condition
    )


def check(node: ast.Check, layout: Layout) -> Printed:
    return spoken(node, f'check "{node.message}":', "", node.claim)


# ---- statements of words ----------------------------------------------------------------------------------


def title(node: ast.Title, layout: Layout) -> Printed:
    return plain(node, "header", "title", f'"{node.text}"')


def version(node: ast.Version, layout: Layout) -> Printed:
    return plain(node, "header", "version", f'"{node.text}"')


def currency(node: ast.Currency, layout: Layout) -> Printed:
    return plain(node, "header", "currency", node.name.text)


def covers(node: ast.Covers, layout: Layout) -> Printed:
    end = "onward" if node.end is None else f"to {node.end.isoformat()}"
    return plain(node, "header", "covers", f"{node.start.isoformat()} {end}")


def extends(node: ast.Extends, layout: Layout) -> Printed:
    pinned = "" if node.version is None else f' at "{node.version}"'
    digest = "" if node.digest is None else f' digest "{node.digest}"'
    return plain(node, "header", "extends", f"{node.parent}{pinned}{digest}")


def lots(node: ast.Lots, layout: Layout) -> Printed:
    return plain(node, "", "lots")


def levels(node: ast.Levels, layout: Layout) -> Printed:
    value = Group(join(concat(LINE, "-> "), [Text(name.text) for name in node.chain]))
    line = flat(value)
    return Draft(node, "", (f"levels {line}",), words_of(node.notes), lambda: broken_levels(node, value))


def broken_levels(node: ast.Levels, value: Doc) -> Entry:
    first, *others = lines_of(value, INDENT, len("levels "))
    return Entry(node, (f"levels {first}", *others, *hung(words_of(node.notes))))


def remove(node: ast.Remove, layout: Layout) -> Printed:
    name = node.name if node.name.isidentifier() else f'"{node.name}"'
    return plain(node, "", f"remove {node.what} {name}", notes=words_of(node.notes))


def override(node: ast.Override, layout: Layout) -> Printed:
    """The statement that takes the place of another, with its word before it; it is aligned with nothing."""
    word = "override tighten " if node.tighten else "override "
    declaration, reason = without_reason(node.declaration)
    inner = print_statement(declaration, layout)
    if isinstance(inner, Entry):
        return prefixed(node, word, inner, reason)
    columns = (f"{word}{inner.columns[0]}", *inner.columns[1:])
    notes = (*inner.notes, *reason)
    return Draft(node, "", (" ".join(columns),), notes, lambda: prefixed(node, word, inner.broken(), reason))


def without_reason(declaration: ast.Declaration) -> tuple[ast.Declaration, tuple[str, ...]]:
    """A parameter without the reason why it is overridden, which stands behind its brace."""
    if not isinstance(declaration, ast.Param) or declaration.notes.because is None:
        return declaration, ()
    notes = replace(declaration.notes, because=None)
    return replace(declaration, notes=notes), (f'because "{declaration.notes.because}"',)


def prefixed(node: ast.Node, word: str, inner: Entry, reason: tuple[str, ...]) -> Entry:
    first, *others = inner.lines
    return Entry(node, (f"{word}{first}", *others), inner.parts, (*inner.tail, *reason))


STATEMENTS: dict[type[ast.Declaration], Callable[[Any, Layout], Printed]] = {
    ast.Title: title,
    ast.Version: version,
    ast.Currency: currency,
    ast.Covers: covers,
    ast.Extends: extends,
    ast.Lots: lots,
    ast.SourceDecl: source,
    ast.Kind: kind,
    ast.SetDecl: set_of_words,
    ast.Input: input_table,
    ast.Levels: levels,
    ast.Level: level,
    ast.Group: group,
    ast.Scenarios: scenarios,
    ast.Param: param,
    ast.Params: params,
    ast.TableDecl: table,
    ast.Matrix: matrix,
    ast.PairDecl: pair,
    ast.Formula: formula,
    ast.Pricing: pricing,
    ast.Step: step,
    ast.LegDecl: leg,
    ast.Strategies: strategies,
    ast.Pairing: pairing,
    ast.Require: output("require"),
    ast.Report: output("report"),
    ast.Eligible: eligible,
    ast.Alert: alert,
    ast.Check: check,
    ast.Remove: remove,
}
