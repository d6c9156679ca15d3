"""Legs, strategies and pairings drawn at random."""

from __future__ import annotations

from hypothesis import strategies as st

from pmdsl.syntax import ast
from tests.syntax.expressions import exprs, maybe, name_nodes, paths, texts

cites = st.builds(ast.Cite, name_nodes, texts)
notes = st.builds(ast.Notes, st.lists(cites, max_size=2).map(tuple), maybe(texts), st.booleans())
some_names = st.lists(name_nodes, max_size=2).map(tuple)
some_paths = st.lists(paths, max_size=2).map(tuple)

slots = st.builds(
    ast.SlotDecl, st.sampled_from(("long", "short", "any")), name_nodes, name_nodes, maybe(exprs)
)
charges = st.lists(st.builds(ast.Charge, name_nodes, exprs), max_size=2).map(tuple)
needs = st.lists(st.builds(ast.Needs, name_nodes, name_nodes, exprs), max_size=2).map(tuple)


@st.composite
def patterns(draw: st.DrawFn) -> ast.PatternDecl:
    """A pattern, or a pool with what only a pool says."""
    pool = draw(st.booleans())
    return ast.PatternDecl(
        name=draw(name_nodes),
        pool=pool,
        same=draw(some_paths),
        slots=draw(st.lists(slots, max_size=3).map(tuple)),
        where=draw(maybe(exprs)),
        balanced=draw(some_paths) if pool else (),
        needs=draw(needs) if pool else (),
        charges=draw(charges),
        notes=draw(notes),
    )


@st.composite
def pairings(draw: st.DrawFn) -> ast.Pairing:
    """At most one of `only` and `without`."""
    listed, is_only = draw(some_names), draw(st.booleans())
    return ast.Pairing(
        name=draw(name_nodes),
        strategies=draw(name_nodes),
        objectives=draw(st.lists(exprs, min_size=1, max_size=3).map(tuple)),
        only=listed if is_only else (),
        without=() if is_only else listed,
        notes=draw(notes),
    )


legs = st.builds(ast.LegDecl, name_nodes, name_nodes, exprs, notes)
strategies = st.builds(
    ast.Strategies,
    name_nodes,
    name_nodes,
    maybe(paths),
    some_paths,
    st.lists(st.builds(ast.Amount, name_nodes, maybe(exprs)), max_size=2).map(tuple),
    st.lists(patterns(), max_size=2).map(tuple),
    notes,
)
constructs = (legs, strategies, pairings())
