"""What is said about an output that could not be had: one sentence for each way in which poison can arise."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pmdsl.diagnostics import Finding
from pmdsl.engine.blame import Culprit
from pmdsl.engine.complaints.arithmetic import no_number
from pmdsl.engine.complaints.inputs import missing
from pmdsl.engine.complaints.levels import (
    bad_pairs,
    disagreement,
    no_entry,
    no_parent,
    no_point,
    no_rate,
    nothing_there,
    other_currency,
)
from pmdsl.engine.complaints.matches import no_measure, no_pairing, nothing_takes
from pmdsl.engine.complaints.pricing import price_complaint, volatility_complaint
from pmdsl.engine.complaints.tables import empty_cell, no_day, no_model, no_row, not_found
from pmdsl.engine.complaints.words import needed_by
from pmdsl.engine.demand import Scene

__all__ = ["complaint"]

Complaint = Callable[[Scene, Culprit], Finding]


def complaint(scene: Scene, found: Culprit) -> Finding:
    """The finding for a place where poison arose."""
    if found.edge is not None:
        return no_parent(scene, found)
    return COMPLAINTS.get(scene.node(found.node).op, no_number)(scene, found)


COMPLAINTS: Mapping[str, Complaint] = {
    "input": missing,
    "match": no_row,
    "lookup": not_found,
    "cell": empty_cell,
    "axis_dates": no_day,
    "axis_age": no_day,
    "model": no_model,
    "agree": disagreement,
    "fold_into": nothing_there,
    "fold_over": nothing_there,
    "arg_over": nothing_there,
    "choose_over": no_point,
    "currency": other_currency,
    "fx": no_rate,
    "aggregate": bad_pairs,
    "matrix": no_entry,
    "pattern": nothing_takes,
    "contracts": no_measure,
    "pairing": no_pairing,
    "volatility": lambda scene, found: volatility_complaint(scene, found, needed_by(scene, found)),
    "revalue": lambda scene, found: price_complaint(scene, found, needed_by(scene, found)),
    "model_delta": lambda scene, found: price_complaint(scene, found, needed_by(scene, found)),
}
