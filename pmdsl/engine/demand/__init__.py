"""What mattered: from an output back to the cells that it was worked out from."""

from __future__ import annotations

from pmdsl.engine.demand.need import Asked, Need, Scene, joined
from pmdsl.engine.demand.rules import needs
from pmdsl.engine.demand.walk import demand

__all__ = ["Asked", "Need", "Scene", "demand", "joined", "needs"]
