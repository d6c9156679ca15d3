"""A mutation run over rule files: every number, sign, comparison, word and row changed in turn, and the tests
run.
"""
