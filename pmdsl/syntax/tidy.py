"""Goes over the tokens before they are parsed: what is plainly miswritten is reported and read as meant.

So a comma in a number or a foreign quote is one finding with a fix, and the parser never stumbles over it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pmdsl.diagnostics import Finding, Fix
from pmdsl.source import Source, Span
from pmdsl.syntax.lexer import Token
from pmdsl.syntax.log import Log


@dataclass(frozen=True)
class Place:
    """A token that may be miswritten, with what stands around it."""

    source: Source
    tokens: list[Token]
    position: int
    done: list[Token]

    @property
    def token(self) -> Token:
        return self.tokens[self.position]

    @property
    def text(self) -> str:
        return self.source.text

    @property
    def before(self) -> Token | None:
        """The token before, where there is none between it and this one."""
        if self.done and self.done[-1].end == self.token.start:
            return self.done[-1]
        return None

    def span(self, start: int, end: int) -> Span:
        return Span(self.source, start, end)


@dataclass(frozen=True)
class Mend:
    """What is read instead of the text from `start` to `end`; no finding where nothing is wrong."""

    start: int
    end: int
    tokens: tuple[Token, ...]
    finding: Finding | None = None


Mender = Callable[[Place], "Mend | None"]


def tidy(tokens: list[Token], menders: Mapping[str, Mender], log: Log) -> list[Token]:
    """The tokens as they were meant; each kind of token is looked at by its mender."""
    done: list[Token] = []
    position = 0
    while position < len(tokens):
        token = tokens[position]
        mender = menders.get(token.kind)
        mend = mender(Place(log.source, tokens, position, done)) if mender else None
        if mend is None:
            done.append(token)
            position += 1
        else:
            position = apply(mend, tokens, position, done, log)
    return done


def apply(mend: Mend, tokens: list[Token], position: int, done: list[Token], log: Log) -> int:
    """Take over a mend; says at which token to go on."""
    if mend.finding is not None:
        log.report(mend.finding)
    first = tokens[position]
    while done and done[-1].end > mend.start:
        first = done.pop()
    for token in mend.tokens:
        done.append(token._replace(indent=first.indent, begins=first.begins and token.start == mend.start))
    while position < len(tokens) - 1 and tokens[position].start < mend.end:
        position += 1
    return position


def replaced(place: Place, start: int, end: int, kind: str, text: str, finding: Finding) -> Mend:
    """One token instead of what stands between two offsets."""
    return Mend(start, end, (Token(kind, text, start, end),), finding)


def finding(
    place: Place,
    code: str,
    message: str,
    start: int,
    end: int,
    *,
    fix: str | None = None,
    hint: str | None = None,
) -> Finding:
    """A finding on what stands between two offsets, perhaps with what to write instead."""
    span = place.span(start, end)
    return Finding(code, message, span, hint=hint, fix=None if fix is None else Fix(span, fix))


def dropped(place: Place, message: str, hint: str) -> Mend:
    """A mark that is passed over."""
    token = place.token
    found = finding(place, "PM124", message, token.start, token.end, hint=hint, fix="")
    return Mend(token.start, token.end, (), found)
