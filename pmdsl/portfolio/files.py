"""Where texts come from: files of bounded size, strings, mappings, and files that stand beside a book."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath, PureWindowsPath

from pmdsl.diagnostics import did_you_mean
from pmdsl.portfolio.characters import check_characters
from pmdsl.portfolio.report import Report
from pmdsl.portfolio.tree import MAX_CHARACTERS, Node, printable
from pmdsl.source import Source, Span

MAX_TABLE_BYTES = 4 * 1024**3


def read_text(
    path: Path, report: Report, most: int = MAX_CHARACTERS, place: Span | None = None
) -> Source | None:
    """The UTF-8 text of a file of at most `most` bytes, line ends as they are; None where it was reported."""
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except (OSError, ValueError) as error:
        report.add("PM601", _unopened(path, error), place, hint=_near_file(path))
        return None
    if len(data) > most:
        report.add("PM605", f"`{path}` is larger than {most} bytes: give a large book as tables", place)
        return None
    try:
        return Source(str(path), data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"`{path}` is not UTF-8: line {line} holds the byte 0x{data[error.start]:02X}"
        report.add("PM601", message, place, hint="save the file as UTF-8")
        return None


def _unopened(path: Path, error: OSError | ValueError) -> str:
    name = printable(str(path)[:200])
    if isinstance(error, FileNotFoundError):
        return f"there is no file `{name}`"
    if isinstance(error, IsADirectoryError):
        return f"`{name}` is a folder, expected a file"
    return f"`{name}` cannot be opened: {getattr(error, 'strerror', None) or error}"


def _near_file(path: Path) -> str | None:
    """A file of nearly that name in the same folder."""
    try:
        names = [entry.name for entry in path.parent.iterdir()][:1000]
    except (OSError, ValueError):
        return None
    return did_you_mean(path.name, names) if path.name not in names else None


def open_portfolio(
    given: str | Path | Mapping[str, object], report: Report
) -> tuple[Source | None, Path | None]:
    """The source behind what a caller gave, and the folder of its `tables:` files (None: it has none)."""
    if isinstance(given, Mapping):
        from pmdsl.portfolio.mappings import mapping_source

        return mapping_source(given, report), None
    if isinstance(given, str) and ("\n" in given or given.lstrip().startswith("{")):
        return Source("<text>", given.removeprefix("\ufeff")), None
    path = Path(given)
    return read_text(path, report), path.parent


def read_tree(source: Source, report: Report) -> Node | None:
    """The tree of a source: JSON where it is named or begins like it, else YAML."""
    if len(source.text) > MAX_CHARACTERS:
        report.add(
            "PM605", f"the text has more than {MAX_CHARACTERS} characters: give a large book as tables"
        )
        return None
    if not check_characters(source, report):
        return None
    if is_json(source):
        from pmdsl.portfolio.json_tree import read_json

        return read_json(source, report)
    from pmdsl.portfolio.yaml_tree import read_yaml

    return read_yaml(source, report)


def is_json(source: Source) -> bool:
    """Whether a source is JSON: by its ending, or by its beginning where the ending says nothing."""
    name = source.name.lower()
    if name.endswith((".json", ".yaml", ".yml")):
        return name.endswith(".json")
    return re.match(r'\s*(?:\{\s*["}]|\[)', source.text) is not None


def beside(name: str, folder: Path | None, place: Span | None, report: Report) -> Path | None:
    """The file of a relative name inside a folder; whatever leads outside of it is refused."""
    if folder is None:
        report.add("PM621", f"`{name}`: a book that is no file has no folder to read tables from", place)
        return None
    windows = PureWindowsPath(name)
    outside = windows.drive or windows.root or "\\" in name or ".." in PurePosixPath(name).parts
    if outside or "\x00" in name:
        report.add("PM621", f"`{printable(name)}` leads outside of the book's folder", place, hint=BESIDE)
        return None
    try:
        found = (folder / name).resolve(strict=True)
        inside = found.is_relative_to(folder.resolve(strict=True))
    except (OSError, ValueError, RuntimeError):
        report.add(
            "PM601", f"there is no file `{name}` beside the book", place, hint=_near_file(folder / name)
        )
        return None
    if not inside:
        report.add("PM621", f"`{name}` leads outside of the book's folder by a link", place, hint=BESIDE)
        return None
    return found


BESIDE = "expected a file in the same folder or below, as `tables/sensitivity.csv`"
