"""Texts as numbers: each distinct text of a run has one code."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

POISON = -1
ALONE = "alone"

Codes = NDArray[np.int64]
Number = NDArray[np.float64]
Truth = NDArray[np.bool_]
Array = NDArray[Any]


@dataclass(eq=False)
class Interner:
    """Gives each distinct text a code from 0 upward and keeps it for the whole run; threads may share it."""

    codes: dict[str, int] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock, repr=False)

    def code(self, text: str) -> int:
        """The code of a text, a new one where it was never seen."""
        found = self.codes.get(text)
        if found is None:
            with self.lock:
                found = self.codes.get(text)
                if found is None:
                    # A code that others can see has its text.
                    self.texts.append(text)
                    found = self.codes[text] = len(self.texts) - 1
        return found

    def column(self, texts: Iterable[str | None]) -> Codes:
        """The codes of a column of texts; -1 for None. Shape (number of texts,)."""
        items = list(texts)
        known = {text: POISON if text is None else self.code(text) for text in dict.fromkeys(items)}
        return np.fromiter((known[text] for text in items), dtype=np.int64, count=len(items))

    def text(self, code: int) -> str:
        """The text of a code; empty for a code below zero."""
        return self.texts[code] if code >= 0 else ""

    def ranks(self, codes: Codes) -> Codes:
        """Numbers in the alphabetical order of the texts, -1 staying -1. Shape of `codes`."""
        distinct, inverse = np.unique(codes, return_inverse=True)
        order = sorted(range(len(distinct)), key=lambda i: self.text(int(distinct[i])))
        rank = np.empty(len(distinct), dtype=np.int64)
        rank[order] = np.arange(len(distinct))
        rank[distinct < 0] = POISON
        return rank[inverse].reshape(codes.shape)
