"""One account and trades in it: what a trade changes is worked out, and nothing else.

`scope.py` says which nodes of a plan a trade can change and whether that can be followed; `market.py` holds
what instruments alone decide, `account.py` what an account holds. `rows.py` runs many trades at once in
numpy, `light.py` one trade in plain Python, `replay.py` an account whose quantities are others; `records.py`,
`encode.py`, `compiled.py` and `fast.py` do the last two in machine code. `desk.py` says which way a trade
takes.
"""

from pmdsl.engine.incremental.desk import Desk, Seat, desk_of, requirement_values
from pmdsl.engine.incremental.holdings import Leg, only

__all__ = ["Desk", "Leg", "Seat", "desk_of", "only", "requirement_values"]
