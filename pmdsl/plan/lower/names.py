"""What a name means where it stands: a declaration, an attribute, a column, a point, or a word of a kind."""

from __future__ import annotations

from pmdsl.diagnostics import did_you_mean, listed
from pmdsl.diagnostics.suggest import MOST_HINTS
from pmdsl.plan.lower import (
    attributes,
    declarations,
    keyed,
    legs,
    lookups,
    members,
    pairings,
    points,
    pricing,
)
from pmdsl.plan.lower.elaborator import Context, Elaborator, LegName
from pmdsl.plan.lower.graph import Value
from pmdsl.source import Span
from pmdsl.syntax import ast
from pmdsl.types.attributes import TABLES, columns_of
from pmdsl.types.values import Type

TRUTH = {"yes": True, "true": True, "no": False, "false": False}
BUILT_IN = ("value", "volatility", "model_delta", "today", "price")

# Beyond so many findings a text is no draft of a rule set: looking for near names would take all the time.


def path(e: Elaborator, node: ast.Path, ctx: Context, expected: Type | None) -> Value | None:
    """The value of a name."""
    if len(node.parts) == 1:
        return bare(e, node, ctx, expected)
    return dotted(e, node, ctx)


def bare(e: Elaborator, node: ast.Path, ctx: Context, expected: Type | None) -> Value | None:
    """A name without dots: a word of the kind that is expected here, else a declaration, else an
    attribute, else free text.
    """
    name = node.parts[0]
    if expected is not None and name in words_of(e, expected):
        return e.word(name, expected.kind, ctx)
    if expected is not None and expected.base == "point" and name in points_of(e, expected.kind):
        return e.add("point", (), Type("point", kind=expected.kind), ctx, axis=expected.kind, value=name)
    found = ctx.locals.get(name)
    if isinstance(found, Value):
        return found
    if expected is not None and expected.base == "bool" and name in TRUTH:
        return e.truth(TRUTH[name], ctx)
    table = attribute_table(e, name, ctx)
    if is_declared(e, name):
        if table in ("position", "instrument") and name not in BUILT_IN and not is_own_key(e, name, table):
            ambiguous(e, node, table)
            return None
        return declarations.value_of(e, name, ctx, node.span)
    if name in BUILT_IN:
        return pricing.built_in(e, name, ctx, node.span)
    if table is not None:
        return attributes.attribute(e, table, name, ctx, node.span)
    if expected is not None and expected.base == "text" and expected.kind not in e.kinds:
        return e.word(name, "", ctx)
    unknown(e, name, node.span, "name", expected)
    return None


def words_of(e: Elaborator, expected: Type) -> tuple[str, ...]:
    """The words that are meant where a value of this type is expected."""
    info = e.kinds.get(expected.kind) if expected.base == "text" else None
    return info.words if info else ()


def points_of(e: Elaborator, axis: str) -> tuple[str, ...]:
    return e.axes[axis].points if axis in e.axes else ()


def is_declared(e: Elaborator, name: str) -> bool:
    """Whether the program declares a value of this name, a level or an axis."""
    kinds = (ast.Step, ast.Require, ast.Param, ast.TableDecl, ast.Scenarios, ast.PairDecl)
    return name in e.groups or any((kind, name) in e.program.declared for kind in kinds)


def attribute_table(e: Elaborator, name: str, ctx: Context) -> str | None:
    """The table whose attribute a bare name is: that of the group's entity inside a table by groups, else the
    position's, else the instrument's.
    """
    tables = (*([ctx.entity] if ctx.entity else []), *attributes.finest(e), "position", "instrument")
    return next((table for table in tables if attributes.exists(e, table, name)), None)


def is_own_key(e: Elaborator, name: str, table: str) -> bool:
    """Whether a group is grouped by the attribute of its own name: then the name means one thing."""
    keys = e.keys.get(e.groups.get(name, ""), ())
    node = e.graph.nodes[keys[0].node] if keys else None
    return (
        node is not None
        and node.op == "input"
        and (node.params["table"], node.params["column"]) == (table, name)
    )


def is_bare_word(e: Elaborator, node: ast.Expr, ctx: Context) -> bool:
    """Whether an expression is a single name that means nothing by itself, so that it can only be a word."""
    if not isinstance(node, ast.Path) or len(node.parts) > 1:
        return False
    name = node.parts[0]
    known = name in ctx.locals or is_declared(e, name) or name in BUILT_IN
    return not known and attribute_table(e, name, ctx) is None


