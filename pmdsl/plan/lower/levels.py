"""Levels: the chain of groups, each with a key level that all accounts share."""

from __future__ import annotations

from dataclasses import replace

from pmdsl.diagnostics import did_you_mean
from pmdsl.plan.lower import lookups
from pmdsl.plan.lower.attributes import finest
from pmdsl.plan.lower.elaborator import Context, Elaborator, origin_of
from pmdsl.plan.lower.graph import Value
from pmdsl.plan.lower.operands import condition
from pmdsl.plan.nodes import Level
from pmdsl.syntax import ast


def declare_tables(e: Elaborator) -> None:
    """Enter input tables whose rows belong to accounts as finest levels."""
    for name in finest(e):
        if name not in e.graph.order.levels:
            e.graph.order.add(Level(name, "table"), ("account",))


def declare_levels(e: Elaborator) -> None:
    """Enter the chain from the finest level to the account, then the levels that stand beside it."""
    chain = [name.text for name in e.program.chain]
    if chain and not check_ends(e, chain):
        return
    previous = chain[0] if chain else "position"
    for name in e.program.chain[1:]:
        if name.text == "account":
            continue
        level = declare_group(e, name, previous)
        if level is None:
            return
        e.graph.order.link(previous, level)
        previous = level
    for extra in e.program.all(ast.Level):
        source = extra.of.text if extra.of.text in e.graph.order.levels else e.groups.get(extra.of.text, "")
        keys = [e.evaluate(key, Context(origin=origin_of(extra, extra.name.text))) for key in extra.keys]
        made = make_level(e, extra.name.text, keys, source or "position", extra, extra.where)
        if made is not None:
            e.graph.order.link(source or "position", made)


def check_ends(e: Elaborator, chain: list[str]) -> bool:
    """Whether the chain begins and ends where it must."""
    span = e.program.chain[0].span
    if chain[-1] != "account":
        e.error("PM233", "the chain of levels does not end at `account`", e.program.chain[-1].span, hint=f"write `-> {chain[-1]} -> account`")
    if chain[0] not in e.graph.order.levels:
        e.error(
            "PM233",
            f"the chain begins at `position` or at an input table, and `{chain[0]}` is neither",
            span,
            hint=did_you_mean(chain[0], ["position", *finest(e)]),
        )
        return False
    return True


def declare_group(e: Elaborator, name: ast.Name, previous: str) -> str | None:
    """One level of the chain: by a `group` statement, or by a table of the same name."""
    group = e.program.get(ast.Group, name.text)
    if group is not None:
        e.used.add((ast.Group, name.text))
        ctx = Context(origin=origin_of(group, name.text))
        keys = [e.evaluate(key, ctx) for key in group.keys]
        return make_level(e, name.text, keys, previous, group, group.where)
    table = e.program.get(ast.TableDecl, name.text)
    if table is not None:
        e.used.add((ast.TableDecl, name.text))
        key = lookups.own_column(e, table, name.text, None, Context(), table.span)
        return make_level(e, name.text, [key], previous, table, None)
    declared = [*(group.name.text for group in e.program.all(ast.Group)), *(table.name.text for table in e.program.all(ast.TableDecl))]
    hint = did_you_mean(name.text, declared) or f"add `group {name} = …`, or a table `{name}` with a column `{name}`"
    e.error("PM234", f"nothing says how members are put in `{name}`", name.span, hint=hint)
    return None


def make_level(
    e: Elaborator, name: str, keys: list[Value | None], previous: str, decl: ast.Declaration, where: ast.Expr | None
) -> str | None:
    """The key level and the group level of a grouping; the same grouping in a parent is the same level."""
    ctx = Context(origin=origin_of(decl, name))
    known = [value for value in keys if value is not None]
    if len(known) < len(keys):
        return None
    for value in known:
        if value.type.base == "bool" or value.type.axes:
            what = f"a value for each {value.type.axes[0]}" if value.type.axes else value.type.describe()
            hint = "group by a word, an id, a number or a date that each member has, such as `underlying.id`"
            e.error("PM235", f"`{name}` is grouped by {what}, which names no group", decl.span, hint=hint)
            return None
    aligned = e.aligned(known, ctx, decl.span)
    if aligned is None:
        return None
    values, source, _ = aligned
    source = source or previous
    shared = f"{previous}.key"
    if not e.graph.order.reads(previous, source) and shared in e.graph.order.levels and e.graph.order.reads(source, shared):
        # Members of the finer group must agree on the coarser one's key; the run checks it.
        values = [e.add("agree", (v,), v.type.at(shared, ()), ctx, decl.span) for v in values]
        known, source = values, shared
    if not e.graph.order.reads(previous, source):
        e.error("PM236", f"not every {e.say(previous)} has one `{name}`", decl.span, hint="group by what its members share")
        return None
    test = condition(e, where, ctx) if where is not None else None
    return entered(e, name, known[0], tuple(v.node for v in values), source, previous, test)


def entered(e: Elaborator, name: str, first: Value, keys: tuple[int, ...], source: str, previous: str, test: Value | None) -> str:
    """Add the two levels, under the parent's names where the parent groups alike."""
    order = e.graph.order
    full = name
    key_level = Level(f"{full}.key", "key", of=source, keys=keys, entity=entity_of(first))
    existing = order.levels.get(key_level.name)
    if existing is not None and existing != key_level:
        full = e.prefix + name if e.prefix else f"own.{name}"
        key_level = replace(key_level, name=f"{full}.key")
    if key_level.name not in order.levels:
        order.add(key_level, ("",))
        order.link(source, key_level.name)
        link_identity(e, key_level, first)
        order.add(Level(full, "group", of=previous, keys=(test.node,) if test else ()), ("account", key_level.name))
    e.groups[name] = full
    return full


def entity_of(key: Value) -> str:
    """The entity whose ids are the keys, or "" where the key is a word."""
    return key.type.kind if key.type.kind in ("underlying", "instrument") and key.type.base == "text" else ""


def link_identity(e: Elaborator, level: Level, key: Value) -> None:
    """A group keyed by an entity's own id is that entity: each group has exactly one."""
    node = e.graph.nodes[key.node]
    entity = level.entity
    if entity and node.op == "input" and (node.params["table"], node.params["column"]) == (entity, "id"):
        e.graph.order.link(level.name, entity)
