"""What running a plan costs, before it is run: how many cells are worked out for each row of each level.

Without a book the sizes are letters: so many cells for each position and day. With one they are numbers,
upper bounds where the number of groups or of pairs shows only in the run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import prod

from pmdsl.diagnostics import PmdslError
from pmdsl.plan.limits import BLOCK_ROWS, MOST_MATCHES
from pmdsl.plan.nodes import Level, Node, Plan

BYTES = 8
MOST_CELLS = 10**13
MOST_BYTES = 2**36
MADE = ("key", "group", "pair", "match")
PRICING = ("volatility", "revalue", "model_delta")
DEFAULT_STEPS = 200
SOLVING = 8

Monomial = tuple[str, ...]


@dataclass(frozen=True)
class Load:
    """What is worked out for each row of one level.

    `cells` are numbers of cells by the axes whose points are not known from the rules: `(): 31, (day,): 12`
    are 31 + 12 · days cells. `work` counts them in additions and multiplications; a lattice of n steps takes
    n²/2.
    """

    level: str
    nodes: int
    cells: Mapping[Monomial, int]
    work: Mapping[Monomial, int]


@dataclass(frozen=True)
class Sizes:
    """How many rows each level has, at most, and how many points each axis whose points are data."""

    rows: Mapping[str, int]
    points: Mapping[str, int] = field(default_factory=dict)

    def value(self, terms: Mapping[Monomial, int]) -> int:
        """A number of cells with the points of the axes filled in."""
        return sum(count * prod(self.points.get(axis, 1) for axis in axes) for axes, count in terms.items())


@dataclass(frozen=True)
class Cost:
    """The cost of a plan, level by level, in the order of first use."""

    loads: tuple[Load, ...]
    pairs: tuple[str, ...]

    def cells(self, sizes: Sizes) -> int:
        """The values worked out in a run, at most."""
        return sum(sizes.rows.get(load.level, 1) * sizes.value(load.cells) for load in self.loads)

    def work(self, sizes: Sizes) -> int:
        """The elementary operations of a run, at most."""
        return sum(sizes.rows.get(load.level, 1) * sizes.value(load.work) for load in self.loads)

    def bytes(self, sizes: Sizes) -> int:
        """The memory of a run, at most: levels of accounts are worked on in blocks, pairs are kept whole."""
        held = {load.level: min(sizes.rows.get(load.level, 1), BLOCK_ROWS) for load in self.loads}
        held |= {level: sizes.rows.get(level, 1) for level in self.pairs}
        return BYTES * sum(held[load.level] * sizes.value(load.cells) for load in self.loads)


def cost_of(plan: Plan) -> Cost:
    """The cost of a plan with letters for the sizes."""
    nodes: dict[str, int] = {}
    cells: dict[str, dict[Monomial, int]] = {}
    work: dict[str, dict[Monomial, int]] = {}
    for node in plan.nodes:
        axes, points = unknown_axes(plan, node)
        mine, done = cells.setdefault(node.level, {}), work.setdefault(node.level, {})
        nodes[node.level] = nodes.get(node.level, 0) + 1
        mine[axes] = mine.get(axes, 0) + points
        done[axes] = done.get(axes, 0) + points * operations(plan, node)
    pairs = tuple(name for name in nodes if name in plan.levels and plan.levels[name].kind == "pair")
    return Cost(tuple(Load(name, nodes[name], cells[name], work[name]) for name in nodes), pairs)


def unknown_axes(plan: Plan, node: Node) -> tuple[Monomial, int]:
    """The axes of a node whose points are data, and the product of the points of its others."""
    known = [len(plan.axes[axis].points) for axis in node.axes if plan.axes[axis].kind == "table"]
    return tuple(axis for axis in node.axes if plan.axes[axis].kind != "table"), prod(known)


def operations(plan: Plan, node: Node) -> int:
    """The elementary operations behind one cell."""
    if node.op not in PRICING:
        return max(len(node.inputs), 1)
    models = plan.nodes[node.inputs[0]].params.get("models", ())
    steps = [lattice_steps(model) for model in models]
    dearest = max((n * n // 2 for n in steps), default=1)
    return max(dearest, 1) * (SOLVING if node.op == "volatility" else 1)


def lattice_steps(model: Mapping[str, object]) -> int:
    """The steps of a lattice, 1 for a closed form; an exercise boundary counts as a default lattice."""
    if "steps" not in model and model.get("name") not in ("binomial", "american"):
        return 1
    try:
        return max(int(float(str(model.get("steps", DEFAULT_STEPS)))), 1)
    except (ValueError, OverflowError):
        return DEFAULT_STEPS


# ---- with the sizes of a book ------------------------------------------------------------------------------


def sizes_for(plan: Plan, tables: Mapping[str, int]) -> Sizes:
    """Bounds for every level and axis from the numbers of rows of accounts, instruments, positions and so on.

    `tables` gives them by level name, and by table name for the histories that axes are made of.
    """
    rows: dict[str, int] = {"": 1}

    def bound(name: str, depth: int = 0) -> int:
        level = plan.levels.get(name)
        if name not in rows:
            if level is None or level.kind not in MADE or depth > len(plan.levels):
                rows[name] = tables.get(name, 1)
            else:
                rows[name] = made(level, bound(level.of, depth + 1))
        return rows[name]

    for name in plan.levels:
        bound(name)
    points: dict[str, int] = {}
    for name, axis in plan.axes.items():
        if axis.kind == "distinct":
            points[name] = rows.get(plan.nodes[axis.node].level if axis.node >= 0 else "position", 1) + 1
        elif axis.kind == "history":
            last = int(str(axis.source.get("last") or 0))
            table = next(iter(axis.source.get("path") or ("",)))
            points[name] = last or tables.get(str(table), 1)
    return Sizes(rows, points)


def made(level: Level, below: int) -> int:
    """The most rows of a level that is made of so many others; of matches, the most that a run looks at."""
    if level.kind == "match":
        ways: int = sum(below ** len(pattern.slots) for pattern in level.patterns)
        return below + min(ways, MOST_MATCHES)
    return below * below if level.kind == "pair" else below


def refuse_above(
    plan: Plan, tables: Mapping[str, int], cells: int = MOST_CELLS, memory: int = MOST_BYTES
) -> None:
    """Raise PmdslError where running a plan over tables of these sizes would cost more than the limits."""
    cost, sizes = cost_of(plan), sizes_for(plan, tables)
    needed, held = cost.work(sizes), cost.bytes(sizes)
    if needed > cells:
        message = f"{plan.name} would take up to {needed:.1e} operations, more than the {cells:.0e} allowed"
        raise PmdslError.single("PM528", message, hint="value the book in parts")
    if held > memory:
        message = (
            f"{plan.name} would take up to {held / 2**30:.0f} GiB, more than the {memory / 2**30:.0f} allowed"
        )
        raise PmdslError.single("PM528", message, hint="value the book in parts")
