"""One mutant put to the test: the tests of its rule file run against it until one of them fails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from pmdsl.compare.claims import Effort
from pmdsl.diagnostics import Findings
from pmdsl.names.library import Entry, Library
from pmdsl.source import Source
from pmdsl.syntax import ast
from pmdsl.syntax.parser import parse
from pmdsl.testing.rulesets import RuleSets
from pmdsl.testing.runner import Run
from tests.mutation.mutants import Mutant

# Enough to tell a claim that is proved from one that is not.
LITTLE = Effort(markets=1, accounts=100)


class Fate(Enum):
    """What became of a mutant: a test failed, the compiler refused it, or nobody noticed."""

    KILLED = "killed"
    REFUSED = "refused"
    SURVIVED = "survived"


@dataclass(frozen=True)
class Changed(Library):
    """The rule sets at hand, one file of which has another text."""

    path: str = ""
    source: Source | None = None

    def every(self) -> Iterator[Entry]:
        for entry in super().every():
            same = self.source is not None and str(Path(entry.source.name).resolve()) == self.path
            yield (
                Entry(entry.name, entry.title, entry.origin, self.source, entry.folder)
                if same and self.source
                else entry
            )


def files_of_tests(path: Path) -> list[Path]:
    """NAME_test.margin beside NAME.margin, and NAME_SUBJECT_test.margin that is of no other rule file."""
    found = sorted(path.parent.glob(f"{path.stem}_*test.margin"))
    others = {file.stem for file in path.parent.glob(f"{path.stem}_*.margin")} - {file.stem for file in found}
    return [file for file in found if not any(file.stem.startswith(f"{other}_") for other in others)]


@dataclass(frozen=True, eq=False)
class Subject:
    """A rule file with the files of its tests, parsed once."""

    source: Source
    tests: tuple[tuple[Source, ast.File], ...]

    @staticmethod
    def read(path: Path) -> Subject:
        """A rule file and the tests beside it."""
        path = path.resolve()
        tests = [Source.read(file) for file in files_of_tests(path)]
        return Subject(Source.read(path), tuple((text, parse(text, Findings())) for text in tests))

    def run(self, text: str, *, checks: bool) -> Fate:
        """What the tests say of the rule file with another text."""
        changed = Source(self.source.name, text)
        library = Changed((Path(self.source.name).parent,), path=self.source.name, source=changed)
        rules = RuleSets(library, checks=checks)
        compiled = rules.of_source(changed)
        if any(found.findings.has_errors for found in compiled):
            return Fate.REFUSED
        run = Run(rules, effort=LITTLE)
        for text, tree in self.tests:
            for case in (item for item in tree.items if isinstance(item, ast.TestCase)):
                if not run.case(case, tree, text).ok:
                    return Fate.KILLED
        return Fate.SURVIVED


def fate(subject: Subject, mutant: Mutant) -> Fate:
    """The fate of a mutant; the static proofs, which take longer, are asked only where the tests
    see nothing.
    """
    found = subject.run(mutant.text, checks=False)
    return subject.run(mutant.text, checks=True) if found is Fate.SURVIVED else found
