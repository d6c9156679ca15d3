"""The stories of `examples/`, told by their numbers."""
