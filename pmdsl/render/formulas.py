"""A requirement as formulas: its own, then that of each step below it."""

from __future__ import annotations

from collections.abc import Iterator

from pmdsl.author.flattened import program_of
from pmdsl.diagnostics import PmdslError, did_you_mean
from pmdsl.names.program import Program
from pmdsl.rules import Rules
from pmdsl.syntax import ast

KINDS = (ast.Require, ast.Step, ast.Report)
Formula = ast.Require | ast.Step | ast.Report


def formulas_text(rules: Rules, name: str, latex: bool = False) -> str:
    """The formula of a value and of every step that it needs, each after those that use it.

    Raises PmdslError.
    """
    program = program_of(rules)
    first = declared(program, name)
    if first is None:
        known = [name for kind, name in program.declared if issubclass(kind, KINDS)]
        hint = did_you_mean(name, known) or f"they are {', '.join(known)}"
        raise PmdslError.single("PM910", f"`{rules.name}` has no step or requirement `{name}`", hint=hint)
    shown = [latex_formula(found) if latex else drawn_formula(found) for found in below(program, first)]
    return "\n\n".join(shown) + "\n"


def declared(program: Program, name: str) -> Formula | None:
    """The declaration of a value."""
    return program.get(ast.Require, name) or program.get(ast.Step, name) or program.get(ast.Report, name)


def below(program: Program, first: Formula) -> Iterator[Formula]:
    """A formula and those that it reads, breadth first, each once."""
    seen: set[str] = set()
    queue = [first]
    for found in queue:
        if found.name.text in seen:
            continue
        seen.add(found.name.text)
        yield found
        paths = [node for node in ast.walk(found.value) if isinstance(node, ast.Path)]
        queue.extend(step for path in paths if (step := declared(program, path.parts[0])) is not None)


def drawn_formula(found: Formula) -> str:
    """`name = …`, drawn in characters, the name on the line of the equals sign."""
    from pmdsl.render.printers import drawn
    from pmdsl.render.symbols import expression

    lines, middle = drawn(expression(found.value))
    head = f"{found.name.text} = "
    indented = [(head if place == middle else " " * len(head)) + line for place, line in enumerate(lines)]
    return "\n".join(line.rstrip() for line in indented)


def latex_formula(found: Formula) -> str:
    """`name = …` as LaTeX."""
    from pmdsl.render.printers import latex
    from pmdsl.render.symbols import expression, symbol

    return f"{latex(symbol(found.name.text))} = {latex(expression(found.value))}"
