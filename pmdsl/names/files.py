"""Tables whose rows stand in a CSV file beside the rule file: `from file "offsets.csv"`.

The file becomes the same table as if its rows stood in the braces. A cell that is a number, a percentage,
money, a date, a name, a range or `any` means what it means there; any other text is quoted. Findings name
lines and columns of the file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from pmdsl.diagnostics import Findings
from pmdsl.names.inherit import names, reorder
from pmdsl.names.transcript import Transcript, transcript_of
from pmdsl.source import Source
from pmdsl.syntax import ast
from pmdsl.syntax.parser import parse

LARGEST = 1024 * 1024
MONEY, NUMBER = r"[A-Z]{3} -?[0-9][0-9_]*(\.[0-9]+)?", r"[-+]?[0-9][0-9_]*(\.[0-9]+)?%?"
CONTRACTS = r"[0-9][0-9_]*(\.[0-9]+)? contracts?"
DAY, NAME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}", r"[A-Za-z_][A-Za-z0-9_]*"
EDGE = f"({MONEY}|{CONTRACTS}|{NUMBER}|{DAY})"
PLAIN = re.compile(f"{EDGE}|{NAME}|(<|<=|>|>=) ?{EDGE}|{EDGE} up to {EDGE}")


def with_files(members: Sequence[ast.Declaration], findings: Findings) -> list[ast.Declaration]:
    """The members, with the rows of files in the tables that name one."""
    return [with_file(member, findings) if is_outside(member) else member for member in members]


def is_outside(member: ast.Declaration) -> bool:
    return isinstance(member, ast.TableDecl) and member.outside is not None and member.outside.kind == "file"


def with_file(member: ast.Declaration, findings: Findings) -> ast.Declaration:
    """A table with the rows of its file; as it is where they cannot be had, which is reported."""
    assert isinstance(member, ast.TableDecl)
    assert member.outside is not None
    path = beside(member.outside)
    text = read(path) if path is not None else None
    if path is None or text is None:
        message = f"the rows of `{member.name}` cannot be read from `{member.outside.name}`"
        hint = "a CSV file in UTF-8, in the folder of the rule file or below it"
        findings.add("PM253", message, member.outside.span, hint=hint)
        return member
    body = body_of(str(path), text, findings)
    if body is None:
        return member
    return replace(member, outside=None, body=body if member.body is None else joined(body, member.body))


def beside(outside: ast.Outside) -> Path | None:
    """The file that is meant; None for one outside of the rule file's folder."""
    name = PurePosixPath(outside.name or "")
    if name.is_absolute() or ".." in name.parts or not name.parts:
        return None
    return Path(outside.span.source.name).parent / name


def read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8-sig") if path.stat().st_size <= LARGEST else None
    except (OSError, UnicodeDecodeError):
        return None


def joined(file: ast.Body, own: ast.Body) -> ast.Body:
    """The rows of a file, and after them those in the braces, whose cells go by their own header.

    A cell of a column that a row does not have is empty.
    """
    if not own.rows:
        return replace(own, rows=file.rows)
    headers = names(file.rows[0]), names(own.rows[0])
    header = list(dict.fromkeys(headers[0] + headers[1]))
    rows = [
        reorder(dict(zip(words, row.cells, strict=False)), row, header)
        for words, body in zip(headers, (file, own), strict=True)
        for row in body.rows[1:]
    ]
    head = replace(file.rows[0], cells=tuple(ast.Path((word,)) for word in header))
    return replace(own, rows=(head, *rows))


# ---- reading -----------------------------------------------------------------------------------------------


def body_of(name: str, text: str, findings: Findings) -> ast.Body | None:
    """The rows of a CSV text as the language reads them."""
    transcript = transcript_of(Source(name, text), cell_text)
    own = Findings()
    tree = parse(transcript.written, own)
    findings.extend(map(transcript.finding, own))
    return None if own.has_errors else first_body(tree, transcript)


def first_body(tree: ast.File, transcript: Transcript) -> ast.Body | None:
    for item in tree.items:
        for member in item.members if isinstance(item, ast.Methodology) else ():
            if isinstance(member, ast.TableDecl) and member.body is not None and member.body.rows:
                rows = tuple(transcript.node(row) for row in member.body.rows)
                return replace(member.body, rows=rows)
    return None


def cell_text(cell: str) -> str:
    """A cell as it would stand in a rule file."""
    return cell if not cell or PLAIN.fullmatch(cell) else '"' + cell.replace('"', "'") + '"'
