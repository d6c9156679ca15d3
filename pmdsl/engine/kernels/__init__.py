"""What each operation of a plan does, one file a family."""

from __future__ import annotations

from collections.abc import Mapping

from pmdsl.engine.kernels import axes, elementwise, folds, leaves, pricing, tables
from pmdsl.engine.kernels.site import Maker

MAKERS: Mapping[str, Maker] = {
    **leaves.MAKERS,
    **elementwise.MAKERS,
    **folds.MAKERS,
    **axes.MAKERS,
    **tables.MAKERS,
    **pricing.MAKERS,
}
