"""Which positions can be combined: the patterns of `strategies` as a level of matches (decision 0009).

A pattern's `where` is taken apart: what speaks of one leg restricts its slot, what compares two legs
becomes a join, and what is left is asked of each candidate.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from pmdsl.plan.lower import legs
from pmdsl.plan.lower.degrees import Degree
from pmdsl.plan.lower.elaborator import Context, Elaborator, LegName
from pmdsl.plan.lower.graph import Value
from pmdsl.plan.lower.slices import scales
from pmdsl.plan.nodes import Join, Pattern, Slot
from pmdsl.syntax import ast


@dataclass
class Keys:
    """The nodes that a level of matches stands on, each once; patterns name them by their place."""

    nodes: list[int] = field(default_factory=list)

    def place(self, value: Value) -> int:
        if value.node not in self.nodes:
            self.nodes.append(value.node)
        return self.nodes.index(value.node)


@dataclass(frozen=True)
class Shape:
    """A pattern as it is looked for, and what is left to be asked of its candidates.

    `kinds` are the kinds of instrument of each slot. A pool has a shape for each of its slots.
    """

    decl: ast.PatternDecl
    pattern: Pattern
    kinds: tuple[frozenset[str] | None, ...]
    left: tuple[ast.Expr, ...] = ()


def conjuncts(node: ast.Expr | None) -> list[ast.Expr]:
    """The parts that `and` joins."""
    if isinstance(node, ast.And):
        return [*conjuncts(node.left), *conjuncts(node.right)]
    if isinstance(node, ast.Paren):
        return conjuncts(node.inner)
    return [] if node is None else [node]


def named_in(node: ast.Expr, names: tuple[str, ...]) -> set[str]:
    """The legs that an expression speaks of."""
    return {part.parts[0] for part in ast.walk(node) if isinstance(part, ast.Path) and part.parts[0] in names}


def shapes_of(e: Elaborator, decl: ast.PatternDecl, keys: Keys, same: list[int], ctx: Context) -> list[Shape]:
    """The shapes of a pattern or of the slots of a pool; none where something is wrong, which is reported."""
    classes = [legs.leg_class(e, slot.leg) for slot in decl.slots]
    known = [leg for leg in classes if leg is not None]
    if len(known) < len(classes):
        return []
    names = tuple(slot.name.text for slot in decl.slots)
    at_position = {
        name: LegName(number, "position", leg.kinds)
        for number, (name, leg) in enumerate(zip(names, known, strict=True))
    }
    own: dict[str, list[ast.Expr]] = {name: [] for name in names}
    joins: list[Join] = []
    left: list[ast.Expr] = []
    looking = Context(origin=ctx.origin, locals=at_position)
    for part in conjuncts(decl.where):
        spoken = sorted(named_in(part, names), key=names.index)
        if not spoken:
            no_leg(e, part)
        elif len(spoken) == 1:
            own[spoken[0]].append(part)
        else:
            join = joined(e, part, keys, looking, names) if len(spoken) == 2 else None
            left += [] if join else [part]
            joins += [join] if join else []
    slots = []
    for slot, leg in zip(decl.slots, known, strict=True):
        taken = legs.filling(e, slot.side, leg, own[slot.name.text], looking, slot.span)
        if taken is None:
            return []
        slots.append(Slot(slot.name.text, keys.place(taken), slot.count is not None))
    kinds = tuple(leg.kinds for leg in known)
    name = decl.name.text
    if not decl.pool:
        pattern = Pattern(name, tuple(slots), tuple(same), tuple(joins))
        return [Shape(decl, pattern, kinds, tuple(left))]
    return [
        Shape(decl, Pattern(f"{name}.{slot.name}", (slot,), tuple(same), pool=True), (kind,))
        for slot, kind in zip(slots, kinds, strict=True)
    ]


def no_leg(e: Elaborator, part: ast.Expr) -> None:
    e.error(
        "PM332",
        "this condition speaks of no leg of the pattern",
        part.span,
        hint="name the leg that is meant, such as `c.strike`; what is about a group stands in a charge",
    )


def joined(e: Elaborator, part: ast.Expr, keys: Keys, ctx: Context, names: tuple[str, ...]) -> Join | None:
    """A comparison of a value of one leg with a value of another; None where it is something else."""
    if not isinstance(part, ast.Compare):
        return None
    spoken = [sorted(named_in(side, names)) for side in (part.left, part.right)]
    if any(len(one) != 1 for one in spoken) or spoken[0] == spoken[1]:
        return None
    compared = e.evaluate(part, ctx)
    if compared is None or compared.type.axes:
        return None
    node = e.graph.nodes[compared.node]
    ends = [Value(i, replace(compared.type, level=e.graph.nodes[i].level)) for i in node.inputs]
    if any(scales(e, end) is not Degree.NONE for end in ends):
        return None
    slots = (names.index(spoken[0][0]), names.index(spoken[1][0]))
    return Join(slots, keys.place(ends[0]), node.op, keys.place(ends[1]))
