"""Merges a parent's declarations with a child's overrides and removals.

What a child may do to a parent's table is the language's rule for dated values: a row replaces the row of
equal key from its date on; a row of the parent that begins later must be restated, because it would silently
undo the
child's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from pmdsl.diagnostics import Findings, Label, did_you_mean
from pmdsl.names.program import Program, key_of
from pmdsl.syntax import ast

Declared = dict[tuple[type[ast.Declaration], str], ast.Declaration]
# Columns that say when a row holds and where it stands, and not what it says.
MAY_DIFFER = {"from", "to", "cite", "because", "unverified"}
NEVER_INHERITED = (ast.Title, ast.Version, ast.Covers, ast.Extends)


def inherit(
    parent: Program | None, members: Sequence[ast.Declaration], declared: Declared, findings: Findings
) -> Declared:
    """The parent's declarations, changed as the child says, and the child's own."""
    merged: Declared = {}
    if parent is not None:
        merged = {
            key: value for key, value in parent.declared.items() if not isinstance(value, NEVER_INHERITED)
        }
    for key, member in declared.items():
        add_own(key, member, merged, findings)
    for member in members:
        if isinstance(member, ast.Override):
            override(member, parent, merged, findings)
        elif isinstance(member, ast.Remove):
            remove(member, parent, merged, findings)
    return merged


def add_own(
    key: tuple[type[ast.Declaration], str], member: ast.Declaration, merged: Declared, findings: Findings
) -> None:
    """Enter a child's declaration; one that the parent has as well must say that it overrides."""
    clash = merged.get(key)
    if isinstance(member, ast.Input) and isinstance(clash, ast.Input):
        merged[key] = replace(clash, fields=fields_of(clash, member))
        return
    if clash is not None and not isinstance(member, ast.Currency | ast.SourceDecl):
        findings.add(
            "PM204",
            f"the parent declares {said(key)} already",
            member.span,
            labels=[Label(clash.span, "here")],
            hint="write `override` before it, with a `because`",
        )
        return
    merged[key] = member


def said(key: tuple[type[ast.Declaration], str]) -> str:
    """How messages call a declaration: by its name, or by its keyword where it has none."""
    return f"`{key[1]}`" if key[1] else f"its `{statement_word(key[0])}`"


def fields_of(parent: ast.Input, child: ast.Input) -> tuple[ast.Field, ...]:
    """The attributes of both; the child's word counts where both have one."""
    own = {field.name.text for field in child.fields}
    return (*(field for field in parent.fields if field.name.text not in own), *child.fields)


def override(member: ast.Override, parent: Program | None, merged: Declared, findings: Findings) -> None:
    """Replace or amend one declaration of the parent."""
    new = member.declaration
    key = key_of(new)
    old = merged.get(key) if parent is not None and key in parent.declared else None
    notes = getattr(new, "notes", ast.Notes())
    if not notes.because and not getattr(getattr(new, "body", None), "notes", ast.Notes()).because:
        findings.add(
            "PM205",
            f"the override of {said(key)} does not say why",
            member.span,
            hint='end it with `because "…"`',
        )
    if old is None:
        missing(member.span, key[1], parent, findings)
        merged[key] = new
    elif isinstance(old, ast.TableDecl) and isinstance(new, ast.TableDecl):
        merged[key] = merge_table(old, new, findings)
    elif isinstance(old, ast.Param) and isinstance(new, ast.Param):
        merged[key] = merge_param(old, new, findings)
    else:
        merged[key] = new


def missing(span: object, name: str, parent: Program | None, findings: Findings) -> None:
    """Report an override or a removal of something that the parent does not have."""
    from pmdsl.source import Span

    place = span if isinstance(span, Span) else None
    if parent is None:
        findings.add("PM206", "there is no parent to change", place, hint='add `extends NAME at "VERSION"`')
    else:
        hint = did_you_mean(name, parent.names, findings)
        findings.add("PM206", f"`{parent.name}` has no `{name}`", place, hint=hint)


def remove(member: ast.Remove, parent: Program | None, merged: Declared, findings: Findings) -> None:
    """Take one declaration of the parent away."""
    if not member.notes.because:
        findings.add(
            "PM205",
            f"the removal of `{member.name}` does not say why",
            member.span,
            hint='end it with `because "…"`',
        )
    found = [key for key in merged if key[1] == member.name and statement_word(key[0]) == member.what.text]
    if not found or parent is None:
        missing(member.span, member.name, parent, findings)
    for key in found:
        del merged[key]


