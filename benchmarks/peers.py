"""Peers that want an environment of their own: the interpreter that has them, and what it prints."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def interpreter(module: str, variable: str) -> str | None:
    """The Python that has a module: the one that the environment variable names, or this one, or none."""
    named = os.environ.get(variable)
    return named or (sys.executable if find_spec(module) is not None else None)


def told_by(python: str, *arguments: str) -> Any:
    """What an interpreter prints as JSON in its last line. Raises RuntimeError with what it complained of."""
    done = subprocess.run([python, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)}: {done.stderr.strip()}")
    return json.loads(done.stdout.splitlines()[-1])
