"""A book given as Python data: it is written out as JSON, so that its findings have places and an excerpt."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

from pmdsl.portfolio.report import Report
from pmdsl.source import Source

NAME = "<mapping>.json"


def mapping_source(given: Mapping[str, object], report: Report) -> Source | None:
    """The JSON text of a mapping of plain data: text, numbers, dates, truths, lists, mappings, numpy."""
    try:
        return Source(NAME, json.dumps(dict(given), default=_plain, indent=1, ensure_ascii=False))
    except (TypeError, ValueError, OverflowError) as error:
        report.add("PM609", f"the mapping is not plain data: {error}")
    except RecursionError:
        report.add("PM605", "the mapping is nested too deeply")
    return None


def _plain(value: object) -> object:
    """What JSON has no form for, in a form that it has. Raises TypeError for anything that is not data."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal | Fraction):
        return float(value)
    if isinstance(value, Mapping):
        return dict(value)
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"found a value of type {type(value).__name__}")
