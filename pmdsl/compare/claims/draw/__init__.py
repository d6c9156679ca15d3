"""Random books for a rule set: a small market that all accounts share, and thousands of
small accounts in it.
"""

from __future__ import annotations

from pmdsl.compare.claims.draw.accounts import draw_accounts
from pmdsl.compare.claims.draw.book import Account, Market, book_of, portfolio_text, within
from pmdsl.compare.claims.draw.market import draw_market

__all__ = ["Account", "Market", "book_of", "draw_accounts", "draw_market", "portfolio_text", "within"]
