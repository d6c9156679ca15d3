"""All small changes of a rule file: each is a span of its text and what stands there instead."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from pmdsl.diagnostics import Findings
from pmdsl.plan.lower.tables import NOTE_COLUMNS, header_word
from pmdsl.source import Source, Span
from pmdsl.syntax import ast
from pmdsl.syntax.parser import parse

COMPARISONS = {
    "==": ("!=",), "!=": ("==",), "<": ("<=", ">="), "<=": ("<", ">"), ">": (">=", "<="), ">=": (">", "<"),
}  # fmt: skip
OPERATORS = {"+": "-", "-": "+", "*": "/", "/": "*"}
FOLDS = {"sum": "largest", "largest": "smallest", "smallest": "largest", "average": "sum"}
CALLS = {"max": "min", "min": "max", "floor": "ceil", "ceil": "floor"}
WORDS = {
    "kth_worst": "kth_worst_up", "kth_worst_up": "kth_worst", "half_up": "down", "down": "half_up",
    "quantile": "tail_mean", "tail_mean": "quantile", "yes": "no", "no": "yes",
}  # fmt: skip
UNMEANT = (ast.Title, ast.Version, ast.SourceDecl, ast.Extends, ast.Kind, ast.SetDecl, ast.Stricter)


@dataclass(frozen=True)
class Mutant:
    """One change: `what` is number, date, sign, comparison, word, order or row."""

    what: str
    span: Span
    after: str

    @property
    def text(self) -> str:
        """The whole file with the change made."""
        source = self.span.source.text
        return source[: self.span.start] + self.after + source[self.span.end :]

    @property
    def line(self) -> str:
        """The line on which the change begins, without its margins."""
        return " ".join(self.span.source.line_text(self.span.line).split())

    def __str__(self) -> str:
        before = " ".join(self.span.text.split())
        after = " ".join(self.after.split()) or "nothing"
        return f"{self.span}: {self.what}: {before} -> {after}"


def mutants(source: Source) -> list[Mutant]:
    """Every change of a rule file, in the order of the text. Raises PmdslError where it cannot be parsed."""
    findings = Findings()
    tree = parse(source, findings)
    findings.raise_if_errors()
    found: list[Mutant] = []
    for methodology in (item for item in tree.items if isinstance(item, ast.Methodology)):
        kinds = words_by_kind(methodology)
        for member in methodology.members:
            if not isinstance(member, UNMEANT):
                found.extend(changes(member, kinds))
    return sorted(dict.fromkeys(found), key=lambda mutant: (mutant.span.start, mutant.after))


def words_by_kind(methodology: ast.Methodology) -> dict[str, str]:
    """For each word of a closed kind, and each point of a scenario table, the one after it."""
    lists = [[word.text for word in kind.words] for kind in methodology.members if isinstance(kind, ast.Kind)]
    lists += [list(words) for words in (("call", "put"), ("option", "share"), ("american", "european"))]
    several = [words for words in lists if len(words) > 1]
    return {word: words[(k + 1) % len(words)] for words in several for k, word in enumerate(words)}


def changes(member: ast.Declaration, kinds: Mapping[str, str]) -> Iterator[Mutant]:
    """Every change of one declaration."""
    if isinstance(member, ast.Covers):
        yield from moved_dates(member.span, (member.start, member.end))
        return
    for node in below(member):
        yield from expression_changes(node, kinds)
        if isinstance(node, ast.Dated):
            head = Span(node.span.source, node.span.start, node.value.span.start)
            yield from moved_dates(head, (node.start, node.end))
        if isinstance(node, ast.Body):
            yield from row_changes(
                node.rows, ordered=isinstance(member, ast.TableDecl) and member.policy == "first"
            )


def below(node: ast.Node) -> Iterator[ast.Node]:
    """A node and everything below it; names of columns and notes are not changed."""
    yield node
    if isinstance(node, ast.Body):
        yield from below_rows(node)
        return
    for child in ast.children(node):
        if not isinstance(child, ast.Notes | ast.Stricter):
            yield from below(child)


def below_rows(body: ast.Body) -> Iterator[ast.Node]:
    """What stands below the header of a table, without what its rows cite and mark."""
    header = [header_word(cell) for cell in body.rows[0].cells] if body.rows else []
    for row in body.rows[1:]:
        yield row
        for word, cell in zip(header, row.cells, strict=False):
            if cell is not None and word not in NOTE_COLUMNS:
                yield from below(cell)


# ---- values ------------------------------------------------------------------------------------------------


def expression_changes(node: ast.Node, kinds: Mapping[str, str]) -> Iterator[Mutant]:
    match node:
        case ast.Number() | ast.Percent() | ast.Money() | ast.Contracts():
            yield Mutant("number", node.span, nudged(node.span.text))
        case ast.Date():
            yield Mutant("date", node.span, next_day(node.value))
        case ast.Sign():
            yield Mutant("sign", head_of(node.span, node.operator), OPERATORS[node.operator])
        case ast.Binary():
            yield between("sign", node.left, node.right, node.operator, OPERATORS[node.operator])
        case ast.Compare():
            for after in COMPARISONS[node.operator]:
                yield between("comparison", node.left, node.right, node.operator, after)
        case ast.BoundCell():
            for after in COMPARISONS[node.operator]:
                yield Mutant("comparison", head_of(node.span, node.operator), after)
        case ast.And() | ast.Or():
            word, other = ("and", "or") if isinstance(node, ast.And) else ("or", "and")
            yield between("word", node.left, node.right, word, other)
        case ast.Not():
            yield Mutant("word", head_of(node.span, "not"), "")
        case ast.If():
            yield Mutant("word", node.then.span, node.otherwise.span.text)
            yield Mutant("word", node.otherwise.span, node.then.span.text)
        case _:
            yield from word_changes(node, kinds)


def word_changes(node: ast.Node, kinds: Mapping[str, str]) -> Iterator[Mutant]:
    match node:
        case ast.Fold():
            yield Mutant("word", head_of(node.span, node.kind), FOLDS[node.kind])
        case ast.Worst():
            word = "worst unfloored" if node.unfloored else "worst"
            yield Mutant("word", head_of(node.span, word), "largest" if node.unfloored else "worst unfloored")
        case ast.Quantile():
            yield Mutant("word", head_of(node.span, node.kind), WORDS[node.kind])
            if node.by in WORDS:
                yield Mutant("word", last_of(node.span, node.by), WORDS[node.by])
        case ast.Call() if str(node.function) in CALLS:
            yield Mutant("word", node.function.span, CALLS[str(node.function)])
        case ast.Path() if len(node.parts) == 1 and node.parts[0] in {**kinds, **WORDS}:
            yield Mutant("word", node.span, {**WORDS, **kinds}[node.parts[0]])


def nudged(text: str) -> str:
    """A number one larger in its last place: 15% becomes 16%, USD 0.375 becomes USD 0.376."""
    match = re.search(r"[0-9][0-9_]*(?:\.[0-9]+)?", text)
    assert match is not None
    digits = match.group().replace("_", "")
    whole, _, fraction = digits.partition(".")
    larger = str(int(whole + fraction) + 1).rjust(len(whole + fraction), "0")
    number = f"{larger[: -len(fraction)]}.{larger[-len(fraction) :]}" if fraction else larger
    return text[: match.start()] + number + text[match.end() :]


def next_day(day: date) -> str:
    return (day + timedelta(days=1)).isoformat()


def moved_dates(span: Span, days: tuple[date | None, ...]) -> Iterator[Mutant]:
    """The dates in a piece of text, each a day later."""
    for day in days:
        at = span.text.find(day.isoformat()) if day is not None else -1
        if day is not None and at >= 0:
            place = Span(span.source, span.start + at, span.start + at + 10)
            yield Mutant("date", place, next_day(day))


def head_of(span: Span, word: str) -> Span:
    """The first characters of a span, which are a word or a sign."""
    return Span(span.source, span.start, span.start + len(word))


def last_of(span: Span, word: str) -> Span:
    """The last place at which a word stands in a span."""
    at = span.start + span.text.rindex(word)
    return Span(span.source, at, at + len(word))


def between(what: str, left: ast.Expr, right: ast.Expr, word: str, after: str) -> Mutant:
    """The sign or word between two operands."""
    source = left.span.source
    at = source.text.index(word, left.span.end, right.span.start)
    return Mutant(what, Span(source, at, at + len(word)), after)


# ---- rows --------------------------------------------------------------------------------------------------


def row_changes(rows: tuple[ast.Row, ...], ordered: bool) -> Iterator[Mutant]:
    """Each row dropped; in a table whose order counts, each pair of neighbours exchanged."""
    for row in rows[1:]:
        if len(rows) > 2:
            yield Mutant("row", row.span, "")
    for first, second in pairwise(rows[1:]) if ordered else ():
        middle = first.span.source.text[first.span.end : second.span.start]
        yield Mutant("order", first.span.to(second.span), second.span.text + middle + first.span.text)
