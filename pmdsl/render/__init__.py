"""How answers look to people: rich tables and trees, the same in a terminal, in `print` and in a notebook."""
