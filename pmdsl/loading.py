"""From what a caller names to a rule set: a name at hand, a file, the text itself, or a written plan."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from pmdsl import kept_plans
from pmdsl.diagnostics import Findings, PmdslError, did_you_mean
from pmdsl.names.library import Library
from pmdsl.rules import Rules
from pmdsl.source import Source

TEXT = "<text>"
ENDINGS = (".margin", ".json")


def load(given: str | Path, *, paths: Sequence[str | Path] = ()) -> Rules:
    """The rule set of a name, a path, or a text.

    A string with a line break is the text itself; one that ends in `.margin` or `.json`, or has a folder in
    it, is a path (`.json`: a plan as `pmdsl plan --json` writes it); any other is a name, looked up in the
    folders `paths`, among the bundled rule sets and in installed plug-ins. So is the name of a rule set that
    ends so, `jp.margin`, where there is no such file. Raises PmdslError with every error found.
    """
    library = Library(tuple(Path(path) for path in paths))
    source = source_of(given, library)
    if is_plan(source):
        from pmdsl.plan.from_json import read_plan

        return Rules(read_plan(source), library)
    return compiled_rules(source, library)


def source_of(given: str | Path, library: Library) -> Source:
    """The text behind what a caller gave. Raises PmdslError where there is none."""
    if not isinstance(given, str | Path):
        message = f"expected a name, a path or the text of a rule set, found {type(given).__name__}"
        raise PmdslError.single("PM902", message)
    if isinstance(given, str) and ("\n" in given or given.lstrip().startswith("{")):
        return Source(TEXT, given)
    if isinstance(given, Path) or (is_path(given) and not is_name(given, library)):
        return read_source(Path(given))
    entry = library.find(given)
    if entry is not None:
        return entry.source
    if Path(given).is_file():
        return read_source(Path(given))
    raise PmdslError.single("PM902", f"there is no rule set `{given}`", hint=library.suggestion(given))


def is_path(given: str) -> bool:
    """Whether a text names a file rather than a rule set."""
    return given.endswith(ENDINGS) or "/" in given or os.sep in given


def is_name(given: str, library: Library) -> bool:
    """Whether a text that could be a file is the name of a rule set and no file: `jp.margin`."""
    folder = "/" in given or os.sep in given
    return not folder and not Path(given).is_file() and library.find(given) is not None


def is_plan(source: Source) -> bool:
    """Whether a text is a plan and not a rule file: plans are JSON."""
    return source.text.lstrip().startswith("{")


def read_source(path: Path) -> Source:
    """The text of a rule file or of a plan. Raises PmdslError where it cannot be read."""
    from pmdsl.plan.limits import MAX_PLAN_BYTES
    from pmdsl.syntax.limits import decode

    findings = Findings()
    try:
        with path.open("rb") as file:
            data = file.read(MAX_PLAN_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise PmdslError.single("PM904", f"`{path}` cannot be read: {reason}", hint=near_file(path)) from None
    if path.suffix == ".json":
        return plan_source(path, data)
    source = decode(str(path), data, findings)
    findings.raise_if_errors()
    assert source is not None
    return source


def plan_source(path: Path, data: bytes) -> Source:
    """The text of a plan, which may be longer than a rule file."""
    try:
        return Source(str(path), data.decode("utf-8"))
    except UnicodeDecodeError:
        raise PmdslError.single("PM520", f"`{path}` is not UTF-8: it is no plan") from None


def near_file(path: Path) -> str | None:
    """A hint that names a file of nearly that name in the same folder."""
    try:
        names = [entry.name for entry in path.parent.iterdir()][:1000]
    except (OSError, ValueError):
        return None
    return did_you_mean(path.name, names) if path.name not in names else None


def compiled_rules(source: Source, library: Library) -> Rules:
    """The one rule set of a rule file, kept from an earlier run where nothing that it depends on has changed.

    Raises PmdslError with everything found where anything is an error.
    """
    place = kept_plans.place_of(source, library)
    kept = kept_plans.find(place) if place is not None else None
    if kept is not None:
        return Rules(kept.plan, library, findings=kept.findings, source=source)
    rules = fresh_rules(source, library)
    if place is not None:
        kept_plans.keep(place, rules.plan, rules.findings)
    return rules


def fresh_rules(source: Source, library: Library) -> Rules:
    """The one rule set of a rule file, compiled."""
    from pmdsl.compiler import compile_source

    findings = Findings()
    found = compile_source(source, library, findings).methodologies
    if not found and not findings.has_errors:
        findings.add(
            "PM905", f"{source.name} declares no methodology", hint="`methodology NAME { … }` declares one"
        )
    if len(found) > 1:
        second = found[1].program
        findings.add(
            "PM905", f"{source.name} declares {len(found)} methodologies", second.span, hint="one a file"
        )
    findings.raise_if_errors()
    plan = found[0].plan
    assert plan is not None
    return Rules(plan, library, found[0], tuple(findings))
