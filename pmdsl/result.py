"""What a rule set answers about a book: a mapping from accounts to their requirements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pmdsl.diagnostics import Finding, PmdslError, did_you_mean
from pmdsl.engine import AccountAnswer, Alert, Answer, Bind
from pmdsl.foreign_plans import blamed_on
from pmdsl.portfolio.book import Book
from pmdsl.render.shown import Shown

if TYPE_CHECKING:
    from rich.console import RenderableType

    from pmdsl.compare.explanation import Explanation
    from pmdsl.rules import Rules


MINOR_UNIT = Decimal("0.01")


@dataclass(frozen=True, eq=False)
class AccountResult(Shown):
    """The answer for one account. `result["A1"].maintenance` is the requirement of that name as a Decimal."""

    result: Result = field(repr=False)
    answer: AccountAnswer

    @property
    def account(self) -> str:
        """The id of the account."""
        return self.answer.account

    @property
    def requirements(self) -> Mapping[str, Decimal | None]:
        """Every requirement, rounded as declared; sides are `NAME.SIDE`; None: it could not be had."""
        return self.answer.requirements

    @property
    def reports(self) -> Mapping[str, Any]:
        """What the rule set reports beside requirements: a value, or values by group or by point."""
        return self.answer.reports

    @property
    def eligible(self) -> Mapping[str, bool | None]:
        """Whether each condition on the account holds; None where its inputs were not given."""
        return self.answer.eligible

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """The alerts that are raised."""
        return self.answer.alerts

    @cached_property
    def messages(self) -> tuple[Finding, ...]:
        """What is wrong or worth knowing: errors explain why a requirement is None."""
        return (*self.answer.messages, *self.result.warnings)

    @cached_property
    def binding(self) -> Mapping[str, tuple[Bind, ...]]:
        """For each requirement its outermost groups: the amount, and the point or `minimum` that set it."""
        with blamed_on(self.result.rules):
            return self.result.answer.binding(self.account)

    @cached_property
    def last_steps(self) -> Mapping[str, str]:
        """The formulas of requirements that are not the sum of the amounts in `binding`: those are
        of what the formula reads.
        """
        plan = self.result.answer.plan
        texts = {
            out.name: plan.nodes[out.node].origin.text for out in plan.outputs if out.kind == "requirement"
        }
        amounts = {
            name: [part.amount for part in parts if part.amount is not None]
            for name, parts in self.binding.items()
        }
        apart = [n for n, found in amounts.items() if not adds_up(self.requirements.get(n), found)]
        return {name: " ".join(texts[name].split()) for name in apart if texts.get(name)}

    @property
    def has_errors(self) -> bool:
        """Whether something that a requirement needs is missing or wrong."""
        return any(message.is_error for message in self.messages)

    def __getattr__(self, name: str) -> Decimal:
        if name.startswith("_") or name == "answer":
            raise AttributeError(name)
        return requirement(self.answer, name)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self.requirements})

    def explain(self) -> Explanation:
        """From each requirement down to the positions."""
        return self.result.explain(self.account)

    def __rich__(self) -> RenderableType:
        from pmdsl.render.margin import margin_table

        return margin_table([self.result], accounts=[self.account])


def adds_up(whole: Decimal | None, amounts: Sequence[Decimal]) -> bool:
    """Whether a requirement is the sum of some amounts, to a minor unit each; true where there are none."""
    return not amounts or whole is None or abs(sum(amounts, -whole)) <= len(amounts) * MINOR_UNIT


def requirement(answer: AccountAnswer, name: str) -> Decimal:
    """A requirement by its name.

    Raises AttributeError for an unknown one, PmdslError for one that could not be had.
    """
    if name not in answer.requirements:
        sides = [known for known in answer.requirements if known.startswith(f"{name}.")]
        hint = f'read `requirements["{sides[0]}"]`' if sides else did_you_mean(name, answer.requirements)
        raise AttributeError(f"the rule set has no requirement `{name}`" + (f": {hint}" if hint else ""))
    amount = answer.requirements[name]
    if amount is None:
        raise PmdslError(
            answer.messages or [Finding("PM710", f"`{name}` of account {answer.account} could not be had")]
        )
    return amount


@dataclass(frozen=True, eq=False)
class Result(Mapping[str, AccountResult], Shown):
    """The answer of one rule set about one book, by account, in the order of the book.

    `data` are the digests of the tables given at run time, `unread` warnings about what nobody reads.
    """

    rules: Rules
    book: Book = field(repr=False)
    answer: Answer = field(repr=False)
    data: Mapping[str, str] = field(default_factory=dict)
    unread: tuple[Finding, ...] = field(default=(), repr=False)
    accounts: dict[str, AccountResult] = field(default_factory=dict, repr=False)

    def __getitem__(self, account: str) -> AccountResult:
        if account not in self.accounts:
            if account not in self.answer.row_of:
                hint = did_you_mean(account, self.answer.row_of)
                raise KeyError(f"the book has no account `{account}`" + (f": {hint}" if hint else ""))
            with blamed_on(self.rules):
                self.accounts[account] = AccountResult(self, self.answer.account(account))
        return self.accounts[account]

    def __iter__(self) -> Iterator[str]:
        return iter(self.answer.accounts)

    def __len__(self) -> int:
        return len(self.answer.accounts)

    def __repr__(self) -> str:
        return f"<Result {self.rules.name} on {self.book.on}: {len(self)} accounts>"

    @cached_property
    def warnings(self) -> tuple[Finding, ...]:
        """What concerns every account, as a rule set whose sources were read long ago."""
        return (*self.unread, *(finding for finding in self.answer.findings if not finding.is_error))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that is wrong with the book as this rule set reads it, needed by some account or not."""
        return (*self.unread, *self.answer.findings)

    @property
    def has_errors(self) -> bool:
        """Whether a requirement of any account could not be had."""
        return bool(self.answer.failed().any())

    def explain(self, account: str) -> Explanation:
        """From the requirements of an account down to its positions.

        Raises KeyError where there is no such account.
        """
        from pmdsl.compare.explain import explain

        return explain(self[account])

    def to_json(self) -> str:
        """The JSON answer, as `pmdsl margin --format json` prints it. Equal inputs give equal text."""
        from pmdsl.result_json import answer_text

        return answer_text([self])

    def to_arrow(self) -> Any:
        """A pyarrow Table: `account`, and exact decimals for each requirement, null where there is none."""
        from pmdsl.result_arrow import arrow_table

        return arrow_table(self.answer)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def __rich__(self) -> RenderableType:
        from pmdsl.render.margin import margin_table

        return margin_table([self])
