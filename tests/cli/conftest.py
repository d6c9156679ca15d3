"""Every test of the commands runs in the folder of its files, without a terminal and without colour."""

from __future__ import annotations

import pytest

from tests.cli.shell import FILES, Shell


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A shell in the folder of the test files, 100 columns wide."""
    monkeypatch.chdir(FILES)
    monkeypatch.setenv("COLUMNS", "100")
    for name in ("NO_COLOR", "FORCE_COLOR", "PMDSL_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    return Shell(capsys)
