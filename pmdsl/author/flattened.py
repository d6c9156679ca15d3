"""A rule set as one text: its own declarations and those of its parent, with every override applied."""

from __future__ import annotations

from pmdsl.diagnostics import PmdslError
from pmdsl.names.program import Program
from pmdsl.rules import Rules
from pmdsl.syntax import ast

HEADER = (ast.Title, ast.Version, ast.Currency, ast.Covers, ast.Extends)


def program_of(rules: Rules) -> Program:
    """The program behind a rule set. Raises PmdslError for a written plan, which has none."""
    if rules.compiled is None:
        message = f"`{rules.name}` is a written plan: its text is not in it"
        raise PmdslError.single("PM910", message, hint="name the rule file that it was made from")
    return rules.compiled.program


def flattened(rules: Rules) -> str:
    """The text of a rule set with its parent merged in, without comments."""
    from pmdsl.syntax.printer import print_file

    program = program_of(rules)
    file = ast.File(edition="1", items=(merged(program),))
    return print_file(file) if program.base is None else with_note(print_file(file), rules, program.base)


def merged(program: Program) -> ast.Methodology:
    """One methodology that declares everything."""
    start, end = program.covers
    head: list[ast.Declaration] = [
        ast.Title(program.title),
        ast.Version(program.version),
        ast.Currency(ast.Name(program.currency)),
        ast.Covers(start, end),
    ]
    rest = [member for member in program.declared.values() if not isinstance(member, HEADER)]
    return ast.Methodology(program.name, (*head, *rest), span=program.span)


def with_note(text: str, rules: Rules, base: Program) -> str:
    """A comment that says what was merged in; `base.NAME` still means the parent by itself."""
    edition, rest = text.split("\n", 1)
    parent = rules.parent[1] if rules.parent is not None else ""
    said = f"# {rules.name} with {base.name} {base.version} merged in."
    note = f"{said}\n# Parent: {parent}\n# `base.NAME` is the parent's value."
    return f"{edition}\n\n{note}\n{rest}"
