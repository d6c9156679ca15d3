"""The typed plan: nodes, lowering from a program, simplification for a date, JSON, digest and cost."""
