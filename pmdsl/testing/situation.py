"""A test that has been run: what its expectations look at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from pmdsl.diagnostics import Finding
from pmdsl.engine import Answer
from pmdsl.plan.nodes import Plan
from pmdsl.syntax import ast
from pmdsl.testing.rulesets import RuleSet


@dataclass(eq=False)
class Situation:
    """A test with its rule set, its plan and its answer; `answer` is None where nothing could be answered.

    `problems` are the errors of reading the book and of the run as a whole. `verdict` decides a claim by its
    message.
    """

    case: ast.TestCase
    rules: RuleSet
    plan: Plan | None
    answer: Answer | None
    problems: tuple[Finding, ...]
    verdict: Callable[[str], str]

    @property
    def accounts(self) -> tuple[str, ...]:
        return self.answer.accounts if self.answer is not None else ()

    @cached_property
    def messages(self) -> dict[str, tuple[Finding, ...]]:
        """What each account was told."""
        if self.answer is None:
            return {}
        return {name: self.answer.account(name).messages for name in self.accounts}

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Every error of the run, of the book and of single accounts."""
        own = [finding for found in self.messages.values() for finding in found if finding.is_error]
        return (*self.problems, *own)

    def reason(self, account: str) -> str | None:
        """Why something of an account could not be had: its first error, in a few words."""
        found = [f for f in self.messages.get(account, ()) if f.is_error] or list(self.problems)
        return f"{found[0].code}: {found[0].message}" if found else None
