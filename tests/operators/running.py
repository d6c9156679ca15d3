"""Small programs run on books made of plain rows: every report as plain numbers, by account and by group."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from pmdsl.compiler import compile_source
from pmdsl.diagnostics import Findings
from pmdsl.diagnostics.render import render_text
from pmdsl.engine import Answer, Engine, bind
from pmdsl.names.library import Library
from pmdsl.plan.nodes import Plan
from pmdsl.plan.simplify import simplify
from pmdsl.portfolio import parse_portfolio
from pmdsl.source import Source

ON = date(2024, 1, 2)
HEAD = """pmdsl 1
methodology test.drawn {
  version  "1"
  currency USD
  covers   2020-01-01 onward
"""
Cells = dict[tuple[str, str], Any]


@cache
def undated(body: str) -> Plan:
    """The plan of a program, for all dates."""
    findings = Findings()
    text = f"{HEAD}{body}\n}}\n"
    plan = (
        compile_source(Source("drawn.margin", text), Library(), findings, checks=False).methodologies[0].plan
    )
    assert plan is not None, text + render_text(findings)
    return plan


@cache
def planned(body: str) -> Plan:
    """The plan of a program, made ready for the day of the tests."""
    return simplify(undated(body), ON)


@dataclass(frozen=True)
class Member:
    """A position in an underlying of its own: its account, its group, and its attributes."""

    account: str
    group: str
    values: Mapping[str, Any]


def book_of(members: Sequence[Member], matrices: Mapping[str, Any] | None = None) -> str:
    """A book in which member number k holds one share of `Uk`, whose attributes are the member's."""
    accounts = list(dict.fromkeys(member.account for member in members))
    return json.dumps(
        {
            "on": ON.isoformat(),
            "accounts": [{"id": account} for account in accounts],
            "underlyings": [{"id": f"U{k}", "kind": "stock", "price": 1} for k in range(len(members))],
            "positions": [
                {"account": m.account, "instrument": f"U{k}", "quantity": 1, "bucket": m.group, **m.values}
                for k, m in enumerate(members)
            ],
            "matrices": matrices or {},
        }
    )


def answer(plan: Plan, book: str, rows: int = 1 << 16, engine: Engine = "numpy") -> Answer:
    """The answer of a plan for a book, in blocks of about so many positions."""
    findings = Findings()
    read = parse_portfolio(Source("book.json", book), findings)
    assert read is not None, render_text(findings)
    return bind(plan, read, engine=engine).run(rows=rows)


def reports(found: Answer) -> dict[str, Cells]:
    """Every report by name: for each (account, group) a number, or a list along its axis."""
    index = found.run.index
    told: dict[str, Cells] = {}
    for number, out in enumerate(found.plan.outputs):
        if out.kind != "report":
            continue
        level = found.plan.nodes[out.node].level
        values = found.values[number].tolist()
        if level == "":
            told[out.name] = {("", ""): values[0]}
            continue
        owner = index.parent(level, "account").tolist()
        told[out.name] = {
            (index.label("account", owner[row]), index.label(level, row)): value
            for row, value in enumerate(values)
        }
    return told


def run(body: str, members: Sequence[Member], matrices: Mapping[str, Any] | None = None) -> dict[str, Cells]:
    """The reports of a program for a book of members."""
    return reports(answer(planned(body), book_of(members, matrices)))
