"""The JSON answer of `pmdsl margin`: amounts as decimal texts, everything in a fixed order."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from pmdsl.changes import versus
from pmdsl.diagnostics import Finding
from pmdsl.engine import Bind
from pmdsl.result import AccountResult, Result

Record = dict[str, Any]


def answer_text(results: Sequence[Result], accounts: Sequence[str] | None = None) -> str:
    """The answer of some rule sets about one book as JSON text, accounts in the order of the book."""
    return as_text(answer_record(results, accounts))


def as_text(record: object) -> str:
    """JSON text as every command writes it, with a line end."""
    return json.dumps(record, indent=2, allow_nan=False) + "\n"


def answer_record(results: Sequence[Result], accounts: Sequence[str] | None = None) -> Record:
    """The answer as plain data: for each account, each rule set in the order given."""
    listed = accounts if accounts is not None else list(results[0])
    rows = [account_record(result[account]) for account in listed for result in results]
    record: Record = {"on": results[0].book.on.isoformat(), "results": rows}
    if len(results) > 1:
        record["comparison"] = comparison_record(results, listed)
    return record


def comparison_record(results: Sequence[Result], accounts: Sequence[str]) -> Record:
    """What each rule set saves against the first, in money and in percent; below zero where it asks more."""
    compared = [versus(results[0], other) for other in results[1:]]
    return {
        "against": results[0].rules.name,
        "savings": [
            {
                "account": account,
                "rules": found.other.rules.name,
                "requirement": change.requirement,
                "against": before,
                "saving": plain(change.saving),
                "percent": percent(change.share and -change.share),
            }
            for account in accounts
            for found in compared
            for (before, _), change in zip(found.names, found.changes(account), strict=True)
        ],
        "not_compared": [
            {"rules": found.other.rules.name, "because": found.apart} for found in compared if found.apart
        ],
    }


def account_record(found: AccountResult) -> Record:
    """One account under one rule set."""
    rules, plan = found.result.rules, found.result.answer.plan
    record: Record = {
        "account": found.account,
        "rules": rules.name,
        "digest": rules.digest,
        "currency": rules.currency,
        "requirements": plain(found.requirements),
        "parent": None if rules.parent is None else {"name": rules.parent[0], "digest": rules.parent[1]},
        "data": dict(found.result.data),
        "unverified_used": plan.unverified,
        "binding": {name: [bind_record(part) for part in parts] for name, parts in found.binding.items()},
        "last_steps": dict(found.last_steps),
        "eligible": dict(found.eligible),
        "messages": [message_record(message) for message in found.messages],
    }
    if any(output.kind == "report" for output in plan.outputs):
        record["reports"] = plain(found.reports)
    if any(output.kind == "alert" for output in plan.outputs):
        record["alerts"] = [
            {"name": a.name, "severity": a.severity, "message": a.message} for a in found.alerts
        ]
    return record


def bind_record(part: Bind) -> Record:
    """One part of a requirement with what set it."""
    return {"level": part.level, "group": part.group, "amount": plain(part.amount), "by": part.by}


def message_record(finding: Finding) -> Record:
    """A finding that stands in an answer: what, where, and what helps."""
    place = None
    if finding.span is not None:
        place = {"file": finding.span.source.name, "line": finding.span.line, "column": finding.span.column}
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "message": finding.message,
        "place": place,
        "hint": finding.hint,
    }


def percent(share: Decimal | None) -> str | None:
    """A share in percent, as a decimal text of two digits."""
    return None if share is None else f"{100 * share:.2f}"


def plain(value: Any) -> Any:
    """Values of an answer as JSON has them: amounts become texts, other numbers stay numbers."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    return value
