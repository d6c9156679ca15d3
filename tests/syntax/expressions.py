"""Expressions drawn at random, each a tree that some text gives: a strategy for each level of the grammar."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import TypeVar

from hypothesis import strategies as st

from pmdsl.syntax import ast, numbers

T = TypeVar("T")

WORDS = (
    "alpha",
    "beta_2",
    "gamma",
    "rate",
    "price",
    "point",
    "haircut",
    "x1",
    "last",
    "gains",
    "book",
    "data",
    "long",
    "same",
    "amount",
    "count",
    "charge",
    "needs",
    "only",
)
CURRENCIES = ("USD", "EUR", "JPY")

names = st.sampled_from(WORDS)
name_nodes = st.builds(ast.Name, names)
paths = st.builds(ast.Path, st.lists(names, min_size=1, max_size=3).map(tuple))
days = st.dates(date(1900, 1, 1), date(2199, 12, 31))
texts = st.text("abc ÄŁé#|{}%“(.,", max_size=12).map(lambda text: unicodedata.normalize("NFC", text))


@st.composite
def digits(draw: st.DrawFn) -> str:
    """A number as it may be written."""
    whole = draw(st.integers(0, 10**12))
    written = draw(st.sampled_from((f"{whole}", f"{whole:_}")))
    return written + draw(st.sampled_from(("", ".0", ".50", ".375", ".000000000000001")))


def amount(text: str, currency: str) -> ast.Money:
    return ast.Money(currency, numbers.exact(text), f"{currency} {text}")


number_nodes = st.builds(lambda text: ast.Number(numbers.exact(text), text), digits())
percent_nodes = st.builds(lambda text: ast.Percent(numbers.exact(text) / 100, f"{text}%"), digits())
money_nodes = st.builds(
    amount,
    st.builds(lambda sign, text: sign + text, st.sampled_from(("", "-")), digits()),
    st.sampled_from(CURRENCIES),
)
contract_nodes = st.builds(
    lambda text, word: ast.Contracts(numbers.exact(text), f"{text} {word}"),
    digits(),
    st.sampled_from(("contract", "contracts")),
)
simple = st.one_of(
    number_nodes,
    percent_nodes,
    money_nodes,
    contract_nodes,
    paths,
    st.builds(ast.Text, texts),
    st.builds(ast.Date, days),
)


def maybe(strategy: st.SearchStrategy[T]) -> st.SearchStrategy[T | None]:
    return st.one_of(st.none(), strategy)


def args(least: int = 0) -> st.SearchStrategy[tuple[ast.Arg, ...]]:
    return st.lists(st.builds(ast.Arg, maybe(names), exprs), min_size=least, max_size=2).map(tuple)


def bindings() -> st.SearchStrategy[tuple[ast.Arg, ...]]:
    return st.lists(st.builds(ast.Arg, names, exprs), min_size=1, max_size=2).map(tuple)


exprs: st.SearchStrategy[ast.Expr] = st.deferred(lambda: st.one_of(eithers, eithers, ifs))
plains = st.deferred(
    lambda: st.one_of(number_nodes, percent_nodes, money_nodes, contract_nodes, paths, parens)
)
parens = st.deferred(lambda: st.builds(ast.Paren, exprs))
calls = st.deferred(lambda: st.builds(ast.Call, paths, args()))
indexes = st.deferred(lambda: st.builds(ast.Index, paths, args(1), maybe(names)))
reductions = st.deferred(lambda: st.one_of(*REDUCTIONS))
atoms = st.deferred(lambda: st.one_of(simple, simple, simple, parens, calls, indexes, reductions))
places = st.deferred(lambda: st.one_of(paths, calls, st.builds(ast.Text, texts), bindings()))
postfixes = st.deferred(lambda: st.one_of(atoms, atoms, atoms, st.builds(ast.At, postfixes, places)))
signed = st.deferred(
    lambda: st.one_of(postfixes, postfixes, st.builds(ast.Sign, st.sampled_from("+-"), signed))
)
products = st.deferred(
    lambda: st.one_of(signed, signed, st.builds(ast.Binary, st.sampled_from("*/"), products, signed))
)
sums = st.deferred(
    lambda: st.one_of(products, products, st.builds(ast.Binary, st.sampled_from("+-"), sums, products))
)
COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
comparisons = st.deferred(
    lambda: st.one_of(
        sums,
        sums,
        st.builds(ast.Compare, st.sampled_from(COMPARISONS), sums, sums),
        st.builds(ast.Member, sums, names),
    )
)
negations = st.deferred(lambda: st.one_of(comparisons, comparisons, st.builds(ast.Not, negations)))
boths = st.deferred(lambda: st.one_of(negations, negations, st.builds(ast.And, boths, negations)))
eithers = st.deferred(lambda: st.one_of(boths, boths, st.builds(ast.Or, eithers, boths)))
ifs = st.deferred(lambda: st.builds(ast.If, exprs, exprs, exprs))

FOLDS = st.sampled_from(("sum", "largest", "smallest", "average"))
CLAMPS = st.sampled_from((None, "always", "when negative"))


@st.composite
def aggregates(draw: st.DrawFn) -> ast.Aggregate:
    carrying = draw(maybe(exprs))
    return ast.Aggregate(
        draw(exprs),
        carrying,
        None if carrying is None else draw(CLAMPS),
        draw(names),
        draw(st.booleans()),
        draw(maybe(exprs)),
        draw(names),
    )


@st.composite
def quantiles(draw: st.DrawFn) -> ast.Quantile:
    kind = draw(st.sampled_from(("quantile", "tail_mean")))
    where, over, by = draw(maybe(exprs)), draw(names), draw(names)
    return ast.Quantile(kind, draw(exprs), draw(exprs), where, over, by, draw(maybe(plains)))


REDUCTIONS = (
    st.builds(ast.Fold, FOLDS, exprs, maybe(exprs), names, st.none(), maybe(plains)),
    st.builds(ast.Fold, FOLDS, exprs, maybe(exprs), st.none(), names, maybe(plains)),
    st.builds(ast.Net, exprs, maybe(exprs), names, exprs),
    st.builds(ast.Worst, exprs, maybe(exprs), names, st.booleans()),
    quantiles(),
    st.builds(ast.Ewma, exprs, names, plains),
    aggregates(),
    st.builds(
        ast.Choose, st.lists(st.tuples(FOLDS, exprs), min_size=1, max_size=2).map(tuple), maybe(exprs), names
    ),
    st.builds(ast.Marginal, paths, exprs),
    st.builds(ast.Convert, exprs, st.sampled_from(CURRENCIES), maybe(plains)),
)
