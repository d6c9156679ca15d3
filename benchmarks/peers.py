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


def told_by(python: str, script: str, *arguments: str) -> Any:
    """What a script of this folder prints as JSON when another interpreter runs it."""
    command = [python, str(HERE / script), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{script}: {done.stderr.strip().splitlines()[-1:]}")
    return json.loads(done.stdout.splitlines()[-1])
