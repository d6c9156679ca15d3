"""What rule sets require of accounts, beside one another, and what each saves against the first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from pmdsl.changes import Change, Versus, answered
from pmdsl.engine import Bind
from pmdsl.portfolio.book import Book
from pmdsl.render.amounts import NOTHING, amount, dim, share
from pmdsl.render.tables import Fitting, add_column, plain_table
from pmdsl.result import AccountResult, Result, adds_up

FEW = 25
WIDEST_GROUP = 24
TOTAL = ""
SAVING = ("saving", "saving %")


@dataclass(frozen=True, eq=False)
class Asked:
    """One requirement of one rule set.

    `label` has its currency where there are several; `changes` are what it is against that of the first rule
    set, by account and for the TOTAL, empty where it is not compared.
    """

    result: Result
    name: str
    label: str
    changes: Mapping[str, Change]

    def total(self, accounts: Sequence[str]) -> Text:
        """The sum over some accounts; nothing where one of them has no amount."""
        amounts = [self.result[account].requirements[self.name] for account in accounts]
        known = [value for value in amounts if value is not None]
        return Text(amount(sum(known, Decimal(0)))) if len(known) == len(amounts) else Text()


@dataclass(frozen=True, eq=False)
class Sheet:
    """The requirements of some accounts in the order of the rule sets; `totalled` are those in the total."""

    book: Book
    accounts: Sequence[str]
    asked: Sequence[Asked]
    totalled: Sequence[str]

    @property
    def has_equity(self) -> bool:
        return any(equity_of(self.book, account) is not None for account in self.accounts)

    @property
    def total_label(self) -> str:
        """How many accounts the total is of, where it is not of all."""
        whole = len(self.totalled) == len(self.accounts)
        return "total" if whole else f"total of {len(self.totalled)}"


def requirements_table(
    results: Sequence[Result], accounts: Sequence[str], compared: Sequence[Versus]
) -> Fitting:
    """A line an account, with what bound it or what is saved beside it; savings below the amounts, and then a
    line a requirement, where there is no room for that.
    """
    sheet = sheet_of(results, accounts, compared)
    if len(results) > 1:
        beside, below = (partial(wide_table, sheet, stacked=stacked) for stacked in (False, True))
        return Fitting(beside(), beside(equity=False), below(), below(equity=False), long_table(sheet))
    plain = [wide_table(sheet), wide_table(sheet, equity=False), long_table(sheet)]
    if len(accounts) > FEW:
        return Fitting(*plain)
    return Fitting(wide_table(sheet, bound=True), *plain, below=dim("\n".join(last_steps(sheet))))


def sheet_of(results: Sequence[Result], accounts: Sequence[str], compared: Sequence[Versus]) -> Sheet:
    """Every requirement of every rule set; with a total where all of several are in one currency."""
    currencies = {result.rules.currency for result in results}
    summed = compared and len(accounts) > 1 and len(currencies) == 1
    totalled = answered(compared, accounts) if summed else []
    asked: list[Asked] = []
    for result, found in zip(results, [None, *compared], strict=True):
        changes = changes_of(found, accounts, totalled) if found is not None else {}
        for name in requirement_names(result):
            label = f"{name} {result.rules.currency}" if len(currencies) > 1 else name
            asked.append(Asked(result, name, label, changes.get(name, {})))
    return Sheet(results[0].book, accounts, asked, totalled)


def changes_of(
    found: Versus, accounts: Sequence[str], totalled: Sequence[str]
) -> dict[str, dict[str, Change]]:
    """The changes by requirement and account."""
    listed = [change for account in accounts for change in found.changes(account)]
    changes: dict[str, dict[str, Change]] = {}
    for change in [*listed, *found.totals(totalled)]:
        changes.setdefault(change.requirement, {})[change.account] = change
    return changes


def requirement_names(result: Result) -> list[str]:
    """The requirements of a rule set, one with sides under each of them."""
    first = next(iter(result), None)
    return list(result[first].requirements) if first is not None else []


def equity_of(book: Book, account: str) -> float | None:
    """The equity that the book gives an account."""
    ids = book.accounts.text("id").tolist()
    value = float(book.accounts.number("equity")[ids.index(account)]) if account in ids else float("nan")
    return None if value != value else value


# ---- cells -------------------------------------------------------------------------------------------------


def cells(asked: Asked, account: str) -> list[Text]:
    """The amount of an account; where it is compared, what it saves, in money and in percent."""
    saved = saving_cells(asked.changes[account]) if asked.changes else []
    return [requirement_cell(asked.result[account], asked.name), *saved]


def total_cells(asked: Asked, accounts: Sequence[str]) -> list[Text]:
    return [asked.total(accounts), *(saving_cells(asked.changes[TOTAL]) if asked.changes else [])]


def saving_cells(change: Change) -> list[Text]:
    """`30,000.00` and `33.3%`; with a minus where more is asked."""
    saving = change.saving
    if saving is None:
        return [Text(NOTHING), Text(NOTHING)]
    style = "green" if saving > 0 else "red" if saving < 0 else "dim"
    return [Text(amount(saving), style=style), Text(share(saving, change.before), style=style)]


def requirement_cell(found: AccountResult, name: str) -> Text:
    """The amount, or `error` where it could not be had."""
    value = found.requirements[name]
    return Text("error", style="bold red") if value is None else Text(amount(value))


def equity_cell(book: Book, account: str) -> Text:
    equity = equity_of(book, account)
    return Text(NOTHING if equity is None else f"{equity:,.2f}")


# ---- a line an account -------------------------------------------------------------------------------------


def wide_table(sheet: Sheet, equity: bool = True, bound: bool = False, stacked: bool = False) -> Table:
    """A column a requirement; of each that is compared what it saves, behind it or `stacked` below it."""
    equity = equity and sheet.has_equity
    several = len({asked.result.rules.name for asked in sheet.asked}) > 1
    table = plain_table("account", *(["equity>"] if equity else []))
    for asked in sheet.asked:
        add_requirement(table, asked, several, stacked)
    bound = bound and any(bound_parts(sheet, account) for account in sheet.accounts)
    if bound:
        add_bound_columns(table, sheet)
    for account in sheet.accounts:
        owned = [equity_cell(sheet.book, account)] if equity else []
        amounts = [cell for asked in sheet.asked for cell in laid_out(cells(asked, account), stacked)]
        limits = bound_cells(sheet, account) if bound else []
        table.add_row(first_cell(account, sheet, stacked), *owned, *amounts, *limits)
    if sheet.totalled:
        table.add_section()
        totals = [total_cells(asked, sheet.totalled) for asked in sheet.asked]
        amounts = [cell for listed in totals for cell in laid_out(listed, stacked)]
        table.add_row(first_cell(sheet.total_label, sheet, stacked), *([""] if equity else []), *amounts)
    return table


def laid_out(listed: list[Text], stacked: bool) -> list[Text]:
    """An amount and its saving as cells, or as one cell of several lines."""
    return [Text("\n").join(listed)] if stacked else listed


def first_cell(label: str, sheet: Sheet, stacked: bool) -> Text:
    """The account; with what the lines below its amounts are."""
    found = Text(label)
    if stacked and any(asked.changes for asked in sheet.asked):
        found.append("".join(f"\n  {word}" for word in SAVING), style="dim")
    return found


def add_requirement(table: Table, asked: Asked, several: bool, stacked: bool) -> None:
    """The requirement's name, below that of its rule set where there are several; then its saving."""
    head = Text(justify="right")
    if several:
        head.append(f"{asked.result.rules.name}\n", style="not bold dim")
    head.append(asked.label)
    table.add_column(head, justify="right", no_wrap=True)
    if asked.changes and not stacked:
        for word in SAVING:
            table.add_column(Text(f"\n{word}", justify="right"), justify="right", no_wrap=True)


