"""Levels: the chain of groups, each with a key level that all accounts share."""

from __future__ import annotations

from dataclasses import replace

from pmdsl.diagnostics import did_you_mean
from pmdsl.plan.lower import attributes, guards, lookups, names
from pmdsl.plan.lower.attributes import finest
from pmdsl.plan.lower.elaborator import Context, Elaborator, origin_of
from pmdsl.plan.lower.graph import Value
from pmdsl.plan.lower.operands import condition
from pmdsl.plan.nodes import Level
from pmdsl.syntax import ast

Grouping = ast.Group | ast.Level | ast.TableDecl


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
    if not declare_chain(e, chain):
        return
    e.chained = True
    for extra in e.program.all(ast.Level):
        source = extra.of.text if extra.of.text in e.graph.order.levels else e.groups.get(extra.of.text, "")
        keys = keys_of(e, extra)
        made = make_level(e, extra.name.text, keys, source or "position", source or "position", extra)
        if made is not None:
            e.graph.order.link(source or "position", made)


def declare_chain(e: Elaborator, chain: list[str]) -> bool:
    """The levels of the chain, finest first.

    `whole` is the last level that every member belongs to: groups above one with `where` hold the others.
    """
    previous = whole = chain[0] if chain else "position"
    for number, name in enumerate(e.program.chain[1:], start=2):
        if name.text == "account":
            continue
        level = declare_group(e, name, previous, whole, chain[number:])
        if level is None:
            return False
        e.graph.order.link(previous, level)
        e.graph.order.link(whole, level)
        group = e.program.get(ast.Group, name.text)
        previous = level
        whole = level if group is None or group.where is None else whole
    return True


def check_ends(e: Elaborator, chain: list[str]) -> bool:
    """Whether the chain begins and ends where it must."""
    span = e.program.chain[0].span
    if chain[-1] != "account":
        e.error(
            "PM233",
            "the chain of levels does not end at `account`",
            e.program.chain[-1].span,
            hint=f"write `-> {chain[-1]} -> account`",
        )
    if chain[0] not in e.graph.order.levels:
        e.error(
            "PM233",
            f"the chain begins at `position` or at an input table, and `{chain[0]}` is neither",
            span,
            hint=did_you_mean(chain[0], ["position", *finest(e)]),
        )
        return False
    return True


def declare_group(e: Elaborator, name: ast.Name, previous: str, whole: str, above: list[str]) -> str | None:
    """One level of the chain: by a `group` statement, or by a table of the same name."""
    group = e.program.get(ast.Group, name.text)
    if group is not None:
        e.used.add((ast.Group, name.text))
        return make_level(e, name.text, nested(e, keys_of(e, group), above), previous, whole, group)
    table = e.program.get(ast.TableDecl, name.text)
    if table is not None:
        e.used.add((ast.TableDecl, name.text))
        key = lookups.own_column(e, table, name.text, None, Context(), table.span)
        return make_level(e, name.text, [key], previous, whole, table)
    declared = [
        *(group.name.text for group in e.program.all(ast.Group)),
        *(table.name.text for table in e.program.all(ast.TableDecl)),
    ]
    hint = (
        did_you_mean(name.text, declared, e.findings)
        or f"add `group {name} = …`, or a table `{name}` with a column `{name}`"
    )
    e.error("PM234", f"nothing says how members are put in `{name}`", name.span, hint=hint)
    return None


def keys_of(e: Elaborator, decl: ast.Group | ast.Level) -> list[Value | None]:
    """The keys of a grouping; under its `where` they may be what only some instruments have."""
    ctx = grouping(decl, decl.name.text)
    if decl.where is not None:
        ctx = ctx.narrowed(guards.kinds_of(e, decl.where))
    return [e.evaluate(key, ctx) for key in decl.keys]


def grouping(decl: Grouping, name: str) -> Context:
    """The context of a grouping. Equal keys are one node, sure or not: the level says whether it is sure."""
    return Context(origin=replace(origin_of(decl, name), unverified=False))


