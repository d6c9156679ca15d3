"""Names inside of `strategies`: none is given twice, and none is charged twice."""

from __future__ import annotations

from collections.abc import Iterable

from pmdsl.diagnostics import Findings, Label
from pmdsl.syntax import ast

HINT = "keep one of them, or give one another name"


def check_patterns(members: Iterable[ast.Declaration], findings: Findings) -> None:
    """Report what stands twice among the strategies of a methodology, of overrides as well."""
    for member in members:
        declared = member.declaration if isinstance(member, ast.Override) else member
        if isinstance(declared, ast.Strategies):
            check_strategies(declared, findings)


def check_strategies(declared: ast.Strategies, findings: Findings) -> None:
    """Amounts and patterns share one list: a pairing is read by both, `opening.initial`, `opening.spread`."""
    amounts = [amount.name for amount in declared.amounts]
    patterns = [pattern.name for pattern in declared.patterns]
    report_twice([*amounts, *patterns], "is declared twice", HINT, findings)
    for pattern in declared.patterns:
        report_twice([slot.name for slot in pattern.slots], "is declared twice", HINT, findings)
        charged = [charge.amount for charge in pattern.charges]
        report_twice(charged, f"is charged twice by `{pattern.name}`", "keep one of them", findings)


def report_twice(names: Iterable[ast.Name], what: str, hint: str, findings: Findings) -> None:
    """Report each name that an earlier one has as well."""
    first: dict[str, ast.Name] = {}
    for name in names:
        known = first.setdefault(name.text, name)
        if known is not name:
            findings.add(
                "PM201", f"`{name}` {what}", name.span, labels=[Label(known.span, "first here")], hint=hint
            )
