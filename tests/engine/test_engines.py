"""Engines by name, and what is said where one is not there."""

from __future__ import annotations

import pytest

from pmdsl.diagnostics import PmdslError
from pmdsl.engine import ENGINES, engine_named, engines


def test_every_engine_has_its_name() -> None:
    assert [engine_named(name) for name in ENGINES] == ["numpy", "compiled"]


def test_another_name_is_refused_with_what_it_may_be() -> None:
    with pytest.raises(PmdslError) as refused:
        engine_named("compield")
    (finding,) = refused.value.findings
    assert (finding.code, finding.hint) == ("PM731", "did you mean `compiled`?")


def test_the_compiled_engine_without_numba_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "find_spec", lambda name: None)
    with pytest.raises(PmdslError) as refused:
        engine_named("compiled")
    assert refused.value.findings[0].hint == "pip install 'pmdsl[fast]'"
