"""Loads `grammar/pmdsl.lark`, once for each process, by way of the cache on disk."""

from __future__ import annotations

import sys
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from typing import TYPE_CHECKING

from pmdsl.data import data_root
from pmdsl.syntax import cache as disk
from pmdsl.syntax import tables
from pmdsl.syntax.tables import Tables

if TYPE_CHECKING:
    from lark import Lark


def grammar_text() -> str:
    """The grammar as it is written."""
    return data_root().joinpath("grammar", "pmdsl.lark").read_text(encoding="utf-8")


def read_grammar(text: str) -> Lark:
    """The grammar as lark reads it: LALR(1), and no conflict or clash of terminals is let pass."""
    from lark import Lark

    return Lark(text, parser="lalr", lexer="contextual", strict=True, maybe_placeholders=True)


def cache_key(text: str) -> str:
    """A name for what these versions make of this grammar."""
    parts = (str(tables.FORMAT), version("lark"), sys.implementation.cache_tag or sys.version, text)
    return f"grammar-{sha256(chr(0).join(parts).encode()).hexdigest()}"


@cache
def load_tables() -> Tables:
    """The parser's tables."""
    text = grammar_text()
    key = cache_key(text)
    kept = disk.load(key)
    if isinstance(kept, dict):
        try:
            return tables.from_plain(kept)
        except (KeyError, TypeError):
            pass
    made = tables.from_lark(read_grammar(text))
    disk.save(key, tables.to_plain(made))
    return made
