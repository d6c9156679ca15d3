"""Text → tokens. One pattern reads everything; what a word is, a keyword or a name, the parser decides.

Anything that starts no token becomes one of kind STRAY, a text that is not closed one of kind OPEN_TEXT: the
parser reports them where they stand. So lexing never fails.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from pmdsl.syntax.tables import Tables

STRAY = "STRAY"
OPEN_TEXT = "OPEN_TEXT"
END = "$END"
COMMENT = "COMMENT"
ROWBAR = "ROWBAR"

# Marks of other languages that would otherwise fall into two of ours, and whatever nothing else begins with.
FOREIGN = r"(?P<FOREIGN>&&|\*\*|//|/\*|<>|=>|::|:=)"
REST = r'(?P<OPEN_TEXT>"[^"\n]*)|(?P<STRAY>[^ \t\r\n])'


class Token(NamedTuple):
    """A token: its terminal, its text, its place, how far its line is indented, and whether it begins it.

    A word that `labels` stands before a colon and is a name if it can be; a `firm` one is always a keyword.
    """

    kind: str
    text: str
    start: int
    end: int
    indent: int = 0
    begins: bool = False
    labels: bool = False
    firm: bool = False


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """The whole lexer as one pattern."""
    return re.compile(f"{FOREIGN}|{pattern}|{REST}")


def lex(text: str, tables: Tables) -> tuple[list[Token], list[Token]]:
    """The tokens of a text, closed by one of kind $END, and its comments."""
    tokens: list[Token] = []
    comments: list[Token] = []
    keywords, ignored = tables.keywords, tables.ignored
    indent, begins = 0, True
    for match in compiled(tables.pattern).finditer(text, 1 if text.startswith("\ufeff") else 0):
        kind, content, (start, end) = match.lastgroup or STRAY, match.group(), match.span()
        if kind in ignored:
            if kind == COMMENT:
                comments.append(Token(kind, content.rstrip(), start, start + len(content.rstrip())))
            elif "\n" in content or begins:
                indent, begins = len(content) - content.rfind("\n") - 1, True
            continue
        if kind == "NAME":
            kind = keywords.get(content, kind)
        elif content == ":" and tokens and tokens[-1].text in keywords:
            tokens[-1] = tokens[-1]._replace(kind="NAME")  # before a colon any word is a name
        elif kind == ROWBAR:
            indent, begins = len(content) - content.rfind("\n") - 2, True
            content, start = "|", end - 1
        elif kind == "COLON" and tokens and tokens[-1].text in keywords:
            tokens[-1] = tokens[-1]._replace(labels=True)
        tokens.append(Token(kind, content, start, end, indent, begins))
        begins = False
    tokens.append(Token(END, "", len(text), len(text), indent, begins))
    return tokens, comments
