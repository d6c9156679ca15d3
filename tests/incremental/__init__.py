"""Trades in held accounts against whole runs."""
