"""Cutting positions into chunks that hold whole accounts, by what the footers of the files say.

Row groups whose accounts follow each other are cut between groups; the account that stands on both sides of a
cut goes to the first. What footers say is held against the accounts that are read, chunk by chunk: a file
that contradicts its footer stops the batch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pmdsl.batch.sheets import ACCOUNT, Group, Sheet, opened
from pmdsl.batch.values import Chunk, Piece, Share

LARGEST = 4
LOOK = 16_384


def in_order(sheets: Sequence[Sheet]) -> bool:
    """Whether the accounts of row groups follow each other, files taken by their first account."""
    most = ""
    for _, group in groups_of(sheets):
        if group.least is None or group.most is None:
            continue
        if group.least < most:
            return False
        most = group.most
    return all(sheet.has_text_accounts for sheet in sheets)


def small_groups(sheets: Sequence[Sheet], chunk_rows: int) -> bool:
    """Whether no row group is much larger than a chunk is to be."""
    return all(group.rows <= LARGEST * chunk_rows for _, group in groups_of(sheets))


def groups_of(sheets: Sequence[Sheet]) -> Iterator[tuple[Sheet, Group]]:
    """The row groups of files, in the order of their accounts."""
    for sheet in sorted(sheets, key=lambda s: (s.least, str(s.path))):
        for group in sheet.groups:
            yield sheet, group


@dataclass
class Cutter:
    """The chunk that is being filled, and the chunks before it."""

    chunk_rows: int
    chunks: list[Chunk] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    rows: int = 0
    after: str | None = None
    most: str | None = None

    def add(self, sheet: Sheet, start: int, stop: int) -> None:
        """Take some rows into the chunk."""
        if stop == start:
            return
        last = self.pieces[-1] if self.pieces else None
        if last is not None and last.path == sheet.path and last.stop == start:
            self.pieces[-1] = sheet.piece(last.start, stop)
        else:
            self.pieces.append(sheet.piece(start, stop))
        self.rows += stop - start

    def close(self, upto: str | None) -> None:
        """End the chunk; the next begins after the account `upto`."""
        self.chunks.append(Chunk(len(self.chunks), tuple(self.pieces), Share(self.after, upto)))
        self.pieces, self.rows, self.after = [], 0, upto


def cut_in_order(sheets: Sequence[Sheet], chunk_rows: int) -> list[Chunk] | None:
    """Chunks of about `chunk_rows` rows, as near to it as row groups allow.

    None where an account that a row group shares with the one before does not stand at its beginning.
    """
    to = Cutter(chunk_rows)
    for sheet, group in groups_of(sheets):
        start, stop = group.start, group.start + group.rows
        is_full = to.rows > 0 and to.rows + group.rows // 2 >= chunk_rows
        if is_full and to.most is not None and group.least is not None:
            if group.least == to.most:
                start += leading(sheet, group, to.most)
                if start == group.start:
                    return None
                to.add(sheet, group.start, start)
            if start < stop:
                to.close(to.most)
        to.add(sheet, start, stop)
        if group.most is not None:
            to.most = group.most
    if not to.pieces:
        to.pieces.append(sheets[0].piece(0, 0))
    to.close(None)
    return to.chunks


def leading(sheet: Sheet, group: Group, account: str) -> int:
    """How many rows at the beginning of a row group are of one account."""
    rows = 0
    with opened(sheet.path, [ACCOUNT]) as file:
        for batch in file.iter_batches(LOOK, row_groups=[group.number], columns=[ACCOUNT]):
            values = batch.column(0)
            words = values.dictionary.to_pylist()
            if account not in words:
                return rows
            other = values.indices.to_numpy(zero_copy_only=False) != words.index(account)
            if other.any():
                return rows + int(other.argmax())
            rows += len(batch)
    return rows
