"""The package of `examples/plugin`, installed into a folder of its own, is found and listed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLUGIN = ROOT / "examples" / "plugin"

LIST = """
from pmdsl.names.library import Library
library = Library()
print([(entry.name, entry.origin) for entry in library.entries() if entry.origin != "bundled"])
print([finding.message for finding in library.findings])
import pmdsl
print(pmdsl.load("acme.haircut").version)
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package in it, as `pip install --target` leaves it."""
    pytest.importorskip("hatchling", reason="the build back end of the example is not at hand")
    target = tmp_path_factory.mktemp("site")
    build = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation"]
    done = subprocess.run(
        [*build, "--target", str(target), str(PLUGIN)],
        capture_output=True,
        text=True,
        check=False,
        cwd=target,
    )
    assert done.returncode == 0, done.stderr
    return target


def listed(paths: list[Path]) -> list[str]:
    """What is at hand beside the bundled rule sets, with some folders on the path."""
    env = {"PYTHONPATH": ":".join(map(str, [ROOT, *paths])), "PATH": ""}
    done = subprocess.run([sys.executable, "-c", LIST], capture_output=True, text=True, check=False, env=env)
    return (done.stdout + done.stderr).splitlines()


def test_an_installed_package_is_listed(installed: Path) -> None:
    assert listed([installed]) == ["[('acme.haircut', 'acme')]", "[]", "1.0"]


def test_a_broken_package_is_named_and_the_others_are_listed(installed: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken-1.0.dist-info"
    broken.mkdir()
    (broken / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1.0\n", encoding="utf-8")
    (broken / "entry_points.txt").write_text("[pmdsl.rules]\nbroken = nowhere:rules\n", encoding="utf-8")
    names, said, version = listed([installed, tmp_path])
    assert names == "[('acme.haircut', 'acme')]"
    assert "the plug-in `broken` cannot be loaded" in said
    assert version == "1.0"
