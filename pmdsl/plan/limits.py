"""How large a written plan may be before it is refused, and how much a run looks at."""

MAX_PLAN_BYTES = 64_000_000
MAX_NODES = 200_000
MAX_ITEMS = 100_000
MAX_TEXT = 10_000
MAX_DIGITS = 80
MOST_KEYS = 500
MOST_SLOTS = 16
MOST_MATCHES = 20_000_000
# So many positions are worked on at once, at the most.
BLOCK_ROWS = 1 << 16
