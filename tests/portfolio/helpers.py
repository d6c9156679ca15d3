"""What the tests of books share: short books, readers that return findings, the place of the real chains."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pmdsl.diagnostics import Finding, Findings
from pmdsl.portfolio import parse_portfolio
from pmdsl.portfolio.book import Book
from pmdsl.source import Source

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
CHAINS = ROOT.parent / "shared" / "data" / "chains"

MARKET = """\
on: 2024-01-19
underlyings:
  - {id: SPX, kind: index, price: 4505.10, roots: [SPX, SPXW], option_exercise: european, currency: USD}
  - {id: SPY, kind: etf, price: 450.81, tracks: SPX, option_exercise: american}
  - {id: ES, kind: future, price: 4550}
"""


def read(text: str, name: str = "book.yaml", **more: object) -> tuple[Book | None, list[Finding]]:
    """The book in a text and everything found."""
    findings = Findings()
    book = parse_portfolio(Source(name, text), findings, **more)  # type: ignore[arg-type]
    return book, list(findings)


def good(text: str, name: str = "book.yaml", **more: object) -> Book:
    """The book in a text in which nothing may be found."""
    book, findings = read(text, name, **more)
    assert not findings, "\n".join(rendered(findings))
    assert book is not None
    return book


def held(*positions: str) -> Book:
    """The book of some positions, each a flow mapping without its braces, on the usual market."""
    return good(MARKET + listed(*positions))


def listed(*positions: str) -> str:
    """The section of some positions."""
    return "positions:\n" + "".join(f"  - {{{position}}}\n" for position in positions)


def codes(text: str, name: str = "book.yaml", **more: object) -> list[str]:
    """The codes found in a text; where there are any there is no book."""
    book, findings = read(text, name, **more)
    assert (book is None) == bool(findings)
    return [finding.code for finding in findings]


def only(text: str, name: str = "book.yaml", **more: object) -> Finding:
    """The one finding in a text."""
    findings = read(text, name, **more)[1]
    assert len(findings) == 1, "\n".join(rendered(findings))
    return findings[0]


def rendered(findings: list[Finding] | tuple[Finding, ...]) -> list[str]:
    """Findings as lines: what, then labels, hint and fix, indented."""
    lines: list[str] = []
    for finding in findings:
        lines.append(str(finding))
        lines += [f"  {label.span}: {label.text}" for label in finding.labels]
        lines += [f"  hint: {finding.hint}"] if finding.hint else []
        lines += [f"  fix: {finding.fix.replacement}"] if finding.fix else []
    return lines


def ordinal(text: str) -> float:
    """The ordinal of an ISO date, as date columns hold it."""
    return float(date.fromisoformat(text).toordinal())
