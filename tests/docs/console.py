"""Blocks of a Markdown page that show commands or Python and what they print.

A `console` block holds lines `$ command`, each followed by what it prints; a line that is `…` alone stands
for any lines. A `python` block prints the `text` block that follows it at once. `PMDSL_UPDATE=1` writes what
is printed into the page, with as many lines before and after each `…` as before.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
UPDATE = os.environ.get("PMDSL_UPDATE") == "1"
ANY = "…"
WIDTH = 100
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NOT_RUN = ("git ", "make test", "make demo", "pip ", "cd ")
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith(("PMDSL_", "PYTEST_"))},
    "PYTHONPATH": str(ROOT),
    "NO_COLOR": "1",
    "COLUMNS": str(WIDTH),
    "TERM": "dumb",
}


@dataclass(frozen=True)
class Shown:
    """A command or a snippet of a page, and the lines that it is said to print.

    `start` and `end` are where these lines stand in the page; `joined`: standard error is shown as well.
    """

    page: Path
    line: int
    run: str
    output: tuple[str, ...]
    start: int
    end: int
    python: bool = False


def shown_in(page: Path) -> list[Shown]:
    """Every command and snippet of a page, in order."""
    text = page.read_text(encoding="utf-8")
    blocks = list(FENCE.finditer(text))
    found: list[Shown] = []
    for number, block in enumerate(blocks):
        if block[1] == "console":
            found += commands(page, text, block)
        following = blocks[number + 1] if number + 1 < len(blocks) else None
        if block[1] != "python" or following is None or following[1] != "text":
            continue
        if text[block.end() : following.start()].strip() in ("", "prints"):
            lines = tuple(following[2].splitlines())
            line = text.count("\n", 0, block.start()) + 1
            found.append(Shown(page, line, block[2], lines, following.start(2), following.end(2), True))
    return found


def commands(page: Path, text: str, block: re.Match[str]) -> list[Shown]:
    """The commands of one block. A command may go on in the next line after a backslash."""
    found: list[Shown] = []
    at = block.start(2)
    run, start, line = "", at, 0
    going_on = False
    for written in block[2].splitlines(keepends=True):
        bare = written.rstrip("\n")
        if going_on or bare.startswith("$ "):
            if not going_on:
                if run:
                    found.append(made(page, line, run, text, start, at))
                run, line = "", text.count("\n", 0, at) + 1
            run += bare.removeprefix("$ ").removesuffix("\\").strip() + " "
            going_on = bare.endswith("\\")
            start = at + len(written)
        at += len(written)
    return [*found, made(page, line, run, text, start, at)] if run else found


def made(page: Path, line: int, run: str, text: str, start: int, end: int) -> Shown:
    """One command with the lines under it."""
    return Shown(page, line, run.strip(), tuple(text[start:end].splitlines()), start, end)


def is_run(shown: Shown) -> bool:
    """Whether a command is one that a test can run; setting up the house is not."""
    return shown.python or not shown.run.startswith(NOT_RUN)


def printed(shown: Shown) -> tuple[str, ...]:
    """What a command or snippet prints, both streams, with the folder of the repository left out."""
    if shown.python:
        args: Sequence[str] = [sys.executable, "-c", shown.run]
    else:
        args = [sys.executable, "-m", *shlex.split(shown.run)]
    if not shown.python and shown.run.startswith("python "):
        args = [sys.executable, *shlex.split(shown.run)[1:]]
    done = subprocess.run(
        args,
        cwd=ROOT,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )
    text = re.sub(r"\b\d+\.\d\d s\b", "0.00 s", done.stdout.replace(f"{ROOT}/", ""))
    return tuple(line.rstrip() for line in text.rstrip("\n").split("\n")) if text.strip() else ()


def agrees(expected: Sequence[str], found: Sequence[str]) -> bool:
    """Whether the lines are those expected, `…` standing for any number of lines."""
    lines = [line.rstrip() for line in expected]
    while lines and not lines[-1]:
        lines.pop()
    pattern = "".join(r"(?:[^\n]*\n)*?" if line.strip() == ANY else re.escape(line) + "\n" for line in lines)
    return re.fullmatch(pattern, "".join(line + "\n" for line in found)) is not None


def renewed(expected: Sequence[str], found: Sequence[str]) -> list[str]:
    """The lines to show: as many before the first and after the last `…` as there were; else all."""
    marks = [number for number, line in enumerate(expected) if line.strip() == ANY]
    if not marks:
        return list(found)
    tail_length = len([line for line in expected[marks[-1] + 1 :] if line.strip()])
    head, tail = list(found[: marks[0]]), list(found[len(found) - tail_length :]) if tail_length else []
    return [*head, ANY, *tail]


def update(page: Path) -> None:
    """Write what is printed into a page."""
    text = page.read_text(encoding="utf-8")
    for shown in reversed(shown_in(page)):
        if is_run(shown):
            lines = renewed(shown.output, printed(shown))
            text = text[: shown.start] + "".join(line + "\n" for line in lines) + text[shown.end :]
    page.write_text(text, encoding="utf-8")


def check(shown: Shown) -> None:
    """Run a command or a snippet and compare; with PMDSL_UPDATE=1 the pages are written anew by `update`."""
    found = printed(shown)
    where = f"{shown.page.relative_to(ROOT)}:{shown.line}"
    assert agrees(shown.output, found), f"{where}: {shown.run}\nprints:\n" + "\n".join(found)
