"""Shapes of JSON values: each reads a value of its kind, or says what is wrong, and knows its JSON Schema."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from pmdsl.diagnostics import Findings, did_you_mean
from pmdsl.plan.limits import MAX_DIGITS, MAX_ITEMS, MAX_TEXT

Schema = dict[str, Any]

MOST_FINDINGS = 25
WHOLE = 2**53
EXACT = re.compile(
    rf"-?[0-9]{{1,{MAX_DIGITS}}}(?:\.[0-9]{{1,{MAX_DIGITS}}}|/[1-9][0-9]{{0,{MAX_DIGITS - 1}}})?"
)


@dataclass
class Reading:
    """One reading of a plan: where it came from, and what is wrong with it, up to a limit."""

    name: str
    findings: Findings = field(default_factory=Findings)

    def wrong(self, path: str, message: str, code: str = "PM523", hint: str | None = None) -> None:
        """Collect what is wrong at a path such as `nodes[3].params.axis`."""
        if len(self.findings) < MOST_FINDINGS:
            self.findings.add(code, f"{self.name}: `{path or 'the plan'}` {message}", hint=hint)

    @property
    def failed(self) -> bool:
        """Whether anything was wrong so far."""
        return len(self.findings) > 0


class Shape(Protocol):
    """A kind of JSON value."""

    def read(self, value: object, path: str, to: Reading) -> Any:
        """The value in Python, or None after it was reported."""

    def schema(self) -> Schema:
        """Its JSON Schema (2020-12)."""


def found(value: object) -> str:
    """A value as a message names it."""
    kinds = {dict: "an object", list: "a list", bool: "true or false", type(None): "nothing"}
    return kinds.get(type(value)) or f"`{str(value)[:40]}`"


@dataclass(frozen=True)
class Text:
    """A text of bounded length."""

    most: int = MAX_TEXT

    def read(self, value: object, path: str, to: Reading) -> str | None:
        if isinstance(value, str) and len(value) <= self.most:
            return value
        to.wrong(path, f"must be a text of at most {self.most} characters, and is {found(value)}")
        return None

    def schema(self) -> Schema:
        return {"type": "string", "maxLength": self.most}


@dataclass(frozen=True)
class Word:
    """One of a list of words."""

    words: tuple[str, ...]

    def read(self, value: object, path: str, to: Reading) -> str | None:
        if isinstance(value, str) and value in self.words:
            return value
        hint = did_you_mean(value, self.words) if isinstance(value, str) else None
        to.wrong(
            path,
            f"must be one of {', '.join(w or 'nothing' for w in self.words)}, and is {found(value)}",
            hint=hint,
        )
        return None

    def schema(self) -> Schema:
        return {"enum": list(self.words)}


@dataclass(frozen=True)
class Whole:
    """A whole number."""

    least: int = 0
    most: int = WHOLE

    def read(self, value: object, path: str, to: Reading) -> int | None:
        if type(value) is int and self.least <= value <= self.most:
            return value
        to.wrong(path, f"must be a whole number from {self.least} to {self.most}, and is {found(value)}")
        return None

    def schema(self) -> Schema:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True)
class Truth:
    """true or false."""

    def read(self, value: object, path: str, to: Reading) -> bool | None:
        if isinstance(value, bool):
            return value
        to.wrong(path, f"must be true or false, and is {found(value)}")
        return None

    def schema(self) -> Schema:
        return {"type": "boolean"}


@dataclass(frozen=True)
class Exact:
    """An exact number as text: `-0.15`, `3/20`."""

    def read(self, value: object, path: str, to: Reading) -> str | None:
        if isinstance(value, str) and EXACT.fullmatch(value):
            return value
        to.wrong(path, f"must be an exact number such as 3/20, and is {found(value)}")
        return None

    def schema(self) -> Schema:
        return {"type": "string", "pattern": f"^{EXACT.pattern}$"}


@dataclass(frozen=True)
class Day:
    """An ISO date, kept as text or made a date."""

    as_text: bool = False

    def read(self, value: object, path: str, to: Reading) -> date | str | None:
        try:
            day = date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
        except ValueError:
            day = None
        if day is None:
            to.wrong(path, f"must be a date such as 2026-11-21, and is {found(value)}")
        return value if self.as_text and day is not None else day  # type: ignore[return-value]

    def schema(self) -> Schema:
        return {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}


@dataclass(frozen=True)
class Maybe:
    """Something or null."""

    of: Shape

    def read(self, value: object, path: str, to: Reading) -> Any:
        return None if value is None else self.of.read(value, path, to)

    def schema(self) -> Schema:
        return {"anyOf": [{"type": "null"}, self.of.schema()]}


@dataclass(frozen=True)
class Many:
    """A list of one kind of thing, read as a tuple."""

    of: Shape
    least: int = 0
    most: int = MAX_ITEMS

    def read(self, value: object, path: str, to: Reading) -> tuple[Any, ...] | None:
        if not isinstance(value, list) or not self.least <= len(value) <= self.most:
            to.wrong(path, f"must be a list of {self.least} to {self.most} items, and is {found(value)}")
            return None
        return tuple(self.of.read(item, f"{path}[{number}]", to) for number, item in enumerate(value))

    def schema(self) -> Schema:
        return {"type": "array", "items": self.of.schema(), "minItems": self.least, "maxItems": self.most}


@dataclass(frozen=True)
class Fixed:
    """A list of so many things, each of its own kind, read as a tuple."""

    of: tuple[Shape, ...]

    def read(self, value: object, path: str, to: Reading) -> tuple[Any, ...] | None:
        if not isinstance(value, list) or len(value) != len(self.of):
            to.wrong(path, f"must be a list of {len(self.of)} items, and is {found(value)}")
            return None
        return tuple(
            shape.read(item, f"{path}[{n}]", to)
            for n, (shape, item) in enumerate(zip(self.of, value, strict=True))
        )

    def schema(self) -> Schema:
        items = [shape.schema() for shape in self.of]
        return {"type": "array", "prefixItems": items, "items": False, "minItems": len(items)}


@dataclass(frozen=True)
class Named:
    """An object whose keys are names."""

    of: Shape
    most: int = MAX_ITEMS

    def read(self, value: object, path: str, to: Reading) -> dict[str, Any] | None:
        if not isinstance(value, dict) or len(value) > self.most:
            to.wrong(path, f"must be an object of at most {self.most} keys, and is {found(value)}")
            return None
        return {name: self.of.read(item, f"{path}.{name[:40]}", to) for name, item in value.items()}

    def schema(self) -> Schema:
        return {"type": "object", "additionalProperties": self.of.schema(), "maxProperties": self.most}


@dataclass(frozen=True)
class Object:
    """An object of known keys; those of `optional` may be left out."""

    keys: Mapping[str, Shape]
    optional: Mapping[str, Shape] = field(default_factory=dict)

    def read(self, value: object, path: str, to: Reading) -> dict[str, Any] | None:
        if not isinstance(value, dict):
            to.wrong(path, f"must be an object, and is {found(value)}")
            return None
        known = {**self.keys, **self.optional}
        for name in value.keys() - known.keys():
            to.wrong(path, f"has the unknown key `{name[:40]}`", hint=did_you_mean(name, known))
        for name in self.keys.keys() - value.keys():
            to.wrong(path, f"lacks the key `{name}`")
        dot = f"{path}." if path else ""
        return {name: known[name].read(item, dot + name, to) for name, item in value.items() if name in known}

    def schema(self) -> Schema:
        properties = {name: shape.schema() for name, shape in {**self.keys, **self.optional}.items()}
        required = {"required": list(self.keys)} if self.keys else {}
        return {"type": "object", "properties": properties, **required, "additionalProperties": False}


@dataclass(frozen=True)
class Scalar:
    """A text, a whole number or a truth: an option of a pricing model."""

    def read(self, value: object, path: str, to: Reading) -> object:
        if isinstance(value, str | bool):
            return Text(200).read(value, path, to) if isinstance(value, str) else value
        return Whole(-WHOLE).read(value, path, to)

    def schema(self) -> Schema:
        return {"anyOf": [Text(200).schema(), Whole(-WHOLE).schema(), Truth().schema()]}
