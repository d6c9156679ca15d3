"""Whole files drawn at random: every statement of the language, with everything that it may carry."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from pmdsl.syntax import ast
from tests.syntax.expressions import (
    COMPARISONS,
    days,
    exprs,
    maybe,
    name_nodes,
    names,
    number_nodes,
    paths,
    percent_nodes,
    simple,
    texts,
)
from tests.syntax.strategies import constructs, notes

type_names = st.builds(ast.TypeName, names, maybe(names))
words_before_a_colon = st.sampled_from(
    ("currency", "version", "title", "step", "default", "per", "from", "sum", "if")
)
field_names = st.one_of(name_nodes, words_before_a_colon.map(ast.Name))
fields = st.builds(ast.Field, field_names, type_names, maybe(exprs))
marks = st.tuples(names, st.sampled_from(("higher", "lower")))
stricter = st.builds(
    ast.Stricter,
    st.one_of(st.just(((None, "higher"),)), st.lists(marks, min_size=1, max_size=2).map(tuple)),
)
columns = st.builds(ast.Column, name_nodes, type_names, maybe(texts))
outsides = st.one_of(
    st.builds(ast.Outside, st.just("file"), texts),
    st.builds(ast.Outside, st.just("data"), names),
    st.builds(ast.Outside, st.just("book"), st.none()),
)
keys = st.lists(exprs, min_size=1, max_size=2).map(tuple)
words = st.lists(name_nodes, min_size=1, max_size=4).map(tuple)

cells = st.one_of(
    exprs,
    simple,
    number_nodes,
    percent_nodes,
    st.none(),
    st.just(ast.AnyCell()),
    st.just(ast.AloneCell()),
    st.builds(ast.EachCell, st.lists(simple, min_size=2, max_size=3).map(tuple)),
    st.builds(ast.BoundCell, st.sampled_from(COMPARISONS), exprs),
    st.builds(ast.RangeCell, exprs, exprs),
)


@st.composite
def tables(draw: st.DrawFn, least: int = 1) -> tuple[ast.Row, ...]:
    """A header of different names, and rows of as many cells."""
    header = draw(st.lists(names, min_size=1, max_size=4, unique=True))
    rows = draw(
        st.lists(st.lists(cells, min_size=len(header), max_size=len(header)), min_size=least, max_size=3)
    )
    head = ast.Row(tuple(ast.Path((name,)) for name in header))
    return (head, *(ast.Row(tuple(row)) for row in rows))


@st.composite
def bodies(draw: st.DrawFn) -> ast.Body:
    typed = draw(st.lists(columns, max_size=2).map(tuple))
    rows = draw(tables()) if not typed or draw(st.booleans()) else ()
    return ast.Body(draw(notes), draw(maybe(stricter)), typed, draw(maybe(exprs)), rows)


@st.composite
def periods(draw: st.DrawFn) -> tuple[date, date | None]:
    return draw(days), draw(maybe(days))


dated = st.builds(lambda period, value: ast.Dated(*period, value), periods(), exprs)
contents = st.one_of(
    bodies(),
    st.builds(ast.History, paths, maybe(st.integers(1, 999)), maybe(exprs)),
    st.builds(ast.Distinct, exprs, maybe(exprs), name_nodes),
)
key_paths = st.lists(paths, min_size=1, max_size=2).map(tuple)
declared_tables = st.builds(
    ast.TableDecl,
    st.sampled_from(("unique", "first", "collect")),
    name_nodes,
    key_paths,
    maybe(outsides),
    maybe(bodies()),
    notes,
)
source_fields = st.lists(st.tuples(names, st.one_of(texts, days)), max_size=3).map(tuple)
params = st.builds(
    ast.Param, name_nodes, type_names, st.lists(dated, max_size=3).map(tuple), maybe(stricter), notes
)
matrices = st.builds(ast.Matrix, name_nodes, name_nodes, maybe(outsides), maybe(bodies()), notes)
pairs = st.builds(
    ast.PairDecl,
    name_nodes,
    name_nodes,
    name_nodes,
    name_nodes,
    maybe(name_nodes),
    st.one_of(exprs, bodies()),
    notes,
)
levels = st.builds(ast.Levels, st.lists(name_nodes, min_size=2, max_size=4).map(tuple), notes)
overridable = (
    params,
    declared_tables,
    matrices,
    pairs,
    levels,
    st.builds(ast.TableDecl, st.none(), name_nodes, key_paths, st.none(), bodies(), notes),
    st.builds(ast.Params, bodies(), notes),
    st.builds(ast.Formula, name_nodes, words, exprs, notes),
    st.builds(ast.Pricing, bodies(), notes),
    st.builds(ast.Step, name_nodes, maybe(name_nodes), exprs, notes),
    st.builds(ast.Require, name_nodes, maybe(name_nodes), exprs, notes),
    st.builds(ast.Report, name_nodes, maybe(name_nodes), exprs, notes),
    st.builds(ast.Eligible, name_nodes, texts, exprs, notes),
    st.builds(ast.Alert, name_nodes, texts, name_nodes, exprs, notes),
    st.builds(ast.Scenarios, name_nodes, contents, notes),
    st.builds(ast.Group, name_nodes, keys, maybe(exprs), notes),
    st.builds(ast.Level, name_nodes, keys, name_nodes, maybe(exprs), notes),
    *constructs,
)
statements = st.one_of(
    *(strategy for strategy in overridable if strategy is not overridable[5]),
    st.builds(ast.Title, texts),
    st.builds(ast.Version, texts),
    st.builds(ast.Currency, st.sampled_from(("USD", "EUR")).map(ast.Name)),
    st.builds(lambda period: ast.Covers(*period), periods()),
    st.builds(ast.Extends, names, maybe(texts), maybe(texts)),
    st.just(ast.Lots()),
    st.builds(ast.SourceDecl, name_nodes, source_fields),
    st.builds(ast.Kind, name_nodes, words, notes),
    st.builds(ast.SetDecl, name_nodes, words, notes),
    st.builds(
        ast.Input,
        name_nodes,
        st.lists(name_nodes, max_size=2).map(tuple),
        maybe(names),
        st.lists(fields, max_size=3).map(tuple),
        notes,
    ),
    st.builds(ast.Check, texts, exprs, notes),
    st.builds(ast.Override, st.booleans(), st.one_of(*overridable)),
    st.builds(ast.Remove, name_nodes, st.one_of(names, texts), notes),
)
methodologies = st.builds(
    ast.Methodology,
    st.lists(names, min_size=1, max_size=3).map(".".join),
    st.lists(statements, max_size=4).map(tuple),
)

arguments = st.lists(st.builds(ast.Arg, maybe(names), simple), min_size=1, max_size=2).map(tuple)
test_members = st.one_of(
    st.builds(ast.Using, names),
    st.builds(ast.On, days),
    st.builds(ast.Rate, exprs),
    st.builds(ast.Block, names.filter(lambda name: name != "rate"), maybe(names), tables()),
    st.builds(ast.ExpectValue, paths, st.one_of(st.just(()), arguments), maybe(names), exprs, maybe(exprs)),
    st.builds(ast.ExpectError, names),
    st.builds(ast.ExpectFires, paths, arguments),
    st.builds(
        ast.ExpectState,
        st.sampled_from(("binding", "eligible", "alert", "check")),
        st.one_of(names, texts),
        st.one_of(st.just(()), arguments),
        exprs,
    ),
)
test_cases = st.builds(ast.TestCase, texts, st.lists(test_members, max_size=4).map(tuple))
files = st.builds(
    ast.File, st.just("1"), st.lists(st.one_of(methodologies, test_cases), max_size=3).map(tuple)
)
