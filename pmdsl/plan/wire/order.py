"""From which level each row has one row of which other, and whether all levels can be made in some order."""

from __future__ import annotations

from pmdsl.plan.nodes import Plan


def edges(plan: Plan, name: str) -> list[str]:
    """The levels of which each row of a level has one directly, by the keys and groups built on it."""
    level = plan.levels[name]
    found = ["account"] if level.kind in ("table", "group", "match") else []
    found += ["instrument"] if name == "position" else ["underlying"] if name == "instrument" else []
    found += [level.key or f"{name}.key"] if level.kind == "group" else []
    found += [
        other.name for other in plan.levels.values() if other.kind in ("key", "group") and other.of == name
    ]
    return [
        *found,
        *([level.of] if level.kind in ("group", "key") else []),
        *([level.within] if level.kind == "match" else []),
        *([level.entity] if level.entity else []),
    ]


def reads(plan: Plan, fine: str, coarse: str) -> bool:
    """Whether each row of a level may have one row of another."""
    seen = {fine}
    queue = [fine]
    while queue and coarse not in seen:
        for name in edges(plan, queue.pop()):
            if name in plan.levels and name not in seen:
                seen.add(name)
                queue.append(name)
    return coarse in seen or coarse == ""


def levels_in_order(plan: Plan) -> list[str] | None:
    """The levels, each after those and the nodes that make it; None where there is no such order."""
    done: dict[str, bool] = {}
    order: list[str] = []
    stack: list[tuple[str, bool]] = [(name, False) for name in plan.levels]
    while stack:
        name, left = stack.pop()
        if left:
            done[name] = True
            order.append(name)
        elif name in done:
            if not done[name]:
                return None
        else:
            done[name] = False
            stack.append((name, True))
            needed = made_of(plan, name)
            if any(done.get(other) is False for other in needed):
                return None
            stack.extend((other, False) for other in needed if other not in done)
    return order


def made_of(plan: Plan, name: str) -> list[str]:
    """The levels that a level is made of, among them those of the nodes that make its keys."""
    level = plan.levels[name]
    if level.kind not in ("key", "group", "pair", "match"):
        return []
    found = [level.of, level.within, (level.key or f"{name}.key") if level.kind == "group" else ""]
    seen: set[int] = set()
    queue = list(level.keys)
    while queue:
        number = queue.pop()
        if number not in seen:
            seen.add(number)
            found.append(plan.nodes[number].level)
            queue.extend(plan.nodes[number].inputs)
    return [other for other in dict.fromkeys(found) if other]
