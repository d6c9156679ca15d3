"""The JSON Schema (2020-12) of a written plan, made from the shapes that the reader uses.

`schemas/plan.schema.json` is this schema as a file; `python -m pmdsl.plan.schema` prints it.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from pmdsl.plan.wire.contracts import CONTRACTS
from pmdsl.plan.wire.parts import NODE, ORIGIN, PLAN

Schema = dict[str, Any]


def plan_schema() -> Schema:
    """The whole schema. References between parts are beyond it: those the reader checks."""
    whole = PLAN.schema()
    whole["properties"]["nodes"]["items"] = {"$ref": "#/$defs/node"}
    whole["properties"]["origins"]["items"] = {"$ref": "#/$defs/origin"}
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:pmdsl:schema:plan:1",
        "title": "A plan: a margin methodology as a graph of typed operations",
    }
    return {**head, **whole, "$defs": {"node": node_schema(), "origin": ORIGIN.schema()}}


def node_schema() -> Schema:
    """A node; what its parameters are depends on its operation."""
    found = NODE.schema()
    found["allOf"] = [
        {
            "if": {"properties": {"op": {"const": op}}},
            "then": {"properties": {"params": contract.params.schema()}, **required(contract.params.keys)},
        }
        for op, contract in sorted(CONTRACTS.items())
    ]
    return found


def required(keys: object) -> Schema:
    """Parameters may be left out as a whole where the operation has none that it needs."""
    return {"required": ["params"]} if keys else {}


def schema_text() -> str:
    """The schema as the text of its file."""
    return json.dumps(plan_schema(), indent=1) + "\n"


if __name__ == "__main__":
    sys.stdout.write(schema_text())
