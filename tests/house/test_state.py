"""No state between calls: tables of a module are written once, and a dataclass is frozen or says why not."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.house.source import Module, modules

BUILDERS = ("dict", "list", "set", "defaultdict", "deque", "Counter", "OrderedDict")
CHANGES = ("append", "extend", "insert", "update", "setdefault", "add", "pop", "clear", "remove", "discard")

# Caches of pure functions: what they hold depends on their arguments alone.
CACHED = ("cache", "lru_cache", "functools.cache", "functools.lru_cache")

# Classes that are filled step by step, and what with. Nothing of them outlives the call or the value it made.
FILLED = {
    "pmdsl.batch.cutting.Cutter": "the chunk that is being filled while row groups are gone through",
    "pmdsl.batch.executors.processes.Hall": "the processes of one run, one in place of each that dies",
    "pmdsl.check.conditions.Questions": "what conditions ask about, collected while they are read",
    "pmdsl.check.cover.Board": "which rows take which cases, filled row by row",
    "pmdsl.check.dimensions.Mentioned": "what rows name, collected while they are read",
    "pmdsl.compare.claims.order.Order": "what is known of two nodes, worked out when asked",
    "pmdsl.diagnostics.finding.Findings": "the list that a pass is handed to collect findings in",
    "pmdsl.engine.answer.Answer": "parts of an answer that are worked out when asked and kept with it",
    "pmdsl.engine.blocks.Block": "one block of accounts on its way through a run",
    "pmdsl.engine.bound.Bound": "programs for a market, made when asked and kept with it",
    "pmdsl.engine.index.Index": "levels, added as their keys are known",
    "pmdsl.engine.inputs.Reader": "columns of a book, read when asked",
    "pmdsl.engine.job.Job": "a program and what it holds for a market",
    "pmdsl.engine.job.Run": "one run over holdings",
    "pmdsl.engine.trace.Trace": "values of one account, worked out when asked",
    "pmdsl.engine.words.Interner": "numbers for words, given as words are met",
    "pmdsl.engine.world.World": "what a plan is bound to; contracts are filled by the pricing kernels",
    "pmdsl.plan.lower.candidates.Keys": "the nodes of a level of matches, collected pattern by pattern",
    "pmdsl.plan.lower.elaborator.Elaborator": "the state of one elaboration",
    "pmdsl.plan.lower.graph.Graph": "the growing graph of one elaboration",
    "pmdsl.plan.to_json.Origins": "places, numbered as they are met",
    "pmdsl.plan.wire.shapes.Reading": "how far a plan has been read",
    "pmdsl.portfolio.faults.Faults": "faults of rows, collected while a table is read",
    "pmdsl.portfolio.json_tree.Reader": "how far a text has been read",
    "pmdsl.portfolio.report.Report": "the bounded list of findings of one book",
    "pmdsl.portfolio.yaml_tree.Open": "a node of YAML that is not yet closed",
    "pmdsl.syntax.log.Log": "the findings of one text",
    "pmdsl.syntax.reader.Reader": "how far a text has been read",
    "pmdsl.syntax.weave.Beside": "comments beside a table, taken as rows are met",
    "pmdsl.testing.coverage.recorder.Ledger": "what tests have reached",
    "pmdsl.testing.coverage.recorder.Recorder": "what tests have reached, by rule set",
    "pmdsl.testing.market.Sections": "the blocks of one test, collected",
    "pmdsl.testing.rulesets.RuleSets": "rule sets of one test run, compiled when asked",
    "pmdsl.testing.runner.Run": "one test run",
    "pmdsl.testing.situation.Situation": "a test that has been run",
    "pmdsl.types.levels.Order": "the order of levels, entered one by one",
}


def tables(module: Module) -> Iterator[tuple[str, int]]:
    """Names at the top of a module that hold something that could be changed."""
    for node in module.tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None and can_change(node.value):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            yield ast.unparse(target), node.lineno


def can_change(value: ast.expr) -> bool:
    """Whether an expression makes a list, a mapping or a set."""
    made = ast.Dict | ast.List | ast.Set | ast.DictComp | ast.ListComp | ast.SetComp
    return isinstance(value, made) or (isinstance(value, ast.Call) and ast.unparse(value.func) in BUILDERS)


def test_tables_of_a_module_are_called_as_constants_are() -> None:
    other = [
        f"{module.shown}:{line} {name}"
        for module in modules()
        for name, line in tables(module)
        if name != "__all__" and name != name.upper()
    ]
    assert not other


def test_tables_of_a_module_are_never_changed() -> None:
    assert not [place for module in modules() for place in changes(module)]


def changes(module: Module) -> Iterator[str]:
    """Places that change a name in capitals, and `global` statements. The module's own top may fill one."""
    top = {id(node) for node in module.tree.body}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Global):
            yield f"{module.shown}:{node.lineno} global"
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = list(node.targets)
        elif isinstance(node, ast.AugAssign | ast.AnnAssign):
            targets = [node.target]
        elif isinstance(node, ast.Delete):
            targets = list(node.targets)
        elif (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CHANGES
        ):
            targets = [ast.Subscript(node.func.value, node.func.value)]
        for target in targets:
            owner = target.value if isinstance(target, ast.Subscript) else None
            if (
                isinstance(owner, ast.Name)
                and len(owner.id) > 1
                and owner.id.isupper()
                and id(node) not in top
            ):
                yield f"{module.shown}:{owner.lineno} {owner.id}"


def unfrozen() -> Iterator[str]:
    """The dataclasses that can be changed after they are made."""
    for module in modules():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ClassDef):
                marks = [ast.unparse(mark) for mark in node.decorator_list]
                if any(mark.split("(")[0] == "dataclass" and "frozen=True" not in mark for mark in marks):
                    yield f"{module.name}.{node.name}"


def test_dataclasses_are_frozen_unless_they_say_what_they_are_filled_with() -> None:
    assert sorted(set(unfrozen()) - set(FILLED)) == []


def test_every_exception_is_still_needed() -> None:
    assert sorted(set(FILLED) - set(unfrozen())) == []


def test_caches_are_of_functions_and_not_of_methods() -> None:
    """A cached method would keep its object alive, and its answers would outlive the caller."""
    methods = [
        f"{module.shown}:{method.lineno} {method.name}"
        for module in modules()
        for owner in ast.walk(module.tree)
        if isinstance(owner, ast.ClassDef)
        for method in owner.body
        if isinstance(method, ast.FunctionDef)
        for mark in method.decorator_list
        if ast.unparse(mark).split("(")[0] in CACHED
    ]
    assert not methods
