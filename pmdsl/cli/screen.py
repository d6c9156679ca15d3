"""Where answers go: tables for people, text for programs, in colour only on a terminal."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

WIDTH = 110


def show(*drawn: RenderableType) -> None:
    """Draw on standard output; where that is no terminal, without the blanks that fill lines up."""
    screen = console()
    if screen.is_terminal:
        for picture in drawn:
            screen.print(picture)
        return
    with screen.capture() as capture:
        for picture in drawn:
            screen.print(picture)
    write("".join(line.rstrip() + "\n" for line in capture.get().splitlines()))


def console() -> Console:
    """A console on standard output, as wide as the terminal, or wide enough for tables."""
    from rich.console import Console

    width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else WIDTH
    return Console(file=sys.stdout, width=width, highlight=False, soft_wrap=False, legacy_windows=False)


def write(text: str) -> None:
    """Write text as it is."""
    sys.stdout.write(text)
