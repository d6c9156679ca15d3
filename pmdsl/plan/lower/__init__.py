"""Lowering: from a program to a typed plan that still holds every date.

`elaborate` is the one entry. The files, in the order of the work: `levels` and `scenarios` enter what values
live on, `expressions` turns formulas into nodes with the help of `names`, `tables`, `lookups`, `reductions`,
`pricing`
and `functions`, and `outputs` says what is answered and what bound it.
"""

from __future__ import annotations

from datetime import date

from pmdsl.diagnostics import Findings
from pmdsl.names.program import Program, key_of
from pmdsl.plan.lower import (
    attributes,
    declarations,
    levels,
    lookups,
    outputs,
    pairings,
    pricing,
    scenarios,
)
from pmdsl.plan.lower.depth import room
from pmdsl.plan.lower.elaborator import Context, Elaborator, KindInfo
from pmdsl.plan.lower.expressions import HANDLERS
from pmdsl.plan.lower.graph import Graph
from pmdsl.plan.nodes import Plan
from pmdsl.syntax import ast
from pmdsl.types.attributes import ATTRIBUTES, KINDS

OPEN_KINDS = ("underlying_kind",)


def elaborate(program: Program, findings: Findings) -> Elaborator:
    """Turn everything a program declares into nodes, and collect what is wrong with it."""
    try:
        with room():
            return elaborated(program, findings)
    except RecursionError:
        hint = "break the chain: name fewer values in between, or work them out in a table"
        findings.add(
            "PM254",
            f"the declarations of `{program.name}` need one another in too long a chain",
            program.span,
            hint=hint,
        )
        return Elaborator(program, Graph(), findings, HANDLERS)


def elaborated(program: Program, findings: Findings) -> Elaborator:
    graph = Graph()
    base = None
    if program.base is not None:
        base = prepared(program.base, graph, findings, None, changed_tables(program))
    e = prepared(program, graph, findings, base)
    e.outputs = tuple(outputs.declare_outputs(e))
    reach_the_rest(e)
    return e


def changed_tables(program: Program) -> frozenset[str]:
    """The tables of the parent that a program overrides or removes."""
    overriding = (key_of(override.declaration) for override in program.overridden)
    gone = {key for key in (program.base.declared if program.base else ()) if key not in program.declared}
    return frozenset("pricing" if kind is ast.Pricing else name for kind, name in (*overriding, *gone))


def prepared(
    program: Program,
    graph: Graph,
    findings: Findings,
    base: Elaborator | None,
    overridden: frozenset[str] = frozenset(),
) -> Elaborator:
    """An elaborator with its kinds, axes and levels entered."""
    e = Elaborator(program, graph, findings, HANDLERS, base, overridden=overridden)
    for name, words in KINDS.items():
        e.kinds[name] = KindInfo(words, name in OPEN_KINDS)
    for kind in program.all(ast.Kind):
        e.kinds[kind.name.text] = KindInfo(tuple(word.text for word in kind.words))
    scenarios.declare_axes(e)
    levels.declare_tables(e)
    levels.declare_levels(e)
    return e


def reach_the_rest(e: Elaborator) -> None:
    """Work out what no output needs as well, so that its mistakes are found; what is unused stays marked
    unused.
    """
    used = set(e.used)
    named: list[ast.Step | ast.Param | ast.PairDecl] = [*e.program.all(ast.Step), *e.program.all(ast.Param)]
    for declared in [*named, *e.program.all(ast.PairDecl)]:
        declarations.value_of(e, declared.name.text, Context(), declared.span)
    pairings.reach(e)
    for table in e.program.all(ast.TableDecl):
        reach_table(e, table)
    for priced in e.program.all(ast.Pricing):
        pricing.model_node(e, priced.span)
    for axis in e.program.all(ast.Scenarios):
        if isinstance(axis.content, ast.Distinct):
            scenarios.own_value(e, axis.name.text, Context(), axis.span)
        for column in scenarios.columns(e, axis.name.text):
            scenarios.column(e, axis.name.text, column, Context(), axis.span)
    for declared_input in e.program.all(ast.Input):
        for field in declared_input.fields:
            if not declared_input.keys:
                read = set(e.read_columns)
                owner, column = declared_input.name.text, field.name.text
                known = ATTRIBUTES.get((owner, column))
                ctx = Context(kinds=known.kinds if known else None)
                attributes.attribute(e, owner, column, ctx, field.span)
                e.read_columns = read
    e.used = used


def reach_table(e: Elaborator, table: ast.TableDecl) -> None:
    """Work out a table's columns for the keys that it names; one whose keys are always given was read
    already, or never.
    """
    name = table.name.text
    given = any(lookups.is_key_only(e, key, Context()) for key in table.keys)
    if given and ((ast.TableDecl, name) in e.used or any(key[:2] == ("column", name) for key in e.memo)):
        return
    for column in lookups.columns_of(e, name):
        lookups.own_column(e, table, column, None, Context(), table.span)


def to_plan(e: Elaborator) -> Plan:
    """The plan of an elaboration without errors, for all dates at once."""
    program = e.program
    read_on = [
        value
        for source in program.all(ast.SourceDecl)
        for key, value in source.fields
        if key == "read_on" and isinstance(value, date)
    ]
    parts = [part for part in (e.base, e) if part is not None]
    return Plan(
        name=program.name,
        title=program.title,
        version=program.version,
        currency=program.currency,
        covers=program.covers,
        nodes=tuple(e.graph.nodes),
        levels=dict(e.graph.order.levels),
        axes={axis.name: axis for part in parts for axis in part.axes.values()},
        outputs=e.outputs,
        inputs=tuple({key: column for part in parts for key, column in part.inputs.items()}.values()),
        data={name: table for part in parts for name, table in part.data.items()},
        tables={name: rows for part in parts for name, rows in part.rows.items()},
        lots=program.lots,
        parent=(program.base.name, "") if program.base is not None else None,
        newest_read_on=max(read_on) if read_on else None,
        steps={
            key[1]: value.node for key, value in e.memo.items() if key[0] == "declared" and value is not None
        },
    )
