"""Batches: cutting, executors, going on where a run stopped."""
