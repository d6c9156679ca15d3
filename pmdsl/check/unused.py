"""Warning: declarations that nothing needs which the rule set answers."""

from __future__ import annotations

from collections.abc import Iterator

from pmdsl.check.scope import place_of
from pmdsl.diagnostics import Findings
from pmdsl.plan.lower.attributes import finest
from pmdsl.plan.lower.elaborator import Elaborator
from pmdsl.source import Span
from pmdsl.syntax import ast
from pmdsl.types.attributes import ATTRIBUTES

# What each kind of statement is called, and what would make it needed.
NEEDED = {
    ast.Step: ("step", "no requirement, report, condition or claim needs it"),
    ast.Param: ("param", "no formula reads it"),
    ast.TableDecl: ("table", "no formula reads it"),
    ast.Matrix: ("matrix", "no `aggregate` is `with` it"),
    ast.PairDecl: ("pair", "no `aggregate` is `with` it and no other pair reads it"),
    ast.Formula: ("formula", "nothing calls it"),
    ast.SetDecl: ("set", "no `in` asks for it"),
    ast.Scenarios: ("scenarios", "no formula reads them"),
    ast.Group: ("group", "it is not in the chain of `levels`"),
    ast.Level: ("level", "nothing is reduced into it or read from it"),
    ast.LegDecl: ("leg", "no pattern and no other leg is made of it"),
    ast.Strategies: ("strategies", "no pairing chooses among them"),
    ast.Pairing: ("pairing", "no formula reads an amount of it"),
}


def check_unused(e: Elaborator, findings: Findings) -> None:
    """Everything that the rule set itself declares; what it inherits is its parent's affair."""
    if findings.has_errors:
        return  # what an error left out would be reported as unused
    used = e.used | used_axes(e)
    for key in e.program.declared:
        declared = e.program.declared[key]
        if key not in e.program.own:
            continue
        for kind, (word, reason) in NEEDED.items():
            if isinstance(declared, kind) and key not in used:
                warn(findings, "PM239", f"nothing needs the {word} `{key[1]}`: {reason}", place_of(declared))
    for code, place, text in (*unused_kinds(e), *unused_inputs(e)):
        warn(findings, code, text, place)
    check_sources(e, findings)


def warn(findings: Findings, code: str, message: str, span: Span) -> None:
    findings.add(code, message, span, hint="remove it, or use it")


def used_axes(e: Elaborator) -> set[tuple[type[ast.Declaration], str]]:
    """Axes along which values that are answered run."""
    found = {axis for output in e.outputs for axis in e.graph.nodes[output.node].axes}
    return {(ast.Scenarios, name) for name, axis in e.axes.items() if axis.name in found}


def unused_kinds(e: Elaborator) -> Iterator[tuple[str, Span, str]]:
    """Kinds that no attribute, parameter or column has as its type, and whose words no table holds."""
    typed = {node.name for _, nodes in e.program.nodes for node in nodes if isinstance(node, ast.TypeName)}
    held = {node.unit for node in e.graph.nodes if node.base == "text"}
    for key, declared in e.program.declared.items():
        if isinstance(declared, ast.Kind) and key in e.program.own and key[1] not in typed | held:
            yield "PM239", declared.name.span, f"nothing needs the kind `{key[1]}`: nothing is of it"


def unused_inputs(e: Elaborator) -> Iterator[tuple[str, Span, str]]:
    """Attributes that no formula reads. Built-in ones may be declared for their default alone."""
    axes = {a.source["path"] for a in e.axes.values() if a.kind == "history"}
    read = e.read_columns | {(path[0], path[1]) for path in axes if len(path) == 2}
    for key, declared in e.program.declared.items():
        if not isinstance(declared, ast.Input) or key not in e.program.own:
            continue
        table = declared.name.text
        whole = not any(owner == table for owner, _ in read)
        if whole and (
            declared.keys or (table in finest(e) and table not in {name.text for name in e.program.chain})
        ):
            yield "PM239", declared.name.span, f"nothing needs the input `{table}`: no formula reads it"
            continue
        for field in declared.fields:
            column = field.name.text
            own = field.span.source is e.program.source
            if own and (table, column) not in read and (table, column) not in ATTRIBUTES:
                yield "PM240", field.name.span, f"no formula reads the attribute `{column}` of the {table}"


def check_sources(e: Elaborator, findings: Findings) -> None:
    """Sources that nothing cites."""
    cited = {node.source.text for _, nodes in e.program.nodes for node in nodes if isinstance(node, ast.Cite)}
    cited |= {cite.operand.parts[0] for cite in cells_citing(e) if isinstance(cite.operand, ast.Path)}
    for key, declared in e.program.declared.items():
        if isinstance(declared, ast.SourceDecl) and key in e.program.own and key[1] not in cited:
            findings.add(
                "PM241",
                f"nothing cites the source `{key[1]}`",
                declared.name.span,
                hint=f'write `cite {key[1]} at "…"` beside the values that stand in it, or remove it',
            )


def cells_citing(e: Elaborator) -> Iterator[ast.At]:
    """Cells of tables that cite: `finra at "(g)(2)"`."""
    for _, nodes in e.program.nodes:
        for node in nodes:
            if isinstance(node, ast.At) and isinstance(node.place, ast.Text):
                yield node
