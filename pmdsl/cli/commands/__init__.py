"""One module a command: its arguments and how its answer is shown. The work is done by the library."""
