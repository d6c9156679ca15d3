"""Plans from strangers: each way to be wrong is a finding, and nothing else is ever raised."""

from __future__ import annotations

import contextlib
import copy
import json
import random
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

import pmdsl
from pmdsl.plan import from_json
from pmdsl.plan.from_json import read_plan
from pmdsl.plan.to_json import write_plan
from pmdsl.rules import Rules
from pmdsl.source import Source
from tests.api.world import rules, small

Change = Callable[[dict[str, Any]], object]
STRANGE = [
    None,
    True,
    0,
    -1,
    1,
    7,
    10**9,
    10**30,
    "",
    "account",
    "x",
    "point",
    [],
    {},
    [0],
    ["a"],
    1.5,
    "1/3",
    "position",
]


@cache
def written(name: str) -> str:
    return write_plan(rules(name).plan)


def record(name: str = "generic.stress") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(written(name))
    return found


def codes(text: str) -> list[str]:
    with pytest.raises(pmdsl.PmdslError) as caught:
        read_plan(Source("plan.json", text))
    return [finding.code for finding in caught.value.findings]


def of_kind(plan: dict[str, Any], op: str) -> dict[str, Any]:
    """The first node of an operation."""
    found: dict[str, Any] = next(node for node in plan["nodes"] if node["op"] == op)
    return found


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "PM520"),
        ("[]", "PM520"),
        ('{"format": "other"}', "PM520"),
        ('{"format": "pmdsl.plan", "format": "pmdsl.plan"}', "PM520"),
        ('{"format": "pmdsl.plan", "format_version": 2}', "PM521"),
        ('{"format": NaN}', "PM520"),
        ('{"format": ' + "9" * 5000 + "}", "PM520"),
        ('{"format": ' + "[" * 100_000, "PM522"),
    ],
)
def test_texts_that_are_no_plans(text: str, code: str) -> None:
    assert codes(text) == [code]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda p: p.pop("levels"), "PM523"),
        (lambda p: p.update(extra=1), "PM523"),
        (lambda p: p["nodes"][0].update(op="launch"), "PM523"),
        (lambda p: of_kind(p, "mul").update(inputs=[0]), "PM524"),
        (lambda p: of_kind(p, "mul").update(base="text"), None),
        (lambda p: of_kind(p, "fold_over")["params"].update(axis="nowhere"), "PM525"),
        (lambda p: of_kind(p, "fold_over")["params"].update(kind="mean"), "PM523"),
        (lambda p: p["nodes"][3].update(inputs=[3]), "PM525"),
        (lambda p: p["nodes"][3].update(inputs=[9999]), "PM525"),
        (lambda p: p["outputs"][0].update(node=9999), "PM525"),
        (lambda p: p["levels"].append({"name": "g", "kind": "group", "of": "g"}), "PM525"),
        (lambda p: p["levels"].append({"name": "account", "kind": "account"}), "PM525"),
        (lambda p: of_kind(p, "const")["params"].update(value="1/0"), "PM523"),
        (lambda p: of_kind(p, "const")["params"].update(value="2"), "PM526"),
        (lambda p: p["steps"].update(x=10**6), "PM523"),
        (lambda p: p.update(nodes=[{"op": "word"}] * 200_001), "PM523"),
    ],
)
def test_plans_that_were_changed(change: Change, code: str | None) -> None:
    plan = record()
    change(plan)
    found = codes(json.dumps(plan))
    assert code is None or code in found


def cover(plan: dict[str, Any]) -> dict[str, Any]:
    """The level of matches."""
    found: dict[str, Any] = next(level for level in plan["levels"] if level["kind"] == "match")
    return found


SELF = {"slots": [0, 0], "left": 0, "op": "eq", "right": 0}


