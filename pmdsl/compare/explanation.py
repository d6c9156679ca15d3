"""Why a requirement is what it is, as data: from the requirement down to the positions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pmdsl.diagnostics import Finding
from pmdsl.render.shown import Shown

if TYPE_CHECKING:
    from rich.console import RenderableType

FORMAT_VERSION = 1


@dataclass(frozen=True)
class Cited:
    """A row of a table, or a segment of a parameter, that mattered: key, values as written, and place.

    `cites` are `source at "place"`; `unverified`: nobody has looked it up yet.
    """

    name: str
    key: str
    values: Mapping[str, str]
    place: str = ""
    cites: tuple[str, ...] = ()
    unverified: bool = False


@dataclass(frozen=True)
class Fact:
    """A named value on the way: an operand `taken` or `left`, a `factor` or a `divisor` of the value `of`."""

    role: str
    name: str
    value: float
    of: float | None = None


@dataclass(frozen=True)
class Credit:
    """How gains paid for losses in a group: after = losses + share of gains.

    `share` is None where it differs by member.
    """

    losses: float
    gains: float
    share: float | None
    after: float


@dataclass(frozen=True)
class Held:
    """A position: what a unit is worth as it is and at the point that bound, and what that makes."""

    position: str
    quantity: float | None
    multiplier: float | None
    model: str
    value: float | None
    shocked: float | None
    amount: float


@dataclass(frozen=True)
class Part:
    """A value of one row of one level, and what it is made of.

    `step` is the name of the value, `by` the point, `minimum` or `cap` that set it. `amount` has the sign of
    the formula: a loss is negative until it becomes a requirement.
    """

    level: str
    name: str
    step: str
    amount: float
    by: str = ""
    formula: str = ""
    how: str = ""
    facts: tuple[Fact, ...] = ()
    credit: Credit | None = None
    parts: tuple[Part, ...] = ()
    positions: tuple[Held, ...] = ()
    cited: tuple[Cited, ...] = ()


@dataclass(frozen=True)
class Requirement:
    """One requirement, rounded, with its formula, what it cites, and the parameters that it needs."""

    name: str
    amount: Decimal | None
    formula: str
    place: str
    cites: tuple[str, ...]
    unverified: bool
    whole: Part | None
    params: tuple[Cited, ...] = ()


@dataclass(frozen=True)
class Explanation(Shown):
    """Everything behind the requirements of one account under one rule set.

    `sources` are the titles of the sources that are cited.
    """

    account: str
    rules: str
    version: str
    digest: str
    on: str
    currency: str
    requirements: tuple[Requirement, ...]
    eligible: Mapping[str, bool | None] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    messages: tuple[Finding, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain data, with the version of its form; what lies below a requirement is unrounded."""
        from pmdsl.compare.explanation_json import explanation_record

        return explanation_record(self)

    def __rich__(self) -> RenderableType:
        from pmdsl.render.explain import explanation_picture

        return explanation_picture(self)
