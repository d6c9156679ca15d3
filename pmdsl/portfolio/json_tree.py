"""JSON text to the neutral tree, with places; duplicate keys, NaN and deep nesting are refused."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import NamedTuple

from pmdsl.portfolio.report import Report
from pmdsl.portfolio.tree import (
    MAX_DEPTH,
    MAX_NODES,
    MAX_SCALAR,
    Listing,
    Mapping,
    Node,
    Scalar,
    UnreadableError,
    printable,
    report_duplicate,
)
from pmdsl.source import Source, Span

TOKEN = re.compile(
    r"""[ \t\r\n]*+(?:
      (?P<mark>[{}\[\],:])
    | (?P<string>"(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+")
    | (?P<number>-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?)(?![0-9A-Za-z_.+-])
    | (?P<word>[A-Za-z_0-9.+-]++)
    | (?P<end>\Z)
    )""",
    re.VERBOSE,
)
SURROGATE = re.compile("[\ud800-\udfff]")


class Token(NamedTuple):
    """One token: its kind, its text and where it stands."""

    kind: str
    text: str
    start: int
    end: int


@dataclass
class Reader:
    """Walks over the tokens of one text."""

    source: Source
    report: Report
    offset: int = 0
    nodes: int = 0
    token: Token = field(init=False)

    def __post_init__(self) -> None:
        self.advance()

    def advance(self) -> None:
        """Read the next token."""
        match = TOKEN.match(self.source.text, self.offset)
        if match is None or match.lastgroup is None:
            start = re.compile(r"[ \t\r\n]*").match(self.source.text, self.offset)
            place = start.end() if start else self.offset
            self.stop("PM603", f"not readable as JSON: found {self._found(place)}", place, place + 1)
            return
        kind = match.lastgroup
        self.offset = match.end()
        self.token = Token(kind, match[kind], match.start(kind), match.end(kind))

    def _found(self, place: int) -> str:
        if self.source.text[place : place + 1] == '"':
            return "a text without its closing quote, or with a broken escape"
        return f"`{printable(self.source.text[place : place + 1])}`"

    def stop(self, code: str, message: str, start: int | None = None, end: int | None = None) -> None:
        """Report what is wrong at a place (the current token) and give up."""
        here = Span(
            self.source, self.token.start if start is None else start, self.token.end if end is None else end
        )
        self.report.add(code, message, here)
        raise UnreadableError

    def expect(self, *marks: str) -> str:
        """Take one of the marks; stop where something else stands."""
        token = self.token
        if token.kind != "mark" or token.text not in marks:
            found = "the end of the text" if token.kind == "end" else f"`{printable(token.text[:40])}`"
            self.stop("PM603", f"not readable as JSON: expected `{'` or `'.join(marks)}`, found {found}")
        self.advance()
        return token.text


def read_json(source: Source, report: Report) -> Node | None:
    """The tree of a JSON text, or None where it cannot be read."""
    try:
        reader = Reader(source, report)
        node = _value(reader, 0)
        if reader.token.kind != "end":
            reader.stop("PM603", "not readable as JSON: something stands after the end of the value")
        return node
    except UnreadableError:
        return None


def _value(reader: Reader, depth: int) -> Node:
    reader.nodes += 1
    if depth >= MAX_DEPTH:
        reader.stop("PM605", f"nested deeper than {MAX_DEPTH} levels")
    if reader.nodes > MAX_NODES:
        reader.stop("PM605", f"more than {MAX_NODES} values: give a large book as tables")
    token = reader.token
    if token.kind == "mark" and token.text == "{":
        return _mapping(reader, depth)
    if token.kind == "mark" and token.text == "[":
        return _listing(reader, depth)
    return _scalar(reader)


def _mapping(reader: Reader, depth: int) -> Mapping:
    start = reader.token.start
    reader.advance()
    seen: dict[str, Scalar] = {}
    entries: list[tuple[Scalar, Node]] = []
    closed = reader.token.text == "}" and reader.token.kind == "mark"
    while not closed:
        if reader.token.kind != "string":
            reader.stop("PM603", "not readable as JSON: expected a key in double quotes")
        key = _scalar(reader)
        report_duplicate(key, seen, reader.report)
        reader.expect(":")
        entries.append((key, _value(reader, depth + 1)))
        closed = reader.token.text == "}"
        if not closed:
            reader.expect(",", "}")
    end = reader.token.end
    reader.expect("}")
    return Mapping(reader.source, start, end, tuple(entries))


def _listing(reader: Reader, depth: int) -> Listing:
    start = reader.token.start
    reader.advance()
    items: list[Node] = []
    closed = reader.token.text == "]" and reader.token.kind == "mark"
    while not closed:
        items.append(_value(reader, depth + 1))
        closed = reader.token.text == "]" and reader.token.kind == "mark"
        if not closed:
            reader.expect(",", "]")
    end = reader.token.end
    reader.expect("]")
    return Listing(reader.source, start, end, tuple(items))


def _scalar(reader: Reader) -> Scalar:
    token = reader.token
    if token.end - token.start > MAX_SCALAR:
        reader.stop("PM605", f"a value of {token.end - token.start} characters is longer than {MAX_SCALAR}")
    if token.kind == "word" and token.text not in ("true", "false", "null"):
        reader.stop(
            "PM610" if token.text.lstrip("+-") in ("NaN", "Infinity") else "PM603", _no_word(token.text)
        )
    if token.kind in ("mark", "end"):
        found = "the end of the text" if token.kind == "end" else f"`{token.text}`"
        reader.stop("PM603", f"not readable as JSON: expected a value, found {found}")
    text = token.text
    if token.kind == "string":
        text = json.loads(text) if "\\" in text else text[1:-1]
        if SURROGATE.search(text):
            reader.stop("PM602", "the text holds half of a surrogate pair, which is no character")
    reader.advance()
    return Scalar(reader.source, token.start, token.end, text, token.kind == "string")


def _no_word(text: str) -> str:
    if text.lstrip("+-") in ("NaN", "Infinity"):
        return f"`{text}` is not a finite number"
    return f"not readable as JSON: `{printable(text[:40])}` is no value: texts stand in double quotes"
