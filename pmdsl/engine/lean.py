"""A plan as the engine would rather run it for some outputs: the same values with less work.

Nodes keep their numbers, so that whoever looks at a run finds them. What is asked to keep every value, as
`explain` does, runs the plan as it was written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from pmdsl.engine.engines import Engine
from pmdsl.plan.nodes import Node, Plan


def lean(plan: Plan, targets: Iterable[int], given: frozenset[str], engine: Engine = "numpy") -> Plan:
    """The plan with known conditions decided and sums of weighed rows as one operation.

    `given` are the names of the tables given at run time. The compiled engine has an operation for whole
    cascades of sums.
    """
    wanted = tuple(targets)
    decided = replace(plan, nodes=decide(plan.nodes, given))
    weighed = replace(decided, nodes=weigh(decided, wanted))
    return cascades(align(weighed), wanted) if engine == "compiled" else weighed


# ---- conditions that are known -----------------------------------------------------------------------------


def decide(nodes: tuple[Node, ...], given: frozenset[str]) -> tuple[Node, ...]:
    """A choice whose condition is known is what it chooses."""
    truth: list[bool | None] = []
    found: list[Node] = []
    for node in nodes:
        truth.append(_truth(node, nodes, truth, given))
        found.append(_chosen(node, truth))
    return tuple(found)


def _truth(
    node: Node, nodes: tuple[Node, ...], truth: list[bool | None], given: frozenset[str]
) -> bool | None:
    """Whether a condition holds in every row; None where that is not known before the run."""
    known = [truth[i] for i in node.inputs] if node.op in ("and", "or", "not") else []
    if node.op == "const" and node.base == "bool":
        return str(node.params["value"]) == "1"
    if node.op == "given":
        return node.params["data"] in given
    if node.op in ("eq", "ne") and all(nodes[i].op == "word" for i in node.inputs):
        left, right = (nodes[i].params["value"] for i in node.inputs)
        return bool((left == right) == (node.op == "eq"))
    if node.op == "not" and known[0] is not None:
        return not known[0]
    if node.op == "and" and (False in known[:1] or None not in known):
        return all(known)
    if node.op == "or" and (True in known[:1] or None not in known):
        return any(known)
    return None


def _chosen(node: Node, truth: list[bool | None]) -> Node:
    if node.op == "if" and truth[node.inputs[0]] is not None:
        return _same(node, node.inputs[1] if truth[node.inputs[0]] else node.inputs[2])
    if node.op in ("and", "or"):
        for this, other in (node.inputs, node.inputs[::-1]):
            if truth[this] is (node.op == "and"):
                return _same(node, other)
    return node


def _same(node: Node, other: int) -> Node:
    return replace(node, op="same", inputs=(other,), params={})


# ---- sums of weighed rows ----------------------------------------------------------------------------------


def weigh(plan: Plan, targets: tuple[int, ...]) -> tuple[Node, ...]:
    """A sum of what members weigh times a row that they see of a coarser level becomes `weighed_sum`.

    An array of members and points is then never made: 20 million positions at 16 points are 2.5 GB. The
    factors are taken as they stand, so no bit of a sum changes.
    """
    used = uses(plan, targets)
    found = list(plan.nodes)
    for number, node in enumerate(plan.nodes):
        if node.op == "fold_into" and node.params["kind"] == "sum" and used[number]:
            weighed = _weighed(plan, node, used)
            if weighed is not None:
                found[number] = _rows_in_currency(weighed, found)
    return tuple(found)


def _rows_in_currency(node: Node, nodes: list[Node]) -> Node:
    """What the rows themselves say about their currency is asked of the rows, once, by nodes at the end."""
    rows, weight, *codes = node.inputs
    left: list[tuple[str, int]] = []
    for currency, code in zip(node.params["currencies"], codes, strict=False):
        seen = nodes[code]
        if (
            seen.op == "down"
            and not seen.params.get("along")
            and nodes[seen.inputs[0]].level == nodes[rows].level
        ):
            params = {"currency": currency}
            nodes.append(replace(nodes[rows], op="currency", inputs=(rows, seen.inputs[0]), params=params))
            rows = len(nodes) - 1
        else:
            left.append((currency, code))
    where = codes[len(node.params["currencies"]) :]
    params = {**node.params, "currencies": tuple(currency for currency, _ in left)}
    return replace(node, inputs=(rows, weight, *(code for _, code in left), *where), params=params)


def uses(plan: Plan, targets: tuple[int, ...]) -> Mapping[int, int]:
    """How often each node is read on the way to some nodes; levels and axes read what they are made of."""
    count: Counter[int] = Counter(targets)
    always = [i for level in plan.levels.values() for i in level.keys]
    always += [axis.node for axis in plan.axes.values() if axis.node >= 0]
    count.update(always)
    open_ = list(count)
    seen = set(open_)
    while open_:
        for i in plan.nodes[open_.pop()].inputs:
            count[i] += 1
            if i not in seen:
                seen.add(i)
                open_.append(i)
    return count


def _weighed(plan: Plan, node: Node, used: Mapping[int, int]) -> Node | None:
    """The sum as one operation, None where it is of another shape.

    Inputs: (rows, weight, currency of each member..., [where]).
    """
    nodes = plan.nodes
    at, currencies, codes = node.inputs[0], [], []
    while nodes[at].op == "currency" and used[at] == 1:
        currencies.append(nodes[at].params["currency"])
        codes.append(nodes[at].inputs[1])
        at = nodes[at].inputs[0]
    product = nodes[at]
    if product.op != "mul" or used[at] != 1 or product.axes != node.axes:
        return None
    for seen, weight in (product.inputs, product.inputs[::-1]):
        down = nodes[seen]
        plain = not nodes[weight].axes and nodes[weight].level in ("", product.level)
        if plain and used[seen] == 1 and _sees_rows(plan, down):
            where = node.inputs[1:2] if node.params.get("where") else ()
            if any(nodes[i].axes or nodes[i].level not in ("", product.level) for i in (*codes, *where)):
                return None
            params = {"members": product.level, "currencies": tuple(currencies), "where": bool(where)}
            inputs = (down.inputs[0], weight, *codes, *where)
            return replace(node, op="weighed_sum", inputs=inputs, params=params)
    return None


def _sees_rows(plan: Plan, node: Node) -> bool:
    """Whether a node shows rows of a coarser level, at points that are the same in every row."""
    plain = node.op == "down" and not node.params.get("along")
    return plain and bool(node.axes) and all(plan.axes[axis].kind != "distinct" for axis in node.axes)


# ---- cascades ----------------------------------------------------------------------------------------------

EXTREMES = ("smallest", "largest")
# A weighed sum and two nets of it.
MOST_STAGES = 3


def align(plan: Plan) -> Plan:
    """The rows of weighed sums as compiled loops read them, by nodes at the end: once a market."""
    nodes = list(plan.nodes)
    for number, node in enumerate(plan.nodes):
        if node.op == "weighed_sum":
            rows = nodes[node.inputs[0]]
            nodes.append(replace(rows, op="aligned", inputs=node.inputs[:1], params={}))
            nodes[number] = replace(node, inputs=(len(nodes) - 1, *node.inputs[1:]))
    return replace(plan, nodes=tuple(nodes))


def cascades(plan: Plan, targets: tuple[int, ...]) -> Plan:
    """The extreme over the points of nets of weighed sums becomes one operation."""
    used = uses(plan, targets)
    return replace(plan, nodes=tuple(_cascade(plan, node, used) or node for node in plan.nodes))


def _cascade(plan: Plan, node: Node, used: Mapping[int, int]) -> Node | None:
    """The fold as one operation with what it stands on, None where it is of another shape.

    Inputs: (rows, weight, currency of each member..., credit of each net...).
    """
    kind = str(node.params.get("kind", ""))
    if node.op != "fold_over" or node.params.get("where") or node.params.get("if_empty"):
        return None
    stages = _stages(plan, node, used)
    if not stages or not (kind in EXTREMES or kind.startswith("worst")):
        return None
    credits = tuple(net.inputs[1] for net in stages[1:] if net.op == "net_into")
    if any(plan.nodes[credit].axes for credit in credits):
        return None
    params = {**stages[0].params, "kind": kind, "stages": stages, "fold": node}
    return replace(node, op="cascade", inputs=(*stages[0].inputs, *credits), params=params)


def _stages(plan: Plan, fold: Node, used: Mapping[int, int]) -> tuple[Node, ...]:
    """The weighed sum and the nets of it, which nothing else reads; empty for another shape."""
    found: list[Node] = []
    at = fold.inputs[0]
    while len(found) < MOST_STAGES and used[at] == 1 and plan.nodes[at].axes == (fold.params["axis"],):
        node = plan.nodes[at]
        found.insert(0, node)
        if node.params.get("where"):
            break
        if node.op == "weighed_sum":
            return tuple(found)
        if node.op not in ("net_into", "fold_into") or node.params.get("kind", "sum") != "sum":
            break
        at = node.inputs[0]
    return ()
