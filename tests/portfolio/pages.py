"""The pages of `docs/errors/` for books: their examples are run, their messages are what is really said.

A page has fenced blocks whose info says what they are: `yaml bad`, `yaml good`, `csv bad`, … A page on tables
has its positions as CSV, a page on quotes the quotes beside a book. The block `text` holds the message.
"""

from __future__ import annotations

import re
from pathlib import Path

from pmdsl.diagnostics import Finding, Findings
from pmdsl.portfolio import parse_portfolio
from pmdsl.portfolio.assemble import assemble
from pmdsl.portfolio.document import read_document
from pmdsl.portfolio.files import read_tree
from pmdsl.portfolio.frames import csv_frame
from pmdsl.portfolio.quotes import read_quotes
from pmdsl.portfolio.report import Report
from pmdsl.portfolio.shape import POSITION
from pmdsl.portfolio.tables import read_frame
from pmdsl.source import Source
from tests.portfolio.helpers import ROOT

PAGES = ROOT / "docs" / "errors"
BLOCK = re.compile(r"^```(\w+)(?: (\w+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(code: str) -> dict[str, str]:
    """The fenced blocks of a page by their info, as `yaml bad`."""
    text = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    return {f"{kind} {what}".strip(): body for kind, what, body in BLOCK.findall(text)}


def unescaped(text: str) -> str:
    """An example in which unseen characters are written out as <U+202E>."""
    return re.sub(r"<U\+([0-9A-F]{4})>", lambda match: chr(int(match[1], 16)), text)


def findings_of(code: str, examples: dict[str, str], which: str, folder: Path) -> list[Finding]:
    """What is found in the bad or good examples of a page."""
    findings = Findings()
    book = examples.get(f"yaml {which}") or examples.get("yaml")
    table = examples.get(f"csv {which}")
    if table is not None and code.startswith("PM62"):
        _read_table(unescaped(table), findings)
    elif table is not None and book is not None:
        _read_quoted(book, table, findings)
    elif f"json {which}" in examples:
        parse_portfolio(Source("book.json", unescaped(examples[f"json {which}"])), findings)
    elif book is not None:
        parse_portfolio(Source("book.yaml", unescaped(book)), findings, folder=folder)
    return list(findings)


def _read_table(text: str, findings: Findings) -> None:
    report = Report(findings)
    frame = csv_frame(Source("positions.csv", text), report)
    if frame is not None:
        read_frame(frame, POSITION, report)


def _read_quoted(book: str, quotes: str, findings: Findings) -> None:
    report = Report(findings)
    file = read_quotes(Source("quotes.csv", quotes), report)
    root = read_tree(Source("book.yaml", book), report)
    parts = read_document(root, None, None, report) if root else None
    if parts is not None and file is not None:
        assemble(parts, [file], report)