def nested(e: Elaborator, keys: list[Value | None], above: list[str]) -> list[Value | None]:
    """The keys of a group of the chain, and those of the groups above that its own do not decide.

    Words name a group only within the groups above it: a factor of one bucket is not that of another.
    The id of an entity decides everything that the entity has.
    """
    first = keys[0]
    if first is None or entity_of(first):
        return keys
    found = list(keys)
    for name in above:
        group = e.program.get(ast.Group, name)
        if group is not None and all(is_attribute(e, key) for key in group.keys):
            known = [value.node for value in found if value is not None]
            found += [value for value in keys_of(e, group) if value is not None and value.node not in known]
    return found


def is_attribute(e: Elaborator, key: ast.Expr) -> bool:
    """Whether a key is an attribute of the book, written as such."""
    if not isinstance(key, ast.Path):
        return False
    if len(key.parts) > 1:
        return attributes.exists(e, key.parts[0], key.parts[1])
    name = key.parts[0]
    return not names.is_declared(e, name) and names.attribute_table(e, name, Context()) is not None


def make_level(
    e: Elaborator, name: str, keys: list[Value | None], previous: str, whole: str, decl: Grouping
) -> str | None:
    """The key level and the group level of a grouping; the same grouping in a parent is the same level."""
    ctx = grouping(decl, name)
    known = [value for value in keys if value is not None]
    if len(known) < len(keys) or not all(names_a_group(e, name, value, decl) for value in known):
        return None
    aligned = e.aligned(known, ctx, decl.span)
    if aligned is None:
        return None
    order = e.graph.order
    values, source, _ = aligned
    source = source or previous
    shared = f"{previous}.key"
    inside = {v.node for v in known} <= {v.node for v in e.keys.get(previous, ())}
    apart = not inside and not order.reads(previous, source)
    if apart and shared in order.levels and order.reads(source, shared):
        # Members of the finer group must agree on the coarser one's key; the run checks it.
        values = [e.add("agree", (v,), v.type.at(shared, ()), ctx, decl.span) for v in values]
        known, source = values, shared
    if not inside and not order.reads(previous, source):
        message = f"not every {e.say(previous)} has one `{name}`"
        e.error("PM236", message, decl.span, hint="group by what its members share")
        return None
    where = None if isinstance(decl, ast.TableDecl) else decl.where
    test = condition(e, where, ctx) if where is not None else None
    key = Level(
        f"{name}.key",
        "key",
        of=source,
        keys=tuple(v.node for v in values),
        entity=entity_of(known[0]),
        unverified=not isinstance(decl, ast.TableDecl) and origin_of(decl, name).unverified,
    )
    full = entered(e, name, known[0], key, whole, test)
    e.keys[full] = tuple(known)
    if inside:
        order.link(shared, f"{full}.key")
    return full


def names_a_group(e: Elaborator, name: str, value: Value, decl: Grouping) -> bool:
    """Whether a value can be a key; says why where it cannot."""
    if value.type.base != "bool" and not value.type.axes:
        return True
    what = f"a value for each {value.type.axes[0]}" if value.type.axes else value.type.describe()
    hint = "group by a word, an id, a number or a date that each member has, such as `underlying.id`"
    e.error("PM235", f"`{name}` is grouped by {what}, which names no group", decl.span, hint=hint)
    return False


def entered(e: Elaborator, name: str, first: Value, key_level: Level, of: str, test: Value | None) -> str:
    """Add the two levels, under the parent's names where the parent groups alike."""
    order = e.graph.order
    full = name
    existing = order.levels.get(key_level.name)
    if existing is not None and existing != key_level:
        full = e.prefix + name if e.prefix else f"own.{name}"
        key_level = replace(key_level, name=f"{full}.key")
    if key_level.name not in order.levels:
        tests = (test.node,) if test else ()
        order.add(key_level, ("",))
        order.link(key_level.of, key_level.name)
        link_identity(e, key_level, first)
        order.add(Level(full, "group", of=of, keys=tests), ("account", key_level.name))
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
