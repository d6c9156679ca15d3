"""The digest of a table given at run time: of its columns and rows as texts, whatever file they came from."""

from __future__ import annotations

from hashlib import sha256

from pmdsl.portfolio.book import Table

CHUNK = 50_000


def table_digest(table: Table) -> str:
    """`sha256:…` over the rows in their order, columns in the order of their names.

    The table's own name does not count.
    """
    names = sorted(table.columns)
    found = sha256(line(names).encode())
    columns = [table.columns[name] for name in names]
    for start in range(0, table.size, CHUNK):
        part = [column[start : start + CHUNK].tolist() for column in columns]
        found.update("".join(line(row) for row in zip(*part, strict=True)).encode())
    return "sha256:" + found.hexdigest()


def line(cells: list[str] | tuple[object, ...]) -> str:
    """Cells so written that no two different rows look alike: each with its length before it."""
    return "".join("-," if cell is None else f"{len(str(cell))}:{cell}," for cell in cells) + "\n"
