"""What each operation of a plan does, one file a family."""

from __future__ import annotations

from collections.abc import Mapping

from pmdsl.engine.kernels import (
    axes,
    correlation,
    dates,
    distinct,
    elementwise,
    folds,
    leaves,
    matches,
    pairing,
    pricing,
    quantiles,
    rounding,
    tables,
    weighed,
)
from pmdsl.engine.kernels.site import Maker

MAKERS: Mapping[str, Maker] = {
    **leaves.MAKERS,
    **elementwise.MAKERS,
    **folds.MAKERS,
    **axes.MAKERS,
    **quantiles.MAKERS,
    **distinct.MAKERS,
    **tables.MAKERS,
    **correlation.MAKERS,
    **dates.MAKERS,
    **rounding.MAKERS,
    **pricing.MAKERS,
    **matches.MAKERS,
    **pairing.MAKERS,
    **weighed.MAKERS,
}