def pairing(plan: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = of_kind(plan, "pairing")["params"]
    return found


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        (lambda p: cover(p).update(within="underlying"), "PM525", "must be `of` a table of accounts"),
        (lambda p: cover(p)["patterns"].append(cover(p)["patterns"][0]), "PM525", "names a pattern twice"),
        (lambda p: cover(p)["patterns"][0]["slots"][0].update(taken=400), "PM525", "a key that is not there"),
        (lambda p: cover(p)["patterns"][0].update(joins=[SELF]), "PM525", "slots that are not two of its"),
        (lambda p: cover(p).update(size=400), "PM525", "a size that is not among its keys"),
        (lambda p: cover(p)["patterns"][0].update(slots=[]), "PM523", "a list of 1 to 16 items"),
        (lambda p: p["levels"][1].update(patterns=cover(p)["patterns"]), "PM525", "is no level of matches"),
        (lambda p: of_kind(p, "contracts")["params"].update(slot=9), "PM525", "slot 9, which no pattern has"),
        (lambda p: of_kind(p, "pattern").update(level="position"), "PM524", "which is no level of matches"),
        (lambda p: of_kind(p, "pattern").update(base="number"), "PM524", "`pattern` must be text"),
        (lambda p: pairing(p).update(held=4000), "PM525", "has no input 4000, which is its `held`"),
        (lambda p: pairing(p).update(held=pairing(p)["taken"][0]), "PM524", "`held` of a pairing is at"),
        (lambda p: pairing(p).update(allowed=["butterfly"]), "PM525", "allows the pattern `butterfly`"),
        (lambda p: pairing(p)["pools"][0].update(level="class_group"), "PM525", "is no group of its matches"),
        (lambda p: pairing(p)["pools"][0].update(long="straddle"), "PM525", "without patterns for its sides"),
        (lambda p: pairing(p)["pools"][0].update(scans=[]), "PM524", "a scan that is not of one pool"),
        (lambda p: pairing(p).update(axes={}), "PM524", "over an axis that it does not have"),
    ],
)  # fmt: skip
def test_matches_that_do_not_hold_together(change: Change, code: str, said: str) -> None:
    plan = record("us.reg_t")
    change(plan)
    with pytest.raises(pmdsl.PmdslError) as caught:
        read_plan(Source("plan.json", json.dumps(plan)))
    assert any(f.code == code and said in f.message for f in caught.value.findings), str(caught.value)


def test_a_level_that_stands_on_itself() -> None:
    plan = record("us.finra.cpm")
    key = next(level for level in plan["levels"] if level["kind"] == "key")
    own = next(number for number, node in enumerate(plan["nodes"]) if node.get("level") == key["name"])
    key["keys"] = [own]
    assert codes(json.dumps(plan)) == ["PM525"]


def changed(plan: dict[str, Any], choose: random.Random) -> None:
    """Put something strange at a random place."""
    here: Any = plan
    while True:
        keys = list(here) if isinstance(here, dict) else list(range(len(here)))
        key = choose.choice(keys)
        below = here[key]
        if isinstance(below, dict | list) and below and choose.random() < 0.9:
            here = below
            continue
        if choose.random() < 0.2:
            del here[key]
        elif isinstance(below, int) and choose.random() < 0.5:
            here[key] = below + choose.choice([-2, -1, 1, 2])
        else:
            here[key] = choose.choice(STRANGE)
        return


@pytest.mark.parametrize("name", ["generic.stress", "generic.covariance", "us.finra.cpm", "us.reg_t"])
@pytest.mark.parametrize("seed", range(4))
def test_nothing_but_findings_is_ever_raised(name: str, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    choose = random.Random(seed)
    whole = record(name)
    for _ in range(15):
        plan = copy.deepcopy(whole)
        changed(plan, choose)
        plan["digest"] = plan.get("meaning")
        said = plan.get("meaning")
        monkeypatch.setattr(from_json, "digest", lambda _, said=said: said)
        with contextlib.suppress(pmdsl.PmdslError):
            Rules(read_plan(Source("plan.json", json.dumps(plan)))).margin(small()).to_json()
