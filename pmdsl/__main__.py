"""`python -m pmdsl` is the command `pmdsl`."""

from pmdsl.cli import main

main()
