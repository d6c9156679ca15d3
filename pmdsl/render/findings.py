"""Messages of an answer in a line or two each; the findings of a command are rendered by `diagnostics`."""

from __future__ import annotations

from collections.abc import Iterable

from rich.text import Text

from pmdsl.diagnostics import Finding, Severity

MOST_NAMED = 3
STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}


def message_line(finding: Finding, prefix: str = "") -> Text:
    """One message: `error PM710  A1: what is missing`, its place and its hint dim behind it."""
    line = Text()
    line.append(f"{finding.severity.value} {finding.code}", style=STYLES[finding.severity])
    line.append(f"  {prefix}{finding.message}")
    if finding.span is not None:
        line.append(f"  {finding.span}", style="dim")
    if finding.hint:
        line.append(f"  ({finding.hint})", style="dim")
    return line


def distinct(findings: Iterable[tuple[str, Finding]]) -> list[tuple[str, Finding]]:
    """Each message once, with all those it concerns before it: `A1, A2: `."""
    concerned: dict[Finding, list[str]] = {}
    for who, finding in findings:
        names = concerned.setdefault(finding, [])
        if who not in names:
            names.append(who)
    return [(few(names), finding) for finding, names in concerned.items()]


def few(names: list[str]) -> str:
    """Some names, the rest counted."""
    if len(names) <= MOST_NAMED:
        return ", ".join(names)
    return f"{', '.join(names[:MOST_NAMED])} and {len(names) - MOST_NAMED} more"
