"""Parquet files of positions: what their footers say, without a look at their rows."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pmdsl.batch.arrow import arrow
from pmdsl.batch.values import DIGITS, Piece
from pmdsl.diagnostics import Finding, PmdslError, nearest
from pmdsl.portfolio.arrow import text_columns

ACCOUNT = "account"
NEEDED = (ACCOUNT, "instrument", "quantity")
TAIL = 8
# The files whose rows a file of ours holds, one a line, in the metadata of its schema.
FILES = b"pmdsl.files"


@dataclass(frozen=True)
class Group:
    """A row group: its first row in the file, its rows, and bounds of its accounts.

    The bounds are None where no account is given, or accounts are no texts.
    """

    number: int
    start: int
    rows: int
    least: str | None
    most: str | None


@dataclass(frozen=True, eq=False)
class Sheet:
    """A Parquet file of positions, with its schema."""

    path: Path
    identity: str
    stamp: str
    groups: tuple[Group, ...]
    schema: Any = field(repr=False)

    @property
    def rows(self) -> int:
        """How many positions it has."""
        return sum(group.rows for group in self.groups)

    @property
    def origins(self) -> list[str]:
        """The files that its rows came from: itself, or of a copy those that it is a copy of."""
        return origins(self.path, self.schema)

    @property
    def least(self) -> str:
        """A lower bound of its accounts."""
        return min((group.least for group in self.groups if group.least is not None), default="")

    @property
    def has_text_accounts(self) -> bool:
        """Whether accounts are texts, whose order footers and readers agree on."""
        return ACCOUNT in text_columns(arrow(), self.schema)

    def piece(self, start: int, stop: int) -> Piece:
        """Some of its rows."""
        return Piece(self.path, start, stop, self.identity, self.stamp)


def open_sheet(path: Path, content: str = "") -> Sheet:
    """What the footer of a Parquet file says; `content` is the digest of its bytes. Raises PmdslError.

    Where the digest is not known a file is told from others by its size, its time and its footer.
    """
    with opened(path) as file:
        schema = file.schema_arrow
        lacking(path, schema)
        groups, start = [], 0
        for number in range(file.metadata.num_row_groups):
            rows = file.metadata.row_group(number).num_rows
            groups.append(Group(number, start, rows, *bounds(file, number)))
            start += rows
    written = stamp(path)
    return Sheet(path, content or f"{written}-{footer_digest(path)}", written, tuple(groups), schema)


def opened(path: Path, texts: Sequence[str] = ()) -> Any:
    """An open Parquet file; `texts` are read as dictionaries. Raises PmdslError."""
    pa = arrow()
    import pyarrow.parquet as parquet

    try:
        return parquet.ParquetFile(path, read_dictionary=list(texts))
    except (OSError, pa.ArrowException) as error:
        raise unreadable(path, error) from None


def unreadable(path: Path, error: Exception) -> PmdslError:
    """The error of a file that is no Parquet, or a broken one."""
    if isinstance(error, FileNotFoundError):
        return PmdslError.single("PM601", f"there is no file `{path}`")
    return PmdslError.single("PM601", f"`{path}` cannot be read as Parquet: {str(error)[:200]}")


def lacking(path: Path, schema: Any) -> None:
    """Raise where a needed column is not there, or one stands twice."""
    found = []
    said = ", ".join(f"`{origin}`" for origin in origins(path, schema))
    for name in NEEDED:
        if name not in schema.names:
            near = nearest(name, [column for column in schema.names if column not in NEEDED])
            hint = f"is `{near}` meant for it?" if near else None
            found.append(Finding("PM608", f"{said} has no column `{name}`", hint=hint))
    twice = sorted({name for name in schema.names if schema.names.count(name) > 1})
    found += [Finding("PM613", f"the column `{name}` of {said} stands twice") for name in twice]
    if found:
        raise PmdslError(found)


def origins(path: Path, schema: Any) -> list[str]:
    """The files that the rows of a file came from."""
    told = (schema.metadata or {}).get(FILES)
    return told.decode().split("\n") if told else [str(path)]


def stamp(path: Path) -> str:
    """Size and time of a file. Raises PmdslError."""
    try:
        found = path.stat()
    except OSError as error:
        raise unreadable(path, error) from None
    return f"{found.st_size}-{found.st_mtime_ns}"


def footer_digest(path: Path) -> str:
    """The digest of the last part of a Parquet file, in which it says where everything stands."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(size - TAIL, 0))
        length = int.from_bytes(file.read(4), "little")
        file.seek(max(size - TAIL - length, 0))
        return hashlib.sha256(file.read()).hexdigest()[:DIGITS]


def bounds(file: Any, number: int) -> tuple[str | None, str | None]:
    """Bounds of the accounts of a row group: from its statistics, or else from a look at the column."""
    group = file.metadata.row_group(number)
    column = file.schema_arrow.names.index(ACCOUNT)
    if group.num_columns == len(file.schema_arrow.names):
        found = group.column(column).statistics
        if found is not None and found.has_min_max and isinstance(found.min, str):
            return found.min, found.max
    pa = arrow()
    values = file.read_row_group(number, columns=[ACCOUNT]).column(0)
    if pa.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    if not (pa.types.is_string(values.type) or pa.types.is_large_string(values.type)):
        return None, None
    least_most = pa.compute.min_max(values).as_py()
    return least_most["min"], least_most["max"]
