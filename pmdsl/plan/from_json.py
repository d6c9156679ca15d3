"""A plan from JSON text.

The text may be a stranger's: everything is bounded and checked before a plan is made of it.
"""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

from pmdsl.diagnostics import PmdslError
from pmdsl.plan.digest import digest
from pmdsl.plan.limits import MAX_PLAN_BYTES
from pmdsl.plan.nodes import Node, Origin, Plan, TableRows
from pmdsl.plan.wire.contracts import CONTRACTS
from pmdsl.plan.wire.parts import FORMAT, FORMAT_VERSION, PLAN, WrittenNode
from pmdsl.plan.wire.shapes import Reading
from pmdsl.plan.wire.sound import check_sound
from pmdsl.source import Source


class _RefusedError(ValueError):
    """Something that JSON texts of ours do not have."""


def read_plan(source: Source) -> Plan:
    """The plan in a text. Raises PmdslError with what is wrong with it."""
    to = Reading(source.name)
    record = plain_record(source)
    check_version(record, source.name)
    parts = PLAN.read(record, "", to)
    give_up(to)
    assert parts is not None
    plan = assembled(parts, to)
    give_up(to)
    check_sound(plan, to)
    give_up(to)
    if digest(plan) != parts["meaning"] or (plan.on is None and plan.digest != parts["meaning"]):
        raise PmdslError.single("PM526", f"{source.name} does not mean what its digest says")
    return plan


def give_up(to: Reading) -> None:
    """Stop where something was wrong: what follows relies on it."""
    to.findings.raise_if_errors()


# ---- text --------------------------------------------------------------------------------------------------


def plain_record(source: Source) -> dict[str, Any]:
    """The JSON object of a text. Raises PmdslError for texts that are too large or no JSON."""
    if len(source.text) > MAX_PLAN_BYTES:
        raise PmdslError.single("PM522", f"{source.name} has more than {MAX_PLAN_BYTES:_} characters")
    try:
        found = json.loads(
            source.text, object_pairs_hook=without_twins, parse_constant=refuse, parse_int=whole
        )
    except RecursionError:
        raise PmdslError.single("PM522", f"{source.name} is nested too deeply") from None
    except ValueError as problem:
        raise PmdslError.single("PM520", f"{source.name} is no plan: {str(problem)[:200]}") from None
    if not isinstance(found, dict):
        raise PmdslError.single("PM520", f"{source.name} is no plan: it holds no object")
    return found


def without_twins(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _RefusedError("a key stands twice in one object")
    return found


def refuse(word: str) -> object:
    raise _RefusedError(f"{word} is no number")


def whole(digits: str) -> int:
    if len(digits) > 20:
        raise _RefusedError("a whole number has more than 20 digits")
    return int(digits)


def check_version(record: dict[str, Any], name: str) -> None:
    """The format must be one that this version reads."""
    if record.get("format") != FORMAT:
        raise PmdslError.single("PM520", f"{name} is no plan: its `format` is not `{FORMAT}`")
    if record.get("format_version") != FORMAT_VERSION:
        hint = f"this version of pmdsl reads format {FORMAT_VERSION}: compile the rule set again"
        raise PmdslError.single("PM521", f"{name} is written in another format of plans", hint=hint)


# ---- records -----------------------------------------------------------------------------------------------


def assembled(parts: dict[str, Any], to: Reading) -> Plan:
    """The plan of the parts; references are not looked at yet, except to origins."""
    origins = parts["origins"] or (Origin(),)
    nodes = tuple(made_node(node, number, origins, to) for number, node in enumerate(parts["nodes"]))
    tables = {
        name: TableRows(name, tuple(origin_at(n, origins, f"tables.{name}", to) for n in rows))
        for name, rows in parts.get("tables", {}).items()
    }
    named = {
        key: {item.name: item for item in parts.get(key, ())}
        for key in ("levels", "axes", "data")
    }  # fmt: skip
    for key, found in named.items():
        if len(found) < len(parts.get(key, ())):
            to.wrong(key, "names one twice", "PM525")
    plain = {f.name: parts[f.name] for f in fields(Plan) if f.name in parts}
    return Plan(**{**plain, "nodes": nodes, "tables": tables, **named})


def made_node(node: WrittenNode, number: int, origins: tuple[Origin, ...], to: Reading) -> Node:
    """A node with its parameters read as its operation has them."""
    path = f"nodes[{number}]"
    params = CONTRACTS[node.op].params.read(node.params, f"{path}.params", to) or {}
    origin = origin_at(node.origin, origins, path, to)
    return Node(node.op, node.inputs, params, node.level, node.axes, node.base, node.unit, origin)


def origin_at(number: int, origins: tuple[Origin, ...], path: str, to: Reading) -> Origin:
    if number < len(origins):
        return origins[number]
    to.wrong(path, f"refers to origin {number}, and there are {len(origins)}", "PM525")
    return Origin()
