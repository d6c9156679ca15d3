"""YAML text to the neutral tree, from the parser's events: no types are guessed and no construct can grow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

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
    quote,
    report_duplicate,
)
from pmdsl.source import Source, Span


@dataclass
class Open:
    """A list or mapping whose end has not been read yet."""

    start: int
    is_mapping: bool
    keys: list[Scalar] = field(default_factory=list)
    seen: dict[str, Scalar] = field(default_factory=dict)
    items: list[Node] = field(default_factory=list)

    @property
    def wants_key(self) -> bool:
        return self.is_mapping and len(self.keys) == len(self.items)


def read_yaml(source: Source, report: Report) -> Node | None:
    """The tree of a YAML text, or None where it cannot be read. Only plain data: no anchors, tags, merges."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return _build(source, yaml.parse(source.text, Loader=loader), report)
    except UnreadableError:
        return None
    except yaml.YAMLError as error:
        _syntax(source, error, report)
        return None


def _syntax(source: Source, error: Exception, report: Report) -> None:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    offset = mark.index if mark is not None else getattr(error, "position", 0)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "this cannot be read"
    offset = min(int(offset), len(source.text))
    context = getattr(error, "context", None)
    problem += f" {context}" if context else ""
    hint = "indent with spaces: YAML has no tabs" if source.text[offset : offset + 1] == "\t" else None
    report.add("PM603", f"not readable as YAML: {problem}", Span(source, offset, offset), hint=hint)


def _build(source: Source, events: Iterator[Any], report: Report) -> Node | None:
    stack: list[Open] = []
    root: Node | None = None
    nodes = 0
    for event in events:
        name = type(event).__name__
        if name in ("StreamStartEvent", "StreamEndEvent", "DocumentEndEvent"):
            continue
        start, end = event.start_mark.index, event.end_mark.index
        span = Span(source, start, end)
        if name == "DocumentStartEvent":
            _check_document(event, root, span, report)
            continue
        nodes += 1
        _check_event(event, name, span, len(stack), nodes, report)
        if name in ("MappingStartEvent", "SequenceStartEvent"):
            if stack and stack[-1].wants_key:
                _refuse("PM604", "a list or mapping stands as a key: keys are plain words", span, report)
            stack.append(Open(start, name == "MappingStartEvent"))
            continue
        node = _scalar(source, event) if name == "ScalarEvent" else _close(source, stack.pop(), end)
        if stack:
            _put(stack[-1], node, report)
        else:
            root = node
    if root is None:
        report.add(
            "PM603",
            "the text is empty: expected a mapping with `on`, `underlyings`, `positions`",
            source.line_span(1),
        )
    return root


def _scalar(source: Source, event: Any) -> Scalar:
    return Scalar(source, event.start_mark.index, event.end_mark.index, event.value, not event.implicit[0])


def _close(source: Source, done: Open, end: int) -> Node:
    """The finished list or mapping. A block ends with its last child, not at the next token."""
    last = done.items[-1].end if done.items and source.text[done.start : done.start + 1] not in "[{" else end
    if done.is_mapping:
        return Mapping(source, done.start, last, tuple(zip(done.keys, done.items, strict=True)))
    return Listing(source, done.start, last, tuple(done.items))


def _put(parent: Open, node: Node, report: Report) -> None:
    if not parent.wants_key:
        parent.items.append(node)
        return
    assert isinstance(node, Scalar)
    if node.text == "<<" and not node.quoted:
        _refuse("PM604", "merge keys (`<<`) are not read: write the values out", node.span, report)
    report_duplicate(node, parent.seen, report)
    parent.keys.append(node)


def _check_document(event: Any, root: Node | None, span: Span, report: Report) -> None:
    if root is not None:
        _refuse("PM604", "a second document begins here: expected one document a file", span, report)
    if event.version or event.tags:
        _refuse("PM604", "directives (`%YAML`, `%TAG`) are not read: leave them out", span, report)


def _check_event(event: Any, name: str, span: Span, depth: int, nodes: int, report: Report) -> None:
    if name == "AliasEvent":
        _refuse("PM604", f"aliases (`*{event.anchor}`) are not read: write the values out", span, report)
    if getattr(event, "anchor", None):
        _refuse("PM604", f"anchors (`&{event.anchor}`) are not read: write the values out", span, report)
    if getattr(event, "tag", None):
        _refuse("PM604", f"tags ({quote(event.tag)}) are not read: expected plain data", span, report)
    if depth >= MAX_DEPTH:
        _refuse("PM605", f"nested deeper than {MAX_DEPTH} levels", span, report)
    if nodes > MAX_NODES:
        _refuse("PM605", f"more than {MAX_NODES} values: give a large book as tables", span, report)
    if name == "ScalarEvent" and len(event.value) > MAX_SCALAR:
        _refuse(
            "PM605", f"a value of {len(event.value)} characters is longer than {MAX_SCALAR}", span, report
        )


def _refuse(code: str, message: str, span: Span, report: Report) -> None:
    report.add(code, message, span)
    raise UnreadableError
