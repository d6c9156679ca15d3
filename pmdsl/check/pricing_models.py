"""Warning: a model for European options that can be reached by an American one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pmdsl.check import wording
from pmdsl.check.dimensions import Dimension
from pmdsl.check.scope import Target
from pmdsl.diagnostics import Findings
from pmdsl.plan.lower.elaborator import Elaborator
from pmdsl.pricing.catalogue import MODELS
from pmdsl.syntax import ast
from pmdsl.types.attributes import OPTIONS


def check_pricing_models(e: Elaborator, targets: Sequence[Target], findings: Findings) -> None:
    """Each row of the pricing table whose model cannot be exercised early."""
    for target in targets:
        if isinstance(target.declared, ast.Pricing):
            check_rows(e, target, findings)


def check_rows(e: Elaborator, target: Target, findings: Findings) -> None:
    """Rows that an American option reaches, earlier rows taken into account."""
    models = e.graph.nodes[e.matches["pricing"]].params["models"]
    board = target.board
    if not board.exact:
        return
    for line, model in zip(target.sheet.lines, models, strict=True):
        info = MODELS[str(model["name"])]
        if info.american or not info.uses_volatility:
            continue
        before = (1 << line.number) - 1
        reached = (
            is_american_option(case.cells, target.sheet.dimensions, e)
            and any(rows >> line.number & 1 and not rows & before for rows in case.takes)
            for case in board.cases
        )
        if any(reached):
            findings.add(
                "PM430",
                f"{wording.row(line)} of the pricing table gives American options to "
                f"`{info.name}`, which prices European ones",
                line.span,
                hint="put a row for `exercise == american` with `american` or `binomial(steps: …)` before "
                "it, or add `and exercise == european`; such an instrument is an error when it is valued",
            )


def is_american_option(cells: Mapping[int, int], dimensions: tuple[Dimension, ...], e: Elaborator) -> bool:
    """Whether a case can be one of an American option; what conditions do not ask about can be anything."""
    return allows(cells, dimensions, e, "kind", OPTIONS) and allows(
        cells, dimensions, e, "exercise", frozenset({"american"})
    )


def allows(
    cells: Mapping[int, int],
    dimensions: tuple[Dimension, ...],
    e: Elaborator,
    column: str,
    words: frozenset[str],
) -> bool:
    """Whether an attribute of the instrument can be one of some words in a case."""
    for number, bits in cells.items():
        dimension = dimensions[number]
        node = e.graph.nodes[dimension.node]
        if node.op == "input" and node.params["table"] == "instrument" and node.params["column"] == column:
            possible = {
                word
                for i, atom in enumerate(dimension.atoms)
                if bits >> i & 1
                for word in atom.says.split(", ")
            }
            return bool(possible & words)
    return True
