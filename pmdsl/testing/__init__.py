"""Tests in the language: finding them, running them, and saying what they cover."""

from __future__ import annotations

from pmdsl.testing.junit import junit_xml
from pmdsl.testing.render import render_report
from pmdsl.testing.report import CaseResult, Report
from pmdsl.testing.runner import run_tests

__all__ = ["CaseResult", "Report", "junit_xml", "render_report", "run_tests"]
