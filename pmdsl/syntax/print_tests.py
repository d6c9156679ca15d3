"""The statements of a test as drafts and entries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from pmdsl.syntax import ast
from pmdsl.syntax.drafts import Draft
from pmdsl.syntax.layout import Entry
from pmdsl.syntax.pretty import flat
from pmdsl.syntax.print_expressions import arg, expr_text
from pmdsl.syntax.print_tables import row_entries


def print_test_member(member: ast.TestMember) -> Draft | Entry:
    """A statement of a test."""
    if isinstance(member, ast.Block):
        name = "" if member.name is None else f" {member.name}"
        return Entry(member, (f"{member.kind}{name} {{",), row_entries(member.rows), ("}",))
    if isinstance(member, ast.ExpectValue):
        return expect_value(member)
    return Entry(member, (MEMBERS[type(member)](member),))


def expect_value(member: ast.ExpectValue) -> Draft:
    """What is expected of a value; its equals sign is aligned with those of its neighbours."""
    point = "" if member.point is None else f" at {member.point}"
    within = "" if member.within is None else f" within {expr_text(member.within)}"
    columns = (
        f"expect {member.target}{keys(member.args)}{point}",
        f"= {expr_text(member.value)}{within}",
    )
    return Draft(member, "expect", columns, (), lambda: Entry(member, (" ".join(columns),)))


def keys(args: Sequence[ast.Arg]) -> str:
    return f"[{', '.join(flat(arg(argument)) for argument in args)}]" if args else ""


def using(member: ast.Using) -> str:
    return f"using {member.rules}"


def on(member: ast.On) -> str:
    return f"on {member.value.isoformat()}"


def rate(member: ast.Rate) -> str:
    return f"rate {expr_text(member.value)}"


def expect_error(member: ast.ExpectError) -> str:
    return f"expect error {member.code}"


def expect_fires(member: ast.ExpectFires) -> str:
    return f"expect fires {member.table}{keys(member.args)}"


def expect_state(member: ast.ExpectState) -> str:
    name = member.name if member.name.isidentifier() and member.name.isascii() else f'"{member.name}"'
    return f"expect {member.kind} {name}{keys(member.args)} = {expr_text(member.value)}"


MEMBERS: dict[type[ast.TestMember], Callable[[Any], str]] = {
    ast.Using: using,
    ast.On: on,
    ast.Rate: rate,
    ast.ExpectError: expect_error,
    ast.ExpectFires: expect_fires,
    ast.ExpectState: expect_state,
}
