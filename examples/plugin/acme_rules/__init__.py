"""The margin rules of a broker. The entry point `pmdsl.rules` names `rules`, which says where they are."""

from importlib.resources import files
from importlib.resources.abc import Traversable


def rules() -> Traversable:
    """The folder of rule files; everything below it that declares a methodology is listed."""
    return files("acme_rules") / "rules"
