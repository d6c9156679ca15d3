"""A plan for people: what it answers, its named steps, and what each level costs."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from pmdsl.plan.cost import Cost, Monomial, Sizes, cost_of, sizes_for
from pmdsl.plan.nodes import Node, Plan
from pmdsl.render.amounts import dim
from pmdsl.render.tables import add_column, cut, plain_table

LONGEST = 200


def plan_picture(plan: Plan, tables: Mapping[str, int], nodes: bool = False) -> RenderableType:
    """The whole picture; `tables` are rows by table, for a cost in numbers."""
    parts: list[RenderableType] = [
        *head(plan),
        Text(),
        outputs_table(plan),
        Text(),
        steps_table(plan),
        Text(),
    ]
    parts.append(cost_table(plan, tables))
    if nodes:
        parts += [Text(), nodes_table(plan)]
    return Group(*parts)


def head(plan: Plan) -> list[Text]:
    """Name, dates, digests."""
    start, end = plan.covers
    dates = f"on {plan.on}" if plan.on is not None else f"{start} to {end}" if end else f"{start} onward"
    unverified = f", {plan.unverified} unverified declarations" if plan.on is not None else ""
    lines = [
        Text.assemble((plan.name, "bold"), f" {plan.version}   {plan.title}"),
        Text(f"{dates}, in {plan.currency}; {len(plan.nodes)} nodes{unverified}"),
        dim(plan.digest),
    ]
    return [*lines, dim(f"extends {plan.parent[0]} {plan.parent[1]}")] if plan.parent is not None else lines


def outputs_table(plan: Plan) -> Table:
    table = plain_table("answers", "", "node>", ".~")
    for output in plan.outputs:
        said = output.message or (f"by {output.by}" if output.by else "")
        table.add_row(output.name, output.kind, str(output.node), said if said != output.name else "")
    return table


def steps_table(plan: Plan) -> Table:
    """The named values: what they are, on what they live, where they stand."""
    table = plain_table("step", "for each", "per", "unit", "node>", ".written~")
    for name, number in sorted(plan.steps.items(), key=lambda item: item[1]):
        node = plan.nodes[number]
        table.add_row(
            name, said(node.level), ", ".join(node.axes), kind_of(node), str(number), cut(written(node))
        )
    return table


def said(level: str) -> str:
    """A level as people call it."""
    return level.removesuffix(".key") or "run"


def kind_of(node: Node) -> str:
    return node.unit or ("" if node.base == "number" else node.base)


def written(node: Node) -> str:
    """The formula as written, on one line."""
    return " ".join(node.origin.text.split())


# ---- cost --------------------------------------------------------------------------------------------------


def cost_table(plan: Plan, tables: Mapping[str, int]) -> RenderableType:
    """Cells for each row of each level; with sizes the totals too."""
    cost = cost_of(plan)
    table = plain_table("for each", "kind", "nodes>", "cells>", "operations>")
    sizes = sizes_for(plan, tables) if tables else None
    if sizes is not None:
        for column in ("rows at most>", "cells in all>"):
            add_column(table, column)
    for load in cost.loads:
        kind = plan.levels[load.level].kind if load.level in plan.levels else ""
        cells = [load.level or "run", kind, str(load.nodes), terms(load.cells), terms(load.work)]
        if sizes is not None:
            rows = sizes.rows.get(load.level, 1)
            cells += [f"{rows:,}", f"{rows * sizes.value(load.cells):,}"]
        table.add_row(*cells)
    return Group(table, *totals(cost, sizes))


def totals(cost: Cost, sizes: Sizes | None) -> list[Text]:
    if sizes is None:
        return [Text(), dim("--size position=1_000_000 --size account=20_000 gives totals")]
    work, memory = cost.work(sizes), cost.bytes(sizes) / 1e6
    line = f"at most {cost.cells(sizes):,} cells, {work:.1e} operations, {memory:,.1f} MB at a time"
    return [Text(), Text(line)]


def terms(cells: Mapping[Monomial, int]) -> str:
    """`31 + 12·day`."""
    return " + ".join("·".join([f"{count:,}", *axes]) for axes, count in sorted(cells.items()))


# ---- nodes -------------------------------------------------------------------------------------------------


def nodes_table(plan: Plan) -> Table:
    """Every node: its operation, inputs and parameters."""
    table = plain_table("node>", "operation", "inputs~", "for each", "per", ".of", ".parameters~")
    for number, node in enumerate(plan.nodes):
        inputs = " ".join(map(str, node.inputs))
        options = ", ".join(f"{key} {value}" for key, value in node.params.items())
        short = options[:LONGEST]
        table.add_row(
            str(number), node.op, inputs, said(node.level), ", ".join(node.axes), node.origin.name, cut(short)
        )
    return table
