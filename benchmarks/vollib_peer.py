"""Prices a book of options by py_vollib_vectorized, for `benchmarks.pricing_speed`, in another environment.

    python vollib_peer.py book.npz

Prints the release and the median processor seconds of a run, and leaves the prices beside the book as `.npy`.
"""

from __future__ import annotations

import sys
import warnings
from importlib.metadata import version
from statistics import median
from time import process_time

import numpy as np


def main(path: str) -> None:
    warnings.simplefilter("ignore")
    from py_vollib_vectorized import vectorized_black_scholes_merton

    book = np.load(path)
    flag = np.where(book["call"], "c", "p")
    rest = (book["spot"], book["strike"], book["years"], float(book["rate"]), book["volatility"])

    def run() -> np.ndarray:
        return vectorized_black_scholes_merton(flag, *rest, book["dividend_yield"], return_as="numpy")

    prices = run()
    spent = []
    for _ in range(int(book["runs"])):
        start = process_time()
        run()
        spent.append(process_time() - start)
    np.save(path.removesuffix(".npz"), prices)
    print(version("py_vollib_vectorized"), median(spent))


if __name__ == "__main__":
    main(sys.argv[1])
