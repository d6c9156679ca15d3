"""Two accounts, each with a share of its own: what is wrong with one must not concern the other."""

from __future__ import annotations

from typing import Any

FOLD: dict[str, Any] = {"where": False, "if_empty": False}
UNDERS = [{"id": "XYZ", "price": 50.0, "breadth": "narrow"}, {"id": "ABC", "price": 20.0}]
SHARES = [{"id": u["id"], "underlying": u["id"], "kind": "share", "currency": "USD"} for u in UNDERS]
HELD = [
    {"account": "A1", "instrument": "XYZ", "quantity": 10.0},
    {"account": "A2", "instrument": "ABC", "quantity": 10.0},
]
ACCOUNTS = [{"id": "A1"}, {"id": "A2"}]
