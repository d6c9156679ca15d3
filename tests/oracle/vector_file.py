"""Reads a file of test vectors. YAML 1.2 truth values only: in a portfolio file, `on` is a key and no truth
value.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

VECTORS = Path(__file__).resolve().parent.parent / "vectors"


class PortfolioLoader(yaml.SafeLoader):
    """The safe loader, for which only `true` and `false` are truth values."""


PortfolioLoader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool" or first in "tTfF"
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def every_vector() -> list[dict[str, Any]]:
    """The vectors of all files, in the order of the files' names."""
    return [vector for path in sorted(VECTORS.glob("*.yaml")) for vector in read_vectors(path.name)]


def read_vectors(name: str) -> list[dict[str, Any]]:
    """The vectors of one file of `tests/vectors`, as plain dicts."""
    text = (VECTORS / name).read_text(encoding="utf-8")
    # A subclass of the safe loader, which builds plain values only.
    return list(yaml.load(text, Loader=PortfolioLoader)["vectors"])
