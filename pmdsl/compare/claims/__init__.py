"""Claims that a rule set makes of itself: proved by an argument, refuted by a book, or neither.

A proof looks at one plan for each stretch of dates and argues with bounds (`bounds`) and order (`order`); a
refutation draws thousands of small accounts over a random market (`draw`), runs them at once and makes the
one found small (`shrink`).
"""

from __future__ import annotations

from pmdsl.compare.claims.prove import plan_of, prove, prove_all
from pmdsl.compare.claims.search import Effort
from pmdsl.compare.claims.verdict import Verdict, Witness

__all__ = ["Effort", "Verdict", "Witness", "plan_of", "prove", "prove_all"]
