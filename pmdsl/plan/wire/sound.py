"""Whether a plan holds together: what it refers to is there, and every operation gets what it takes."""

from __future__ import annotations

from fractions import Fraction

from pmdsl.plan.nodes import Axis, Level, Node, Plan
from pmdsl.plan.operations import ELEMENTWISE
from pmdsl.plan.wire.contracts import BASES, CONTRACTS, Contract
from pmdsl.plan.wire.matches import check_at_matches, check_match_keys, check_match_level
from pmdsl.plan.wire.order import levels_in_order, reads
from pmdsl.plan.wire.shapes import Day, Exact, Reading

STANDARD = {
    "": "scalar",
    "account": "account",
    "underlying": "entity",
    "instrument": "entity",
    "position": "table",
}
INTO_LEVEL = frozenset(["fold_into", "net_into", "aggregate", "agree"])
OTHER_LEVEL = INTO_LEVEL | {"down", "distinct", "pairing"}
AXIS_KEPT = ELEMENTWISE | {"currency", "fx", "fold_into", "net_into", "match", "select", "down", "agree"}


def check_sound(plan: Plan, to: Reading) -> None:
    """Report whatever does not hold together, with its path in the written plan."""
    check_levels(plan, to)
    for name, axis in plan.axes.items():
        check_axis(plan, name, axis, to)
    if to.failed:
        return
    for number, node in enumerate(plan.nodes):
        check_node(plan, number, node, to)
    for level in plan.levels.values() if not to.failed else ():
        check_match_keys(plan, level, f"levels.{level.name}", to)
    check_outputs(plan, to)
    for name, number in plan.steps.items():
        exists(plan, number, f"steps.{name}", to)
    if not to.failed and levels_in_order(plan) is None:
        to.wrong("levels", "stand on values that stand on themselves", "PM525")


def exists(plan: Plan, number: int, path: str, to: Reading, least: int = 0) -> bool:
    """Whether a node of that number is there."""
    if least <= number < len(plan.nodes):
        return True
    to.wrong(path, f"refers to node {number}, and there are {len(plan.nodes)}", "PM525")
    return False


# ---- levels and axes ---------------------------------------------------------------------------------------


def check_levels(plan: Plan, to: Reading) -> None:
    """Levels of the names that every plan has, and references between levels."""
    for name, kind in STANDARD.items():
        level = plan.levels.get(name)
        if level is None or level.kind != kind:
            to.wrong("levels", f"must have `{name}`, of kind {kind}", "PM525")
    for level in plan.levels.values():
        check_level(plan, level, to)


def check_level(plan: Plan, level: Level, to: Reading) -> None:
    path = f"levels.{level.name}"
    if level.kind in ("scalar", "account") and STANDARD.get(level.name) != level.kind:
        to.wrong(path, f"is a second level of kind {level.kind}", "PM525")
    wanted = [level.of] if level.kind in ("key", "group", "pair", "match") else []
    wanted += [level.key or f"{level.name}.key"] if level.kind == "group" else []
    wanted += [name for name in (level.within, level.entity) if name]
    for name in wanted:
        if name not in plan.levels:
            to.wrong(path, f"refers to the level `{name}`, which is not there", "PM525")
    if level.kind == "key" and not level.keys:
        to.wrong(path, "has no keys", "PM525")
    check_match_level(plan, level, path, to)
    if level.kind not in ("key", "group", "match") and level.keys:
        to.wrong(path, "has keys, and is no grouping", "PM525")
    for number in level.keys:
        exists(plan, number, path, to)


