"""The requirements of accounts under one or more rule sets, side by side."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from pmdsl.changes import Versus, main_requirement, versus
from pmdsl.diagnostics import Finding
from pmdsl.portfolio.book import Book
from pmdsl.render.amounts import NOTHING, dim, short_digest
from pmdsl.render.findings import distinct, message_line
from pmdsl.render.requirements import requirements_table
from pmdsl.result import Result

TRUTH = {True: ("yes", "green"), False: ("no", "bold red"), None: (NOTHING, "dim")}


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
    lines: list[Text] = []
    pairs: list[tuple[str, Finding]] = []
    for result in results:
        outputs = {output.name: output for output in result.answer.plan.outputs if output.kind == "eligible"}
        for account in accounts:
            found = result[account]
            lines += [
                condition_line(account, outputs[name].message, held)
                for name, held in found.eligible.items()
                if held is not True
            ]
            lines += [alert_line(account, alert.severity, alert.message) for alert in found.alerts]
            pairs += [(account, message) for message in found.messages if messages]
    lines += [
        message_line(finding, f"{who}: " if finding.is_error else "") for who, finding in distinct(pairs)
    ]
    once = {line.plain: line for line in lines}
    return [*once.values(), Text()] if once else []


def condition_line(account: str, message: str, held: bool | None) -> Text:
    """A condition on the account that fails, or that nobody could check."""
    word, style = ("fails", "bold red") if held is False else ("not checked", "yellow")
    line = Text(f"{account}  ")
    line.append(word, style=style)
    line.append(f"  {message}")
    return line


def alert_line(account: str, severity: str, message: str) -> Text:
    line = Text(f"{account}  ")
    line.append(
        f"alert, {severity}" if severity else "alert", style="bold red" if severity == "high" else "yellow"
    )
    line.append(f"  {message}")
    return line


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
