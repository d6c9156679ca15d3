"""The parts of a declaration by key: segments by date, rows by key and date, points, words, attributes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from pmdsl.compare.difference.patterns import strategy_parts
from pmdsl.compare.difference.plainer import bare, text_of
from pmdsl.plan.lower.tables import NOTE_COLUMNS, Layout, body_layout, header_word, periods
from pmdsl.plan.simplify import in_force
from pmdsl.syntax import ast

KEYED = (
    ast.Param, ast.TableDecl, ast.Scenarios, ast.Pricing, ast.Matrix, ast.Kind, ast.SetDecl, ast.Input,
    ast.Strategies,
)  # fmt: skip


@dataclass(frozen=True)
class Part:
    """A part as text by column, as trees for comparison, and where it stands."""

    cells: Mapping[str, str]
    meaning: Mapping[str, object]
    place: str

    @property
    def text(self) -> str:
        return ", ".join(f"{column} {cell}" if column else cell for column, cell in self.cells.items())


def parts_of(declaration: ast.Declaration | None, on: date | None) -> dict[str, Part]:
    """The parts of a declaration by key; with a date, those that hold on it, without their dates."""
    match declaration:
        case ast.Param():
            return dict(segments(declaration, on))
        case ast.TableDecl():
            keys = tuple(path.parts[-1] for path in declaration.keys)
            return dict(rows(declaration.body, keys, declaration.policy == "first", on))
        case ast.Scenarios() if isinstance(declaration.content, ast.Body):
            return dict(rows(declaration.content, (declaration.name.text,), False, on))
        case ast.Scenarios():
            return {"": whole(declaration)}
        case ast.Pricing():
            return dict(rows(declaration.body, ("when",), False, on))
        case ast.Matrix():
            return dict(rows(declaration.body, tuple(header(declaration.body)[:2]), False, on)) or {
                "": whole(declaration)
            }
        case ast.Kind() | ast.SetDecl():
            return {word.text: Part({}, {}, str(word.span)) for word in declaration.words}
        case ast.Input():
            return {field.name.text: attribute(field) for field in declaration.fields}
        case ast.Strategies():
            return dict(strategies(declaration))
    return {}


def strategies(declaration: ast.Strategies) -> Iterator[tuple[str, Part]]:
    """What holds for all patterns, then amounts, patterns and pools by their names."""
    for key, cells, node in strategy_parts(declaration):
        texts = {column: text for column, (text, _) in cells.items()}
        yield key, Part(texts, {column: tree for column, (_, tree) in cells.items()}, str(node.span))


def whole(declaration: ast.Declaration) -> Part:
    return Part({"": text_of(declaration)}, {"": bare(declaration)}, str(declaration.span))


def attribute(field: ast.Field) -> Part:
    """An attribute by its type and its default."""
    cells = {
        "type": text_of(field.type),
        **({"default": text_of(field.default)} if field.default is not None else {}),
    }
    return Part(cells, {"type": field.type, "default": bare(field.default)}, str(field.span))


def header(body: ast.Body | None) -> list[str]:
    return [header_word(cell) for cell in body.rows[0].cells] if body is not None and body.rows else []


def segments(param: ast.Param, on: date | None) -> Iterator[tuple[str, Part]]:
    """The segments of a parameter: by the day they begin, or the one that holds on a date."""
    ordered = sorted(param.segments, key=lambda segment: segment.start)
    if on is not None:
        begun = [segment for segment in ordered if segment.start <= on]
        ordered = [s for s in begun[-1:] if s.end is None or on <= s.end]
    for segment in ordered:
        key = "" if on is not None else f"from {segment.start}"
        cells = {"value": text_of(segment.value)}
        meaning: dict[str, object] = {"value": bare(segment.value)}
        if on is None and segment.end is not None:
            cells["to"], meaning["to"] = segment.end.isoformat(), segment.end
        yield key, Part(cells, meaning, str(segment.span))


def rows(
    body: ast.Body | None, keys: tuple[str, ...], first: bool, on: date | None
) -> Iterator[tuple[str, Part]]:
    """Rows by what tells them apart: their keys, in `first` tables their condition too, and the day they
    begin.
    """
    if body is None or not body.rows:
        return
    layout = body_layout(body, keys)
    when = ("when",) if "when" not in keys and "when" in header(body) else ()
    names = (*keys, *when) if first or when else keys
    for row, span, period in zip(layout.rows, layout.spans, periods(layout), strict=True):
        if on is not None and not in_force(period, on):
            continue
        shown = [text_of(row[name]) or "any" for name in names if name in row]
        start = row.get("from")
        dated = [f"from {text_of(start)}"] if start is not None and on is None else []
        columns = value_columns(layout, names, on)
        cells = {column: text_of(row.get(column)) for column in columns if row.get(column) is not None}
        meaning = {column: bare(row.get(column)) for column in columns}
        yield ", ".join([*shown, *dated]), Part(cells, meaning, str(span))


def value_columns(layout: Layout, names: tuple[str, ...], on: date | None) -> list[str]:
    """The columns whose cells can differ: values, and the end of a dated row."""
    found = [column for row in layout.rows[:1] for column in row]
    apart = {*names, *NOTE_COLUMNS, "from", *(("to",) if on is not None else ())}
    return [column for column in found if column not in apart]
