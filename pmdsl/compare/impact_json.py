"""The JSON answer of `pmdsl compare`."""

from __future__ import annotations

from typing import Any

from pmdsl.changes import Change
from pmdsl.compare.impact import FORMAT_VERSION, Impact, Line
from pmdsl.result_json import bind_record, message_record, percent, plain
from pmdsl.rules import Rules

Record = dict[str, Any]


def impact_record(found: Impact) -> Record:
    """The same books under two rule sets as plain data."""
    summary = found.summary
    answered = summary.up + summary.down + summary.equal
    return {
        "format_version": FORMAT_VERSION,
        "left": rules_record(found.left, found.before),
        "right": rules_record(found.right, found.after),
        "currency": found.left.currency,
        "results": [line_record(found, line) for line in found.lines],
        "summary": {
            "up": summary.up,
            "down": summary.down,
            "equal": summary.equal,
            "failed": summary.failed,
            "largest_rise": extreme_record(summary.largest_rise),
            "largest_fall": extreme_record(summary.largest_fall),
            "total": None
            if summary.total is None
            else {"accounts": answered, **change_record(summary.total)},
        },
    }


def rules_record(rules: Rules, requirement: str) -> Record:
    return {"rules": rules.name, "digest": rules.digest, "requirement": requirement}


def line_record(found: Impact, line: Line) -> Record:
    """One account; where it could not be answered, why."""
    versus = found.books[line.portfolio]
    account = line.change.account
    messages = dict.fromkeys(
        message for side in (versus.first, versus.other) for message in side[account].messages
    )
    return {
        "portfolio": line.portfolio,
        "on": versus.first.book.on.isoformat(),
        "account": account,
        **change_record(line.change),
        "bound_before": [bind_record(part) for part in line.bound_before],
        "bound_after": [bind_record(part) for part in line.bound_after],
        "messages": [message_record(message) for message in messages],
    }


def change_record(change: Change) -> Record:
    """Amounts as decimal texts; the percentage is of what was asked before."""
    return {
        "requirement": change.requirement,
        "before": plain(change.before),
        "after": plain(change.after),
        "change": plain(change.change),
        "percent": percent(change.share),
    }


def extreme_record(line: Line | None) -> Record | None:
    if line is None:
        return None
    return {"portfolio": line.portfolio, "account": line.change.account, **change_record(line.change)}
