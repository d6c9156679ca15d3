"""One difference, and all of them, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

FORMAT_VERSION = "1.0"


@dataclass(frozen=True)
class Change:
    """One difference. `what` is the kind of statement, `name` what it declares, `key` the part of it (a date,
    the key of a row, a point), `column` the column. `before` and `after` are texts, None where there was or
    is nothing.
    """

    what: str
    name: str
    key: str = ""
    column: str = ""
    before: str | None = None
    after: str | None = None
    place: str = ""

    @property
    def kind(self) -> str:
        """added, removed or changed."""
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"

    def to_json(self) -> dict[str, Any]:
        fields = {
            "what": self.what,
            "name": self.name,
            "key": self.key,
            "column": self.column,
            "change": self.kind,
        }
        return {
            **{k: v for k, v in fields.items() if v},
            "before": self.before,
            "after": self.after,
            "place": self.place,
        }


@dataclass(frozen=True)
class Difference:
    """Everything that differs in meaning, and apart from it what differs in what is cited or called."""

    left: str
    right: str
    digests: tuple[str, str]
    changes: tuple[Change, ...]
    words: tuple[Change, ...] = ()
    on: str | None = None

    def __bool__(self) -> bool:
        """Whether anything differs in meaning."""
        return bool(self.changes)

    def to_json(self) -> Mapping[str, Any]:
        """The same as plain data, with the version of its form."""
        return {
            "format_version": FORMAT_VERSION,
            "left": {"name": self.left, "digest": self.digests[0]},
            "right": {"name": self.right, "digest": self.digests[1]},
            "on": self.on,
            "equal": not self.changes,
            "changes": [change.to_json() for change in self.changes],
            "citations_and_titles": [change.to_json() for change in self.words],
        }