def check_axis(plan: Plan, name: str, axis: Axis, to: Reading) -> None:
    """An axis has points, or says where they come from."""
    path = f"axes.{name}"
    if axis.kind == "table" and (not axis.points or len(set(axis.points)) < len(axis.points)):
        to.wrong(path, "must have points, each of them once", "PM525")
    if axis.kind == "history" and len(axis.source.get("path", ())) != 2:
        to.wrong(path, "must have a `path` of table and column", "PM525")
    if axis.kind == "distinct":
        if axis.within not in plan.levels or plan.levels[axis.within].kind != "group":
            to.wrong(path, f"refers to the group `{axis.within}`, which is not there", "PM525")
        used = any(name in node.axes for node in plan.nodes)
        if used and exists(plan, axis.node, path, to) and plan.nodes[axis.node].op != "distinct":
            to.wrong(path, "takes its values from a node that gives none", "PM525")


# ---- nodes -------------------------------------------------------------------------------------------------


def check_node(plan: Plan, number: int, node: Node, to: Reading) -> None:
    """A node stands after its inputs, which are what its operation takes."""
    path = f"nodes[{number}]"
    if node.level not in plan.levels:
        to.wrong(path, f"is at the level `{node.level}`, which is not there", "PM525")
    named = [axis for axis in plan.axes if axis in node.axes]
    if list(node.axes) != named:
        to.wrong(path, "must name axes of the plan, in their order there", "PM525")
    late = [i for i in node.inputs if i >= number]
    if late:
        to.wrong(path, f"needs node {late[0]}, which does not stand before it", "PM525")
    if to.failed:
        return
    inputs = [plan.nodes[i] for i in node.inputs]
    check_inputs(node, inputs, CONTRACTS[node.op], path, to)
    if to.failed:
        return
    check_levels_of(plan, node, inputs, path, to)
    check_values(plan, node, path, to)


def check_inputs(node: Node, inputs: list[Node], contract: Contract, path: str, to: Reading) -> None:
    """As many inputs as the operation takes, of the bases that it takes."""
    letters = wanted_inputs(node, contract, len(inputs))
    if letters is None or len(letters) != len(inputs):
        to.wrong(path, f"`{node.op}` does not take {len(inputs)} inputs", "PM524")
        return
    for place, (letter, given) in enumerate(zip(letters, inputs, strict=True)):
        if letter != "x" and given.base != BASES[letter]:
            wanted = BASES[letter]
            to.wrong(path, f"input {place} of `{node.op}` must be {wanted}, and is {given.base}", "PM524")


def wanted_inputs(node: Node, contract: Contract, given: int) -> list[str] | None:
    """The letters of the inputs; None where there are too few for an open list."""
    letters = contract.inputs.split()
    more: list[str] = []
    if contract.counted is not None:
        more += [contract.counted[1]] * len(node.params[contract.counted[0]])
    more += [letter for name, letter in contract.flags if node.params.get(name)]
    if letters and letters[-1][-1] in "+*":
        last = letters.pop()
        least = 1 if last.endswith("+") else 0
        count = given - len(letters) - len(more)
        if count < least:
            return None
        letters += [last[0]] * count
    return letters + more


def check_levels_of(plan: Plan, node: Node, inputs: list[Node], path: str, to: Reading) -> None:
    """Inputs at the level of the node, or at one from which its operation goes there."""
    for given in inputs:
        if node.op not in OTHER_LEVEL and given.level not in (node.level, ""):
            message = f"`{node.op}` takes a value of the level `{given.level}` to `{node.level}`"
            to.wrong(path, message, "PM524")
    first = inputs[0].level if inputs else ""
    if node.op in INTO_LEVEL and not reads(plan, first, node.level):
        to.wrong(path, f"not every row of `{first}` has one at `{node.level}`", "PM524")
    if node.op == "down" and not node.params["along"] and not reads(plan, node.level, first):
        to.wrong(path, f"not every row of `{node.level}` has one at `{first}`", "PM524")
    if node.op in AXIS_KEPT and not {axis for given in inputs for axis in given.axes} <= set(node.axes):
        to.wrong(path, f"`{node.op}` loses an axis of its inputs", "PM524")


