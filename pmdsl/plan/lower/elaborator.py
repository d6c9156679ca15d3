"""The state of an elaboration: one program, the graph it is written into, and what has been found on the
way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from pmdsl.diagnostics import Findings, Label
from pmdsl.names.program import Program
from pmdsl.plan.lower.graph import Graph, Value
from pmdsl.plan.nodes import Axis, Binding, DataTable, InputColumn, Origin, Output, TableRows
from pmdsl.source import Span
from pmdsl.syntax import ast
from pmdsl.types.units import NONE, Unit
from pmdsl.types.values import Type

MOST_WORK = 200_000


@dataclass(frozen=True)
class LegName:
    """What the name of a leg stands for in a pattern: the position in a slot.

    `level` is that of the positions while candidates are looked for, and that of the matches in a charge;
    there `contracts` is how many a match takes (None: one). `kinds` are the kinds of instrument it can be.
    """

    slot: int
    level: str
    kinds: frozenset[str] | None
    contracts: Value | None = None


@dataclass(frozen=True)
class Context:
    """What is known where an expression stands.

    `level`: the key level for which a table by groups is read ("" elsewhere): finer attributes are agreed
    upon it.
    `kinds`: the kinds of instrument that can still be meant (None: all).
    `locals`: arguments of a formula, members of a pair, legs of a pattern. `pair`: the pair level inside a
    pair, "" elsewhere. `origin`: the declaration.
    """

    origin: Origin = field(default_factory=Origin)
    level: str = ""
    entity: str = ""
    kinds: frozenset[str] | None = None
    locals: Mapping[str, Value | str | LegName] = field(default_factory=dict)
    pair: str = ""

    def narrowed(self, kinds: frozenset[str] | None) -> Context:
        """The context under a condition that leaves only these kinds of instrument."""
        if kinds is None:
            return self
        return replace(self, kinds=kinds if self.kinds is None else self.kinds & kinds)


@dataclass(frozen=True)
class KindInfo:
    """A closed list of words; `open` where values from outside may add to it."""

    words: tuple[str, ...]
    open: bool = False


@dataclass
class Elaborator:
    """Turns one program into nodes of a graph that it may share with its parent's.

    `keys` holds the keys of each group as written, its own first; `chained` says that the chain of levels is
    complete. `matches` holds, for each table that has rows, the
    node that says which row fits; the static checks read it.
    """

    program: Program
    graph: Graph
    findings: Findings
    handlers: Mapping[type[ast.Expr], Handler]
    base: Elaborator | None = None
    prefix: str = ""
    overridden: frozenset[str] = frozenset()
    kinds: dict[str, KindInfo] = field(default_factory=dict)
    axes: dict[str, Axis] = field(default_factory=dict)
    columns: dict[tuple[str, str], Value] = field(default_factory=dict)
    inputs: dict[tuple[str, str], InputColumn] = field(default_factory=dict)
    data: dict[str, DataTable] = field(default_factory=dict)
    rows: dict[str, TableRows] = field(default_factory=dict)
    covers: dict[str, Any] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    keys: dict[str, tuple[Value, ...]] = field(default_factory=dict)
    chained: bool = False
    memo: dict[tuple[str, ...], Value | None] = field(default_factory=dict)
    matches: dict[str, int] = field(default_factory=dict)
    busy: list[tuple[str, Span]] = field(default_factory=list)
    used: set[tuple[type[ast.Declaration], str]] = field(default_factory=set)
    read_columns: set[tuple[str, str]] = field(default_factory=set)
    outputs: tuple[Output, ...] = ()
    bound: dict[tuple[int, int], tuple[Binding, ...]] = field(default_factory=dict)
    spent: int = 0

    def evaluate(self, node: ast.Expr, ctx: Context, expected: Type | None = None) -> Value | None:
        """The value of an expression; None where something was wrong, which has been reported then.

        `expected` is what the surroundings suggest; it decides what a bare word means.
        """
        self.spent += 1
        if self.spent > MOST_WORK:
            if self.spent == MOST_WORK + 1:
                hint = (
                    "formulas that call each other twice double the work at every step: give the parts names"
                )
                self.error("PM257", "this rule set takes too much work to compile", node.span, hint=hint)
            return None
        return self.handlers[type(node)](self, node, ctx, expected)

    # ---- findings
    # ------------------------------------------------------------------------------------------------

    def error(
        self, code: str, message: str, span: Span, hint: str | None = None, labels: Iterable[Label] = ()
    ) -> None:
        """Collect a finding; the caller goes on with None for the value that could not be had."""
        self.findings.add(code, message, span, hint=hint, labels=labels)

    # ---- nodes
    # ---------------------------------------------------------------------------------------------------

    def add(
        self,
        op: str,
        inputs: Iterable[Value],
        type_: Type,
        ctx: Context,
        span: Span | None = None,
        **params: Any,
    ) -> Value:
        """Add a node whose place is that of the expression it comes from."""
        origin = ctx.origin if span is None else placed(ctx.origin, span)
        return self.graph.add(op, tuple(value.node for value in inputs), type_, params, origin)

    def constant(
        self, value: Fraction, ctx: Context, unit: Unit = NONE, loose: str = "", currency: str = ""
    ) -> Value:
        """An exact number."""
        return self.add("const", (), Type(unit=unit, loose=loose, currency=currency), ctx, value=str(value))

    def truth(self, value: bool, ctx: Context) -> Value:
        return self.add("const", (), Type("bool"), ctx, value=str(int(value)))

    def word(self, text: str, kind: str, ctx: Context) -> Value:
        return self.add("word", (), Type("text", kind=kind), ctx, value=text)

    # ---- levels
    # --------------------------------------------------------------------------------------------------

    def at_level(self, value: Value, level: str, ctx: Context) -> Value:
        """The value as each row of a finer level sees it; scalars are seen as they are."""
        if value.type.level in (level, ""):
            return value
        return self.add("down", (value,), value.type.at(level, value.type.axes), ctx, along="")

    def aligned(
        self, values: list[Value], ctx: Context, span: Span
    ) -> tuple[list[Value], str, tuple[str, ...]] | None:
        """The values brought to their common level, that level, and the union of their axes."""
        of_a_group = any(self.graph.nodes[v.node].op == "distinct" for v in values)
        level = ""
        for value in values:
            joined = self.graph.order.join(level, value.type.level)
            if joined is None:
                self.apart(level, value.type.level, ctx, span)
                return None
            if not of_a_group:
                self.warn_if_apart(level, value.type.level, joined, span)
            level = joined
        axes = self.graph.sorted_axes(*(value.type.axes for value in values))
        return [self.at_level(value, level, ctx) for value in values], level, axes

    def apart(self, left: str, right: str, ctx: Context, span: Span) -> None:
        """Say that two levels do not meet; beside a leg of a match, that a value stands without its leg."""
        slots = {local.level: name for name, local in ctx.locals.items() if isinstance(local, LegName)}
        alone = right if left in slots else left if right in slots else ""
        if alone and self.graph.order.reads("position", alone):
            message = f"a value for each {self.say(alone)} stands beside the leg of a match"
            slot = slots[left if alone == right else right]
            self.error("PM332", message, span, hint=f"name the leg that is meant, such as `{slot}.cost`")
            return
        message = f"a value for each {self.say(left)} and one for each {self.say(right)}"
        message += " have nothing in common"
        self.error("PM301", message, span, hint="sum one of them to the level of the other first")

    def warn_if_apart(self, left: str, right: str, joined: str, span: Span) -> None:
        """Say so where two levels meet at one finer than both, because that is easily meant otherwise."""
        kinds = self.graph.order.levels
        apart = joined not in (left, right)
        if apart and any(
            kinds[a].kind == "group" and kinds[b].kind != "account" for a, b in ((left, right), (right, left))
        ):
            self.error(
                "PM302",
                f"a value for each {self.say(left)} meets one for each {self.say(right)}: "
                f"taken for each {self.say(joined)}",
                span,
                hint="check that this is meant; a value of a group counts once for each of its members here",
            )

    def in_plan(self, table: str) -> str:
        """What the plan calls a table: the parent's own one is `base.NAME` where the child has another."""
        return f"base.{table}" if table in self.overridden else table

    def say(self, level: str) -> str:
        """A level as people call it."""
        return level.removesuffix(".key").removeprefix(self.prefix) or "run"


Handler = Callable[[Elaborator, Any, Context, Type | None], Value | None]


def placed(origin: Origin, span: Span) -> Origin:
    """The origin with the place of an expression inside it."""
    line, column = span.source.line_column(span.start)
    return replace(origin, file=span.source.name, line=line, column=column, text=span.text[:200])


def origin_of(declaration: ast.Declaration, name: str) -> Origin:
    """Where the nodes of a declaration come from."""
    parts = [declaration, getattr(declaration, "body", None), getattr(declaration, "content", None)]
    notes = [getattr(part, "notes", None) for part in parts]
    cites = tuple(f"{c.source.text} at {c.at!r}" for n in notes if n is not None for c in n.cites)
    unverified = any(n is not None and n.unverified for n in notes)
    return replace(placed(Origin(name=name), declaration.span), cites=cites, unverified=unverified, text="")


def stated_by(declaration: ast.Declaration | None, name: str, reader: Origin) -> Origin:
    """Where a node comes from that states what a declaration says and is made by its first reader.

    It is unverified where the declaration is, whoever reads it.
    """
    own = origin_of(declaration, name) if declaration is not None else reader
    return own if declaration is not None and own.unverified else replace(reader, unverified=False)
