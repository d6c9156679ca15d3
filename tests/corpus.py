"""Wrong programs with their stored messages: one harness for every corpus of the suite.

`NAME.margin` is a program whose name begins with the code that is expected, `NAME.txt` beside it is what is
printed. `PMDSL_UPDATE=1` writes the messages anew. Comments in the first lines may say how a program is
asked: `# asked for 2019-12-31` makes its plan for a day, `# without checks` leaves the static checks out.
"""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path

from pmdsl.compiler import compile_source
from pmdsl.diagnostics import Findings, PmdslError
from pmdsl.diagnostics.render import render_text
from pmdsl.names.library import Library
from pmdsl.plan.simplify import simplify
from pmdsl.source import Source

ROOT = Path(__file__).resolve().parent.parent
ASKED = re.compile(r"^# asked for (\d{4}-\d{2}-\d{2})", re.MULTILINE)
UPDATE = "PMDSL_UPDATE"


def programs(folder: Path) -> list[Path]:
    """The programs of a corpus, in the order of their names."""
    return sorted(folder.glob("*.margin"))


def found_in(text: str, name: str, parents: Path | None = None) -> Findings:
    """Everything that is found in a program, and in its plan for a day where it asks for one."""
    findings = Findings()
    library = Library((parents,)) if parents is not None else Library()
    compiled = compile_source(Source(name, text), library, findings, checks="# without checks" not in text)
    asked = ASKED.search(text)
    for methodology in compiled.methodologies:
        if asked is not None and methodology.plan is not None:
            try:
                simplify(methodology.plan, date.fromisoformat(asked.group(1)))
            except PmdslError as problem:
                findings.extend(problem.findings)
    return findings


def printed(findings: Findings) -> str:
    """What a person reads, with places that do not depend on where the repository stands."""
    return render_text(findings).replace(f"{ROOT}{os.sep}", "")


def assert_stored(path: Path, text: str) -> None:
    """Compare with the text stored beside a program, or store it."""
    stored = path.with_suffix(".txt")
    if os.environ.get(UPDATE):
        stored.write_text(text, encoding="utf-8")
    assert stored.exists(), f"{stored.name} is missing: run with {UPDATE}=1"
    assert text == stored.read_text(encoding="utf-8")
