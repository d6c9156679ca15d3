"""Explanations as JSON: the same tree, names as in the classes, empty parts left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any

from pmdsl.compare.explanation import FORMAT_VERSION, Explanation
from pmdsl.diagnostics import Finding

KEPT = frozenset({"amount", "value", "shocked", "quantity", "eligible"})


def explanation_record(found: Explanation) -> dict[str, Any]:
    """An explanation as plain data."""
    return {"format_version": FORMAT_VERSION, **record(found)}


def record(value: Any) -> dict[str, Any]:
    """A part as plain data, without what is empty."""
    items = {spec.name: getattr(value, spec.name) for spec in fields(value)}
    return {
        name: plain(item)
        for name, item in items.items()
        if name in KEPT or item not in (None, "", (), {}, False)
    }


def plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, Finding):
        from pmdsl.result_json import message_record

        return message_record(value)
    if is_dataclass(value):
        return record(value)
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, Decimal):
        return format(value, "f")
    return round(value, 10) if isinstance(value, float) else value
