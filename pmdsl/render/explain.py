"""An explanation as a tree: requirement, groups, positions, and beside each group the rows that mattered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import PurePath
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from pmdsl.render.amounts import amount, cents, dim, number, percent, price, short_digest
from pmdsl.render.findings import few, message_line

if TYPE_CHECKING:
    from pmdsl.compare.explanation import Cited, Credit, Explanation, Fact, Held, Part, Requirement

Names = frozenset[str]

NEAR = 1e-9
LONGEST_KEY = 26
CHOICE = ("taken", "left")


def explanation_picture(found: Explanation, messages: bool = True) -> RenderableType:
    """Every requirement as a tree, the sources at the end; `messages`: whether to tell what was found."""
    head = Text.assemble((found.account, "bold"), f" under {found.rules} {found.version} on {found.on}")
    head.append(f"   {short_digest(found.digest)}", style="dim")
    parts: list[RenderableType] = [head]
    for place, requirement in enumerate(found.requirements):
        earlier = frozenset(r.name for r in found.requirements[:place])
        told = [param for r in found.requirements[:place] for param in r.params]
        parts += [Text(), *requirement_picture(requirement, found.currency, earlier, told)]
    parts += [message_line(message) for message in found.messages if messages]
    if found.sources:
        parts += [Text(), grid([[dim(name), dim(title)] for name, title in found.sources.items()])]
    return Group(*parts)


def requirement_picture(
    found: Requirement, currency: str, earlier: Names, told: Sequence[Cited]
) -> list[RenderableType]:
    """The amount and the formula, the tree, and the parameters; nothing is told twice."""
    head = Text.assemble((found.name, "bold"), "  ", (amount(found.amount), "bold cyan"), f" {currency}")
    lines: list[RenderableType] = [head, formula_line(found)]
    if found.whole is not None:
        lines.append(whole_tree(found.whole, earlier))
    params = [param for param in found.params if param not in told]
    if params:
        word = "parameters" if len(params) == len(found.params) else "parameters, beside those above"
        lines += [dim(word), Padding(cited_grid(params), (0, 0, 0, 2))]
    return lines


def formula_line(found: Requirement) -> Text:
    line = Text(f"= {found.formula}", style="italic")
    line.append(f"   {' · '.join(filter(None, [found.place, *found.cites]))}", style="not italic dim")
    line.append("  unverified" if found.unverified else "", style="not italic yellow")
    return line


# ---- the tree ----------------------------------------------------------------------------------------------


def whole_tree(whole: Part, earlier: Names) -> Tree:
    """The tree below a requirement."""
    root = Tree(whole_label(whole), guide_style="dim", hide_root=not (whole.facts or whole.by))
    grow(root, whole, earlier)
    return root


def whole_label(whole: Part) -> Text:
    """The steps down from the requirement, one a line; before them what set it, where that is one point."""
    lines = details([whole])
    if whole.by or not lines:
        return with_lines(Text.assemble((cents(whole.amount), "cyan"), set_by(whole)), lines)
    return Text("\n".join(lines), style="not bold dim")


def grow(tree: Tree, part: Part, earlier: Names, by: str = "") -> None:
    """Add what a part is made of below it; `by` is what set the value that it belongs to."""
    by = part.by or by
    for child in (child for child in part.parts if child.amount != 0):
        chain = unbroken(child)
        if child.level == "account" and child.step in earlier:
            tree.add(part_label(chain[:1]).append("  as above", style="not bold dim"))
            continue
        grow(tree.add(part_label(chain)), chain[-1], earlier, next((p.by for p in chain if p.by), by))
    nothing = [child.name for child in part.parts if child.amount == 0]
    if nothing:
        tree.add(dim(f"{few(nothing)}  0.00"))
    if part.positions:
        tree.add(positions_table(part.positions, by))
    if part.cited:
        tree.add(cited_grid(part.cited))


def unbroken(part: Part) -> list[Part]:
    """A part and those below it that have its amount and nothing beside them."""
    chain = [part]
    while (
        len(chain[-1].parts) == 1
        and abs(abs(chain[-1].parts[0].amount) - abs(chain[-1].amount)) <= NEAR
        and not chain[-1].facts
    ):
        if chain[-1].cited:
            break
        chain.append(chain[-1].parts[0])
    return chain


def part_label(chain: list[Part]) -> Text:
    """Names, amount and what set it; below them the operands, and how gains were credited."""
    first = chain[0]
    label = Text(" › ".join(dict.fromkeys(part.name for part in chain)), style="bold" if first.by else "")
    label.append(f"  {cents(first.amount)}", style="cyan" if first.by else "")
    label.append_text(set_by(first))
    levels = dict.fromkeys(part.level for part in chain if part.level != "account")
    label.append(f"   {', '.join(levels)}" if levels else "", style="not bold dim italic")
    return with_lines(label, details(chain))


def set_by(part: Part) -> Text:
    """`at d5`, or `minimum`."""
    if not part.by:
        return Text()
    return Text.assemble(
        (" at " if part.by not in ("minimum", "cap") else " ", "not bold dim"), (part.by, "not bold magenta")
    )


def details(chain: list[Part]) -> list[str]:
    """The operands and factors behind an amount, and the gains and losses that met in it."""
    lines = [line for part in chain for line in facts_lines(part.facts)]
    lines += [part.how for part in chain if part.how]
    return lines + [
        credit_text(part.credit) for part in chain if part.credit is not None and matters(part.credit)
    ]


def with_lines(label: Text, lines: list[str]) -> Text:
    for line in lines:
        label.append(f"\n  {line}", style="not bold dim")
    return label


def facts_lines(facts: Sequence[Fact]) -> list[str]:
    """From the outside in: `105.00 = 100.00 × 1.05 (1 + buffer)`, `scan 100.00 over floor 0.00`."""
    runs = [list(found) for _, found in groupby(facts, key=lambda fact: fact.role in CHOICE)]
    return [
        line
        for run in runs
        for line in ([choice_line(run)] if run[0].role in CHOICE else map(factor_line, run))
    ]


def choice_line(facts: Sequence[Fact]) -> str:
    """The operand that was taken over the others."""
    taken = [f"{fact.name} {cents(fact.value)}" for fact in facts if fact.role == "taken"]
    left = [f"{fact.name} {cents(fact.value)}" for fact in facts if fact.role == "left"]
    return f"{', '.join(taken)} over {', '.join(left)}" if left else ", ".join(taken)


def factor_line(fact: Fact) -> str:
    """A value as what it is multiplied or divided from."""
    sign = "×" if fact.role == "factor" else "÷"
    made = f"{sign} {number(fact.value)} ({fact.name})"
    if fact.of is None or (fact.role == "divisor" and fact.value == 0):
        return made
    whole = fact.of * fact.value if fact.role == "factor" else fact.of / fact.value
    return f"{cents(whole)} = {cents(fact.of)} {made}"


def matters(credit: Credit) -> bool:
    """Whether crediting changed anything that is to be seen: gains that met losses, or a share of them."""
    return credit.gains != 0 and (credit.losses != 0 or credit.share not in (1.0, None))


def credit_text(credit: Credit) -> str:
    share = "credited gains" if credit.share is None else f"{percent(credit.share)} of gains"
    return f"losses {cents(credit.losses)} + {share} {cents(credit.gains)}"


# ---- leaves ------------------------------------------------------------------------------------------------


def positions_table(positions: tuple[Held, ...], by: str) -> Table:
    """The positions: size, value of a unit before and at the point, and what it makes."""
    shocked = by not in ("minimum", "cap") and any(held.shocked is not None for held in positions)
    valued = any(held.value is not None for held in positions)
    sized = any(held.quantity is not None for held in positions)
    lots = any(held.multiplier not in (None, 1.0) for held in positions)
    table = Table.grid(padding=(0, 2))
    table.add_column()
    headers = [
        ("quantity", sized),
        ("×", lots),
        ("now", valued),
        (f"at {by}" if by else "shocked", shocked),
        ("amount", True),
    ]
    for _, shown in headers:
        if shown:
            table.add_column(justify="right", no_wrap=True)
    table.add_row(dim("position"), *(dim(head) for head, shown in headers if shown))
    for held in positions:
        cells: list[Text | str] = [
            number(held.quantity),
            number(held.multiplier),
            price(held.value),
            price(held.shocked),
            pnl(held.amount),
        ]
        table.add_row(
            held.position, *(cell for cell, (_, shown) in zip(cells, headers, strict=True) if shown)
        )
    return table


def pnl(value: float) -> Text:
    return Text(cents(value), style="red" if value < 0 else "")


def cited_grid(rows: Iterable[Cited]) -> Table:
    """Rows of tables and segments of parameters: key, values, place, citations."""
    return grid([cited_cells(row) for row in rows])


def cited_cells(row: Cited) -> list[Text]:
    name = Text(row.name)
    name.append(f" {row.key}" if "" in row.values else f"[{shortened(row.key)}]", style="dim")
    values = Text(", ".join(f"{column} {cell}".strip() for column, cell in row.values.items()))
    note = Text.assemble(("unverified " if row.unverified else "", "yellow"), (", ".join(row.cites), "dim"))
    return [name, values, dim(PurePath(row.place).name), note]


def shortened(text: str) -> str:
    return text if len(text) <= LONGEST_KEY else text[: LONGEST_KEY - 1] + "…"


def grid(rows: Iterable[list[Text]]) -> Table:
    table = Table.grid(padding=(0, 2))
    for row in rows:
        table.add_row(*row)
    for column in table.columns[:1]:
        column.no_wrap = True
    return table
