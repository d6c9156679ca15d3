"""Warning: values without a citation; error: citations of sources that are not declared."""

from __future__ import annotations

from pmdsl.check.scope import first_line, is_own, place_of
from pmdsl.check.unused import cells_citing
from pmdsl.diagnostics import Findings, did_you_mean, listed
from pmdsl.names.program import key_of
from pmdsl.plan.lower.elaborator import Elaborator
from pmdsl.plan.lower.tables import layout_of
from pmdsl.syntax import ast

WORDS = {
    ast.Param: "param",
    ast.TableDecl: "table",
    ast.Matrix: "matrix",
    ast.Scenarios: "scenarios",
    ast.Require: "requirement",
}


def check_uncited(e: Elaborator, findings: Findings) -> None:
    """Every declaration that carries values; a rule set without any source is told so once."""
    sources = [source.name.text for source in e.program.all(ast.SourceDecl)]
    check_names(e, sources, findings)
    if not sources:
        findings.add(
            "PM244",
            f"`{e.program.name}` names no source, so that none of its values can be checked against one",
            first_line(e.program.span),
            hint=(
                "declare one: `source rulebook "
                '{ title "…" publisher "…" read_on 2026-01-31 }`, and cite it beside each value'
            ),
        )
        return
    for written in own_values(e):
        if not is_cited(written):
            name = getattr(written, "name", None)
            findings.add(
                "PM243",
                f"the {WORDS[type(written)]} `{name}` cites nothing",
                place_of(written),
                hint=(
                    f'say where its values stand: `cite {sources[0]} at "…"`, with '
                    "`unverified` where nobody has looked yet"
                ),
            )


def own_values(e: Elaborator) -> list[ast.Declaration]:
    """The value-carrying declarations as the rule set wrote them.

    An override by itself, without what it changes.
    """
    overriding = {key_of(o.declaration): o.declaration for o in e.program.overridden}
    found = [
        overriding.get(key, declared) for key, declared in e.program.declared.items() if is_own(e, declared)
    ]
    return [declared for declared in found if carries_values(declared)]


def carries_values(declared: ast.Declaration) -> bool:
    if isinstance(declared, ast.TableDecl | ast.Matrix):
        return declared.body is not None and len(declared.body.rows) > 1
    if isinstance(declared, ast.Scenarios):
        return isinstance(declared.content, ast.Body)
    return isinstance(declared, ast.Param | ast.Require)


def is_cited(declared: ast.Declaration) -> bool:
    """Whether a declaration cites a source, or each of its rows does."""
    parts = (declared, getattr(declared, "body", None), getattr(declared, "content", None))
    notes = [getattr(part, "notes", None) for part in parts]
    if any(isinstance(note, ast.Notes) and note.cites for note in notes):
        return True
    if isinstance(declared, ast.TableDecl):
        rows = layout_of(declared).rows
        return bool(rows) and all(row.get("cite") is not None for row in rows)
    return False


def check_names(e: Elaborator, sources: list[str], findings: Findings) -> None:
    """Each citation names a source that is declared."""
    for declared, nodes in e.program.nodes:
        if not is_own(e, declared):
            continue
        for node in nodes:
            if isinstance(node, ast.Cite) and node.source.text not in sources:
                unknown(node.source.text, node, sources, findings)
    for cell in cells_citing(e):
        name = str(cell.operand) if isinstance(cell.operand, ast.Path) else ""
        if name not in sources and cell.span.source is e.program.source:
            unknown(name or cell.operand.span.text, cell, sources, findings)


def unknown(name: str, node: ast.Node, sources: list[str], findings: Findings) -> None:
    span = node.source.span if isinstance(node, ast.Cite) else node.span
    hint = did_you_mean(name, sources, findings) or (
        f"the sources are {listed(sources)}" if sources else 'declare it: `source … { title "…" }`'
    )
    findings.add("PM242", f"there is no source `{name}`", span, hint=hint)
