"""Findings: what is wrong, where, what was expected. Errors are collected as values, never raised midway."""

from pmdsl.diagnostics.codes import CODES, Code
from pmdsl.diagnostics.finding import Finding, Findings, Fix, Label, PmdslError, Severity
from pmdsl.diagnostics.suggest import did_you_mean, listed, nearest

__all__ = [
    "CODES",
    "Code",
    "Finding",
    "Findings",
    "Fix",
    "Label",
    "PmdslError",
    "Severity",
    "did_you_mean",
    "listed",
    "nearest",
]
