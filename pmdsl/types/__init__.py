"""Units, levels and axes: what a value is, apart from what it is worth."""
