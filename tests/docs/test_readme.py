"""The front page: its commands and snippets are run, its excerpt is real, and links lead somewhere."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.docs.console import FENCE, ROOT, UPDATE, Shown, check, is_run, shown_in, update

README = ROOT / "README.md"
LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")
LINKED = [README, *sorted((ROOT / "docs").rglob("*.md")), ROOT / "examples" / "README.md"]
LINKED += [
    page for name in ("CONTRIBUTING", "SECURITY", "CHANGELOG") if (page := ROOT / f"{name}.md").is_file()
]

if UPDATE:
    update(README)


@pytest.mark.parametrize(
    "shown", [pytest.param(shown, id=f"line-{shown.line}") for shown in shown_in(README) if is_run(shown)]
)
def test_what_is_shown_is_what_is_printed(shown: Shown) -> None:
    check(shown)


def test_every_python_block_is_run() -> None:
    blocks = [block for block in FENCE.finditer(README.read_text(encoding="utf-8")) if block[1] == "python"]
    assert len(blocks) == len([shown for shown in shown_in(README) if shown.python])


def test_the_excerpt_stands_in_the_rule_file() -> None:
    """Every line of the excerpt, in its order; blank lines and indentation apart."""
    excerpt = next(
        block[2] for block in FENCE.finditer(README.read_text(encoding="utf-8")) if block[1] == "margin"
    )
    lines = [
        line.strip() for line in (ROOT / "rules/us/finra/cpm.margin").read_text(encoding="utf-8").splitlines()
    ]
    at = 0
    for wanted in filter(None, map(str.strip, excerpt.splitlines())):
        assert wanted in lines[at:], wanted
        at = lines.index(wanted, at) + 1


def recipe(target: str) -> list[str]:
    """What make would run for a target once everything is set up, in one line each."""
    args = ["make", "--no-print-directory", "-n", "-o", ".venv/.ready", target]
    done = subprocess.run(args, cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.replace("\\\n", " ").splitlines()


def test_make_demo_runs_the_command_of_the_result() -> None:
    shown = next(shown for shown in shown_in(README) if "01_demo" in shown.run)
    written = [shlex.split(line) for line in recipe("demo")]
    assert [".venv/bin/pmdsl", *shlex.split(shown.run)[1:]] in written


def test_make_test_runs_every_test() -> None:
    assert any("-m pytest" in line and "tests/" not in line for line in recipe("test"))


@pytest.mark.parametrize("page", [pytest.param(p, id=p.relative_to(ROOT).as_posix()) for p in LINKED])
def test_links_lead_somewhere(page: Path) -> None:
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    targets = [target for target in LINK.findall(text) if "://" not in target]
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_every_test_that_the_page_on_security_names_exists() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    named = re.findall(r"`(test_\w+)`", text)
    assert [name for name in named if f"def {name}(" not in tests] == []
    quoted = re.findall(r'"([^"]+)"', text.partition("## Books and tables")[0].partition("## Rule files")[2])
    assert [name for name in quoted if name not in tests and name.replace(" ", "_") not in tests] == []


def test_the_index_of_the_documentation_names_every_page() -> None:
    docs = ROOT / "docs"
    named = set(LINK.findall((docs / "README.md").read_text(encoding="utf-8")))
    pages = {page.name for page in docs.glob("*.md")} - {"README.md"}
    assert sorted(page for page in pages if page not in named) == []
