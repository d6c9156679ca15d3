"""The pages of `docs/errors/` for rule files: examples are compiled, messages are what is printed.

A page has blocks `margin bad`, `text`, `margin good` where there is something to mend, and `margin parent`
for rule sets that the examples extend.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from pmdsl.diagnostics import Findings
from pmdsl.diagnostics.render import render_text
from tests.corpus import ROOT, found_in

PAGES = ROOT / "docs" / "errors"
PARENTS = Path(__file__).parent / "parents"
BLOCK = re.compile(r"^```(\w+)(?: (\w+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(code: str) -> list[tuple[str, str]]:
    """The fenced blocks of a page: what the fence says, and what it holds."""
    text = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    return [(f"{kind} {what}".strip(), body) for kind, what, body in BLOCK.findall(text)]


def found(text: str) -> Findings:
    """Everything that is found in an example."""
    return found_in(text, "example.margin", PARENTS)


def rendered(findings: Findings) -> str:
    """What is printed; parents are named as the page names them."""
    return render_text(findings).replace(f"{PARENTS}{os.sep}", "")
