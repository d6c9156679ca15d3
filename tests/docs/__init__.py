"""What the documentation shows is what happens: every command and snippet is run and compared."""
