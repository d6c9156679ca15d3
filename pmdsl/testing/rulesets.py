"""The rule sets that tests use: each is found and compiled once, and made ready once for each date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from pmdsl.compiler import Compiled, compile_source
from pmdsl.diagnostics import Findings, did_you_mean
from pmdsl.names.library import DECLARES, Library, scan
from pmdsl.plan.lower.declarations import shared_value
from pmdsl.plan.lower.elaborator import Context
from pmdsl.plan.nodes import Output, Plan
from pmdsl.plan.simplify import simplify
from pmdsl.source import Source
from pmdsl.syntax import ast

STEP = "step"


@dataclass(frozen=True, eq=False)
class RuleSet:
    """A compiled rule set with what was found on the way, and the nodes that expectations may name.

    `values` has steps, parameters, requirements and reports by name, those of the parent as `base.NAME`.
    """

    name: str
    compiled: Compiled
    findings: Findings
    values: Mapping[str, int]

    @property
    def plan(self) -> Plan | None:
        return self.compiled.plan


@dataclass
class RuleSets:
    """Finds and compiles rule sets. `checks`: whether the static proofs are run as well."""

    library: Library
    checks: bool = True
    compiled: dict[tuple[str, str], RuleSet | None] = field(default_factory=dict)
    ready: dict[tuple[int, date, tuple[str, ...]], Plan] = field(default_factory=dict)
    sources: dict[str, list[RuleSet]] = field(default_factory=dict)

    def find(self, name: str, beside: Source) -> RuleSet | None:
        """The rule set of a name: in the test's own file, in its folder, else in the library."""
        key = (name, str(Path(beside.name).parent))
        if name in DECLARES.findall(beside.text):
            return next((found for found in self.of_source(beside) if found.name == name), None)
        if key not in self.compiled:
            self.compiled[key] = self._found(name, beside)
        return self.compiled[key]

    def suggestion(self, name: str, beside: Source) -> str:
        """A hint for a name that is not at hand."""
        folder = Path(beside.name).parent
        near = [entry.name for entry in scan(folder, "")] if Path(beside.name).is_file() else []
        close = did_you_mean(name, [*DECLARES.findall(beside.text), *near])
        return close or self.library.suggestion(name)

    def _found(self, name: str, beside: Source) -> RuleSet | None:
        folder = Path(beside.name).parent
        near = scan(folder, "") if Path(beside.name).is_file() else iter(())
        entry = next((entry for entry in near if entry.name == name), None) or self.library.find(name)
        if entry is None:
            return None
        return next((found for found in self.of_source(entry.source) if found.name == name), None)

    def of_source(self, source: Source) -> list[RuleSet]:
        """The rule sets of a text, compiled once."""
        if source.name not in self.sources:
            self.sources[source.name] = list(self._compile(source))
        return self.sources[source.name]

    def _compile(self, source: Source) -> list[RuleSet]:
        findings = Findings()
        file = compile_source(source, self.library, findings, checks=self.checks)
        return [RuleSet(c.program.name, c, findings, values_of(c)) for c in file.methodologies]

    def plan(self, rules: RuleSet, on: date, names: tuple[str, ...]) -> Plan:
        """The plan for a date that also answers the named values. Raises PmdslError where there is none."""
        key = (id(rules), on, names)
        if key not in self.ready:
            self.ready[key] = simplify(answering(rules, names), on)
        return self.ready[key]


def values_of(compiled: Compiled) -> Mapping[str, int]:
    """The nodes of everything declared by name, of the parent as `base.NAME`.

    What the child never reads of its parent is added to the graph here, behind everything that the plan has.
    """
    elaborator, base = compiled.elaborator, compiled.elaborator.base
    found = {key[1]: v.node for key, v in elaborator.memo.items() if key[0] == "declared" and v is not None}
    for kind, name in base.program.declared if base is not None and compiled.plan is not None else ():
        if base is not None and issubclass(kind, FORMULAS):
            value = shared_value(base, name, Context(), base.program.span)
            found |= {f"base.{name}": value.node} if value is not None else {}
    return found


FORMULAS = (ast.Step, ast.Require, ast.Report, ast.Param)


def answering(rules: RuleSet, names: tuple[str, ...]) -> Plan:
    """The plan with an output for each of the named values, so that none of them is dropped as unused."""
    assert rules.plan is not None
    extra = tuple(Output(STEP, name, rules.values[name]) for name in names if name in rules.values)
    graph = rules.compiled.elaborator.graph
    levels = {**rules.plan.levels, **graph.order.levels}
    return replace(rules.plan, nodes=tuple(graph.nodes), levels=levels, outputs=(*rules.plan.outputs, *extra))
