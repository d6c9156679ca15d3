"""The digest of what a rule set means.

A tree of hashes over nodes: operation, parameters, inputs, level, axes, unit, and of what is read from
outside how it was declared. Names of steps and tables, layout, comments, titles, messages, citations and the
order of declarations do not enter; the order of rows does where it matters, because a match lists its rows in
order. A field that is added to a level, an axis, an output or a column enters by itself.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from pmdsl.plan.nodes import Axis, DataTable, InputColumn, Level, Node, Output, Plan

NAMES = ("table", "column", "name", "names", "matrix")
# The names by which something is found outside the plan.
ASKED = {"input": ("table", "column"), "cell": ("column",), "has": ("column",), "matrix": ("name",)}
NONE = -1

Columns = Mapping[tuple[str, str], InputColumn]


def digest(plan: Plan) -> str:
    """The digest of a plan's meaning, as `sha256:…`."""
    hashes = node_hashes(plan)
    parts = {
        "currency": plan.currency,
        "covers": [str(day) for day in plan.covers],
        "lots": plan.lots,
        "outputs": sorted(hashed(output_meaning(plan, output, hashes)) for output in plan.outputs),
        "levels": {name: level_meaning(level, hashes) for name, level in plan.levels.items()},
        "axes": {name: axis_meaning(plan, axis, hashes) for name, axis in plan.axes.items()},
    }
    return "sha256:" + hashed(parts)


def hashed(value: object) -> str:
    """SHA-256 over canonical JSON."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), default=plain)
    return hashlib.sha256(text.encode()).hexdigest()


def plain(value: object) -> object:
    """Values that JSON does not know, in one written form."""
    if is_dataclass(value):
        return told(value)
    return dict(value) if isinstance(value, Mapping) else str(value)


def told(record: Any, *without: str) -> dict[str, Any]:
    """A record by its fields, without those whose meaning is said in another way."""
    return {spec.name: getattr(record, spec.name) for spec in fields(record) if spec.name not in without}


# ---- nodes -------------------------------------------------------------------------------------------------


def node_hashes(plan: Plan, marked: int = NONE) -> list[str]:
    """A hash for each node that depends on what it computes alone; the marked one differs from all others."""
    columns = {(column.table, column.column): column for column in plan.inputs}
    found: list[str] = []
    for index, node in enumerate(plan.nodes):
        parts = told(node, "inputs", "params", "axes", "origin") | {
            "inputs": [found[i] for i in node.inputs],
            "params": meant(node),
            "axes": sorted(node.axes),
            "outside": outside(node, plan, columns),
            "marked": index == marked,
        }
        found.append(hashed(parts))
    return found


def meant(node: Node) -> dict[str, Any]:
    """The parameters of a node that change a result; in what order words are listed does not."""
    asked = ASKED.get(node.op, ())
    kept = {key: value for key, value in node.params.items() if key not in NAMES or key in asked}
    return kept | {"words": sorted(kept["words"])} if kept.get("words") else kept


def outside(node: Node, plan: Plan, columns: Columns) -> object:
    """How what a node reads was declared: the type of an attribute, the columns of a table."""
    if node.op == "input":
        column = columns.get((node.params["table"], node.params["column"]))
        return column and told(column, "words") | {"words": sorted(column.words)}
    if node.op in ("lookup", "cell", "has"):
        return table_meaning(plan.data.get(node.params["table"]))
    return None


def table_meaning(table: DataTable | None) -> object:
    """Where a table is found and what its columns hold: their order counts for keys alone."""
    if table is None:
        return None
    columns = [[name, header, base, sorted(words)] for name, header, base, words in table.columns]
    return told(table, "name", "columns") | {
        "given_as": table.given_as or table.name,
        "key_columns": columns[: table.keys],
        "values": sorted(columns[table.keys :]),
    }


# ---- what nodes stand on -----------------------------------------------------------------------------------


def output_meaning(plan: Plan, output: Output, hashes: list[str]) -> dict[str, Any]:
    """What is answered. The wording of a claim is none of it; the parameter that it moves is."""
    found = told(output, "node", "message", "binding") | {"value": hashes[output.node]}
    if output.kind != "check":
        return found
    moved = plan.steps.get(output.by, NONE) if output.by else NONE
    value = node_hashes(plan, moved)[output.node] if moved >= 0 else hashes[output.node]
    return found | {"name": "", "by": "" if moved >= 0 else output.by, "value": value, "moves": moved >= 0}


def level_meaning(level: Level, hashes: list[str]) -> dict[str, Any]:
    """Which rows a level has: whose they are, and the nodes that make their keys."""
    return told(level, "keys", "unverified") | {"keys": [hashes[i] for i in level.keys]}


def axis_meaning(plan: Plan, axis: Axis, hashes: list[str]) -> dict[str, Any]:
    """Which points an axis has: as written, or where they are taken from."""
    values = hashes[axis.node] if axis.node >= 0 else ""
    table = plan.data.get(str(axis.source["path"][0])) if "path" in axis.source else None
    return told(axis, "node") | {"values": values, "table": table_meaning(table)}
