"""Tests of books and markets."""
