"""Proof: what can fill a slot of a combination can stand alone too.

A pairing takes every position exactly, so what is left over of a combination needs a pattern of one slot. A
position that no pattern speaks of at all is an error of its account, and no matter of this proof.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from pmdsl.check import wording
from pmdsl.check.cover import Hole, board_of
from pmdsl.check.gaps import joined
from pmdsl.check.scope import is_own
from pmdsl.check.sheets import made
from pmdsl.diagnostics import Findings
from pmdsl.plan.lower.elaborator import Elaborator
from pmdsl.plan.lower.guards import Kinds
from pmdsl.plan.lower.legs import leg_class
from pmdsl.plan.lower.strategies import Cover, members_of
from pmdsl.syntax import ast


@dataclass(frozen=True)
class Filling:
    """A slot of a pattern: the node that says which positions fill it, and the kinds of these."""

    pattern: ast.PatternDecl
    slot: ast.SlotDecl
    node: int
    kinds: Kinds

    @property
    def alone(self) -> bool:
        """Whether the pattern is one of a single position."""
        return len(self.pattern.slots) == 1 and not self.pattern.pool

    def meets(self, other: Filling) -> bool:
        """Whether some position may fill both, by their sides and kinds."""
        sides = {self.slot.side, other.slot.side}
        apart = self.kinds is not None and other.kinds is not None and not self.kinds & other.kinds
        return sides != {"long", "short"} and not apart


def check_strategies(e: Elaborator, findings: Findings) -> None:
    """Every slot of every combination that a pairing may take; what several lack is said of the first."""
    known: dict[tuple[int, ...], str] = {}
    told: set[tuple[str, tuple[int, ...]]] = set()
    for pairing in e.program.all(ast.Pairing):
        cover = e.covers.get(pairing.strategies.text)
        if cover is None or not (is_own(e, pairing) or is_own(e, cover.decl)):
            continue
        allowed = [filling for filling in fillings(e, cover) if is_allowed(pairing, filling.pattern)]
        singles = [filling for filling in allowed if filling.alone]
        for filling in (one for one in allowed if not one.alone):
            near = [single for single in singles if single.meets(filling)]
            nodes = tuple(single.node for single in near)
            if (filling.node, *nodes) not in known:
                known[filling.node, *nodes] = hole_of(e, filling, near)
            hole = known[filling.node, *nodes]
            if hole and (filling.slot.side, nodes) not in told:
                told.add((filling.slot.side, nodes))
                report(pairing, filling, hole, findings)


def fillings(e: Elaborator, cover: Cover) -> Iterator[Filling]:
    """The slots of all patterns, those of pools too."""
    level = e.graph.order.levels[cover.level]
    patterns = {pattern.name: pattern for pattern in level.patterns}
    for decl in cover.decl.patterns:
        taken = [slot.taken for name in members_of(decl) for slot in patterns[name].slots]
        for slot, place in zip(decl.slots, taken, strict=True):
            leg = leg_class(e, slot.leg)
            yield Filling(decl, slot, level.keys[place], leg.kinds if leg is not None else None)


def is_allowed(pairing: ast.Pairing, pattern: ast.PatternDecl) -> bool:
    name = pattern.name.text
    only, without = {w.text for w in pairing.only}, {w.text for w in pairing.without}
    return name not in without and (not only or name in only)


def hole_of(e: Elaborator, filling: Filling, singles: Sequence[Filling]) -> str:
    """A case in which a slot is surely filled and surely no single pattern stands, in words; empty for none.

    What is worked out from other values may be either, and is left to the run.
    """
    whens = (filling.node, *(single.node for single in singles))
    spans = (filling.slot.span, *(single.slot.span for single in singles))
    always = ((None, None),) * len(whens)
    sheet = made(e, "", (), (), ((),) * len(whens), whens, always, True, spans)
    board = board_of(sheet)
    cases = [case for case in board.cases if case.surely & 1 and not case.possibly & ~1]
    holes = joined(sheet, [Hole(date.min, date.max, case.cells) for case in cases]) if board.exact else []
    return wording.case(holes[0].cells, sheet.dimensions) if holes else ""


def report(pairing: ast.Pairing, filling: Filling, hole: str, findings: Findings) -> None:
    message = f"`{filling.slot.name}` of `{filling.pattern.name}` has no pattern of one leg where {hole}"
    hint = f"`{pairing.name}` takes every position exactly, so what is left over needs a pattern by itself"
    findings.add("PM427", message, filling.slot.span, hint=hint)
