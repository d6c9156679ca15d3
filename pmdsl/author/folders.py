"""Rule files in folders. A folder with the file `.pmdsl-skip` is passed over, unless it is named itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

ENDING = ".margin"
MARK = ".pmdsl-skip"
DEEPEST = 16
SKIPPED = frozenset({".git", ".venv", "__pycache__", "node_modules"})


def files_below(path: Path, passed_over: list[Path], depth: int = DEEPEST) -> Iterator[Path]:
    """The path itself, or the rule files in a folder and below, in the order of their names.

    Folders that are marked are added to `passed_over`.
    """
    if not path.is_dir():
        yield path
        return
    for item in sorted(path.iterdir()) if depth else ():
        if not item.is_dir():
            if item.suffix == ENDING:
                yield item
        elif (item / MARK).exists():
            passed_over.append(item)
        elif item.name not in SKIPPED:
            yield from files_below(item, passed_over, depth - 1)
