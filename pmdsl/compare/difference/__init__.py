"""What differs between two rule sets in meaning: values by date, rows by key, groups, scenarios, steps.

Two rule sets of equal digest do not differ, whatever their layout, comments, titles, citations or order of
declarations.
"""

from pmdsl.compare.difference.change import Change, Difference
from pmdsl.compare.difference.differ import difference

__all__ = ["Change", "Difference", "difference"]
