"""Drives the machine over the tokens: feeds, reports what cannot stand, mends or skips it, and reads on."""

from __future__ import annotations

from dataclasses import dataclass

from pmdsl.diagnostics import Finding
from pmdsl.source import Span
from pmdsl.syntax import ast, messages, probe, recovery
from pmdsl.syntax.lexer import Token
from pmdsl.syntax.log import Log
from pmdsl.syntax.machine import Chain, Machine, Snapshot
from pmdsl.syntax.mistakes import braces
from pmdsl.syntax.mistakes.situation import (
    NOTE_KINDS,
    STATEMENT_KINDS,
    Report,
    Situation,
    begins_line,
    works,
)
from pmdsl.syntax.mistakes.unexpected import unfinished_line

MAX_STACK = 1_000
MAX_STUMBLES = 8


@dataclass
class Reader:
    """One pass over the tokens. `closing` is the last brace that closed a whole item, and what it closed."""

    machine: Machine
    tokens: list[Token]
    log: Log
    position: int = 0
    stumbles: int = 0
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
        """Keep what stands before a brace that closes a methodology or a test: it may be one too many."""
        opened = Situation(self.machine, self.tokens, self.position).open_tokens
        if sum(token.kind == "LBRACE" for token in opened) == 1:
            self.closing = brace, self.machine.snapshot()

    def recover(self) -> None:
        """Report the token that cannot stand, and read on after it, or from where it makes sense again."""
        if self.is_stuck():
            self.position = recovery.resume(self.machine, self.tokens, self.position + 1)
            return
        self.take_back_keyword()
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

    def skip_to_part(self) -> bool:
        """A line such as `name: type` that was begun to be read as the end of the line before."""
        index = self.position - 1
        if self.tokens[self.position].kind != "COLON" or not self.was_read_as_name(index):
            return False
        self.machine.cut(len(self.machine.states) - 1)
        self.position = index
        self.log.report(unfinished_line(Situation(self.machine, self.tokens, index)).finding)
        self.position = recovery.resume(self.machine, self.tokens, index)
        return True

    def was_read_as_name(self, index: int) -> bool:
        """Whether a token begins its line and is, as a name, the last thing on the stack."""
        if index < 0 or not self.machine.values:
            return False
        token, top = self.tokens[index], self.machine.values[-1]
        is_top = isinstance(top, Token) and (top.kind, top.start) == ("NAME", token.start)
        return is_top and begins_line(self.machine.source, token)

    def take_back_keyword(self) -> None:
        """A word of the language that was read as a name, where it cannot be meant as one."""
        index = self.position - 1
        if index < 0 or not self.machine.values:
            return
        before, top = self.tokens[index], self.machine.values[-1]
        if not isinstance(top, Token) or (top.kind, top.start) != ("NAME", before.start):
            return
        is_formula_word = before.kind in ("IF", "NOT")
        if is_formula_word or (begins_line(self.machine.source, before) and self.is_statement(index)):
            self.machine.cut(len(self.machine.states) - 1)
            self.tokens[index] = before._replace(firm=True)
            self.position = index

    def is_statement(self, index: int) -> bool:
        """Whether a whole statement or a note seems to begin at a token."""
        token = self.tokens[index]
        following = self.tokens[index + 1 : index + 3]
        if token.kind in NOTE_KINDS | {"TEST"}:
            return following[0].kind == "STRING" or following[-1].kind == "AT"
        if token.kind == "METHODOLOGY":
            return following[-1].kind in ("DOT", "LBRACE")
        if token.kind not in STATEMENT_KINDS:
            return False
        ahead = self.tokens[index : index + 2]
        return probe.accepted(self.machine, ahead, self.outermost_block()) == len(ahead)

    def outermost_block(self) -> int:
        """The depth of the stack just inside the methodology or the test."""
        for index, value in enumerate(self.machine.values):
            if isinstance(value, Token) and value.kind == "LBRACE":
                return index + 2
        return 1

    def reopen(self, situation: Situation) -> bool:
        """Take back a brace that closed the methodology too early: statements of it follow."""
        outside = situation.token.kind in STATEMENT_KINDS - {"METHODOLOGY", "TEST"}
        if self.closing is None or not outside or "METHODOLOGY" not in situation.expected:
            return False
        brace, snapshot = self.closing
        self.log.report(braces.closes_too_early(situation, brace).finding)
        self.machine.restore(snapshot)
        self.closing = None
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
