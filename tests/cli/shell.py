"""Running commands as a shell would, and holding what they say against stored outputs.

`PMDSL_UPDATE=1 pytest tests/cli` writes the stored outputs anew.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from pmdsl.cli import run

HERE = Path(__file__).parent
FILES = HERE / "files"
GOLDEN = HERE / "golden"
DIGEST = re.compile(r"sha256:[0-9a-f]+")


@dataclass(frozen=True)
class Done:
    """A command that has ended: its status and what it wrote."""

    status: int
    out: str
    err: str


class Shell:
    """Runs commands in the folder of the test files."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys

    def __call__(self, *args: str) -> Done:
        self.capsys.readouterr()
        status = run(args)
        found = self.capsys.readouterr()
        return Done(status, found.out, found.err)


def check_golden(name: str, done: Done) -> None:
    """What a command says is what was stored, digests left out."""
    text = f"[{done.status}]\n{done.out}"
    text += f"--- standard error\n{done.err}" if done.err else ""
    text = DIGEST.sub("sha256:…", text)
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("PMDSL_UPDATE") == "1":
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text, f"PMDSL_UPDATE=1 writes {path} anew"
