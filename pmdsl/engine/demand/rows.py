"""What rows of tables stand on: the keys that were asked for, the cells that were reached."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from pmdsl.engine.demand.need import Asked, Needs
from pmdsl.engine.kernels.site import bad
from pmdsl.engine.kernels.tables import row_tests, when_inputs


def match(asked: Asked) -> Needs:
    """Keys that a row asks about while no row was taken, and conditions of rows whose keys fit."""
    site = asked.scene.site(asked.number)
    params = site.params
    whens = when_inputs(site, int(params["keys"]), len(params["rows"]))
    open_ = asked.cells
    found: Needs = []
    for row, pattern in enumerate(params["rows"]):
        tests = row_tests(site, pattern)
        if tests is None:
            continue
        fits = open_
        for k, test in tests:
            found += asked.of(k, open_)
            fits = fits & (test(asked.input(k)) | bad(asked.input(k)))
        if whens[row] >= 0:
            found += asked.of(whens[row], fits)
            fits = fits & (asked.input(whens[row]) != 0)
        open_ = open_ & ~fits
    return found


def select(asked: Asked) -> Needs:
    row, cells = np.broadcast_arrays(asked.input(0), asked.cells)
    reached = np.unique(row[cells & (row >= 0)]).tolist()  # of hundreds of rows a few
    taken = [found for k in reached for found in asked.of(k + 1, cells & (row == k))]
    return [*asked.of(0, asked.cells), *taken]


def gathered(asked: Asked) -> Needs:
    """collect: the cells of the rows that fit."""
    found: Needs = []
    for k in range(0, len(asked.node.inputs), 2):
        found += asked.of(k, asked.cells)
        found += asked.of(k + 1, asked.cells & (asked.input(k) == 1))
    return found


def marginal(asked: Asked) -> Needs:
    found = asked.of(0, asked.cells)
    for k, bound in enumerate(asked.node.params["bounds"], start=1):
        found += asked.of(k, asked.cells & (asked.input(0) > float(Fraction(bound))))
    return found
