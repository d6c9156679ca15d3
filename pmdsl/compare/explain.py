"""The explanation of one account: every requirement followed down to the positions that made it."""

from __future__ import annotations

from pmdsl.compare.cited import Citations
from pmdsl.compare.derive import Derivation
from pmdsl.compare.explanation import Explanation, Part, Requirement
from pmdsl.engine.trace import Trace, trace
from pmdsl.foreign_plans import blamed_on
from pmdsl.plan.nodes import Output
from pmdsl.result import AccountResult, Result


def explain(found: AccountResult) -> Explanation:
    """Why the requirements of an account are what they are."""
    result = found.result
    rules = result.rules
    with blamed_on(rules):
        traced = traced_account(result, found.account)
        citations = Citations(rules, traced)
        requirements = tuple(
            explained(found, traced, citations, output) for _, output in result.answer.outputs("requirement")
        )
    return Explanation(
        account=found.account,
        rules=rules.name,
        version=rules.version,
        digest=rules.digest,
        on=result.book.on.isoformat(),
        currency=rules.currency,
        requirements=requirements,
        eligible=found.eligible,
        sources=citations.sources(requirements),
        messages=found.messages,
    )


def traced_account(result: Result, account: str) -> Trace:
    """The account with the value of every node that its outputs need."""
    answer = result.answer
    again = answer.bound.again(answer.run, tuple(output.node for output in answer.plan.outputs), keep=True)
    return trace(answer.bound.world, again, answer.row_of[account])


def explained(found: AccountResult, traced: Trace, citations: Citations, output: Output) -> Requirement:
    """One requirement with what it is made of; nothing below it where it has sides or could not be had."""
    formula, place, cites, unverified = citations.of_output(output)
    amounts = {name: value for name, value in found.requirements.items() if name.split(".")[0] == output.name}
    amount = found.requirements.get(output.name)
    whole: Part | None = None
    if output.name in amounts and amount is not None:
        whole = Derivation(traced, citations).of_output(output, found.account)
    return Requirement(
        output.name, amount, formula, place, cites, unverified, whole, citations.params(output)
    )
