"""The rules of the house, each held against the source of the package."""
