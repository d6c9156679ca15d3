"""A slow and obvious second opinion on the bundled rule sets: floats and loops, nothing of the engine."""
