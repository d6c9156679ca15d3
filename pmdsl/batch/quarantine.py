"""Accounts that are put aside: each with its reason, so that the others go on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pmdsl.batch.arrow import arrow
from pmdsl.diagnostics import Finding
from pmdsl.engine import Answer
from pmdsl.portfolio.cells import Frame, coded
from pmdsl.portfolio.faults import Faults

MOST_REASONS = 200
MOST_NAMELESS = 10
COLUMNS = ("account", "code", "message", "place", "hint")


@dataclass(frozen=True)
class Aside:
    """An account and why it is put aside; without a name where a position names none."""

    account: str | None
    finding: Finding


def of_rows(frame: Frame, column: str, faults: Faults) -> list[Aside]:
    """The accounts of a table of which some row is bad, each with its first."""
    rows = faults.bad_rows
    if not len(rows):
        return []
    names = coded(frame.columns[column])
    owners = names.codes[rows]
    found = [Aside(None, faults.first_of(row)) for row in rows[owners < 0][:MOST_NAMELESS].tolist()]
    rest = int((owners < 0).sum()) - len(found)
    if rest > 0:
        found.append(Aside(None, Finding("PM608", f"{rest} further positions have no `{column}`")))
    rows, owners = rows[owners >= 0], owners[owners >= 0]
    firsts, counts = np.unique(owners, return_index=True, return_counts=True)[1:]
    for first, count in zip(firsts.tolist(), counts.tolist(), strict=True):
        finding = faults.first_of(int(rows[first]))
        found.append(Aside(names.words[int(owners[first])], and_more(finding, count - 1)))
    return found


def and_more(finding: Finding, rows: int) -> Finding:
    """A finding that tells how many more rows of its account are bad."""
    if rows == 0:
        return finding
    more = f" (and {rows} more bad row{'s' if rows > 1 else ''} of this account)"
    return Finding(finding.code, finding.message + more, finding.span, hint=finding.hint)


def of_answers(answer: Answer, known: Iterable[str]) -> list[Aside]:
    """The accounts of which a requirement or a report could not be had, without those known to be bad."""
    failed = np.flatnonzero(answer.failed())
    if not len(failed):
        return []
    aside = set(known)
    names = [name for row in failed.tolist() if (name := answer.accounts[row]) not in aside]
    found = [Aside(name, reason(answer, name)) for name in names[:MOST_REASONS]]
    return found + [Aside(name, not_looked_into(len(names))) for name in names[MOST_REASONS:]]


def reason(answer: Answer, account: str) -> Finding:
    """The first error about an account."""
    errors = [message for message in answer.messages(account) if message.is_error]
    return errors[0] if errors else Finding("PM710", f"an output of account {account} could not be had")


def not_looked_into(failed: int) -> Finding:
    """The finding about an account that stands behind too many others."""
    message = (
        f"an output could not be had, as of {failed} accounts of this chunk: of the first {MOST_REASONS}"
    )
    return Finding("PM643", f"{message} it was worked out why", hint="margin of this account alone says why")


def quarantine_table(found: Sequence[Aside]) -> Any:
    """Accounts put aside as an Arrow table."""
    pa = arrow()
    rows = [
        (one.account, one.finding.code, one.finding.message, place(one.finding), one.finding.hint)
        for one in found
    ]
    columns = list(zip(*rows, strict=True)) or [()] * len(COLUMNS)
    return pa.table([pa.array(column, pa.string()) for column in columns], names=list(COLUMNS))


def place(finding: Finding) -> str | None:
    """The file, line and column of a finding, where it has them."""
    return None if finding.span is None else str(finding.span)
