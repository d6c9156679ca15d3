"""Commands as processes: what they import, what they do with colour, and with readers that go away."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.api.world import ROOT
from tests.cli.shell import FILES

HEAVY = (
    "sympy", "scipy", "numba", "numpy", "lark", "rich", "yaml", "jsonschema", "pyarrow", "distributed",
    "click",
)  # fmt: skip
# What a rule set whose plan is kept does without.
COMPILER = ("pmdsl.compiler", "pmdsl.syntax.parser", "pmdsl.names.collect", "pmdsl.plan.lower", "pmdsl.check")
RUN = f"""
import sys
from pmdsl.cli import run
status = run(sys.argv[1:])
print(status, *(name for name in {HEAVY + COMPILER!r} if name in sys.modules), file=sys.stderr)
"""


def loaded(*args: str, **environment: str) -> list[str]:
    """The heavy packages, and the parts of the compiler, that a command imports."""
    command = [sys.executable, "-c", RUN, *args]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=True, env={**os.environ, **environment}
    )
    status, *names = done.stderr.splitlines()[-1].split()
    assert status == "0", done.stderr
    return names


@pytest.mark.parametrize(
    ("args", "allowed"),
    [
        (["--version"], set()),
        (["--help"], {"click"}),
        (["rules", "--format", "json"], {"click"}),
        (["rules"], {"click", "rich"}),
        (["check", "rules/us/finra/cpm.margin"], {"click", "lark"}),
        (["plan", "us.finra.cpm"], {"click", "lark", "numpy", "rich"}),
        (["margin", "tests/cli/files/book.yaml"], {"click", "lark", "numpy", "rich", "yaml"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_is_imported(args: list[str], allowed: set[str]) -> None:
    assert set(loaded(*args)) - set(COMPILER) <= allowed


def test_a_kept_plan_needs_no_compiler(tmp_path: Path) -> None:
    args = ("margin", "tests/cli/files/book.yaml", "--rules", "house.example")
    first = loaded(*args, PMDSL_CACHE=str(tmp_path))
    assert set(COMPILER) <= set(first)
    again = loaded(*args, PMDSL_CACHE=str(tmp_path))
    assert set(again) == set(first) - {*COMPILER, "lark"}


def pmdsl(*args: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "pmdsl", *args]
    variables = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": "/tmp", **environment}
    return subprocess.run(command, cwd=FILES, capture_output=True, check=False, env=variables)


def test_colour_is_for_terminals() -> None:
    args = ("margin", "book.yaml", "--rules", "base.margin")
    assert b"\x1b[" not in pmdsl(*args).stdout
    assert b"\x1b[" in pmdsl(*args, FORCE_COLOR="1").stdout
    assert b"\x1b[" not in pmdsl(*args, FORCE_COLOR="1", NO_COLOR="1").stdout.replace(
        b"\x1b[1m", b""
    ).replace(b"\x1b[0m", b"").replace(b"\x1b[2m", b"")
    assert b"\x1b[" not in pmdsl("check", "broken.margin").stderr


def test_a_reader_that_goes_away() -> None:
    shell = f'"{sys.executable}" -m pmdsl schema base.margin | head -1'
    done = subprocess.run(
        ["sh", "-c", shell],
        cwd=FILES,
        capture_output=True,
        check=False,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
    )
    assert done.stdout.strip() == b"{"
    assert done.stderr == b""


NOISY = """
import os
import pmdsl.cli
answered = pmdsl.cli.run
def run(args):
    os.write(1, b"HighsMipSolverData")
    return answered(args)
pmdsl.cli.run = run
pmdsl.cli.main(["schema", "base.margin"])
"""


def test_what_libraries_print_past_python_is_not_in_the_output() -> None:
    done = subprocess.run(
        [sys.executable, "-c", NOISY],
        cwd=FILES,
        capture_output=True,
        check=False,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
    )
    assert done.stdout == pmdsl("schema", "base.margin").stdout
    assert done.stderr == b""


@pytest.mark.parametrize(
    ("to", "told", "status"),
    [
        ("> /dev/full", b"error[PM904]: the output cannot be written: No space left on device\n", 2),
        (">&-", b"", 0),
    ],
)
def test_output_that_nobody_takes(to: str, told: bytes, status: int) -> None:
    if "/dev/full" in to and not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full")
    done = subprocess.run(
        ["sh", "-c", f'"{sys.executable}" -m pmdsl schema base.margin {to}'],
        cwd=FILES,
        capture_output=True,
        check=False,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
    )
    assert done.stderr.startswith(told)
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr
    assert done.returncode == status


def test_version_of_the_module() -> None:
    from pmdsl import __version__

    assert pmdsl("--version").stdout.decode() == f"pmdsl {__version__}\n"


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("pmdsl ma", "plain,margin"),
        ("pmdsl margin b --rules us.fin", "plain,us.finra.cpm"),
        ("pmdsl fmt --ch", "plain,--check"),
        ("pmdsl compare us.finra.cpm house.", "plain,house.example"),
    ],
)
def test_completion(words: str, wanted: str) -> None:
    place = str(len(words.split()) - 1)
    done = pmdsl(_PMDSL_COMPLETE="bash_complete", COMP_WORDS=words, COMP_CWORD=place)
    assert done.stdout.decode().split() == [wanted]
