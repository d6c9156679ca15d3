"""pyarrow, which batches need and the rest of pmdsl does not."""

from __future__ import annotations

from typing import Any

from pmdsl.diagnostics import PmdslError


def arrow() -> Any:
    """The module pyarrow. Raises PmdslError where it is not installed."""
    try:
        import pyarrow
        import pyarrow.compute
        import pyarrow.ipc
    except ImportError:
        hint = "install it with `pip install pmdsl[arrow]`"
        raise PmdslError.single("PM623", "batches need pyarrow, which is not installed", hint=hint) from None
    return pyarrow
