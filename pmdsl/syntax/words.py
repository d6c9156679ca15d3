"""What a grammar cannot say of words: reserved names, other spellings, words of other languages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pmdsl.diagnostics import Finding, Fix
from pmdsl.source import Span
from pmdsl.syntax import ast, reserved
from pmdsl.syntax.log import Log

SNAKE = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
CURRENCY = re.compile(r"[A-Z]{3}")
TRUTHS = {"true": "true", "false": "false", "yes": "yes", "no": "no"}
SUFFIXES = {
    "parameter": "amount",
    "requirement": "amount",
    "condition": "holds",
    "member of a pair": "member",
    "set of strategies": "strategies",
}
NOTHINGS = frozenset({"None", "NULL", "null", "nil", "NaN", "nan", "Inf", "inf"})

NAMED = {
    ast.SourceDecl: "source",
    ast.Kind: "kind",
    ast.SetDecl: "set",
    ast.Input: "input",
    ast.Level: "level",
    ast.Group: "group",
    ast.Scenarios: "axis",
    ast.Param: "parameter",
    ast.TableDecl: "table",
    ast.Matrix: "matrix",
    ast.PairDecl: "pair",
    ast.Formula: "formula",
    ast.Step: "step",
    ast.LegDecl: "leg",
    ast.Strategies: "set of strategies",
    ast.Pairing: "pairing",
    ast.Require: "requirement",
    ast.Report: "report",
    ast.Eligible: "condition",
    ast.Alert: "alert",
}


def check_words(file: ast.File, nodes: Iterable[ast.Node], log: Log) -> None:
    """Report every name that may not be one, and every word that belongs to another language.

    `nodes` are those of the file.
    """
    for item in file.items:
        if isinstance(item, ast.Methodology):
            check_methodology_name(item, log)
            for member in item.members:
                check_declaration(member, log)
    check_foreign_words(nodes, log)


def check_methodology_name(methodology: ast.Methodology, log: Log) -> None:
    for part in methodology.name.split("."):
        if not SNAKE.fullmatch(part):
            span = methodology.span
            start = span.start + span.text.find(part, len("methodology"))
            report_spelling(
                ast.Name(part, span=Span(span.source, start, start + len(part))), "methodology", log
            )


def check_declaration(declaration: ast.Declaration, log: Log) -> None:
    """The names that one statement declares."""
    if isinstance(declaration, ast.Override):
        for name, what in list(declared(declaration.declaration))[1:]:  # the first is its parent's
            check_name(name, what, log)
        return
    if isinstance(declaration, ast.Currency):
        check_currency(declaration.name, log)
    for name, what in declared(declaration):
        check_name(name, what, log)
    if isinstance(declaration, ast.Kind):
        for word in declaration.words:
            check_word_of_kind(word, log)
    if isinstance(declaration, ast.Input):
        for field in declaration.fields:
            check_spelling(field.name, "attribute", log)


def declared(declaration: ast.Declaration) -> Iterator[tuple[ast.Name, str]]:
    """The name of a declaration, and the names that it gives to its own parts, with what they name."""
    what = NAMED.get(type(declaration))
    if what is None:
        return
    name: ast.Name = declaration.name  # type: ignore[attr-defined]
    yield name, what
    if isinstance(declaration, ast.Formula):
        yield from ((parameter, "argument") for parameter in declaration.params)
    elif isinstance(declaration, ast.PairDecl):
        yield from ((member, "member of a pair") for member in (declaration.first, declaration.second))
    elif isinstance(declaration, ast.Strategies):
        yield from ((amount.name, "amount") for amount in declaration.amounts)
        for pattern in declaration.patterns:
            yield pattern.name, "pattern"
            yield from ((slot.name, "slot") for slot in pattern.slots)


def check_name(name: ast.Name, what: str, log: Log) -> None:
    if name.text in reserved.RESERVED:
        log.report(
            Finding(
                "PM141",
                f"`{name.text}` is a word of the language and cannot name {article(what)} {what}",
                name.span,
                hint=f"choose another, such as `{name.text}_{SUFFIXES.get(what, what)}`",
            )
        )
    else:
        check_spelling(name, what, log)


def article(what: str) -> str:
    return "an" if what[0] in "aeiou" else "a"


def check_word_of_kind(word: ast.Name, log: Log) -> None:
    if word.text in reserved.OPENERS:
        log.report(
            Finding(
                "PM141",
                f"`{word.text}` begins a formula or a cell and cannot be a word of a kind",
                word.span,
                hint=f"choose another, such as `{word.text}_word`",
            )
        )
    else:
        check_spelling(word, "kind", log)


def check_spelling(name: ast.Name, what: str, log: Log) -> None:
    if not SNAKE.fullmatch(name.text):
        report_spelling(name, what, log)


def report_spelling(name: ast.Name, what: str, log: Log) -> None:
    plain = snake(name.text)
    hint = f"write `{plain}`" if plain else "begin with a letter"
    message = f"the name `{name.text}` of {article(what)} {what} is not in lower_snake_case"
    if what == "methodology":
        message = f"`{name.text}` in the name of a methodology is not in lower_snake_case"
    log.report(Finding("PM142", message, name.span, hint=hint, fix=Fix(name.span, plain) if plain else None))


def snake(text: str) -> str:
    """`ClassGroup`, `class__group` and `CLASS_GROUP` as `class_group`; empty where no name is left."""
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+", text)
    joined = "_".join(word.lower() for word in words)
    return joined if SNAKE.fullmatch(joined) else ""


def check_currency(name: ast.Name, log: Log) -> None:
    if not CURRENCY.fullmatch(name.text):
        upper = name.text.upper()
        fits = bool(CURRENCY.fullmatch(upper))
        log.report(
            Finding(
                "PM136",
                f"`{name.text}` is no currency",
                name.span,
                hint=f"write `{upper}`" if fits else "a currency is three capital letters, such as `USD`",
                fix=Fix(name.span, upper) if fits else None,
            )
        )


def check_foreign_words(nodes: Iterable[ast.Node], log: Log) -> None:
    """`True`, `None` and their like, in formulas and cells."""
    for node in nodes:
        if isinstance(node, ast.Path) and len(node.parts) == 1:
            check_foreign_word(node, node.parts[0], log)


def check_foreign_word(node: ast.Path, word: str, log: Log) -> None:
    meant = TRUTHS.get(word.lower())
    if meant is not None and meant != word:
        log.report(
            Finding(
                "PM144",
                f"`{word}` is no word of the language",
                node.span,
                hint=f"write `{meant}`",
                fix=Fix(node.span, meant),
            )
        )
    elif word in NOTHINGS:
        log.report(
            Finding(
                "PM144",
                f"`{word}` is no word of the language: nothing is ever empty",
                node.span,
                hint="leave the cell empty, or declare a default",
            )
        )
