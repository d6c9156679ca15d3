"""Coverage: what the tests of a rule set reached of what its author wrote."""

from __future__ import annotations

from pmdsl.testing.coverage.items import KINDS, Coverage, Item
from pmdsl.testing.coverage.recorder import Recorder

__all__ = ["KINDS", "Coverage", "Item", "Recorder"]
