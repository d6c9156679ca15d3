"""What is said about an output that could not be had: one sentence for each way in which poison can arise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from pmdsl.diagnostics import Finding
from pmdsl.engine.blame import Culprit
from pmdsl.engine.demand import Scene
from pmdsl.engine.index import said
from pmdsl.engine.inputs import SAY, raw_column, row_name, wanted_by
from pmdsl.engine.pricing_complaints import price_complaint, volatility_complaint
from pmdsl.plan.nodes import Node
from pmdsl.portfolio.book import Table

Complaint = Callable[[Scene, Culprit], Finding]


def complaint(scene: Scene, found: Culprit) -> Finding:
    """The finding for a place where poison arose."""
    if found.edge is not None:
        return no_parent(scene, found)
    return COMPLAINTS.get(scene.node(found.node).op, no_value)(scene, found)


# ---- words -------------------------------------------------------------------------------------------------


def label(scene: Scene, level: str, row: int) -> str:
    """What people call a row of a level of the block: `class_group SPX`, `position SPY of A1`."""
    index, at = scene.block.index, row + scene.block.span(level)[0]
    if level == "":
        return "the run"
    name = f"{level.removesuffix('.key')} {index.label(level, at)}"
    if not index.owned(level) or level == "account":
        return name
    account = int(index.parent(level, "account")[at])
    return f"{name} of account {index.label('account', account)}"


def declared(node: Node) -> str:
    """The declaration that a node comes from: `step `ratio``, or what it works out where it has no name."""
    return f"`{node.origin.name}`" if node.origin.name else "a formula"


def place(node: Node) -> str:
    """The node's place in the rule file, in parentheses; empty where it has none."""
    return f" ({node.origin.file}:{node.origin.line})" if node.origin.line else ""


def needed_by(scene: Scene, found: Culprit) -> str:
    """Who asked for the value: `, which `product_group` needs`. A table does not ask for its own row."""
    own = scene.node(found.node).params
    for number in found.asked_by[1:]:
        node = scene.node(number)
        if node.origin.name and node.origin.name not in (own.get("table"), own.get("name")):
            return f", which {declared(node)} needs{place(node)}"
    return ""


def shown(scene: Scene, node: Node, value: Any) -> str:
    """A value as a message writes it."""
    if node.base == "point":
        return (
            str(scene.world.axes[node.unit].names[int(value)])
            if node.unit in scene.world.axes
            else str(value)
        )
    return said(scene.block.index, value, node.base)


def value_at(scene: Scene, number: int, found: Culprit, k: int) -> Any:
    """The value of input k of a node at the culprit's cell."""
    from pmdsl.engine.demand import Asked, Need

    cells = np.zeros((1, *scene.values[number].shape[1:]), dtype=bool)
    cells[(0, *found.cell)] = True
    asked = Asked(scene, number, Need(np.array([found.row]), cells))
    value = asked.input(k)
    wide, cells = np.broadcast_arrays(value, asked.cells)
    return wide[cells][0]


# ---- inputs ------------------------------------------------------------------------------------------------


def missing(scene: Scene, found: Culprit) -> Finding:
    """An attribute that was not given, that is of another type, or that netted positions disagree about."""
    node = scene.node(found.node)
    want = wanted_by(node)
    table, row = book_row(scene, node.level, want.table, found.row)
    span = table.cell_place(row, want.column) or table.place(row) if table.size else None
    subject = subject_of(scene, node.level, want.table, table, row, found.row)
    if torn(scene, node, found.row):
        message = (
            f"{subject} is held in parts that do not agree about `{want.column}`{needed_by(scene, found)}"
        )
        return Finding(
            "PM723", message, span, hint="give the parts one value, or let the rule set say `lots`"
        )
    raw = raw_column(table, want.column)
    if table.size and row < table.size and raw[row] is not None and raw[row] == raw[row]:
        message = f"`{want.column}` of {subject} is `{raw[row]}`, which is not what it must be"
        return Finding("PM710", message + needed_by(scene, found), span)
    return Finding("PM710", f"{subject} has no `{want.column}`{needed_by(scene, found)}", span)


def book_row(scene: Scene, level: str, name: str, row: int) -> tuple[Table, int]:
    """The table of the book behind an input node, and the row in it."""
    world, index = scene.world, scene.block.index
    if name == "account":
        return scene.holdings.accounts, row + scene.block.span(level)[0]
    table = scene.holdings.positions if name == "position" else world.reader.table(name)
    if level == "":
        return table, 0
    source = index.levels[level].source
    at = row + scene.block.span(level)[0]
    return table, at if source is None else int(source[at])


