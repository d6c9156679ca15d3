"""The closed lists of words that the language keeps for itself. This is their one place."""

from __future__ import annotations


def listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


STATEMENTS = listed(
    """
    title version currency covers extends lots source kind set input levels level group scenarios param
    params unique first collect table matrix pair formula pricing step leg strategies pairing require
    report eligible alert check override remove
    """
)
"""Each begins a statement of a methodology."""

NOTES = frozenset({"cite", "because", "unverified", "stricter", "column", "default"})
"""Each begins a part of a block, or a note beside a statement."""

CONSTRUCTS = frozenset({"pattern", "pool"})
"""Each begins a part of strategies that has braces of its own."""

PARTS = listed("same amount long short any where balanced each charge")
"""Each begins another part of strategies; most of them are free elsewhere."""

FILES = frozenset({"methodology", "test"})
"""Each begins a whole block of a file."""

TESTS = frozenset({"using", "on", "rate", "expect"})
"""Each begins a statement of a test."""

EXPRESSIONS = listed(
    """
    if then else or and not in at where into over to of by with up any alone each sum largest smallest
    average net crediting worst unfloored quantile tail_mean weighing ewma aggregate carrying clamped
    dropping choose marginal convert if_empty
    """
)
"""The words that formulas and cells are made of."""

OPENERS = listed(
    """
    if not sum largest smallest average net worst quantile tail_mean ewma aggregate choose marginal
    convert any alone each
    """
)
"""The words that begin a formula or a cell: even a word of a list may not be one of these."""

CONNECTING = frozenset({"for", "from", "within", "when", "per", "also", "between", "tighten", "onward"})
"""Words that hold a statement together."""

LATER = frozenset({"carry", "draw", "spreads", "axis"})
"""Words kept for statements that this edition does not have."""

RESERVED = STATEMENTS | NOTES | CONSTRUCTS | FILES | (TESTS - {"rate"}) | EXPRESSIONS | CONNECTING | LATER
"""No declaration may have one of these names. `rate` begins a statement of tests only: free elsewhere."""
