"""Where texts come from: files, strings and mappings."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pmdsl.diagnostics import Findings
from pmdsl.portfolio.report import Report
from pmdsl.portfolio.tree import Node
from pmdsl.portfolio.yaml_tree import read_yaml
from pmdsl.source import Source


def open_portfolio(
    given: str | Path | Mapping[str, object], findings: Findings
) -> tuple[Source | None, Path | None]:
    """The source behind what a caller gave, and the folder of its `tables:` files (None: it has none)."""
    if isinstance(given, str) and ("\n" in given or given.lstrip().startswith("{")):
        return Source("<text>", given), None
    if isinstance(given, Mapping):
        raise NotImplementedError
    path = Path(given)
    return Source.read(path), path.parent


def read_tree(source: Source, report: Report) -> Node | None:
    return read_yaml(source, report)
