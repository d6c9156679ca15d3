"""What a plan asks of a book: the attributes and tables that its outputs reach."""

from __future__ import annotations

from collections.abc import Iterator

from pmdsl.plan.nodes import DataTable, InputColumn, Node, Plan
from pmdsl.plan.reach import needed


def asked_columns(plan: Plan) -> tuple[InputColumn, ...]:
    """The attributes that outputs read, in the order in which the rule set first reads them."""
    read = {(node.params["table"], node.params["column"]) for node in reached(plan) if node.op == "input"}
    return tuple(column for column in plan.inputs if (column.table, column.column) in read)


def asked_tables(plan: Plan) -> tuple[DataTable, ...]:
    """The tables that outputs look things up in."""
    read = {node.params["table"] for node in reached(plan) if node.op == "lookup"}
    return tuple(table for name, table in plan.data.items() if name in read)


def asked_matrices(plan: Plan) -> tuple[str, ...]:
    """The matrices that come with the book."""
    found = [
        str(n.params["name"]) for n in reached(plan) if n.op == "matrix" and n.params["source"] == "book"
    ]
    return tuple(dict.fromkeys(found))


def data_names(plan: Plan) -> tuple[str, ...]:
    """The names under which tables may be given at run time, whether outputs reach them or not."""
    tables = [table.given_as or table.name for table in plan.data.values() if table.source == "data"]
    asked = [str(node.params["data"]) for node in plan.nodes if node.op == "given"]
    histories = [str(axis.source["path"][0]) for axis in plan.axes.values() if axis.kind == "history"]
    return tuple(dict.fromkeys([*tables, *asked, *histories]))


def values_instruments(plan: Plan) -> bool:
    """Whether outputs need the theoretical values of instruments."""
    return any(node.op in ("revalue", "model_delta", "volatility") for node in reached(plan))


def reached(plan: Plan) -> Iterator[Node]:
    """The nodes that outputs need, in running order."""
    live = needed(plan)
    return (node for index, node in enumerate(plan.nodes) if index in live)
