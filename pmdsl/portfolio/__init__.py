"""Books and markets: from files and tables to columns."""
