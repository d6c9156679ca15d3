"""Written plans may be a stranger's: whatever running one raises is that plan's own fault, and is said so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pmdsl.diagnostics import PmdslError
from pmdsl.rules import Rules


@contextmanager
def blamed_on(rules: Rules) -> Iterator[None]:
    """Turn anything that a written plan raises into PmdslError; compiled rule sets are let through."""
    try:
        yield
    except (PmdslError, MemoryError):
        raise
    except Exception as problem:
        if not rules.is_written:
            raise
        message = f"the plan `{rules.name}` cannot be run: {type(problem).__name__}"
        raise PmdslError.single("PM524", message, hint="compile the rule set again") from None
