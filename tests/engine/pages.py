"""The pages of `docs/errors/` for evaluation: their rules and books are run, their messages are what is
really said.

A page has fenced blocks whose info says what they are: `margin` (with `bad` or `good` where the rules are
what is mended), `yaml` likewise for the book, and `csv` for a table given at run time under the name `rates`.
The block `text` holds the messages.
"""

from __future__ import annotations

import re
from pathlib import Path

from pmdsl.compiler import compile_source
from pmdsl.diagnostics import Finding, Findings
from pmdsl.engine import bind, unknown_columns
from pmdsl.names.library import Library
from pmdsl.plan.simplify import simplify
from pmdsl.portfolio import parse_portfolio, read_rows
from pmdsl.portfolio.book import Table
from pmdsl.source import Source

PAGES = Path(__file__).resolve().parents[2] / "docs" / "errors"
BLOCK = re.compile(r"^```(\w+)(?: (\w+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(code: str) -> dict[str, str]:
    """The fenced blocks of a page by their info, as `yaml bad`."""
    text = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    return {f"{kind} {what}".strip(): body for kind, what, body in BLOCK.findall(text)}


def found(examples: dict[str, str], which: str, folder: Path) -> list[Finding]:
    """What is said about the bad or the good example of a page."""
    rules = examples.get(f"margin {which}") or examples["margin"]
    text = examples.get(f"yaml {which}") or examples["yaml"]
    findings = Findings()
    compiled = compile_source(Source("rules.margin", rules), Library(), findings).methodologies[0]
    assert compiled.plan is not None, "\n".join(map(str, findings))
    reading = Findings()
    book = parse_portfolio(Source("book.yaml", text), reading)
    assert book is not None, "\n".join(map(str, reading))
    table = examples.get(f"csv {which}") or examples.get("csv")
    plan = simplify(compiled.plan, book.on)
    unknown = list(unknown_columns([plan], book))
    if unknown:
        return unknown
    answer = bind(plan, book, {} if table is None else {"rates": rows(table, folder)}).run()
    messages = [message for name in answer.accounts for message in answer.messages(name)]
    return list(answer.findings) or messages


def rows(text: str, folder: Path) -> Table:
    """A table as a file that is given at run time."""
    path = folder / "rates.csv"
    path.write_text(text, encoding="utf-8")
    return read_rows(path, "rates")


def rendered(finding: Finding, folder: Path) -> str:
    """A finding as the pages show it."""
    line = str(finding).replace(str(folder) + "/", "")
    return line + (f"\n  hint: {finding.hint}" if finding.hint else "")
