"""Digests: of what a rule set means, and of what it cites.

The meaning is a tree of hashes over nodes: operation, parameters, inputs, level, axes. Names of intermediate
steps, layout, comments, titles, citations and the order of declarations do not enter; the order of rows does
where it
matters, because a match lists its rows in order.
"""

from __future__ import annotations

import hashlib
import json
from fractions import Fraction
from typing import Any

from pmdsl.plan.nodes import Node, Plan

UNMEANT = ("table", "name", "names", "matrix")
DATA_OPERATIONS = ("lookup", "cell", "has", "given", "matrix", "input")


def digest(plan: Plan) -> str:
    """The digest of a plan's meaning, as `sha256:…`."""
    hashes = node_hashes(plan)
    level_names = sorted(plan.levels)
    parts = {
        "currency": plan.currency,
        "covers": [str(day) for day in plan.covers],
        "lots": plan.lots,
        "outputs": sorted(
            [o.kind, "" if o.kind == "check" else o.name, hashes[o.node], o.by, o.severity]
            for o in plan.outputs
        ),
        "levels": [[name, level_meaning(plan, name, hashes)] for name in level_names],
        "axes": sorted(
            [axis.name, axis.kind, list(axis.points), sorted(map(repr, axis.source.items()))]
            for axis in plan.axes.values()
        ),
    }  # fmt: skip
    return "sha256:" + hashed(parts)


def hashed(value: object) -> str:
    """SHA-256 over canonical JSON."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), default=plain)
    return hashlib.sha256(text.encode()).hexdigest()


def plain(value: object) -> object:
    """Values that JSON does not know, in one written form."""
    return (
        str(value)
        if isinstance(value, Fraction)
        else list(value)
        if isinstance(value, tuple)
        else repr(value)
    )


def node_hashes(plan: Plan) -> list[str]:
    """A hash for each node that depends on what it computes alone."""
    found: list[str] = []
    for node in plan.nodes:
        found.append(
            hashed(
                [
                    node.op,
                    meant(node),
                    [found[i] for i in node.inputs],
                    node.level,
                    list(node.axes),
                    node.base,
                    node.unit,
                ]
            )
        )
    return found


def meant(node: Node) -> dict[str, Any]:
    """The parameters of a node that change a result."""
    if node.op in DATA_OPERATIONS:
        return dict(node.params)
    return {key: value for key, value in node.params.items() if key not in UNMEANT}


def level_meaning(plan: Plan, name: str, hashes: list[str]) -> list[object]:
    level = plan.levels[name]
    return [level.kind, level.of, level.entity, level.within, [hashes[i] for i in level.keys]]


def citation_digest(plan: Plan) -> str:
    """The digest of everything that a rule set cites, apart from what it means."""
    cites = sorted({cite for node in plan.nodes for cite in node.origin.cites})
    return "sha256:" + hashed([plan.title, plan.version, cites])
