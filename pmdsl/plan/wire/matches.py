"""Whether levels of matches and what is worked out at them hold together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pmdsl.plan.nodes import Level, Node, Pattern, Plan
from pmdsl.plan.wire.order import reads
from pmdsl.plan.wire.shapes import Reading

AT_MATCHES = ("pattern", "contracts", "pairing")
BASE_OF = {"pattern": "text", "contracts": "number", "pairing": "number"}


# ---- levels ------------------------------------------------------------------------------------------------


def check_match_level(plan: Plan, level: Level, path: str, to: Reading) -> None:
    """A level of matches is made of rows of accounts, inside a group of them, by patterns."""
    if level.kind != "match":
        if level.patterns or level.size >= 0:
            to.wrong(path, "has patterns, and is no level of matches", "PM525")
        return
    of, within = plan.levels.get(level.of), plan.levels.get(level.within)
    if of is None or of.kind != "table" or within is None or within.kind not in ("group", "account"):
        to.wrong(path, "must be `of` a table of accounts and `within` a group of it", "PM525")
    names = [pattern.name for pattern in level.patterns]
    if len(set(names)) < len(names):
        to.wrong(path, "names a pattern twice", "PM525")
    for pattern in level.patterns:
        check_pattern(level, pattern, f"{path}.{pattern.name}", to)
    if level.size >= len(level.keys):
        to.wrong(path, "refers to a size that is not among its keys", "PM525")


def check_pattern(level: Level, pattern: Pattern, path: str, to: Reading) -> None:
    """A pattern names places of keys and its own slots; a member of a pool has one slot."""
    places = [slot.taken for slot in pattern.slots] + list(pattern.same)
    places += [place for join in pattern.joins for place in (join.left, join.right)]
    if any(place >= len(level.keys) for place in places):
        to.wrong(path, "refers to a key that is not there", "PM525")
    for join in pattern.joins:
        if join.slots[0] == join.slots[1] or max(join.slots) >= len(pattern.slots):
            to.wrong(path, "joins slots that are not two of its own", "PM525")
    if pattern.pool and len(pattern.slots) != 1:
        to.wrong(path, "is of a pool, and has not one slot", "PM524")


def check_match_keys(plan: Plan, level: Level, path: str, to: Reading) -> None:
    """What patterns compare is one value for each row that may fill a slot."""
    if level.kind != "match":
        return
    for place, number in enumerate(level.keys):
        node = plan.nodes[number]
        if node.axes or not reads(plan, level.of, node.level):
            to.wrong(path, f"compares node {number}, which is not one value a `{level.of}`", "PM524")
        taken = [slot.taken for pattern in level.patterns for slot in pattern.slots]
        if place in taken and node.base != "bool":
            to.wrong(path, f"fills slots by node {number}, which is no condition", "PM524")
    if level.size >= 0 and plan.nodes[level.keys[level.size]].base != "number":
        to.wrong(path, "measures in what is no number", "PM524")


# ---- nodes -------------------------------------------------------------------------------------------------


def check_at_matches(plan: Plan, node: Node, path: str, to: Reading) -> None:
    """Operations of matches stand at a level of matches, and name slots that it has."""
    level = plan.levels[node.level]
    slot = node.params.get("slot") if node.op == "contracts" else slot_along(node)
    if (node.op in AT_MATCHES or slot is not None) and level.kind != "match":
        to.wrong(path, f"`{node.op}` stands at `{node.level}`, which is no level of matches", "PM524")
        return
    if slot is not None and slot >= max(len(pattern.slots) for pattern in level.patterns):
        to.wrong(path, f"reads slot {slot}, which no pattern has", "PM525")
    if slot_along(node) is not None and plan.nodes[node.inputs[0]].level not in ("", level.of):
        to.wrong(path, f"reads a slot of `{level.of}` at another level", "PM524")
    if node.op in AT_MATCHES and node.base != BASE_OF[node.op]:
        to.wrong(path, f"`{node.op}` must be {BASE_OF[node.op]}, and is {node.base}", "PM524")
    if node.op == "pairing":
        check_pairing(plan, node, level, path, to)


def slot_along(node: Node) -> int | None:
    """The slot that a node reads the position of; None where it reads none."""
    along = str(node.params.get("along", "")) if node.op == "down" else ""
    return int(along) if along.isdigit() else None


def check_pairing(plan: Plan, node: Node, level: Level, path: str, to: Reading) -> None:
    """A pairing names inputs that it has, patterns of its level and groups of its matches."""
    params = node.params
    for what, place, base, at in places(node, level):
        if place >= len(node.inputs):
            to.wrong(path, f"has no input {place}, which is its `{what}`", "PM525")
            continue
        given = plan.nodes[node.inputs[place]]
        if given.base != base and base:
            to.wrong(path, f"`{what}` of a pairing must be {base}, and is {given.base}", "PM524")
        if given.level not in (at, ""):
            to.wrong(path, f"`{what}` of a pairing is at `{given.level}`", "PM524")
    patterns = {pattern.name: pattern for pattern in level.patterns}
    for name in params["allowed"]:
        if name not in patterns:
            to.wrong(path, f"allows the pattern `{name}`, which is not there", "PM525")
    for pool in params["pools"]:
        group = plan.levels.get(pool["level"])
        if group is None or group.kind != "group" or group.of != level.name:
            to.wrong(path, f"has the pool `{pool['level']}`, which is no group of its matches", "PM525")
        if not all(pool[side] in patterns and patterns[pool[side]].pool for side in ("long", "short")):
            to.wrong(path, f"has the pool `{pool['level']}` without patterns for its sides", "PM525")
    if not to.failed:
        check_axes(plan, node, path, to)


def places(node: Node, level: Level) -> Iterator[tuple[str, int, str, str]]:
    """What a pairing reads: its name, the place of its input, its base and level."""
    params = node.params
    yield "held", params["held"], "number", level.of
    if params["admitted"] >= 0:
        yield "admitted", params["admitted"], "bool", level.name
    pools: list[dict[str, Any]] = list(params["pools"])
    numbers = [("taken", place) for place in params["taken"]]
    numbers += [("objectives", objective["linear"]) for objective in params["objectives"]]
    numbers += [("scans", place) for objective in params["objectives"] for place in objective["scans"]]
    numbers += [("scans", place) for pool in pools for place in pool["scans"]]
    numbers += [("size", pool["size"]) for pool in pools]
    for what, place in numbers:
        yield what, place, "number", level.name
    for pool in pools:
        for place in (*pool["balanced"], *pool["same"], *((pool["bound"],) if pool["bound"] >= 0 else ())):
            yield "pools", place, "", level.name


def check_axes(plan: Plan, node: Node, path: str, to: Reading) -> None:
    """Scans lose their own axis and nothing else is lost; each scan is of one pool."""
    params = node.params
    scans = [place for objective in params["objectives"] for place in objective["scans"]]
    of_pools = [place for pool in params["pools"] for place in pool["scans"]]
    if len(set(of_pools)) < len(of_pools) or not set(scans) <= set(of_pools):
        to.wrong(path, "has a scan that is not of one pool", "PM524")
    axes = params["axes"]
    kept: set[str] = set()
    for place, number in enumerate(node.inputs):
        own = set(plan.nodes[number].axes)
        lost = {axes[str(place)]} if place in of_pools and str(place) in axes else set()
        if place in of_pools and (not lost or not lost <= own):
            to.wrong(path, f"scans input {place} over an axis that it does not have", "PM524")
        kept |= own - lost
    if kept != set(node.axes):
        to.wrong(path, "must have the axes of its inputs that it does not scan", "PM524")
