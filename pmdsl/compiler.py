"""The compiler as one function: from a rule file to a plan, with everything that was found on the way."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pmdsl.check import run_checks
from pmdsl.diagnostics import Findings
from pmdsl.names.collect import collect
from pmdsl.names.library import Library, parent_entry
from pmdsl.names.program import Program
from pmdsl.plan.digest import digest
from pmdsl.plan.lower import elaborate, to_plan
from pmdsl.plan.lower.elaborator import Elaborator
from pmdsl.plan.nodes import Plan
from pmdsl.source import Source
from pmdsl.syntax import ast
from pmdsl.syntax.parser import parse


@dataclass(frozen=True, eq=False)
class Compiled:
    """One methodology of a file: its program, its plan for all dates (None where there are errors), and
    the tests beside it.
    """

    program: Program
    elaborator: Elaborator
    plan: Plan | None


@dataclass(frozen=True, eq=False)
class CompiledFile:
    """A rule file: its tree, its methodologies, its tests."""

    source: Source
    tree: ast.File
    methodologies: tuple[Compiled, ...]

    @property
    def tests(self) -> tuple[ast.TestCase, ...]:
        return tuple(item for item in self.tree.items if isinstance(item, ast.TestCase))


def compile_source(
    source: Source, library: Library, findings: Findings, *, checks: bool = True
) -> CompiledFile:
    """Compile every methodology of a text. Findings are collected; a methodology with errors has no plan."""
    own = Findings()
    tree = parse(source, own)
    broken = own.has_errors
    compiled = [
        compile_methodology(item, library, own, checks=checks and not broken)
        for item in tree.items
        if isinstance(item, ast.Methodology)
    ]
    if broken:
        compiled = [replace(found, plan=None) for found in compiled]
    findings.extend(own)
    return CompiledFile(source, tree, tuple(compiled))


def compile_methodology(
    methodology: ast.Methodology, library: Library, findings: Findings, *, checks: bool = True
) -> Compiled:
    """Names, types and plan of one methodology."""
    own = Findings()
    parents: list[Program] = []

    def find_parent(extends: ast.Extends) -> Program | None:
        found = parent_program(extends, methodology, library, own)
        parents.extend([found] if found else [])
        return found

    program = collect(methodology, find_parent, own)
    elaborator = elaborate(program, own)
    if checks:
        run_checks(elaborator, own)
    plan = None
    if not own.has_errors:
        plan = to_plan(elaborator)
        parent = (program.base.name, parent_digest(program.base)) if program.base else None
        plan = replace(plan, digest=digest(plan), parent=parent)
        check_pin(program, parent, own)
    findings.extend(own)
    return Compiled(program, elaborator, plan if not own.has_errors else None)


def parent_program(
    extends: ast.Extends, child: ast.Methodology, library: Library, findings: Findings
) -> Program | None:
    """The parent of a methodology: beside it in its folder, or in the library."""
    entry = parent_entry(extends.parent, child.span.source, library)
    if entry is None:
        findings.add(
            "PM209",
            f"there is no rule set `{extends.parent}`",
            extends.span,
            hint=library.suggestion(extends.parent),
        )
        return None
    tree = parse(entry.source, findings)
    found = next((i for i in tree.items if isinstance(i, ast.Methodology) and i.name == extends.parent), None)
    if found is None:
        return None
    if any(isinstance(member, ast.Extends) for member in found.members):
        findings.add(
            "PM209",
            f"`{extends.parent}` extends another rule set itself",
            extends.span,
            hint="there is one level of inheritance",
        )
        return None
    return collect(found, lambda _: None, findings)


def parent_digest(program: Program) -> str:
    """The digest of a parent by itself, as its own answers print it."""
    return digest(to_plan(elaborate(program, Findings())))


def check_pin(program: Program, parent: tuple[str, str] | None, findings: Findings) -> None:
    """The parent must be the one that was named; one that is not pinned is said."""
    extends, base = program.extends, program.base
    if extends is None or base is None or parent is None:
        return
    if extends.version is None and extends.digest is None:
        hint = f'write `extends {base.name} at "{base.version}"`'
        findings.add(
            "PM237", f"`{base.name}` is extended in whatever version is at hand", extends.span, hint=hint
        )
    elif extends.version is not None and extends.version != base.version:
        hint = f'read what changed, then write `at "{base.version}"`'
        findings.add(
            "PM238",
            f"`{base.name}` is version {base.version}, and {extends.version} is asked for",
            extends.span,
            hint=hint,
        )
    if extends.digest is not None and extends.digest != parent[1]:
        hint = f'read what changed, then write `digest "{parent[1]}"`'
        findings.add(
            "PM238", f"`{base.name}` means something else than when it was pinned", extends.span, hint=hint
        )
