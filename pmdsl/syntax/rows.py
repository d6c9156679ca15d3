"""What a grammar cannot say of tables: rows fit their header, headers stand once, tables have rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pmdsl.diagnostics import Finding, Label
from pmdsl.source import Span
from pmdsl.syntax import ast
from pmdsl.syntax.log import Log


def check_rows(nodes: Iterable[ast.Node], log: Log) -> None:
    """Report every table whose rows do not fit together, among the nodes of a file."""
    for node in nodes:
        if isinstance(node, ast.Expr):
            continue
        if isinstance(node, ast.TableDecl | ast.Matrix) and node.body is not None:
            check_table(
                node.body.rows, node.body.span, log, may_be_empty(node.body) or node.outside is not None
            )
        elif isinstance(node, ast.Scenarios | ast.PairDecl) and isinstance(node.content, ast.Body):
            check_table(node.content.rows, node.content.span, log)
        elif isinstance(node, ast.Params | ast.Pricing):
            check_table(node.body.rows, node.body.span, log)
        elif isinstance(node, ast.Block):
            check_table(node.rows, node.span, log)


def may_be_empty(body: ast.Body) -> bool:
    """Whether a body says something without any row: the columns of rows given elsewhere, or a default."""
    return bool(body.columns) or body.default is not None


def check_table(rows: Sequence[ast.Row], span: Span, log: Log, may_be_empty: bool = False) -> None:
    for row in rows:
        check_line(row, log)
    if len(rows) < 2:
        if not log.touches(span) and not (may_be_empty and not rows):
            log.report(without_rows(rows, span))
        return
    header = rows[0]
    check_header(header, log)
    if log.touches(header.span):
        return
    for row in rows[1:]:
        if len(row.cells) != len(header.cells) and not log.touches(row.span):
            log.report(misfit(row, header))


def without_rows(rows: Sequence[ast.Row], span: Span) -> Finding:
    what = "this table has a header and no rows" if rows else "this table has no rows"
    return Finding("PM153", what, rows[0].span if rows else span, hint="write its rows below, or remove it")


def check_line(row: ast.Row, log: Log) -> None:
    """A row stands on one line: what follows on the next one lacks the bar that begins a row."""
    line = log.line_of(row.span.start)
    strays = (cell for cell in row.cells if cell is not None and log.line_of(cell.span.start) != line)
    stray = next(strays, None)
    if stray is not None:
        hint = "write `|` before its first cell; a row ends with its line"
        log.report(Finding("PM115", "a row begins with a bar", stray.span, hint=hint))


def check_header(header: ast.Row, log: Log) -> None:
    """Each header may stand once."""
    seen: dict[str, ast.Expr] = {}
    for cell in header.cells:
        if cell is None:
            continue
        text = " ".join(cell.span.text.split())
        if text in seen:
            log.report(
                Finding(
                    "PM152",
                    f"the header `{text}` stands twice",
                    cell.span,
                    (Label(seen[text].span, "the first one"),),
                )
            )
        seen.setdefault(text, cell)


def misfit(row: ast.Row, header: ast.Row) -> Finding:
    """A row with more or fewer cells than its header."""
    have, need = len(row.cells), len(header.cells)
    message = f"this row has {count(have)}, its header {count(need)}"
    if have < need:
        return Finding(
            "PM150", message, row.span, (Label(header.span, "the header"),), hint=gap_hint(row, header)
        )
    extra = next((cell for cell in row.cells[need:] if cell is not None), None)
    labels = () if extra is None else (Label(extra.span, "this cell has no header"),)
    return Finding("PM150", message, row.span, labels, hint="remove a bar, or give the column a header")


def count(number: int) -> str:
    return f"{number} cell" if number == 1 else f"{number} cells"


def gap_hint(row: ast.Row, header: ast.Row) -> str:
    gap = missing_bar(row, header)
    if gap is not None:
        return f"no bar closes the cell of `{header_text(header, gap)}`"
    missing = [f"`{header_text(header, index)}`" for index in range(len(row.cells), len(header.cells))]
    return f"an empty cell needs its bars as well; nothing stands for {', '.join(missing)}"


def header_text(header: ast.Row, index: int) -> str:
    cell = header.cells[index]
    return "" if cell is None else cell.span.text


def missing_bar(row: ast.Row, header: ast.Row) -> int | None:
    """The column whose closing bar is missing, where the other bars stand below those of the header."""
    above, below = bars(header), bars(row)
    missing = [index for index, column in enumerate(above) if column not in below]
    if len(missing) != len(above) - len(below) or not missing or missing[0] == 0:
        return None
    return missing[0] - 1


def bars(row: ast.Row) -> list[int]:
    """The columns of a row's bars on their line; those inside texts do not count."""
    source = row.span.source
    line = source.line_column(row.span.start)[0]
    return [column for column, character in outside_texts(source.line_text(line)) if character == "|"]


def outside_texts(text: str) -> Iterator[tuple[int, str]]:
    """Each character of a line with its column, but for texts and the comment."""
    inside = False
    for column, character in enumerate(text):
        if character == '"':
            inside = not inside
        elif character == "#" and not inside:
            return
        elif not inside:
            yield column, character