def statement_word(kind: type[ast.Declaration]) -> str:
    """The keyword of a kind of statement."""
    return kind.__name__.removesuffix("Decl").lower()


# ---- dated values
# --------------------------------------------------------------------------------------------------


def merge_param(old: ast.Param, new: ast.Param, findings: Findings) -> ast.Param:
    """The parent's segments up to the child's first, then the child's."""
    first = min((segment.start for segment in new.segments), default=date.max)
    own = {segment.start for segment in new.segments}
    for segment in old.segments:
        if segment.start > first and segment.start not in own:
            restate(old.name.text, segment.start, new.span, segment.span, findings)
    kept = tuple(segment for segment in old.segments if segment.start < first)
    return replace(
        new,
        segments=kept + new.segments,
        stricter=new.stricter or old.stricter,
        notes=join_notes(old.notes, new.notes),
    )


def restate(name: str, start: date, at: object, old: object, findings: Findings) -> None:
    """Report a later value of the parent that the child leaves standing."""
    from pmdsl.source import Span

    findings.add(
        "PM207",
        f"the parent gives `{name}` another value from {start}, after this one",
        at if isinstance(at, Span) else None,
        labels=[Label(old, "here")] if isinstance(old, Span) else [],
        hint=f"say what holds from {start} as well, so that nothing is undone in silence",
    )


def join_notes(old: ast.Notes, new: ast.Notes) -> ast.Notes:
    """Both sets of citations; a value stays unverified where either says so."""
    return replace(new, cites=new.cites or old.cites, unverified=new.unverified or old.unverified)


def merge_table(old: ast.TableDecl, new: ast.TableDecl, findings: Findings) -> ast.TableDecl:
    """A unique table row by row; any other table whole."""
    if old.policy != "unique" or old.body is None or new.body is None:
        return replace(new, policy=old.policy)
    old_header, new_header = (names(body.rows[0]) if body.rows else [] for body in (old.body, new.body))
    if set(new_header) - MAY_DIFFER != set(old_header) - MAY_DIFFER:
        findings.add(
            "PM208",
            f"the columns of `{old.name}` are {', '.join(old_header)}",
            new.body.rows[0].span if new.body.rows else new.span,
            hint="an override gives every column, so that the row can be read by itself",
        )
        return old
    header = list(dict.fromkeys([*old_header, *new_header]))
    keys = [path.parts[-1] for path in old.keys]
    old_rows = [dict(zip(old_header, row.cells, strict=False)) for row in old.body.rows[1:]]
    new_rows = [dict(zip(new_header, row.cells, strict=False)) for row in new.body.rows[1:]]
    kept = []
    for cells, row in zip(old_rows, old.body.rows[1:], strict=True):
        later = [mine for mine in new_rows if same_key(cells, mine, keys)]
        starts = [day_of(mine) for mine in later]
        if starts and day_of(cells) > min(starts) and day_of(cells) not in starts:
            restate(old.name.text, day_of(cells), new.span, row.span, findings)
        if day_of(cells) not in starts:
            kept.append((cells, row))
    rows = [
        reorder(cells, row, header) for cells, row in [*kept, *zip(new_rows, new.body.rows[1:], strict=True)]
    ]
    body = replace(
        old.body,
        rows=(replace(old.body.rows[0], cells=tuple(ast.Path((word,)) for word in header)), *rows),
        notes=join_notes(old.body.notes, new.body.notes),
    )
    return replace(old, body=body, notes=join_notes(old.notes, new.notes), span=new.span)


def names(header: ast.Row) -> list[str]:
    return [str(cell) for cell in header.cells]


def same_key(left: dict[str, ast.Expr | None], right: dict[str, ast.Expr | None], keys: list[str]) -> bool:
    return all(left.get(key) == right.get(key) for key in keys)


def day_of(cells: dict[str, ast.Expr | None]) -> date:
    """The date from which a row holds; a row without one always did."""
    start = cells.get("from")
    return start.value if isinstance(start, ast.Date) else date.min


def reorder(cells: dict[str, ast.Expr | None], row: ast.Row, header: list[str]) -> ast.Row:
    return replace(row, cells=tuple(cells.get(word) for word in header))
