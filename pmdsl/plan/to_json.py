"""A plan as JSON text: what `from_json` reads back to an equal plan. The schema is
`schemas/plan.schema.json`.

Places and citations stand once, in `origins`; whatever has its usual value is left out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from datetime import date
from typing import Any

from pmdsl.plan.digest import digest
from pmdsl.plan.nodes import Node, Origin, Plan
from pmdsl.plan.wire.parts import FORMAT, FORMAT_VERSION

Record = dict[str, Any]


@dataclass
class Origins:
    """The distinct origins met so far, numbered in the order of first use."""

    numbers: dict[Origin, int] = field(default_factory=dict)

    def number(self, origin: Origin) -> int:
        return self.numbers.setdefault(origin, len(self.numbers))


def write_plan(plan: Plan) -> str:
    """The JSON text of a plan, one line a node, with a line end. Equal plans give equal text."""
    record = plan_record(plan)
    lines = [f"{json.dumps(key)}: {block(value)}" for key, value in record.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def block(value: object) -> str:
    """A value on one line; a list of records on one line each."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n" + ",\n".join(line(item) for item in value) + "\n]"
    return line(value)


def line(value: object) -> str:
    return json.dumps(value, allow_nan=False)


def plan_record(plan: Plan) -> Record:
    """A plan as plain data."""
    origins = Origins()
    origins.number(Origin())
    nodes = [node_record(node, origins) for node in plan.nodes]
    tables = {name: [origins.number(row) for row in rows.rows] for name, rows in plan.tables.items()}
    head: Record = {"format": FORMAT, "format_version": FORMAT_VERSION, **plain_fields(plan, LATER)}
    head |= {"digest": plan.digest, "meaning": digest(plan)}
    return head | {
        "levels": [plain(level) for level in plan.levels.values()],
        "axes": [plain(axis) for axis in plan.axes.values()],
        "data": [plain(table) for table in plan.data.values()],
        "outputs": [plain(output) for output in plan.outputs],
        "inputs": [plain(column) for column in plan.inputs],
        "steps": dict(plan.steps),
        "tables": tables,
        "origins": [plain(origin) for origin in origins.numbers],
        "nodes": nodes,
    }


LATER = frozenset({"digest", "levels", "axes", "data", "outputs", "inputs", "steps", "tables", "nodes"})


def node_record(node: Node, origins: Origins) -> Record:
    """A node, with the number of its origin."""
    number = origins.number(node.origin)
    return plain_fields(node, frozenset({"origin"})) | ({"origin": number} if number else {})


def plain_fields(value: Any, without: frozenset[str] = frozenset()) -> Record:
    """The fields of a record that have another value than usual."""
    found: Record = {}
    for spec in fields(value):
        item = getattr(value, spec.name)
        usual = spec.default_factory() if spec.default_factory is not MISSING else spec.default
        if spec.name not in without and (item != usual or usual is MISSING):
            found[spec.name] = plain(item)
    return found


def plain(value: Any) -> Any:
    """A value as JSON has it: tuples become lists, dates texts, records objects."""
    if is_dataclass(value):
        return plain_fields(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
