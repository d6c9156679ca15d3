"""Tables as bytes: what a caller gave, read once, so that every worker reads the very same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pmdsl.batch.arrow import arrow
from pmdsl.batch.values import digest_of
from pmdsl.portfolio.report import Report
from pmdsl.source import Source

Form = Literal["csv", "parquet", "arrow"]


@dataclass(frozen=True)
class Given:
    """A table as the bytes of a CSV file, a Parquet file or an Arrow stream."""

    name: str
    form: Form
    content: bytes = field(repr=False)

    @property
    def digest(self) -> str:
        """The digest of its bytes."""
        return digest_of(self.form, self.content)

    def opened(self) -> Any:
        """The table as a reader of tables takes it: a text of CSV, or an Arrow table."""
        if self.form == "csv":
            return Source(self.name, self.content.decode("utf-8-sig"))
        pa = arrow()
        if self.form == "arrow":
            with pa.ipc.open_stream(self.content) as stream:
                return stream.read_all()
        import pyarrow.parquet as parquet

        return parquet.read_table(pa.BufferReader(self.content))


def given_table(value: object, name: str, report: Report) -> Given | None:
    """A table as bytes; None where there is none, or it was reported."""
    if value is None or isinstance(value, Given):
        return value
    if isinstance(value, str | Path):
        return from_file(Path(value), report)
    pa = arrow()
    try:
        table = pa.table(dict(value) if isinstance(value, Mapping) else value)
    except (TypeError, ValueError, pa.ArrowException) as error:
        report.add("PM622", f"`{name}` is not a readable table: {str(error)[:200]}")
        return None
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return Given(name, "arrow", sink.getvalue().to_pybytes())


def from_file(path: Path, report: Report) -> Given | None:
    """The bytes of a CSV or Parquet file; None where it was reported. CSV that is no UTF-8 is no table."""
    ending = path.suffix.lower()
    if ending not in (".csv", ".parquet", ".pq"):
        report.add("PM621", f"`{path}`: expected a file that ends in .csv or .parquet")
        return None
    if ending == ".csv":
        from pmdsl.portfolio.files import MAX_TABLE_BYTES, read_text

        source = read_text(path, report, MAX_TABLE_BYTES)
        return Given(str(path), "csv", source.text.encode()) if source else None
    try:
        return Given(str(path), "parquet", path.read_bytes())
    except OSError as error:
        report.add("PM601", f"`{path}` cannot be opened: {error.strerror or error}")
        return None
