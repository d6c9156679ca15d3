"""The portfolio schema as one rule set narrows it: its own attributes by name, nothing beside them."""

from __future__ import annotations

from typing import Any

from pmdsl.author.needs import Needs, needs_of
from pmdsl.plan.nodes import DataTable, InputColumn
from pmdsl.portfolio.schema import MOMENT, portfolio_schema
from pmdsl.rules import Rules

Schema = dict[str, Any]

ROWS = ("account", "underlying", "instrument", "position")
NUMBER: Schema = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": "^-?[0-9_]*\\.?[0-9]+%?$"}]}
TYPES: dict[str, Schema] = {
    "number": NUMBER,
    "percent": NUMBER,
    "bool": {"enum": [True, False, "yes", "no"]},
    "date": {"$ref": "#/$defs/date"},
    "moment": MOMENT,
}


def book_schema(rules: Rules) -> Schema:
    """The JSON Schema of books for a rule set. An attribute that it does not read is refused."""
    found = portfolio_schema()
    needs = needs_of(rules)
    found["$id"] = f"urn:pmdsl:schema:portfolio:1:{rules.name}"
    found["title"] = f"A book for {rules.name}"
    for name in ROWS:
        own = {column.column: of_column(column) for column in needs.columns if column.table == name}
        row = found["$defs"][name]
        row["properties"] = {**row["properties"], **own_only(own, row["properties"])}
        row["additionalProperties"] = False
    market = {column.column: of_column(column) for column in needs.columns if column.table == "market"}
    found["properties"]["market"] |= {"properties": market, "additionalProperties": False}
    tables = own_tables(needs)
    found["properties"]["tables"] |= {"properties": tables, "additionalProperties": False}
    found["properties"]["matrices"] |= {"propertyNames": {"enum": list(needs.matrices)}}
    return found


def own_only(own: Schema, known: Schema) -> Schema:
    """The rule set's attributes; of one that every book may give, the closed list of its words."""
    return {
        name: schema if name not in known else {**known[name], **words_of(schema)}
        for name, schema in own.items()
    }


def words_of(schema: Schema) -> Schema:
    return {"enum": schema["enum"]} if "enum" in schema else {}


def of_column(column: InputColumn) -> Schema:
    """The schema of one attribute."""
    said = column.unit if column.unit not in ("", "number") else column.base
    note = "" if column.required else "; has a default"
    return {"description": f"{said}{note}"} | of_base(column.base, column.words)


def of_base(base: str, words: tuple[str, ...]) -> Schema:
    if words:
        return {"enum": list(words)}
    return TYPES.get(base, {"$ref": "#/$defs/name"})


def own_tables(needs: Needs) -> Schema:
    """The tables that come with the book: keyed ones, and finest levels with their columns."""
    named = {table.name: of_rows(table) for table in needs.tables if table.source == "input"}
    for column in needs.columns:
        if column.table not in (*ROWS, "market"):
            rows = named.setdefault(column.table, rows_of({"account": {"$ref": "#/$defs/name"}}))
            rows["anyOf"][0]["items"]["properties"][column.column] = of_column(column)
    return named


def of_rows(table: DataTable) -> Schema:
    return rows_of({header: of_base(base, words) for _, header, base, words in table.columns})


def rows_of(properties: Schema) -> Schema:
    """Rows, or the file that holds them."""
    file = {"type": "object", "properties": {"file": {"$ref": "#/$defs/name"}}, "required": ["file"]}
    row = {"type": "object", "properties": properties, "additionalProperties": {"$ref": "#/$defs/raw"}}
    return {"anyOf": [{"type": "array", "items": row}, file | {"additionalProperties": False}]}
