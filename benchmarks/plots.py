"""Log-log lines in small panels as SVG, for the pages of the documentation; light and dark."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

Point = tuple[float, float]

COLUMNS = 3
WIDTH, HEIGHT, GAP = 312, 250, 14
LEFT, RIGHT, TOP, BOTTOM = 58, 18, 56, 40
MARGIN = 16
STYLE = """
    .page { fill: #ffffff; stroke: #d5d9de; }
    .panel { fill: #f3f5f7; }
    .grid { stroke: #dde2e7; stroke-width: 1; }
    .guide { stroke: #9aa5b1; stroke-width: 1.2; stroke-dasharray: 2 4; fill: none; }
    .a { stroke: #2b6cb0; } .b { stroke: #b3792b; } .c { stroke: #2f855a; } .d { stroke: #9b3d8f; }
    .line { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
    .dot { fill: #f3f5f7; stroke-width: 2; }
    text { font-family: "DejaVu Sans", Verdana, sans-serif; fill: #1d2329; }
    .title { font-size: 13.5px; font-weight: 600; }
    .note { font-size: 11px; fill: #46505a; }
    .tick { font-size: 10.5px; fill: #5b6672; }
    .end { text-anchor: end; } .middle { text-anchor: middle; }
    @media (prefers-color-scheme: dark) {
      .page { fill: #14181c; stroke: #39424b; }
      .panel { fill: #1c2228; }
      .grid { stroke: #2c353d; }
      .guide { stroke: #6b7784; }
      .a { stroke: #7fb0ea; } .b { stroke: #dba656; } .c { stroke: #7cc79a; } .d { stroke: #d48fc9; }
      .dot { fill: #1c2228; }
      text { fill: #eceff2; }
      .note, .tick { fill: #b7c1cb; }
    }"""
KEYS = "abcd"


@dataclass(frozen=True)
class Panel:
    """One drawing: a title, a line below it, and points by the name of their line, in the order of x."""

    title: str
    note: str
    lines: Mapping[str, Sequence[Point]]


@dataclass(frozen=True)
class Scale:
    """Where a number stands on a logarithmic axis."""

    low: float
    high: float
    begin: float
    end: float

    def __call__(self, value: float) -> float:
        part = (math.log10(value) - self.low) / (self.high - self.low)
        return self.begin + part * (self.end - self.begin)

    def ticks(self) -> list[float]:
        """The powers of ten inside."""
        return [10.0**k for k in range(math.ceil(self.low - 1e-9), math.floor(self.high + 1e-9) + 1)]


def drawing(
    title: str, panels: Sequence[Panel], key: Sequence[str], x_text: Formatter, y_text: Formatter, note: str
) -> str:
    """The panels in rows of three with one scale upwards, and their key in the place after the last."""
    rows = math.ceil((len(panels) + 1) / COLUMNS)
    width = 2 * MARGIN + COLUMNS * WIDTH + (COLUMNS - 1) * GAP
    height = 2 * MARGIN + rows * HEIGHT + (rows - 1) * GAP
    y_range = around([y for panel in panels for line in panel.lines.values() for _, y in line])
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}"'
        f' height="{height}" role="img" aria-labelledby="title">',
        f'  <title id="title">{escape(title)}</title>',
        f"  <style>{STYLE}\n  </style>",
        f'  <rect class="page" x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" rx="10"/>',
    ]
    for number, panel in enumerate(panels):
        parts += _panel(panel, *_corner(number), key, y_range, x_text, y_text)
    parts += _key(key, *_corner(len(panels)), title, note)
    return "\n".join([*parts, "</svg>", ""])


Formatter = Callable[[float], str]


def around(values: Sequence[float], room: float = 0.12) -> tuple[float, float]:
    """The logarithms of the least and the largest, with some room."""
    logs = [math.log10(value) for value in values if value > 0]
    return min(logs) - room, max(logs) + room


def _corner(number: int) -> tuple[float, float]:
    row, column = divmod(number, COLUMNS)
    return MARGIN + column * (WIDTH + GAP), MARGIN + row * (HEIGHT + GAP)


def _panel(
    panel: Panel,
    x: float,
    y: float,
    key: Sequence[str],
    y_range: tuple[float, float],
    x_text: Formatter,
    y_text: Formatter,
) -> list[str]:
    across = Scale(
        *around([a for line in panel.lines.values() for a, _ in line], 0.08), x + LEFT, x + WIDTH - RIGHT
    )
    up = Scale(*y_range, y + HEIGHT - BOTTOM, y + TOP)
    parts = [
        f'  <rect class="panel" x="{x:.1f}" y="{y:.1f}" width="{WIDTH}" height="{HEIGHT}" rx="8"/>',
        f'  <text class="title" x="{x + 14:.1f}" y="{y + 22:.1f}">{escape(panel.title)}</text>',
        f'  <text class="note" x="{x + 14:.1f}" y="{y + 39:.1f}">{escape(panel.note)}</text>',
    ]
    for tick in up.ticks():
        at = up(tick)
        parts += [
            f'  <path class="grid" d="M{across.begin:.1f} {at:.1f} H{across.end:.1f}"/>',
            f'  <text class="tick end" x="{across.begin - 7:.1f}" y="{at + 3.5:.1f}">{y_text(tick)}</text>',
        ]
    sizes = sorted({a for line in panel.lines.values() for a, _ in line})
    for size in _apart(sizes, across):
        parts.append(
            f'  <text class="tick middle" x="{across(size):.1f}" y="{y + HEIGHT - BOTTOM + 18:.1f}">'
            f"{x_text(size)}</text>"
        )
    parts.append(_guide(panel, across, up))
    for name, line in panel.lines.items():
        parts += _line(KEYS[list(key).index(name)], [(across(a), up(b)) for a, b in line if b > 0])
    return parts


def _apart(sizes: Sequence[float], across: Scale, least: float = 34) -> list[float]:
    """The sizes whose labels do not touch, from the largest down."""
    found: list[float] = []
    for size in reversed(sizes):
        if not found or across(found[-1]) - across(size) >= least:
            found.append(size)
    return found


def _guide(panel: Panel, across: Scale, up: Scale) -> str:
    """The slope of what is proportional, through the last point of the uppermost line."""
    x, y = max((line[-1] for line in panel.lines.values()), key=lambda point: point[1])
    first = min(a for line in panel.lines.values() for a, _ in line)
    begin = max(first, x * 10**up.low / y)
    path = f"M{across(begin):.1f} {up(y * begin / x):.1f} L{across(x):.1f} {up(y):.1f}"
    return f'  <path class="guide" d="{path}"/>'


def _line(key: str, points: Sequence[Point]) -> list[str]:
    path = " L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    dots = [f'  <circle class="dot {key}" cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y in points]
    return [f'  <path class="line {key}" d="M{path}"/>', *dots]


def _key(key: Sequence[str], x: float, y: float, title: str, note: str) -> list[str]:
    """What the lines are."""
    parts = [f'  <text class="title" x="{x + 14:.1f}" y="{y + 22:.1f}">{escape(title)}</text>']
    at = y + 50
    for letter, name in zip(KEYS, key, strict=False):
        parts += [
            f'  <path class="line {letter}" d="M{x + 14:.1f} {at - 4:.1f} h26"/>',
            f'  <circle class="dot {letter}" cx="{x + 27:.1f}" cy="{at - 4:.1f}" r="3"/>',
            f'  <text class="note" x="{x + 52:.1f}" y="{at:.1f}">{escape(name)}</text>',
        ]
        at += 22
    parts += [
        f'  <path class="guide" d="M{x + 14:.1f} {at - 4:.1f} h26"/>',
        f'  <text class="note" x="{x + 52:.1f}" y="{at:.1f}">the slope of what is proportional</text>',
    ]
    for number, line in enumerate(note.split("\n")):
        parts.append(
            f'  <text class="note" x="{x + 14:.1f}" y="{at + 30 + 17 * number:.1f}">{escape(line)}</text>'
        )
    return parts
