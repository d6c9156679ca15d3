"""The JSON Schema (2020-12) of the portfolio file, made from the declared shape.

`schemas/portfolio.schema.json` is this schema as a file; `python -m pmdsl.portfolio.schema` prints it.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from pmdsl.portfolio import shape
from pmdsl.portfolio.scalars import MAX_ID
from pmdsl.portfolio.shape import Field, Row, Type
from pmdsl.portfolio.tree import MAX_SCALAR

Schema = dict[str, Any]

UNSEEN = r"\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb"
SEEN = rf"^(?![\s\S]*[{UNSEEN}])\S([\s\S]*\S)?$"
DAY = "(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
TIME = r"[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?(Z|[-+][0-9]{2}:[0-9]{2})"

TEXT: Schema = {
    "description": "A name. A number stands for its digits; quote the words true, false and null.",
    "type": ["string", "number"],
    "minLength": 1,
    "maxLength": MAX_ID,
    "pattern": SEEN,
}
RAW: Schema = {
    "description": "An attribute of a methodology: its rule set says what it holds.",
    "type": ["string", "number", "boolean"],
    "minLength": 1,
    "maxLength": MAX_SCALAR,
    "pattern": SEEN,
}
DATE: Schema = {"type": "string", "format": "date", "pattern": f"^{DAY}$", "maxLength": 10}
MOMENT: Schema = {"type": "string", "pattern": f"^{DAY}{TIME}$", "maxLength": 40}
NAMES: Schema = {"propertyNames": {"$ref": "#/$defs/name"}}


def portfolio_schema() -> Schema:
    """The whole schema. Names, ids and contradictions are beyond it: those the reader checks."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:pmdsl:schema:portfolio:1",
        "title": "A book and its market, for one valuation date",
        "type": "object",
        "required": ["on"],
        "additionalProperties": False,
        "properties": {name: {"description": doc} | _section(name) for name, doc in shape.SECTIONS.items()},
        "$defs": {
            "name": TEXT,
            "raw": RAW,
            "date": DATE,
            **{
                row.name: _row(row)
                for row in (shape.ACCOUNT, shape.UNDERLYING, shape.INSTRUMENT, shape.POSITION)
            },
            "dividend": _row(shape.DIVIDEND),
            "curve_point": _row(shape.CURVE_POINT),
        },
    }


def _section(name: str) -> Schema:
    rows = {
        "accounts": "account",
        "underlyings": "underlying",
        "instruments": "instrument",
        "positions": "position",
    }
    if name in rows:
        return {"type": "array", "items": {"$ref": f"#/$defs/{rows[name]}"}}
    point = {"type": "array", "items": {"$ref": "#/$defs/curve_point"}, "minItems": 1}
    value, pair = number(shape.VALUE), {"$ref": "#/$defs/name"}
    triple = {
        "type": "array",
        "prefixItems": [pair, pair, number(shape.MATRIX_VALUE)],
        "items": False,
        "minItems": 3,
    }
    row = {"type": "object", **NAMES, "additionalProperties": {"$ref": "#/$defs/raw"}}
    file = {
        "type": "object",
        "properties": {"file": {"$ref": "#/$defs/name"}},
        "required": ["file"],
        "additionalProperties": False,
    }
    sections: dict[str, Schema] = {
        "on": {"anyOf": [{"$ref": "#/$defs/date"}, MOMENT]},
        "rate": {"anyOf": [number(shape.RATE), point]},
        "values": _mapping(_mapping(value)),
        "matrices": _mapping({"type": "array", "items": triple}),
        "fx": {
            "type": "object",
            "propertyNames": {"pattern": r"^(?!([A-Z]{3})\1)[A-Z]{6}$", "maxLength": 6},
            "additionalProperties": number(shape.FX_RATE),
        },
        "market": _mapping({"$ref": "#/$defs/raw"}),
        "tables": _mapping({"anyOf": [{"type": "array", "items": row}, file]}),
    }
    return sections[name]


def _mapping(of: Schema) -> Schema:
    return {"type": "object", **NAMES, "additionalProperties": of}


def _row(row: Row) -> Schema:
    """The schema of one row; an open row takes a methodology's own attributes."""
    return {
        "type": "object",
        "properties": {
            name: {"description": field.doc} | of_field(field) for name, field in row.fields.items()
        },
        "required": [name for name, field in row.fields.items() if field.required],
        **(NAMES if row.open else {}),
        "additionalProperties": {"$ref": "#/$defs/raw"} if row.open else False,
    }


def of_field(field: Field) -> Schema:
    """The schema of one field."""
    if field.type is Type.NUMBER:
        return number(field)
    plain: dict[Type, Schema] = {
        Type.TEXT: {"$ref": "#/$defs/name"},
        Type.DATE: {"$ref": "#/$defs/date"},
        Type.TRUTH: {"type": "boolean"},
        Type.WORD: {"enum": list(field.words)},
        Type.NAMES: {"type": "array", "items": {"$ref": "#/$defs/name"}},
        Type.DIVIDENDS: {"type": "array", "items": {"$ref": "#/$defs/dividend"}},
    }
    return plain[field.type]


def number(field: Field) -> Schema:
    """The schema of a number inside the bounds of its field; none is beyond 10^18."""
    low = {"minimum": -1e18 if field.least is None else field.least}
    if field.above is not None:
        low = {"exclusiveMinimum": field.above}
    return {"type": "number", **low, "maximum": 1e18 if field.most is None else field.most}


def schema_text() -> str:
    """The schema as the text of its file."""
    return json.dumps(portfolio_schema(), indent=2) + "\n"


if __name__ == "__main__":
    sys.stdout.write(schema_text())
