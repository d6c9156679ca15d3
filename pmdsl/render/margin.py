"""The requirements of accounts under one or more rule sets, side by side."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from pmdsl.diagnostics import Finding
from pmdsl.portfolio.book import Book
from pmdsl.render.amounts import NOTHING, amount, dim, short_digest
from pmdsl.render.findings import distinct, message_line
from pmdsl.render.tables import plain_table
from pmdsl.result import AccountResult, Result

FEW = 25
TRUTH = {True: ("yes", "green"), False: ("no", "bold red"), None: (NOTHING, "dim")}


def margin_table(
    results: Sequence[Result], accounts: Sequence[str] | None = None, errors: bool = True
) -> RenderableType:
    """A row an account, a column a requirement; what bound it, conditions, alerts and messages below."""
    listed = list(accounts if accounts is not None else results[0])
    parts: list[RenderableType] = [
        heading(results[0].book),
        Text(),
        requirements_table(results, listed),
        Text(),
    ]
    parts += notes(results, listed, errors)
    parts += [origin(result) for result in results]
    return Group(*parts)


def heading(book: Book, word: str = "Margin") -> Text:
    """`Margin on 2023-09-14`, and the name of the book."""
    line = Text(word, style="bold")
    line.append(f" on {book.on}", style="not bold")
    line.append(f"   {book.name}" if not book.name.startswith("<") else "", style="not bold dim")
    return line


def requirements_table(results: Sequence[Result], accounts: Sequence[str]) -> Table:
    """The requirements; what bound them beside them where there is room for it."""
    table = plain_table("account")
    equity = [equity_of(results[0].book, account) for account in accounts]
    with_equity = any(value is not None for value in equity)
    if with_equity:
        table.add_column("equity", justify="right", no_wrap=True)
    several = len(results) > 1
    for result in results:
        for name in requirement_names(result):
            table.add_column(column_head(result, name, several), justify="right", no_wrap=True)
    bound = not several and len(accounts) <= FEW
    if bound:
        add_bound_columns(table, results[0])
    for account, owned in zip(accounts, equity, strict=True):
        cells: list[RenderableType] = [account]
        cells += [NOTHING if owned is None else f"{owned:,.2f}"] if with_equity else []
        cells += [
            requirement_cell(result[account], name)
            for result in results
            for name in requirement_names(result)
        ]
        table.add_row(*cells, *(bound_cells(results[0][account]) if bound else []))
    return table


def column_head(result: Result, name: str, several: bool) -> Text:
    """The requirement's name, below that of its rule set where there is more than one."""
    head = Text(justify="right")
    if several:
        head.append(f"{result.rules.name}\n", style="not bold dim")
    head.append(name)
    return head


def requirement_names(result: Result) -> list[str]:
    """The requirements of a rule set, one with sides under each of them."""
    first = next(iter(result), None)
    return list(result[first].requirements) if first is not None else []


def requirement_cell(found: AccountResult, name: str) -> Text:
    value = found.requirements[name]
    return Text("error", style="bold red") if value is None else Text(amount(value))


def equity_of(book: Book, account: str) -> float | None:
    """The equity that the book gives an account."""
    ids = book.accounts.text("id").tolist()
    value = float(book.accounts.number("equity")[ids.index(account)]) if account in ids else float("nan")
    return None if value != value else value


# ---- what bound a requirement ------------------------------------------------------------------------------


def several_requirements(result: Result) -> bool:
    return len(requirement_names(result)) > 1


def add_bound_columns(table: Table, result: Result) -> None:
    """Columns for the outermost groups: of which requirement, group, point and amount."""
    if several_requirements(result):
        table.add_column("of", style="dim", header_style="not bold dim", no_wrap=True)
    table.add_column("bound by", style="dim", header_style="not bold dim", overflow="fold")
    table.add_column("at", no_wrap=True, header_style="not bold dim")
    table.add_column("amount", justify="right", style="dim", header_style="not bold dim", no_wrap=True)


def bound_cells(found: AccountResult) -> list[RenderableType]:
    """The groups that bound an account's requirements, one a line."""
    parts = [
        (name, part) for name, parts in found.binding.items() for part in parts if part.amount and part.by
    ]
    columns = [
        [name for name, _ in parts],
        [part.group or part.level for _, part in parts],
        [part.by or "" for _, part in parts],
        [amount(part.amount) for _, part in parts],
    ]
    return ["\n".join(column) for column in (columns if several_requirements(found.result) else columns[1:])]


# ---- below the table ---------------------------------------------------------------------------------------


def notes(results: Sequence[Result], accounts: Sequence[str], errors: bool) -> list[RenderableType]:
    """Conditions that do not hold or were not checked, alerts that are raised, and messages."""
    lines: list[Text] = []
    messages: list[tuple[str, Finding]] = []
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
            messages += [(account, m) for m in found.messages if errors or not m.is_error]
    lines += [
        message_line(finding, f"{who}: " if finding.is_error else "") for who, finding in distinct(messages)
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
