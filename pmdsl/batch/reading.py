"""The rows of a chunk as a table, and the names by which messages call them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Any

from pmdsl.batch.arrow import arrow
from pmdsl.batch.sheets import ACCOUNT, FILES, lacking, opened, stamp, unreadable
from pmdsl.batch.values import Chunk, Piece, Share
from pmdsl.diagnostics import PmdslError
from pmdsl.portfolio.arrow import text_columns

# Columns of a file of ours that say where its rows came from: a number into the files that its metadata lists
# under FILES, and a row.
FILE = "__file"
ROW = "__row"


@dataclass(frozen=True, eq=False)
class Rows:
    """The positions of a chunk. `named` says which row of which file one is."""

    table: Any
    pieces: tuple[Piece, ...]

    def named(self, row: int) -> str:
        """The file and row of a position, rows counted from one; of a copy, those that it is a copy of."""
        starts = list(accumulate((piece.rows for piece in self.pieces), initial=0))
        number = bisect_right(starts, row, hi=len(self.pieces)) - 1
        piece = self.pieces[number]
        file, at = self.origin(piece, piece.start + row - starts[number])
        return f"row {at + 1} of {file}"

    def origin(self, piece: Piece, row: int) -> tuple[str, int]:
        """Where a row of a file came from."""
        if piece not in self.copies:
            self.copies[piece] = copy_of(piece)
        copy = self.copies[piece]
        if copy is None:
            return str(piece.path), row
        files = copy.schema.metadata[FILES].decode().split("\n")
        return files[copy.column(FILE)[row].as_py()], copy.column(ROW)[row].as_py()

    @cached_property
    def copies(self) -> dict[Piece, Any]:
        """The origins of rows, of pieces that were looked into."""
        return {}


def copy_of(piece: Piece) -> Any:
    """The origins of the rows of a file of ours; None for a file of a caller's."""
    with opened(piece.path) as file:
        if FILES not in (file.schema_arrow.metadata or {}):
            return None
        return file.read(columns=[FILE, ROW])


def read_rows(chunk: Chunk, wanted: Collection[str]) -> Rows:
    """The columns `wanted` of a chunk, texts as dictionaries. Raises PmdslError."""
    parts = [part for piece in chunk.pieces for part in read_piece(piece, wanted)]
    return Rows(arrow().concat_tables([part.replace_schema_metadata(None) for part in parts]), chunk.pieces)


def read_piece(piece: Piece, wanted: Collection[str]) -> list[Any]:
    """The tables of one piece, in the order of its rows. Raises PmdslError."""
    pa = arrow()
    if piece.stamp and piece.stamp != stamp(piece.path):
        raise PmdslError.single(
            "PM641", f"`{piece.path}` changed after the batch had begun", hint="start it again"
        )
    with opened(piece.path) as file:
        schema = file.schema_arrow
    lacking(piece.path, schema)
    columns = [name for name in schema.names if name in wanted]
    texts = [name for name in text_columns(pa, schema) if name in wanted]
    try:
        with opened(piece.path, texts) as file:
            found = rows_between(file, piece.start, piece.stop, columns)
            return found or [file.schema_arrow.empty_table().select(columns)]
    except (OSError, pa.ArrowException) as error:
        raise unreadable(piece.path, error) from None


def rows_between(file: Any, start: int, stop: int, columns: Sequence[str]) -> list[Any]:
    """The rows [start, stop) of a file: whole row groups, and of the outer ones what is needed."""
    whole: list[int] = []
    found: list[Any] = []
    at = 0
    for number in range(file.metadata.num_row_groups):
        size = file.metadata.row_group(number).num_rows
        low, high = max(start - at, 0), min(stop - at, size)
        at += size
        if low >= high:
            continue
        if high - low == size:
            whole.append(number)
        else:
            found += [*taken(file, whole, columns), part_of(file, number, low, high, columns)]
            whole = []
    return found + taken(file, whole, columns)


def taken(file: Any, groups: Sequence[int], columns: Sequence[str]) -> list[Any]:
    """Some whole row groups as a table."""
    return [file.read_row_groups(list(groups), columns=list(columns))] if groups else []


def part_of(file: Any, number: int, low: int, high: int, columns: Sequence[str]) -> Any:
    """The rows [low, high) of a row group. Of a short beginning no more than it is decoded."""
    size = file.metadata.row_group(number).num_rows
    if low == 0 and high < size // 2:
        batches = file.iter_batches(high, row_groups=[number], columns=list(columns))
        return arrow().Table.from_batches([next(batches)])
    return file.read_row_group(number, columns=list(columns)).slice(low, high - low)


def hold_against(words: Sequence[str], share: Share, chunk: Chunk) -> None:
    """Raise where an account of a chunk is not one of its share: its file is not what its footer says."""
    if not words or share.buckets > 1:
        return
    low, high = min(words), max(words)
    if (share.after is None or low > share.after) and (share.upto is None or high <= share.upto):
        return
    wrong = low if share.after is not None and low <= share.after else high
    message = f"the account `{wrong}` comes back in `{chunk.pieces[0].path}`, after others"
    hint = f"sort the positions by `{ACCOUNT}`, or give them as they are with --unsorted"
    raise PmdslError.single("PM640", message, hint=hint)
