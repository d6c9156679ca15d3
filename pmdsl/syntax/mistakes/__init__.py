"""One file for each family of mistakes: how it is recognised, what is said of it, and how to read on."""