def ambiguous(e: Elaborator, node: ast.Path, table: str) -> None:
    name = node.parts[0]
    e.error(
        "PM212",
        f"`{name}` is declared here and is an attribute of the {table} as well",
        node.span,
        hint=f"write `{table}.{name}` for the attribute, or give the declaration another name",
    )


def dotted(e: Elaborator, node: ast.Path, ctx: Context) -> Value | None:
    """A name with dots, by its first part."""
    first, second, *rest = node.parts
    local = ctx.locals.get(first)
    if first == "base":
        return declarations.of_parent(e, node, ctx)
    if first == "valuation" and second in ("date", "moment"):
        return e.add("valuation", (), Type(second), ctx, node.span, what=second)
    if isinstance(local, str):
        return members.of_member(e, local, node, ctx)
    if isinstance(local, LegName):
        return legs.of_leg(e, local, node, ctx)
    if (ast.Pairing, first) in e.program.declared:
        return pairings.read(e, node, ctx)
    if rest and not (second == "point" and is_declared(e, first)):
        too_long(e, node)
        return None
    if first in e.axes:
        return points.axis_column(e, first, second, ctx, node.span)
    if (ast.TableDecl, first) in e.program.declared and lookups.has_column(e, first, second):
        return lookups.read_table(e, first, second, ctx, node.span)
    if first in e.groups:
        return attributes.of_group(e, first, second, ctx, node.span)
    if first in TABLES or first in attributes.finest(e):
        return attributes.attribute(e, first, second, ctx, node.span)
    if (ast.Input, first) in e.program.declared:
        return keyed.read(e, first, second, ctx, node.span)
    if second == "point" and is_declared(e, first):
        return points.point_of(e, first, rest, ctx, node.span)
    if (ast.TableDecl, first) in e.program.declared:
        columns = lookups.columns_of(e, first)
        e.error(
            "PM211",
            f"table `{first}` has no column `{second}`",
            node.span,
            hint=did_you_mean(second, columns, e.findings) or f"its columns are {listed(columns)}",
        )
        return None
    unknown(e, first, node.span, "name")
    return None


def too_long(e: Elaborator, node: ast.Path) -> None:
    """Report a name of more parts than can be read: `underlying.tracks.asset`."""
    *named, last = node.parts
    read = ".".join(named)
    hint = f"group by it, `group NAME = {read}`, and read `NAME.{last}`"
    e.error("PM215", f"`{read}` has no attribute `{last}`: it is a value", node.span, hint=hint)


def unknown(e: Elaborator, name: str, span: Span, what: str, expected: Type | None = None) -> None:
    """Report a name that means nothing here, with the nearest that does."""
    if expected is not None and words_of(e, expected):
        words = words_of(e, expected)
        e.error(
            "PM213",
            f"`{name}` is no word of `{expected.kind}`",
            span,
            hint=did_you_mean(name, words, e.findings) or f"its words are {listed(words)}",
        )
        return
    if e.program.extends is not None and e.program.base is None:
        return  # it may be the parent's, which could not be found
    if len(e.findings) > MOST_HINTS:
        e.error("PM210", f"there is no {what} `{name}` here", span)
        return
    attributes_ = [column for table in ("position", "instrument") for column in columns_of(table)]
    candidates = [*e.program.names, *e.groups, *attributes_, *BUILT_IN, *TABLES]
    hint = otherwise(e, name) or did_you_mean(name, candidates) or elsewhere(e, name)
    e.error("PM210", f"there is no {what} `{name}` here", span, hint=hint)


def otherwise(e: Elaborator, name: str) -> str | None:
    """A hint where the name is declared, as something that cannot be read like this."""
    ways = {
        ast.Report: "a report is published and not read: name the value with a `step`, and report that",
        ast.Formula: f"it is a formula: write `{name}(…)`",
        ast.SetDecl: f"it is a set: write `x in {name}`",
        ast.Matrix: f"it is a matrix: write `aggregate x with {name} into LEVEL`",
        ast.Group: "it is a group that is not in the chain of `levels`",
        ast.Input: f"it is an input: write `{name}.ATTRIBUTE`",
        ast.Kind: "it is a kind: write one of its words",
        ast.SourceDecl: f'it is a source: write `cite {name} at "…"` after the declaration',
    }
    return next((way for kind, way in ways.items() if (kind, name) in e.program.declared), None)


def elsewhere(e: Elaborator, name: str) -> str | None:
    """A hint that names the table whose attribute it is."""
    table = next(
        (table for table in ("underlying", "account", "market") if attributes.exists(e, table, name)), None
    )
    return f"write `{table}.{name}`" if table else None
