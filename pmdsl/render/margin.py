"""The requirements of accounts under one or more rule sets, side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from pmdsl.changes import Versus, main_requirement, versus
from pmdsl.diagnostics import Finding
from pmdsl.portfolio.book import Book
from pmdsl.render.amounts import dim, short_digest
from pmdsl.render.findings import MOST_NAMED, distinct, few, message_line
from pmdsl.render.requirements import requirements_table
from pmdsl.result import Result


def margin_table(
    results: Sequence[Result], accounts: Sequence[str] | None = None, messages: bool = True
) -> RenderableType:
    """The requirements of accounts, with what bound them or what is saved; conditions, alerts and messages
    below.
    """
    listed = list(accounts if accounts is not None else results[0])
    compared = [versus(results[0], other) for other in results[1:]]
    parts: list[RenderableType] = [heading(results[0].book), *comparison_lines(compared), Text()]
    parts += [requirements_table(results, listed, compared), Text()]
    parts += notes(results, listed, messages)
    parts += [origin(result) for result in results]
    return Group(*parts)


def heading(book: Book, word: str = "Margin") -> Text:
    """`Margin on 2023-09-14`, and the name of the book."""
    line = Text(word, style="bold")
    line.append(f" on {book.on}", style="not bold")
    line.append(f"   {book.name}" if not book.name.startswith("<") else "", style="not bold dim")
    return line


def comparison_lines(compared: Sequence[Versus]) -> list[Text]:
    """What is held against what."""
    lines = [Text(found.apart, style="yellow") for found in compared if found.apart]
    held = [found for found in compared if found.names]
    if not held:
        return lines
    others = ", ".join(map(said, (found.other for found in held)))
    return [dim(f"saving against {said(held[0].first)}: {others}"), *lines]


def said(result: Result) -> str:
    """`maintenance of us.finra.cpm`."""
    return f"{main_requirement(result.rules.plan)} of {result.rules.name}"


# ---- below the table ---------------------------------------------------------------------------------------


def notes(results: Sequence[Result], accounts: Sequence[str], messages: bool) -> list[RenderableType]:
    """Conditions that do not hold or were not checked, alerts that are raised, and messages."""
    told: dict[tuple[str, str, str], list[str]] = {}
    pairs: list[tuple[str, Finding]] = []
    for result in results:
        for account in accounts:
            for statement in statements(result, account):
                names = told.setdefault(statement, [])
                names += [account] if account not in names else []
            pairs += [(account, message) for message in result[account].messages if messages]
    lines: list[RenderableType] = [statements_grid(told, len(accounts))] if told else []
    lines += [
        message_line(finding, f"{who}: " if finding.is_error else "") for who, finding in distinct(pairs)
    ]
    return [*lines, Text()] if lines else []


def statements(result: Result, account: str) -> Iterator[tuple[str, str, str]]:
    """What is to be said of an account: a word, its style, and what it is about."""
    found = result[account]
    texts = {out.name: out.message for out in result.answer.plan.outputs if out.kind == "eligible"}
    for name, held in found.eligible.items():
        if held is not True:
            yield (
                ("not checked", "yellow", texts[name]) if held is None else ("fails", "bold red", texts[name])
            )
    for alert in found.alerts:
        word = f"alert, {alert.severity}" if alert.severity else "alert"
        yield word, "bold red" if alert.severity == "high" else "yellow", alert.message


def statements_grid(told: Mapping[tuple[str, str, str], list[str]], accounts: int) -> Table:
    """A line for each statement, with the accounts that it is made of."""
    table = Table.grid(padding=(0, 2))
    for _ in range(3):
        table.add_column(overflow="fold")
    for (word, style, message), names in told.items():
        whole = len(names) == accounts and accounts > MOST_NAMED
        table.add_row(f"all {accounts}" if whole else few(names), Text(word, style=style), message)
    return table


def origin(result: Result) -> Text:
    """Which rules these were: name, version, digest, and how much of them nobody has verified."""
    rules = result.rules
    parts = [f"{rules.name} {rules.version}".strip(), short_digest(rules.digest)]
    if rules.parent is not None:
        parts.append(f"extends {rules.parent[0]} {short_digest(rules.parent[1])}")
    unverified = result.answer.plan.unverified
    if unverified:
        parts.append(f"{unverified} unverified")
    parts += [f"{name} {short_digest(digest)}" for name, digest in result.data.items()]
    return dim(" · ".join(parts))
