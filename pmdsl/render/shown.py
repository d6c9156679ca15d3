"""What lets an object show itself wherever people look at it. Rich is imported when somebody does."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import RenderableType

WIDTH = 100
STYLE = "font-family:ui-monospace,Menlo,Consolas,monospace;line-height:1.35;white-space:pre"
HTML = f'<pre style="{STYLE}">{{code}}</pre>'


class Shown:
    """An object with a picture: `__rich__` draws it, and the text and the HTML are made from that."""

    def __rich__(self) -> RenderableType:
        raise NotImplementedError

    def __str__(self) -> str:
        return as_text(self.__rich__())

    def _repr_html_(self) -> str:
        return as_html(self.__rich__())


def as_text(drawn: RenderableType, width: int = WIDTH) -> str:
    """A picture as plain text."""
    from io import StringIO

    from rich.console import Console

    file = StringIO()
    console = Console(file=file, width=width, color_system=None, force_terminal=False, legacy_windows=False)
    console.print(drawn)
    return "\n".join(line.rstrip() for line in file.getvalue().splitlines())


def as_html(drawn: RenderableType, width: int = WIDTH) -> str:
    """A picture as a piece of HTML for a notebook."""
    from io import StringIO

    from rich.console import Console

    console = Console(
        file=StringIO(),
        width=width,
        record=True,
        force_terminal=True,
        force_jupyter=False,
        legacy_windows=False,
    )
    console.print(drawn)
    return console.export_html(inline_styles=True, code_format=HTML)
