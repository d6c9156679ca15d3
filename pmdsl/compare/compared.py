"""Comparing rule sets: what differs in meaning."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from pmdsl.diagnostics import PmdslError
from pmdsl.rules import Rules

if TYPE_CHECKING:
    from pmdsl.compare.difference import Difference


def compared(left: Rules, right: Rules, on: date | str | None = None) -> Difference:
    """What differs from one rule set to another; with a date, between what holds on it.

    Raises PmdslError for written plans, which hold no declarations.
    """
    from pmdsl.compare.difference import difference
    from pmdsl.plan.digest import digest
    from pmdsl.rules import as_date

    for rules in (left, right):
        if rules.compiled is None:
            message = f"`{rules.name}` is a written plan: it holds no declarations to compare"
            raise PmdslError.single("PM910", message, hint="name the rule file that it was made from")
    assert left.compiled is not None
    assert right.compiled is not None
    day = None if on is None else as_date(on)
    digests = (left.digest, right.digest) if day is None else (digest(left.on(day)), digest(right.on(day)))
    return difference(left.compiled.program, right.compiled.program, digests, day)