def subject_of(scene: Scene, level: str, name: str, table: Table, row: int, at: int) -> str:
    """How a message names a row of the book."""
    if name == "position":
        return label(scene, level, at)
    return (
        f"the {row_name(name, table, row)}"
        if name in SAY and name != "market"
        else row_name(name, table, row)
    )


def torn(scene: Scene, node: Node, row: int) -> bool:
    """Whether netted positions disagree about a column."""
    if not scene.world.is_owned(node.level):
        return False
    column = scene.block.columns[node.params["table"], node.params["column"]]
    low = scene.block.span(node.level)[0]
    return column.torn is not None and bool(column.torn[row + low])


# ---- tables ------------------------------------------------------------------------------------------------


def no_row(scene: Scene, found: Culprit) -> Finding:
    """No row of a table fits."""
    node = scene.node(found.node)
    count = int(node.params["keys"])
    names = node.params.get("names") or tuple(f"key {k + 1}" for k in range(count))
    keys = [
        f"{name} = {shown(scene, scene.node(node.inputs[k]), value_at(scene, found.node, found, k))}"
        for k, name in enumerate(names)
    ]
    whose = f" for {', '.join(keys)}" if keys else f" for {label(scene, node.level, found.row)}"
    message = f"table `{node.params['table']}` has no row{whose}{needed_by(scene, found)}"
    where = f"the table stands at {node.origin.file}:{node.origin.line}" if node.origin.line else None
    return Finding("PM711", message, hint=where)


def not_found(scene: Scene, found: Culprit) -> Finding:
    """A table given at run time has no row of these keys."""
    node = scene.node(found.node)
    name = node.params["table"]
    keys = scene.world.table(name).keys
    values = [
        f"{key} = {shown(scene, scene.node(node.inputs[k]), value_at(scene, found.node, found, k))}"
        for k, key in enumerate(keys)
    ]
    given = "has no row" if scene.world.table(name).size else "was not given: it has no row"
    return Finding("PM721", f"the table `{name}` {given} for {', '.join(values)}{needed_by(scene, found)}")


def empty_cell(scene: Scene, found: Culprit) -> Finding:
    """A row of a table given at run time lacks a value."""
    node = scene.node(found.node)
    message = (
        f"`{node.params['column']}` is not given in row {_row(scene, found) + 1} of `{node.params['table']}`"
    )
    return Finding("PM721", message + needed_by(scene, found))


def _row(scene: Scene, found: Culprit) -> int:
    return int(value_at(scene, found.node, found, 0))


def no_model(scene: Scene, found: Culprit) -> Finding:
    """No row of the pricing table fits an instrument."""
    node = scene.node(found.node)
    message = f"no row of `pricing` fits {label(scene, node.level, found.row)}{place(node)}"
    return Finding("PM718", message, hint="add a row for this kind of instrument")


# ---- arithmetic --------------------------------------------------------------------------------------------

ARITHMETIC: Mapping[str, str] = {
    "div": "division by zero",
    "sqrt": "the square root of a number below zero",
    "ln": "the logarithm of a number that is not above zero",
    "exp": "an exponential beyond all bounds",
    "power": "a power that is no number",
    "round": "rounding to a unit that is not above zero",
    "add_months": "a date that does not exist",
    "quantile_over": "a quantile of no points",
    "choose_over": "a choice among no points",
}


def no_number(scene: Scene, found: Culprit) -> Finding:
    """Arithmetic that has no result."""
    node = scene.node(found.node)
    what = ARITHMETIC.get(node.op, "a number beyond all bounds")
    excerpt = f" in `{node.origin.text}`" if node.origin.text else ""
    where = f"{declared(node)}, {label(scene, node.level, found.row)}"
    return Finding("PM712", f"{what}{excerpt}: {where}{place(node)}", hint=HINTS.get(node.op))


HINTS: Mapping[str, str] = {"div": "write `ratio(a, b, if_zero: …)` where the divisor may be 0"}


def no_value(scene: Scene, found: Culprit) -> Finding:
    """What cannot be worked out for a reason that has no sentence of its own."""
    return no_number(scene, found)


# ---- levels ------------------------------------------------------------------------------------------------


def disagreement(scene: Scene, found: Culprit) -> Finding:
    """Members of a group that ought to have one value."""
    node = scene.node(found.node)
    source = node.inputs[0]
    fine = scene.node(source).level
    rows = np.flatnonzero(scene.block.parent(fine, node.level) == found.row)
    column = scene.node(source).params.get("column", scene.node(source).origin.name or "a value")
    seen: dict[str, str] = {}
    for row in rows.tolist():
        value = scene.values[source][(row, *found.cell)]
        seen.setdefault(shown(scene, scene.node(source), value), scene.block.index.label(fine, row))
    parts = ", ".join(f"{who} has {value}" for value, who in list(seen.items())[:3])
    message = f"the members of {label(scene, node.level, found.row)} do not agree about `{column}`: {parts}"
    return Finding("PM713", message + needed_by(scene, found))


