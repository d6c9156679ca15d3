"""Drives the machine over the tokens: feeds, reports what cannot stand, mends or skips it, and reads on."""

from __future__ import annotations

from dataclasses import dataclass

from pmdsl.diagnostics import Finding
from pmdsl.source import Source, Span
from pmdsl.syntax import ast, messages, probe, recovery
from pmdsl.syntax.lexer import END, Token
from pmdsl.syntax.log import Log
from pmdsl.syntax.machine import Chain, Machine, Snapshot
from pmdsl.syntax.mistakes import braces
from pmdsl.syntax.mistakes.situation import (
    NOTE_KINDS,
    PART_KINDS,
    STATEMENT_KINDS,
    Report,
    Situation,
    works,
)
from pmdsl.syntax.mistakes.unexpected import unfinished_line

MAX_STACK = 1_000
MAX_STUMBLES = 8
MAX_ON_LINE = 4
ENDING = frozenset({"METHODOLOGY", "TEST", "RBRACE", END})


@dataclass
class Reader:
    """One pass over the tokens. `closing`: the last brace of an item or of strategies, and what it closed."""

    machine: Machine
    tokens: list[Token]
    log: Log
    position: int = 0
    stumbles: int = 0
    line: int = 0
    mistakes: int = 0
    farthest: int = -1
    closing: tuple[Token, Snapshot] | None = None

    def read(self) -> ast.File:
        """The file, with whatever of it could be read."""
        while self.position < len(self.tokens) and not self.log.is_full:
            token = self.tokens[self.position]
            if token.kind == "RBRACE":
                self.remember(token)
            if len(self.machine.states) > MAX_STACK:
                self.too_deep(token)
            elif self.machine.feed(token):
                self.position += 1
            else:
                self.recover()
        return salvage(self.machine)

    def remember(self, brace: Token) -> None:
        """Keep what stands before a brace that closes an item or strategies: it may be one too many."""
        situation = Situation(self.machine, self.tokens, self.position)
        depth = sum(token.kind == "LBRACE" for token in situation.open_tokens)
        if depth == 1 or (situation.in_strategies and situation.construct is None):
            self.closing = brace, self.machine.snapshot()

    def recover(self) -> None:
        """Report the token that cannot stand, and read on after it, or from where it makes sense again."""
        if self.is_stuck():
            self.position = self.after_next()
            return
        if self.is_hopeless():
            self.position = recovery.resume(self.machine, self.tokens, self.position)
            return
        self.take_back()
        if self.skip_to_part():
            return
        situation = Situation(self.machine, self.tokens, self.position)
        if self.reopen(situation):
            return
        report = (
            braces.never_closed(situation) or braces.closes_nothing(situation) or messages.explain(situation)
        )
        self.log.report(report.finding)
        if not self.mend(situation, report):
            self.position = recovery.resume(self.machine, self.tokens, self.position)

    def is_stuck(self) -> bool:
        """Whether mending has led back here so often that something must be skipped."""
        if self.position > self.farthest:
            self.farthest, self.stumbles = self.position, 0
        self.stumbles += 1
        return self.stumbles > MAX_STUMBLES

    def is_hopeless(self) -> bool:
        """Whether so much is wrong on this line that nothing more of it is looked at."""
        line = self.log.line_of(self.tokens[self.position].start)
        self.line, self.mistakes = line, self.mistakes + 1 if line == self.line else 1
        return self.mistakes > MAX_ON_LINE

    def after_next(self) -> int:
        """Where reading goes on when the next token is given up."""
        following = self.position + 1
        if following >= len(self.tokens):
            return following
        return recovery.resume(self.machine, self.tokens, following)

    def skip_to_part(self) -> bool:
        """A line such as `name: type` that was begun to be read as the end of the line before."""
        index = self.position - 1
        if not self.was_read_as_name(index) or not self.tokens[index].begins:
            return False
        source, word = self.machine.source, self.tokens[index]
        statement = Situation(self.machine, self.tokens, index).statement
        is_part = self.tokens[self.position].kind in ("COLON", "EQUAL") and is_level(source, word, statement)
        is_over = probe.accepts(self.machine, "RBRACE", len(self.machine.states) - 1)
        if is_over or not (is_part or is_outdented(word, statement)):
            return False
        self.machine.cut(len(self.machine.states) - 1)
        self.log.report(unfinished_line(Situation(self.machine, self.tokens, index)).finding)
        self.position = recovery.resume(self.machine, self.tokens, index - 1)
        return True

    def was_read_as_name(self, index: int) -> bool:
        """Whether a token is, as a name, the last thing on the stack."""
        if index < 0 or not self.machine.values:
            return False
        token, top = self.tokens[index], self.machine.values[-1]
        return isinstance(top, Token) and (top.kind, top.start) == ("NAME", token.start)

    def take_back(self) -> None:
        """A word that was read as a name, where it must be meant as the beginning of something else."""
        index = self.position - 1
        if not self.was_read_as_name(index):
            return
        before = self.tokens[index]
        if before.kind in ("IF", "NOT") or (before.begins and self.is_statement(index)):
            self.tokens[index] = recovery.firm(before)
        elif not (before.begins and self.begins_block(index)):
            return
        self.machine.cut(len(self.machine.states) - 1)
        self.position = index

    def is_statement(self, index: int) -> bool:
        """Whether a whole statement, a note or a part of strategies seems to begin at a token."""
        token = self.tokens[index]
        following = self.tokens[index + 1 : index + 3]
        if token.kind in PART_KINDS:
            ahead = [recovery.firm(token), following[0]]
            return probe.accepted(self.machine, ahead, recovery.block_depth(self.machine)) == len(ahead)
        if token.kind in NOTE_KINDS | {"TEST"}:
            is_cited = token.kind == "CITE" and following[0].text.isidentifier()
            return following[0].kind == "STRING" or is_cited
        if token.kind == "METHODOLOGY":
            return following[-1].kind in ("DOT", "LBRACE")
        if token.kind not in STATEMENT_KINDS:
            return False
        statement = Situation(self.machine, self.tokens, index).statement
        if following[0].kind == "EQUAL" or is_outdented(token, statement):
            return True
        ahead = [recovery.firm(token), following[0]]
        return probe.accepted(self.machine, ahead, self.outermost_block()) == len(ahead)

    def begins_block(self, index: int) -> bool:
        """Whether a block of a test seems to begin at a token: a name or two, and a brace."""
        ahead = self.tokens[index : index + 3]
        kinds = [token.kind for token in ahead[1:]]
        count = probe.accepted(self.machine, ahead, self.outermost_block())
        return (kinds[:1] == ["LBRACE"] and count > 1) or (kinds[-1:] == ["LBRACE"] and count > 2)

    def outermost_block(self) -> int:
        """The depth of the stack just inside the methodology or the test."""
        for index, value in enumerate(self.machine.values):
            if isinstance(value, Token) and value.kind == "LBRACE":
                return index + 2
        return 1

    def reopen(self, situation: Situation) -> bool:
        """Take back a brace that closed a block too early: what follows belongs between its braces."""
        is_outside = "METHODOLOGY" in situation.expected or situation.is_part_outside
        if self.closing is None or not is_outside or situation.token.kind in ENDING:
            return False
        brace, snapshot = self.closing
        now = self.machine.snapshot()
        self.machine.restore(snapshot)
        self.closing = None
        if not works(situation, (), 0, least=2):
            self.machine.restore(now)
            return False
        self.log.report(braces.closes_too_early(situation, brace).finding)
        return True

    def mend(self, situation: Situation, report: Report) -> bool:
        """Read on as a report says; False where it does not say, or that would lead nowhere."""
        if not report.goes_on:
            return False
        ahead = report.skip - report.undo > 0
        if not ahead and not works(situation, report.insert, report.skip, undo=report.undo, least=1):
            return False
        self.machine.cut(len(self.machine.states) - report.undo)
        self.position += report.skip - report.undo
        return all(self.machine.feed(token) for token in report.insert)

    def too_deep(self, token: Token) -> None:
        """Something is nested so deep that it is not read any further."""
        span = Span(self.machine.source, token.start, token.end)
        self.log.report(Finding("PM160", "this is nested too deep to be read", span, hint=DEEP))
        self.machine.cut(recovery.block_depth(self.machine))
        self.position = recovery.resume(self.machine, self.tokens, self.position)


def is_level(source: Source, word: Token, statement: Token | None) -> bool:
    """Whether a word is indented no deeper than the statement that was begun, or is a part of its block."""
    in_block = statement is not None and "{" in source.text[statement.start : word.start]
    return in_block or is_outdented(word, statement)


def is_outdented(word: Token, statement: Token | None) -> bool:
    """Whether a word is indented no deeper than the statement that was begun."""
    return statement is None or statement.indent >= word.indent


DEEP = "give the parts names of their own: one step each"


def salvage(machine: Machine) -> ast.File:
    """The file, or the items that were finished where its end was not reached."""
    if machine.is_done and isinstance(machine.values[-1], ast.File):
        return machine.values[-1]
    items: list[ast.Methodology | ast.TestCase] = []
    for value in machine.values:
        found = value.flat() if isinstance(value, Chain) else [value]
        items.extend(item for item in found if isinstance(item, ast.Methodology | ast.TestCase))
    return ast.File(edition="1", items=tuple(items))
