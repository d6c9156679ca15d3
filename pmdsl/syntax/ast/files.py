"""A whole file."""

from __future__ import annotations

from dataclasses import dataclass, field

from pmdsl.syntax.ast.declarations import Declaration
from pmdsl.syntax.ast.nodes import Comment, Node
from pmdsl.syntax.ast.tests import TestCase


@dataclass(frozen=True)
class Methodology(Node):
    """`methodology NAME { members }`."""

    name: str
    members: tuple[Declaration, ...]


@dataclass(frozen=True)
class File(Node):
    """A whole file."""

    edition: str
    items: tuple[Methodology | TestCase, ...]
    comments: tuple[Comment, ...] = field(default=(), compare=False)
