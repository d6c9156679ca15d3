"""Plans that the tests write out: the bundled rule sets, and the small methodologies of every operator."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from pmdsl.compiler import compile_source
from pmdsl.diagnostics import Findings
from pmdsl.names.library import Library
from pmdsl.plan.nodes import Plan
from pmdsl.plan.simplify import simplify
from pmdsl.source import Source

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2026, 3, 2)
FILES = sorted([*ROOT.glob("rules/**/*.margin"), *ROOT.glob("tests/operators/*.margin")])
NAMES = [path.relative_to(ROOT).as_posix() for path in FILES if not path.stem.endswith("_test")]


@cache
def plans(name: str) -> tuple[Plan, ...]:
    """The plans of a rule file: each for all dates, and for one of them."""
    tree = compile_source(Source.read(ROOT / name), Library(), Findings(), checks=False)
    whole = [methodology.plan for methodology in tree.methodologies if methodology.plan is not None]
    return tuple(
        plan for found in whole for plan in (found, simplify(found, max(found.covers[0], covered(found))))
    )


def covered(plan: Plan) -> date:
    """A day that a plan covers."""
    return min(DAY, plan.covers[1] or DAY)
