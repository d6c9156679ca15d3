"""Where the grammar and the bundled rule sets are found: in a wheel, a checkout or an editable install."""

from __future__ import annotations

import os
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

HINT = "the installation is incomplete: `pip install --force-reinstall pmdsl`, or run from a full checkout"


def data_root() -> Traversable:
    """The folder of `grammar/` and `rules/`. Raises FileNotFoundError, with what to do, where it is not."""
    package = files("pmdsl")
    checkout = package.parent if isinstance(package, Path) else package.joinpath("..")
    for root in (package.joinpath("_data"), checkout):
        if root.joinpath("grammar", "pmdsl.lark").is_file():
            return root
    raise FileNotFoundError(f"no folder `grammar` beside or inside {package}: {HINT}")


def shown_path(name: str) -> str:
    """The name of a file as people need it: of a bundled rule set `rules/us/finra/cpm.margin` where that can
    be opened from here, else `pmdsl:rules/us/finra/cpm.margin`.
    """
    try:
        root = f"{data_root()}{os.sep}"
    except FileNotFoundError:
        return name
    short = name.removeprefix(root)
    if not short.startswith(f"rules{os.sep}") or short == name:
        return name
    return short if root == f"{Path.cwd()}{os.sep}" else f"pmdsl:{short}"


def error_page(code: str) -> str | None:
    """The page that explains a code of a finding, as Markdown; None where there is none."""
    root = data_root()
    for folder in (root.joinpath("errors"), root.joinpath("docs", "errors")):
        page = folder.joinpath(f"{code}.md")
        if page.is_file():
            return page.read_text(encoding="utf-8")
    return None
