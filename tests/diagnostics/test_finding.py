"""Findings as values: an error that travels between processes keeps its findings."""

from __future__ import annotations

import pickle

from pmdsl.diagnostics import Finding, PmdslError


def test_an_error_from_another_process_keeps_its_findings() -> None:
    sent = PmdslError([Finding("PM614", "no such name", hint="it is another"), Finding("PM608", "no column")])
    came = pickle.loads(pickle.dumps(sent))
    assert came.findings == sent.findings
    assert str(came) == str(sent)
