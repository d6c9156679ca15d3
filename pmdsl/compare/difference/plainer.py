"""Declarations without what carries no meaning: notes, parentheses, the text of a number; and expressions
as texts.
"""

from __future__ import annotations

import re
from dataclasses import fields, replace
from typing import Any, TypeVar

from pmdsl.syntax import ast

N = TypeVar("N")


def bare(node: N) -> N:
    """A tree without notes, citations and parentheses, so that equality means equality of meaning."""
    if isinstance(node, ast.Paren):
        return bare(node.inner)  # type: ignore[return-value]
    if isinstance(node, ast.Notes):
        return ast.Notes()  # type: ignore[return-value]
    if isinstance(node, tuple):
        return tuple(bare(item) for item in node)  # type: ignore[return-value]
    if not isinstance(node, ast.Node):
        return node
    changed: dict[str, Any] = {f.name: bare(getattr(node, f.name)) for f in fields(node) if f.name != "span"}
    return replace(node, **changed)


def text_of(node: ast.Node | None) -> str:
    """An expression or a declaration as one line, as written."""
    return "" if node is None else re.sub(r"\s+", " ", node.span.text).strip()


def value_of(node: ast.Expr | None) -> str:
    """A cell as written, without the blanks around it."""
    return text_of(node)
