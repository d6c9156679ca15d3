"""SymPy's printers with names left as they are: `position_floor` is one name, and no subscript."""

from __future__ import annotations

import re
from typing import Any

from sympy.printing.latex import LatexPrinter
from sympy.printing.pretty.pretty import PrettyPrinter
from sympy.printing.pretty.stringpict import prettyForm

REDUCTION = re.compile(r"(.+)\[(.+)\]")
SIGNS = {"Σ": r"\sum", "max": r"\max", "min": r"\min"}


class Drawing(PrettyPrinter):  # type: ignore[misc]
    """Formulas drawn in characters."""

    def _print_Symbol(self, e: Any, bold_name: bool = False) -> Any:  # noqa: N802
        return prettyForm(e.name)

    def _print_Function(self, e: Any, sort: bool = False, func_name: Any = None, **rest: Any) -> Any:  # noqa: N802
        name = func_name or (e.func.__name__ if REDUCTION.fullmatch(e.func.__name__) else None)
        return super()._print_Function(e, sort=sort, func_name=name, **rest)


class Latex(LatexPrinter):  # type: ignore[misc]
    """Formulas in LaTeX."""

    def _print_Symbol(self, expr: Any, style: str = "plain") -> str:  # noqa: N802
        return text(expr.name)

    def _hprint_Function(self, func: str) -> str:  # noqa: N802
        found = REDUCTION.fullmatch(func)
        if found is None:
            return rf"\operatorname{{{escaped(func)}}}"
        sign = SIGNS.get(found[1], rf"\operatorname{{{escaped(found[1])}}}")
        return rf"{sign}_{{{text(found[2])}}}"


def text(name: str) -> str:
    return rf"\text{{{escaped(name)}}}"


def escaped(name: str) -> str:
    return re.sub(r"([_%$&#{}])", r"\\\1", name)


def drawn(expression: Any) -> tuple[list[str], int]:
    """The lines of a formula, and which of them is its middle."""
    form = Drawing({"use_unicode": True, "wrap_line": False, "order": "none"})._print(expression)
    return str(form).split("\n"), int(form.baseline)


def latex(expression: Any) -> str:
    """A formula in LaTeX."""
    return str(Latex({"order": "none"}).doprint(expression))