def nothing_there(scene: Scene, found: Culprit) -> Finding:
    """An extreme or average of no members."""
    node = scene.node(found.node)
    kind = str(node.params.get("kind", "")).replace("_", " ")
    where = label(scene, node.level, found.row)
    message = f"there is nothing to take the {kind} of in {where}: {declared(node)}{place(node)}"
    return Finding("PM714", message, hint="say what it is then: `if_empty 0`")


def no_parent(scene: Scene, found: Culprit) -> Finding:
    """A row that belongs to nothing where it must belong to something."""
    assert found.edge is not None
    fine, row, coarse = found.edge
    what = coarse.removesuffix(".key")
    message = f"{label(scene, fine, row)} has no {what}{needed_by(scene, found)}"
    return Finding("PM722", message)


def other_currency(scene: Scene, found: Culprit) -> Finding:
    """Money in another currency than it meets."""
    node = scene.node(found.node)
    code = shown(scene, scene.node(node.inputs[1]), value_at(scene, found.node, found, 1))
    wanted = node.params["currency"]
    where = f"{declared(node)}{place(node)}"
    message = f"{label(scene, node.level, found.row)} is in {code} and meets {wanted} in {where}"
    return Finding("PM715", message, hint=f"write `convert … to {wanted}`")


def no_rate(scene: Scene, found: Culprit) -> Finding:
    """A currency without a rate."""
    node = scene.node(found.node)
    code = shown(scene, scene.node(node.inputs[0]), value_at(scene, found.node, found, 0))
    to = node.params["to"]
    hint = f"give the book `fx: {{{code}{to}: …}}`: one {code} in {to}"
    return Finding("PM716", f"the book has no rate from {code} to {to}{needed_by(scene, found)}", hint=hint)


def bad_pairs(scene: Scene, found: Culprit) -> Finding:
    """A correlation that is missing or beyond one, or a form below zero."""
    from pmdsl.engine.kernels.correlation import members_of

    node = scene.node(found.node)
    source, matrix = scene.node(node.inputs[0]), scene.node(node.inputs[1])
    where = label(scene, node.level, found.row)
    if matrix.level:
        members = members_of(scene.block, source.level, node.level, matrix.level)
        target = members.segments.group_of_members()
        values = scene.values[node.inputs[1]]
        for _, _, i, j in members.chunks(1):
            row = members.pair_rows(i, j)
            rho = (
                values[np.maximum(row, 0)].reshape(len(row), -1)
                if len(values)
                else np.full((len(row), 1), np.nan)
            )
            odd = (target[i] == found.row) & ((row < 0) | ~(np.abs(rho) <= 1.0 + 1e-12).all(axis=1))
            if odd.any():
                at = int(np.flatnonzero(odd)[0])
                one, other = (
                    scene.block.index.label(members_key(scene, matrix.level), int(members.keys[k]))
                    for k in (i[at], j[at])
                )
                what = f"is {rho[at].max():g}, which is beyond one" if row[at] >= 0 else "is not covered"
                return Finding(
                    "PM720", f"the correlation of {one} and {other} {what}: {declared(node)}{place(node)}"
                )
    message = (
        f"the correlated sum of {where} is the root of a number below zero: {declared(node)}{place(node)}"
    )
    return Finding(
        "PM720", message, hint="no set of correlations allows this: look for pairs that contradict each other"
    )


def members_key(scene: Scene, pair_level: str) -> str:
    """The key level of a pair level."""
    return scene.plan.levels[pair_level].of


def no_entry(scene: Scene, found: Culprit) -> Finding:
    """A matrix without an entry for a pair."""
    node = scene.node(found.node)
    pair = scene.block.index.label(node.level, found.row)
    return Finding(
        "PM720", f"the matrix `{node.params['name']}` has no entry for {pair}{needed_by(scene, found)}"
    )


COMPLAINTS: Mapping[str, Complaint] = {
    "input": missing,
    "match": no_row,
    "lookup": not_found,
    "cell": empty_cell,
    "model": no_model,
    "agree": disagreement,
    "fold_into": nothing_there,
    "fold_over": nothing_there,
    "arg_over": nothing_there,
    "currency": other_currency,
    "fx": no_rate,
    "aggregate": bad_pairs,
    "matrix": no_entry,
    "volatility": lambda scene, found: volatility_complaint(scene, found, needed_by(scene, found)),
    "revalue": lambda scene, found: price_complaint(scene, found, needed_by(scene, found)),
    "model_delta": lambda scene, found: price_complaint(scene, found, needed_by(scene, found)),
}
