"""What is infinite is poison: numpy says when there may be some, and only then is it looked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np


class Alarm:
    """Told by numpy of overflow and division by zero, so that only then results are searched."""

    def __init__(self) -> None:
        self.raised = False

    def __call__(self, kind: str, flag: int) -> None:
        self.raised = True

    def listening(self) -> np.errstate:
        """Arithmetic without warnings, of which the alarm is told."""
        return np.errstate(over="call", divide="call", invalid="ignore", under="ignore", call=self)


@contextmanager
def arithmetic() -> Iterator[Alarm]:
    """Arithmetic without warnings; the alarm says when something infinite may have come up."""
    alarm = Alarm()
    with alarm.listening():
        yield alarm


def without_infinities(x: Any) -> Any:
    """NaN for what is infinite."""
    return np.where(np.isinf(x), np.nan, x) if x.dtype.kind == "f" else x