def check_values(plan: Plan, node: Node, path: str, to: Reading) -> None:
    """Parameters that name something of the plan, or whose form depends on the node."""
    params = node.params
    axis = params.get("axis")
    if axis is not None and axis not in plan.axes:
        to.wrong(path, f"refers to the axis `{axis}`, which is not there", "PM525")
    if node.op in ("lookup", "cell", "has"):
        table = plan.data.get(params["table"])
        columns = [column[0] for column in table.columns] if table else []
        if table is None or ("column" in params and params["column"] not in columns):
            to.wrong(path, "refers to a table given at run time that is not described", "PM525")
    if node.op == "key" and plan.levels.get(params["level"], Level("", "scalar")).kind != "key":
        to.wrong(path, "is the key of a level that is none", "PM525")
    check_at_matches(plan, node, path, to)
    if node.op == "const":
        check_constant(node, path, to)
    if node.op == "match":
        check_match(node, path, to)
    if node.op == "select":
        check_select(plan, node, path, to)
    if node.op == "model" and len(node.inputs) != len(params["models"]):
        to.wrong(path, "must have one condition a model", "PM524")
    if node.op == "marginal" and list(params["bounds"]) != sorted(params["bounds"], key=Fraction):
        to.wrong(path, "must have ascending bounds", "PM524")


def check_constant(node: Node, path: str, to: Reading) -> None:
    """A constant is written as its base has it."""
    value = node.params["value"]
    if node.base == "bool" and value not in ("0", "1"):
        to.wrong(path, "must be 0 or 1")
    elif node.base == "date":
        Day().read(value, path, to)
    elif node.base == "number":
        Exact().read(value, path, to)


def check_match(node: Node, path: str, to: Reading) -> None:
    """One pattern a key in every row, and one condition for each mark."""
    params = node.params
    keys, rows, whens = params["keys"], params["rows"], params["whens"]
    marks = [mark for mark in whens if mark >= 0]
    if keys > len(node.inputs) or any(row is not None and len(row) != keys for row in rows):
        to.wrong(path, "must have one pattern a key in every row", "PM524")
    elif len(whens) != len(rows) or marks != list(range(len(node.inputs) - keys)):
        to.wrong(path, "must have one condition for each row that is marked, in their order", "PM524")
    elif len(params.get("periods", rows)) != len(rows):
        to.wrong(path, "must have one period a row", "PM524")


def check_select(plan: Plan, node: Node, path: str, to: Reading) -> None:
    """One cell for each row of the match that it reads."""
    match = plan.nodes[node.inputs[0]]
    if match.op == "match" and len(match.params["rows"]) != len(node.inputs) - 1:
        to.wrong(path, "must have one cell for each row of its table", "PM524")


# ---- outputs -----------------------------------------------------------------------------------------------


def check_outputs(plan: Plan, to: Reading) -> None:
    """Outputs and what bound them are nodes of the right level and base."""
    for number, output in enumerate(plan.outputs):
        path = f"outputs[{number}]"
        if not exists(plan, output.node, path, to):
            continue
        node = plan.nodes[output.node]
        if output.kind != "report" and node.level not in ("", "account"):
            to.wrong(path, f"must be one value an account, and is one for each `{node.level}`", "PM524")
        wanted = {"requirement": "number", "eligible": "bool", "alert": "bool"}.get(output.kind, node.base)
        if node.base != wanted:
            to.wrong(path, f"must be {wanted}, and is {node.base}", "PM524")
        if output.kind != "check" and output.by != "" and output.by not in node.axes:
            to.wrong(path, f"has no sides by `{output.by}`", "PM524")
        for part in output.binding:
            found = [exists(plan, i, f"{path}.binding", to) for i in (part.amount, part.by)]
            exists(plan, max(part.active, 0), f"{path}.binding", to)
            if all(found) and part.level not in plan.levels:
                to.wrong(path, f"is bound at `{part.level}`, which is not there", "PM525")
