"""What becomes of a claim."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Witness:
    """A book against a claim: the text of a portfolio file, its date, and the values that break the claim.

    `values` are called as the rule set calls them. For a claim about a parameter, `changed` says from which
    value to which it was changed.
    """

    text: str
    on: date
    account: str
    values: Mapping[str, float]
    changed: str = ""

    @property
    def said(self) -> str:
        told = ", ".join(f"{name} is {value:,.2f}" for name, value in self.values.items())
        return f"on {self.on}{f', {self.changed}' if self.changed else ''}: {told}"


@dataclass(frozen=True)
class Verdict:
    """`kind` is proved, refuted or unknown; a refutation has its witness."""

    claim: str
    kind: str
    explanation: str
    witness: Witness | None = None

    @property
    def ok(self) -> bool:
        return self.kind == "proved"
