"""Holding answers and rule sets against one another: explanations, what-ifs, differences, claims."""
