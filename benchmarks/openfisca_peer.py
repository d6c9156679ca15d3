"""The formulas of `elementwise.margin` in OpenFisca, for `benchmarks.elementwise`.

    python openfisca_peer.py rounds inputs.npz

Runs in whatever environment has OpenFisca. Prints, as JSON, its release and medians of processor seconds: of
one calculation, and of a simulation that is built, filled and calculated. Leaves what it found beside the
inputs as `.npy`.
"""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Callable
from importlib.metadata import version
from statistics import median
from time import process_time
from typing import Any

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

YEAR = "2026"
CALLS = 4_000
INPUTS = ("cash", "longs", "shorts", "limit", "concentration")
ACCOUNT = build_entity(key="account", plural="accounts", label="An account", is_person=True)

Values = Callable[[str], Any]

FORMULAS: dict[str, Callable[[Values], Any]] = {
    "worth": lambda x: x("cash") + x("longs") - x("shorts"),
    "gross": lambda x: x("longs") + x("shorts"),
    "on_long": lambda x: 0.25 * x("longs"),
    "on_short": lambda x: np.maximum(0.3 * x("shorts"), 0.05 * x("gross")),
    "add_on": lambda x: np.where(x("concentration") > 0.5, 0.1 * x("longs"), 0.0),
    "required": lambda x: x("on_long") + x("on_short") + x("add_on"),
    "missing": lambda x: np.maximum(0.0, x("required") - x("worth")),
    "tolerated": lambda x: np.minimum(x("missing"), 0.02 * x("gross")),
    "call": lambda x: np.maximum(x("missing") - x("tolerated"), np.minimum(x("missing"), x("limit"))),
}


def system() -> TaxBenefitSystem:
    """A system of one entity with five inputs and nine formulas."""
    found = TaxBenefitSystem([ACCOUNT])
    for name in (*INPUTS, *FORMULAS):
        members: dict[str, Any] = {
            "value_type": float,
            "entity": ACCOUNT,
            "definition_period": DateUnit.YEAR,
            "label": name,
        }
        if name in FORMULAS:
            members["formula"] = formula(FORMULAS[name])
        found.add_variable(type(name, (Variable,), members))
    return found


def formula(given: Callable[[Values], Any]) -> Callable[..., Any]:
    def formula(account: Any, period: Any) -> Any:
        return given(lambda name: account(name, period))

    return formula


def main(rounds: int, path: str) -> None:
    inputs, rules = np.load(path), system()
    count = len(inputs["cash"])

    def built() -> Any:
        simulation = SimulationBuilder().build_default_simulation(rules, count)
        for name in INPUTS:
            simulation.set_input(name, YEAR, inputs_of[name])
        return simulation

    inputs_of = {name: inputs[name] for name in INPUTS}
    found = built().calculate("call", YEAR)
    np.save(path.removesuffix(".npz"), found)
    repeats = max(1, CALLS // count)
    whole, alone = [], []
    gc.disable()
    for _ in range(rounds):
        spent, of_call = 0.0, 0.0
        for _ in range(repeats):
            begun = process_time()
            simulation = built()
            middle = process_time()
            simulation.calculate("call", YEAR)
            ended = process_time()
            spent, of_call = spent + ended - begun, of_call + ended - middle
        whole.append(spent / repeats)
        alone.append(of_call / repeats)
        gc.collect()
    told = {"version": version("openfisca-core"), "whole": median(whole), "calculate": median(alone)}
    print(json.dumps(told))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
