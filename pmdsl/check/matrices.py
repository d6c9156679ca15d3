"""Proof: a matrix gives each pair one number, from -1 to 1, and 1 to a key and itself."""

from __future__ import annotations

from fractions import Fraction

from pmdsl.check.scope import is_own
from pmdsl.diagnostics import Findings, Label
from pmdsl.plan.lower.elaborator import Elaborator
from pmdsl.source import Span
from pmdsl.syntax import ast
from pmdsl.syntax.exact import exact_value


def check_matrices(e: Elaborator, findings: Findings) -> None:
    """The matrices that the rule set writes."""
    for matrix in e.program.all(ast.Matrix):
        if is_own(e, matrix) and matrix.body is not None:
            check_rows(matrix.name.text, matrix.body.rows[1:], findings)
            check_range(matrix.name.text, matrix.body.default, findings)


def check_rows(name: str, rows: tuple[ast.Row, ...], findings: Findings) -> None:
    seen: dict[frozenset[str], Span] = {}
    for row in rows:
        keys = [key_of(cell) for cell in row.cells[:2]]
        if len(row.cells) != 3 or not all(keys):
            continue  # which has been said
        pair = frozenset(keys)
        first = seen.setdefault(pair, row.span)
        if first is not row.span:
            findings.add(
                "PM425",
                f"`{name}` gives {' and '.join(f'`{key}`' for key in keys)} a number twice",
                row.span,
                labels=[Label(first, "first here")],
                hint="a pair stands once, either way round",
            )
        check_range(name, row.cells[2], findings, own=len(pair) == 1)


def key_of(cell: ast.Expr | None) -> str:
    return cell.value if isinstance(cell, ast.Text) else str(cell) if isinstance(cell, ast.Path) else ""


def check_range(name: str, cell: ast.Expr | None, findings: Findings, own: bool = False) -> None:
    """A number of a pair lies from -1 to 1; that of a key with itself is 1."""
    exact = exact_value(cell) if cell is not None else None
    if cell is None or exact is None or exact[1]:
        return
    if own and exact[0] != 1:
        message = f"`{name}` gives a key and itself {cell.span.text}"
        findings.add("PM426", message, cell.span, hint="it is 1, and need not be written")
    elif abs(exact[0]) > Fraction(1):
        message = f"`{name}` gives a pair {cell.span.text}"
        findings.add("PM426", message, cell.span, hint="a number of a pair lies from -100% to 100%")
