"""Which nodes of a plan a trade in one account can change, and whether the change can be followed row by row.

A trade changes one position, with it one group at every level of the chain that positions are grouped by, and
the account. Whatever looks at one row at a time is then worked out for these rows alone; what folds members
into a group needs the other members too. A plan that does more than that is not followed: `why_not` says
what it does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pmdsl.engine.index import key_of
from pmdsl.engine.job import Job
from pmdsl.engine.levels import chain_from
from pmdsl.engine.schedule import Phase
from pmdsl.plan.nodes import Node, Plan
from pmdsl.plan.operations import ELEMENTWISE

# Operations that look at one row of their level at a time.
LOCAL = ELEMENTWISE | frozenset(
    [
        "match",
        "select",
        "collect",
        "lookup",
        "cell",
        "found",
        "has",
        "marginal",
        "currency",
        "fx",
        "fold_over",
        "arg_over",
        "quantile_over",
        "ewma_over",
        "choose_over",
        "pick",
        "stack",
        "point_name",
    ]
)
FOLDS = ("fold_into", "net_into")
POSITION, ACCOUNT = "position", "account"


@dataclass(frozen=True, eq=False)
class Scope:
    """The nodes between the positions and some outputs of a plan.

    `chain` are the levels that a trade touches, from positions to the account. `moved` are the nodes that it
    can change, in running order. `fixed` depend on the instrument alone, at whatever level; `still` depend on
    the account alone. `chosen` says for a choice whose condition the market decides which input it takes.
    """

    plan: Plan
    targets: tuple[int, ...]
    chain: tuple[str, ...]
    moved: tuple[int, ...] = ()
    fixed: frozenset[int] = frozenset()
    still: frozenset[int] = frozenset()
    chosen: Mapping[int, int] = field(default_factory=dict)
    why_not: str = ""

    def inputs(self, number: int) -> tuple[int, ...]:
        """The inputs of a node that matter, a decided choice having one."""
        return (self.chosen[number],) if number in self.chosen else self.plan.nodes[number].inputs

    @property
    def columns(self) -> frozenset[str]:
        """The columns of positions that are read."""
        nodes = (self.plan.nodes[n] for n in self.moved)
        return frozenset(str(node.params["column"]) for node in nodes if node.op == "input")

    @property
    def position_folds(self) -> tuple[int, ...]:
        """The nodes that fold positions."""
        folds = (n for n in self.moved if self.plan.nodes[n].op in FOLDS)
        return tuple(n for n in folds if self.folded(n) == POSITION)

    def folded(self, number: int) -> str:
        """The level whose rows a fold takes."""
        return _folded(self.plan, self.plan.nodes[number])


class NotFollowedError(Exception):
    """A trade in this plan is not followed row by row; the argument says what stands in the way."""


def scope_of(job: Job, targets: tuple[int, ...]) -> Scope:
    """The scope of some outputs of the plan of a job that keeps its values."""
    plan = job.world.plan
    chain = (POSITION, *chain_from(plan, POSITION), ACCOUNT)
    try:
        return _followed(job, targets, chain)
    except NotFollowedError as reason:
        return Scope(plan, targets, chain, why_not=str(reason))


def _followed(job: Job, targets: tuple[int, ...], chain: tuple[str, ...]) -> Scope:
    plan = job.world.plan
    chosen = _chosen(job)
    needed = _needed(job, targets, chosen)
    used = {plan.nodes[n].level for n in needed}
    _check_groups(job, chain, used)
    todo = [s.node for s in job.schedule.steps[Phase.BLOCK] if s.node in needed]
    moved: list[int] = []
    fixed: set[int] = set()
    still: set[int] = set()
    for number in todo:
        node = plan.nodes[number]
        if node.level not in chain:
            raise NotFollowedError(f"values of `{node.level}`")
        inputs = (chosen[number],) if number in chosen else node.inputs
        mine = [i for i in inputs if job.schedule.phase[i] is Phase.BLOCK]
        _check(job, node, mine, {*moved}, chain)
        if node.level == ACCOUNT and node.op not in FOLDS and not any(i in moved for i in mine):
            still.add(number)
        elif node.op not in ("input", *FOLDS) and all(i in fixed for i in mine):
            fixed.add(number)
        else:
            moved.append(number)
    return Scope(plan, targets, chain, tuple(moved), frozenset(fixed), frozenset(still), chosen)


def _chosen(job: Job) -> dict[int, int]:
    """For each choice whose condition the market decides for all rows, the input that it takes."""
    plan, found = job.world.plan, {}
    for number, phase in job.schedule.phase.items():
        node = plan.nodes[number]
        if phase is not Phase.BLOCK or node.op != "if":
            continue
        condition = plan.nodes[node.inputs[0]]
        known = job.schedule.phase[node.inputs[0]] is Phase.MARKET
        if known and condition.level == "" and not condition.axes:
            value = float(job.values[node.inputs[0]].reshape(-1)[0])
            if value in (0.0, 1.0):
                found[number] = node.inputs[1] if value == 1.0 else node.inputs[2]
    return found


def _needed(job: Job, targets: tuple[int, ...], chosen: Mapping[int, int]) -> set[int]:
    """The nodes worked out for accounts that some nodes need."""
    plan, phase = job.world.plan, job.schedule.phase
    found: set[int] = set()
    open_ = list(targets)
    while open_:
        number = open_.pop()
        if number in found or phase[number] is Phase.MARKET:
            continue
        if phase[number] is Phase.SHARED:
            raise NotFollowedError("groups that depend on what is held")
        found.add(number)
        open_.extend((chosen[number],) if number in chosen else plan.nodes[number].inputs)
    return found


def _check_groups(job: Job, chain: tuple[str, ...], used: set[str]) -> None:
    """Every group of the chain must be known from the instrument alone."""
    plan = job.world.plan
    for name in chain[1:-1]:
        if plan.levels[name].keys:
            raise NotFollowedError(f"a condition decides who is in `{name}`")
        key = key_of(plan, name)
        if key not in job.index.levels or job.index.path("instrument", key) is None:
            raise NotFollowedError(f"the key of `{name}` depends on what is held")
    for name in used - {*chain}:
        raise NotFollowedError(f"values of `{name}`")


def _check(job: Job, node: Node, mine: list[int], moved: set[int], chain: tuple[str, ...]) -> None:
    plan = job.world.plan
    if node.op == "input":
        return
    for axis in _axes(plan, node):
        if plan.axes[axis].kind == "distinct":
            raise NotFollowedError(f"`{axis}`, whose points depend on what is held")
    if node.op == "down":
        _check_down(job, node, mine, moved)
    elif node.op in FOLDS:
        _check_fold(plan, node, chain)
    elif node.op not in LOCAL:
        raise NotFollowedError(f"the operation `{node.op}`")


def _axes(plan: Plan, node: Node) -> Iterator[str]:
    yield from node.axes
    for i in node.inputs:
        yield from plan.nodes[i].axes


def _check_down(job: Job, node: Node, mine: list[int], moved: set[int]) -> None:
    plan = job.world.plan
    coarse = plan.nodes[node.inputs[0]].level
    if node.params.get("along"):
        raise NotFollowedError(f"values of the slots of `{node.level}`")
    if any(i in moved for i in mine):
        raise NotFollowedError(f"values of `{coarse}` that are read by `{node.level}`")
    if coarse in ("", ACCOUNT):
        return
    if coarse not in job.index.levels or job.index.path("instrument", coarse) is None:
        raise NotFollowedError(f"values of `{coarse}` that instruments do not have")


def _check_fold(plan: Plan, node: Node, chain: tuple[str, ...]) -> None:
    levels, fine = [plan.nodes[i].level for i in node.inputs], _folded(plan, node)
    if fine not in chain or chain.index(fine) >= chain.index(node.level):
        raise NotFollowedError(f"members of `{fine}` in `{node.level}`")
    if any(name not in ("", fine, node.level) for name in levels):
        raise NotFollowedError(f"values of several levels folded into `{node.level}`")


def _folded(plan: Plan, node: Node) -> str:
    levels = (plan.nodes[i].level for i in node.inputs)
    return next((name for name in levels if name not in ("", node.level)), node.level)
