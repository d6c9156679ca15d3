"""Margin inside a program: load rules, answer a book, bind a market, run many books on it, Arrow in and out.

python examples/08_embed.py

Needs pyarrow: pip install 'pmdsl[arrow]'.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

import pmdsl

HERE = Path(__file__).parent
rules = pmdsl.load("us.finra.cpm")

# One book. Amounts are exact decimals, rounded as the rule set says.
book = pmdsl.read_portfolio(HERE / "02_collar.yaml")
result = rules.margin(book)
collar = result["collar"]
print("the collar:", collar.maintenance, rules.currency)
print("its legs:  ", sum(result[leg].maintenance for leg in ("shares", "puts", "calls")), rules.currency)
for part in collar.binding["maintenance"]:
    print(f"bound by {part.group} at {part.by}: {part.amount}")

# Many books on one market: instruments are priced once, here.
market = rules.compile(book)
held = pa.table(
    {
        "account": ["covered", "covered", "naked"],
        "instrument": ["XYZ", "XYZ260619C00105000", "XYZ260619C00105000"],
        "quantity": [100.0, -1.0, -1.0],
    }
)
answer = market.margin(held)  # anything with an Arrow stream: pyarrow, polars, pandas, DuckDB
print(pa.table(answer).to_pydict())

# What is wrong with a rule file or a book is a list of findings, each with a code and a place.
try:
    market.margin({"account": ["A"], "instrument": ["XZY"], "quantity": [1.0]})
except pmdsl.PmdslError as problem:
    for finding in problem.findings:
        print(finding.code, finding.message, finding.hint or "", sep=": ")
