"""Batches: positions of any number of accounts, from Parquet to Parquet, in bounded memory.

`work_of` makes the value that a worker needs, `cut` the chunks, `batch` runs them through an executor.
"""
