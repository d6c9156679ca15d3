"""Where the parser stands when a token cannot: what came before, what is open, and what could come next."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from pmdsl.diagnostics import Finding, Fix, Label
from pmdsl.source import Source, Span
from pmdsl.syntax import probe, reserved
from pmdsl.syntax.lexer import END, Token
from pmdsl.syntax.machine import Machine

OPENING = {"LPAR": "RPAR", "LSQB": "RSQB", "LBRACE": "RBRACE"}
CLOSING = frozenset(OPENING.values())
STATEMENT_KINDS = frozenset(word.upper() for word in reserved.STATEMENTS | reserved.FILES | reserved.TESTS)
NOTE_KINDS = frozenset(word.upper() for word in reserved.NOTES)
CONSTRUCT_KINDS = frozenset(word.upper() for word in reserved.CONSTRUCTS)
PART_KINDS = CONSTRUCT_KINDS | frozenset(word.upper() for word in reserved.PARTS)
FORMULA = frozenset({"NUMBER", "NAME", "LPAR"})
ENDINGS = STATEMENT_KINDS | NOTE_KINDS | {"RBRACE", "ROWBAR", "BAR", END}


@dataclass(frozen=True)
class Situation:
    """A token that cannot stand, and the machine that would not take it."""

    machine: Machine
    tokens: list[Token]
    position: int

    @property
    def source(self) -> Source:
        return self.machine.source

    @property
    def token(self) -> Token:
        return self.tokens[self.position]

    @property
    def before(self) -> Token | None:
        return self.tokens[self.position - 1] if self.position else None

    @property
    def after(self) -> Token:
        return self.tokens[min(self.position + 1, len(self.tokens) - 1)]

    @cached_property
    def kind(self) -> str:
        """What the token is, as far as this place can tell."""
        return self.machine.kind_here(self.token)

    @cached_property
    def expected(self) -> frozenset[str]:
        return probe.expected(self.machine)

    @cached_property
    def open_tokens(self) -> list[Token]:
        """The tokens of everything that is not finished, the last one first."""
        return open_tokens(self.machine)

    @property
    def bracket(self) -> Token | None:
        """The innermost bracket that is open."""
        return next((token for token in self.open_tokens if token.kind in OPENING), None)

    @property
    def statement(self) -> Token | None:
        """The word that began the statement that is not finished."""
        return next((token for token in self.open_tokens if token.kind in STATEMENT_KINDS), None)

    @property
    def in_strategies(self) -> bool:
        """Whether the braces of strategies are open."""
        return self.is_of("STRATEGIES") and any(token.kind == "LBRACE" for token in self.since_statement)

    @property
    def since_statement(self) -> list[Token]:
        """The open tokens of the statement that is not finished, the last one first."""
        kinds = [token.kind in STATEMENT_KINDS for token in self.open_tokens]
        return self.open_tokens[: kinds.index(True)] if True in kinds else self.open_tokens

    @property
    def construct(self) -> Token | None:
        """The word of the pattern or the pool whose braces are open."""
        tokens = self.since_statement
        braces = [index for index, token in enumerate(tokens) if token.kind == "LBRACE"]
        inside = tokens[braces[0] :] if braces else []
        return next((token for token in inside if token.kind in CONSTRUCT_KINDS), None)

    @property
    def is_deeper(self) -> bool:
        """Whether the token is indented deeper than the statement that is not finished."""
        return self.statement is not None and self.token.indent > self.statement.indent

    def is_of(self, kind: str) -> bool:
        """Whether the statement that is not finished began with a word of some kind."""
        return self.statement is not None and self.statement.kind == kind

    @property
    def holds_statement(self) -> bool:
        """Whether the token begins a statement between the braces of strategies, set deeper than they are."""
        is_statement = self.token.kind in STATEMENT_KINDS and self.begins_line
        return is_statement and self.in_strategies and self.is_deeper

    @property
    def begins_part(self) -> bool:
        """Whether the token begins its line and, between the braces of strategies, a part of them."""
        return self.begins_line and self.token.kind in PART_KINDS and self.in_strategies

    @property
    def is_part_outside(self) -> bool:
        """Whether the token begins a part of strategies, set deeper than they are, though they are closed."""
        is_part = self.token.kind in PART_KINDS and self.begins_line
        return is_part and self.is_of("STRATEGIES") and not self.in_strategies and self.is_deeper

    @property
    def wants_formula(self) -> bool:
        """Whether a formula or a part of one must come next."""
        return self.expected >= FORMULA

    @property
    def begins_line(self) -> bool:
        return self.token.begins

    @property
    def begins_anew(self) -> bool:
        """Whether the token begins its line and, by its kind or its indentation, something new."""
        if not self.begins_line or self.token.kind in ENDINGS or self.begins_part:
            return self.begins_line
        statement = self.statement
        return statement is not None and statement.indent >= self.token.indent

    @property
    def ends_something(self) -> bool:
        """Whether the token begins or ends a statement, so that the one before it is over."""
        return self.kind in ENDINGS or self.begins_anew

    @property
    def token_span(self) -> Span:
        """The place of the token itself."""
        return Span(self.source, self.token.start, self.token.end)

    @property
    def span(self) -> Span:
        """The place of the token; of the end of what came before, where the token begins something new."""
        token, before = self.token, self.before
        if before is not None and (token.kind == END or self.begins_anew):
            return Span(self.source, before.end, before.end)
        return self.token_span


def open_tokens(machine: Machine) -> list[Token]:
    """The tokens on the stack, the last one first, but for closed brackets and what is between them."""
    found: list[Token] = []
    closed = 0
    for value in reversed(machine.values):
        if isinstance(value, Token):
            if value.kind in CLOSING:
                closed += 1
            elif value.kind in OPENING and closed:
                closed -= 1
            elif not closed:
                found.append(value)
    return found


@dataclass(frozen=True)
class Report:
    """What is said of a mistake, and how to read on.

    `insert` is read in place of the next `skip` tokens, once `undo` tokens were taken back. With neither, the
    parser looks for a place where the text makes sense again.
    """

    finding: Finding
    insert: tuple[Token, ...] = ()
    skip: int = 0
    undo: int = 0

    @property
    def goes_on(self) -> bool:
        return bool(self.insert or self.skip or self.undo)


def report(
    situation: Situation,
    code: str,
    message: str,
    *,
    span: Span | None = None,
    label: tuple[Span, str] | None = None,
    hint: str | None = None,
    fix: str | None = None,
    insert: tuple[Token, ...] = (),
    skip: int = 0,
    undo: int = 0,
) -> Report:
    """A report on the token, or on another span; `fix` replaces that span."""
    place = situation.span if span is None else span
    labels = () if label is None else (Label(*label),)
    mend = None if fix is None else Fix(place, fix)
    return Report(Finding(code, message, place, labels, hint, mend), insert, skip, undo)


def made(situation: Situation, kind: str, text: str) -> Token:
    """A token that stands nowhere in the text, put before the one that cannot stand."""
    token = situation.token
    return token._replace(kind=kind, text=text, end=token.start, firm=True)


def instead(situation: Situation, kind: str, text: str, token: Token | None = None) -> Token:
    """A token that is read in place of another, by default the one that cannot stand."""
    meant = situation.token if token is None else token
    return meant._replace(kind=kind, text=text, firm=True)


def works(
    situation: Situation, insert: tuple[Token, ...], skip: int, *, undo: int = 0, least: int = 3
) -> bool:
    """Whether reading on in this way gets somewhere: the next few tokens, or all up to the next statement."""
    depth = len(situation.machine.states) - undo
    start = situation.position - undo + skip
    ahead = upcoming(situation, start, least)
    return probe.accepted(situation.machine, (*insert, *ahead), depth) == len(insert) + len(ahead)


def upcoming(situation: Situation, start: int, count: int) -> list[Token]:
    """The next tokens, at most to the beginning of the next statement."""
    found: list[Token] = []
    for token in situation.tokens[start : start + count]:
        if found and token.kind in STATEMENT_KINDS and token.begins:
            break
        found.append(token)
    return found