def add_bound_columns(table: Table, sheet: Sheet) -> None:
    """Columns for the outermost groups: of which requirement, group, point and amount."""
    if len(sheet.asked) > 1:
        add_column(table, ".of")
    add_column(table, ".bound by~")
    table.columns[-1].max_width = WIDEST_GROUP
    table.add_column("at", no_wrap=True, header_style="not bold dim")
    add_column(table, ".amount>")


def last_steps(sheet: Sheet) -> list[str]:
    """The formulas of requirements that are more than the sum of the groups that bound them."""
    plan = sheet.asked[0].result.answer.plan if sheet.asked else None
    texts = {output.name: plan.nodes[output.node].origin.text for output in plan.outputs} if plan else {}
    return [
        f"amounts before the last step: {asked.name} = {' '.join(texts[asked.name].split())}"
        for asked in sheet.asked
        if texts.get(asked.name)
        and not all(sums_up(asked.result[name], asked.name) for name in sheet.accounts)
    ]


def sums_up(found: AccountResult, name: str) -> bool:
    """Whether a requirement is the sum of the groups that bound it; true where there are none."""
    parts = found.binding.get(name, ())
    return adds_up(found.requirements[name], [part.amount for part in parts if part.amount and part.by])


def bound_parts(sheet: Sheet, account: str) -> list[tuple[str, Bind]]:
    """The groups that bound an account's requirements, each with the requirement."""
    found = sheet.asked[0].result[account] if sheet.asked else None
    bound = found.binding if found is not None else {}
    return [(name, part) for name, parts in bound.items() for part in parts if part.amount and part.by]


def bound_cells(sheet: Sheet, account: str) -> list[RenderableType]:
    """The groups that bound an account's requirements, one a line."""
    parts = bound_parts(sheet, account)
    columns = [
        [name for name, _ in parts],
        [part.group or part.level for _, part in parts],
        [part.by or "" for _, part in parts],
        [amount(part.amount) for _, part in parts],
    ]
    return ["\n".join(column) for column in (columns if len(sheet.asked) > 1 else columns[1:])]


# ---- a line a requirement ----------------------------------------------------------------------------------


def long_table(sheet: Sheet) -> Table:
    """For each account its equity, then every requirement below it."""
    compared = [f"{word}>" for word in SAVING if any(asked.changes for asked in sheet.asked)]
    table = plain_table("account, rule set~", "requirement", "amount>", *compared)
    for account in sheet.accounts:
        equity = [Text("equity", style="dim"), equity_cell(sheet.book, account)] if sheet.has_equity else []
        table.add_row(Text(account, style="bold"), *equity)
        add_lines(table, sheet, [cells(asked, account) for asked in sheet.asked])
    if sheet.totalled:
        table.add_section()
        table.add_row(Text(sheet.total_label, style="bold"))
        add_lines(table, sheet, [total_cells(asked, sheet.totalled) for asked in sheet.asked])
    return table


def add_lines(table: Table, sheet: Sheet, listed: Sequence[list[Text]]) -> None:
    """A line for each requirement, behind its rule set, which is named once."""
    before = None
    for asked, found in zip(sheet.asked, listed, strict=True):
        name = asked.result.rules.name
        table.add_row("" if asked.result is before else f"  {name}", asked.label, *found)
        before = asked.result
