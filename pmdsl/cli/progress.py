"""The progress of a batch, drawn on a terminal and nowhere else."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pmdsl.batch.whole import Watch
from pmdsl.cli.report import colour

if TYPE_CHECKING:
    from pmdsl.batch.values import Done


@contextmanager
def watched() -> Iterator[Watch]:
    """Who is told of a batch: a bar with positions a second and the time left; notes as lines."""
    if not sys.stderr.isatty():
        yield Watch(tell=tell)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    screen = Console(stderr=True, no_color=not colour(True), highlight=False)
    speed = TextColumn("{task.fields[speed]}")
    left = TimeRemainingColumn()
    with Progress(
        TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), speed, left, console=screen
    ) as bar:
        task = bar.add_task("positions", total=None, speed="")

        def planned(positions: int) -> None:
            bar.reset(task, total=positions, speed="")

        def done(one: Done) -> None:
            bar.advance(task, one.positions)
            bar.update(task, speed=said(bar.tasks[0]))

        yield Watch(planned, done, lambda text: screen.print(text))


def said(task: Any) -> str:
    """Positions a second of a task."""
    return f"{task.speed:,.0f} a second" if task.speed else ""


def tell(text: str) -> None:
    """A line on standard error."""
    sys.stderr.write(text + "\n")
