"""The pages of plans and commands: each message is what is really said, each mended example is fine.

`PMDSL_UPDATE=1 pytest tests/cli` writes the messages anew.
"""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Callable
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

import pmdsl
from pmdsl.diagnostics import CODES, PmdslError
from pmdsl.plan.from_json import read_plan
from pmdsl.plan.to_json import write_plan
from pmdsl.source import Source
from tests.api.world import ROOT
from tests.cli.shell import FILES, Shell

PAGES = ROOT / "docs" / "errors"
BLOCK = re.compile(r"^```(\w+)(?: (\w+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
OWN = sorted(code for code in CODES if re.match("PM52|PM9", code))
COMMANDS = ["PM902", "PM904", "PM906", "PM907", "PM908", "PM909", "PM910"]
Change = Callable[[dict[str, Any]], object]


def blocks(code: str) -> dict[str, str]:
    """The fenced blocks of a page by what they are: bad, text, good."""
    text = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    return {what or kind: body for kind, what, body in BLOCK.findall(text)}


def says(code: str, message: str) -> None:
    """The page of a code shows a message."""
    path = PAGES / f"{code}.md"
    text = path.read_text(encoding="utf-8")
    message = message.rstrip("\n") + "\n"
    if os.environ.get("PMDSL_UPDATE") == "1":
        path.write_text(
            re.sub(r"```text\n.*?```", lambda _: f"```text\n{message}```", text, flags=re.DOTALL),
            encoding="utf-8",
        )
    assert blocks(code)["text"] == message


def told(err: str) -> str:
    """Findings on standard error without the line that names their page."""
    return "\n".join(line for line in err.splitlines() if not line.startswith("  = see "))


@pytest.mark.parametrize("code", OWN)
def test_the_page_has_its_parts(code: str) -> None:
    text = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    assert text.startswith(f"# {code}: {CODES[code].title}\n\n**Cause.** ")
    assert "\nThe message:\n\n```text\n" in text
    assert "\nMended:\n" in text
    assert "\n**Why.** " in text


@pytest.mark.parametrize("code", COMMANDS)
def test_commands(code: str, shell: Shell) -> None:
    bad, good = (shlex.split(blocks(code)[what].removeprefix("$ pmdsl ")) for what in ("bad", "good"))
    done = shell(*bad)
    assert f"error[{code}]" in done.err
    says(code, told(done.err))
    assert shell(*good).status in (0, 1)


def test_no_methodology() -> None:
    with pytest.raises(PmdslError) as caught:
        pmdsl.load(blocks("PM905")["bad"])
    says("PM905", str(caught.value))
    assert pmdsl.load(blocks("PM905")["good"]).name == "desk.empty"


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("PM520", lambda p: p.update(format="pmdsl.portfolio")),
        ("PM521", lambda p: p.update(format_version=2)),
        ("PM523", lambda p: first(p, "fold_into")["params"].update(kind="mean")),
        ("PM524", lambda p: first(p, "mul").update(inputs=[0])),
        ("PM525", lambda p: first(p, "abs").update(inputs=[9999])),
        ("PM526", lambda p: first(p, "const")["params"].update(value="1/100")),
    ],
)
def test_plans(code: str, change: Change) -> None:
    plan = json.loads(write_plan(pmdsl.load(FILES / "untidy.margin").plan))
    change(plan)
    with pytest.raises(PmdslError) as caught:
        read_plan(Source("plan.json", json.dumps(plan)))
    says(code, str(caught.value))


def first(plan: dict[str, Any], op: str) -> dict[str, Any]:
    found: dict[str, Any] = next(node for node in plan["nodes"] if node["op"] == op)
    return found


def test_a_plan_that_is_too_deep() -> None:
    with pytest.raises(PmdslError) as caught:
        read_plan(Source("plan.json", '{"format": ' + "[" * 100_000))
    says("PM522", str(caught.value))


def test_a_run_that_costs_too_much(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pmdsl.plan.cost.refuse_above.__defaults__", (100, 100))
    said = told(shell("margin", "book.yaml", "--rules", "base.margin").err)
    assert "error[PM528]" in said
    said = re.sub(
        r"up to \S+ operations, more than the \S+", "up to 2.0e+14 operations, more than the 1e+13", said
    )
    says("PM528", said)


def test_a_mistake_of_ours(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise IndexError("list index out of range")

    monkeypatch.setattr("pmdsl.asking.ask", fail)
    says("PM901", told(shell("margin", "book.yaml", "--rules", "base.margin").err))


def test_a_plug_in_that_fails(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    class Failing(EntryPoint):
        def load(self) -> Path:
            raise RuntimeError("no licence")

    points = [Failing("acme", "acme_rules:fails", "pmdsl.rules")]
    monkeypatch.setattr("pmdsl.names.library.entry_points", lambda group: points)
    done = shell("rules")
    assert done.status == 0
    assert "us.finra.cpm" in done.out
    says("PM903", told(done.err))
