"""Tables as the proofs see them.

Dimensions, and rows that each accept some atoms of some dimensions for some time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pmdsl.check.conditions import Questions, source
from pmdsl.check.dimensions import Atom, Dimension, Mentioned, accepted, is_free, number_atoms, word_atoms
from pmdsl.plan.lower.elaborator import Elaborator
from pmdsl.plan.nodes import Node, Origin
from pmdsl.source import Span

TRUTHS = (Atom("1", "yes"), Atom("0", "no"))


@dataclass(frozen=True)
class Line:
    """A row: the atoms that it accepts of each dimension (as bits), its condition, when it is in force."""

    number: int
    span: Span
    says: str
    cells: Mapping[int, int]
    when: int | None
    begins: date
    ends: date


@dataclass(frozen=True, eq=False)
class Sheet:
    """A table.

    `asked` are the dimensions that conditions ask about, `opaque` those that are truth values by
    themselves.
    """

    name: str
    first: bool
    dimensions: tuple[Dimension, ...]
    keys: tuple[int, ...]
    asked: tuple[int, ...]
    lines: tuple[Line, ...]
    nodes: list[Node]
    covers: tuple[date, date]


def sheet_of(e: Elaborator, name: str, spans: tuple[Span, ...]) -> Sheet | None:
    """The table of a name, with the places of its rows; None where it was never made because of an error."""
    index = e.matches.get(name)
    if index is None:
        return None
    node = e.graph.nodes[index]
    if node.op == "model":
        rows: tuple[tuple[Mapping[str, object] | None, ...], ...] = ((),) * len(node.inputs)
        return made(e, name, (), (), rows, node.inputs, ((None, None),) * len(rows), True, spans)
    keys = tuple(source(i, e.graph.nodes) for i in node.inputs[: node.params["keys"]])
    conditions = node.inputs[node.params["keys"] :]
    whens = tuple(conditions[i] if i >= 0 else None for i in node.params["whens"])
    p = node.params
    return made(e, name, keys, p["names"], p["rows"], whens, p["periods"], p["first"], spans)


def made(
    e: Elaborator,
    name: str,
    keys: tuple[int, ...],
    names: tuple[str, ...],
    rows: tuple[tuple[Mapping[str, object] | None, ...], ...],
    whens: tuple[int | None, ...],
    periods: tuple[tuple[str | None, str | None], ...],
    first: bool,
    spans: tuple[Span, ...],
) -> Sheet:
    nodes = e.graph.nodes
    questions = Questions(nodes, lambda node: possible(e, node) is not None)
    for when in whens:
        if when is not None:
            questions.ask(when)
    asked = [*questions.mentioned, *questions.opaque, *questions.orders]
    for position, key in enumerate(keys):
        for row in rows:
            if row[position] is not None:
                questions.about(key).pattern(row[position] or {}, nodes[key].base)
    order = list(dict.fromkeys([*keys, *asked]))
    written = dict(zip(keys, names, strict=True))
    dimensions = tuple(dimension(e, leaf, questions, written.get(leaf)) for leaf in order)
    place = {leaf: i for i, leaf in enumerate(order)}
    origins = e.rows[name].rows if name in e.rows else ()
    lines = tuple(
        line(
            i,
            spans[i],
            label_of(origins, i),
            cells_of(rows[i], keys, place, dimensions),
            plain(whens[i], nodes),
            periods[i],
        )
        for i in range(len(rows))
    )
    covers = e.program.covers[0], e.program.covers[1] or date.max
    return Sheet(
        name,
        first,
        dimensions,
        tuple(place[k] for k in keys),
        tuple(place[a] for a in asked),
        lines,
        nodes,
        covers,
    )


def plain(when: int | None, nodes: list[Node]) -> int | None:
    """A condition, or None for one that is always true."""
    constant = when is not None and nodes[when].op == "const" and nodes[when].params["value"] == "1"
    return None if constant else when


def label_of(origins: tuple[Origin, ...], number: int) -> str:
    return origins[number].name if number < len(origins) else ""


def line(
    number: int,
    span: Span,
    says: str,
    cells: Mapping[int, int],
    when: int | None,
    period: tuple[str | None, str | None],
) -> Line:
    begins = date.fromisoformat(period[0]) if period[0] else date.min
    ends = date.fromisoformat(period[1]) if period[1] else date.max
    return Line(number, span, says, cells, when, begins, ends)


def cells_of(
    row: tuple[Mapping[str, object] | None, ...],
    keys: tuple[int, ...],
    place: Mapping[int, int],
    dimensions: tuple[Dimension, ...],
) -> Mapping[int, int]:
    """The atoms that a row's key cells let through; a key that it leaves to `any` is not in it."""
    found: dict[int, int] = {}
    for pattern, key in zip(row, keys, strict=True):
        if pattern is not None:
            i = place[key]
            bits = accepted(pattern, dimensions[i])
            found[i] = found.get(i, dimensions[i].every) & bits
    return found


# ---- dimensions --------------------------------------------------------------------------------------------


def dimension(e: Elaborator, leaf: int, questions: Questions, written: str | None) -> Dimension:
    """The dimension of a value, cut where rows and conditions tell values apart."""
    if leaf in questions.orders:
        return order(e, leaf, questions)
    node = e.graph.nodes[leaf]
    mentioned = questions.mentioned.get(leaf, Mentioned())
    opaque = leaf in questions.opaque
    free = written is not None or (is_free(leaf, e.graph.nodes) and not opaque)
    name = written or said(node)
    if opaque or node.base == "bool":
        return Dimension(leaf, name, TRUTHS, True, free, base="bool")
    if node.base in ("number", "date"):
        listed = mentioned.singles and written is not None
        return Dimension(leaf, name, number_atoms(mentioned.edges, node.base), True, free, listed, node.base)
    words = possible(e, node)
    return Dimension(
        leaf, name, word_atoms(mentioned, words, mentioned.apart), words is not None, free, base=node.base
    )


def order(e: Elaborator, leaf: int, questions: Questions) -> Dimension:
    """Whether a value is below, equal to or above another; free where nothing else is asked about either."""
    sides = questions.orders[leaf]
    left, right = (said(e.graph.nodes[side]) for side in sides)
    atoms = tuple(
        Atom(str(i), f"{word} `{right}`") for i, word in ((-1, "below"), (0, "equal to"), (1, "above"))
    )
    others = [side for other, pair in questions.orders.items() if other != leaf for side in pair]
    alone = not any(side in questions.mentioned or side in others for side in sides)
    free = alone and all(is_free(side, e.graph.nodes) for side in sides)
    return Dimension(leaf, left, atoms, True, free)


def possible(e: Elaborator, node: Node) -> tuple[str, ...] | None:
    """Every word that a value can be, or None where words from outside are possible."""
    if node.base == "point":
        axis = e.axes.get(node.unit)
        return axis.points or None if axis is not None else None
    info = e.kinds.get(node.unit) if node.base == "text" else None
    return info.words if info is not None and not info.open else None


def said(node: Node) -> str:
    """What a message calls a value that a condition asks about."""
    if node.op == "input":
        return str(node.params["column"])
    return node.origin.text or node.origin.name
