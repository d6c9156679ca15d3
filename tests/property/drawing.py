"""Small well-typed rule sets, drawn at random: what each step is made of, not how it is written."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

FINE, GROUP, ACCOUNT, RUN = "position", "bucket", "account", ""
DEPTH = {FINE: 3, GROUP: 2, ACCOUNT: 1, RUN: 0}
POINTS = ("down", "flat", "up")
SHOCKS = ("-0.5", "0", "0.25")
PART_OF_GAINS = ("0.5", "0.75", "1")
LEAVES = ("a", "b", "shock", "rate")


@dataclass(frozen=True)
class Step:
    """One step: an operation, the steps that it takes, its words, and what comes out of it."""

    op: str
    inputs: tuple[int, ...]
    words: tuple[str, ...]
    level: str
    axis: bool


Program = tuple[Step, ...]


def leaf(name: str) -> Step:
    level = FINE if name in ("a", "b") else RUN
    return Step("leaf", (), (name,), level, name == "shock")


def joined(program: list[Step], inputs: tuple[int, ...]) -> tuple[str, bool]:
    """Level and axis of what is worked out from some steps: the finest, and the axis where one has it."""
    steps = [program[k] for k in inputs]
    return max((step.level for step in steps), key=DEPTH.__getitem__), any(step.axis for step in steps)


@st.composite
def programs(draw: st.DrawFn) -> Program:
    """The leaves, then three to nine steps over what is there already; the last leads to every account."""
    program = [leaf(name) for name in LEAVES]
    for _ in range(draw(st.integers(3, 9))):
        choices = [make for make in MAKERS if able(make, program)]
        program.append(MAKERS[draw(st.sampled_from(choices))](draw, program))
    return tuple(program)


def able(name: str, program: list[Step]) -> bool:
    """Whether an operation has something to work on."""
    if name in ("fold", "net"):
        return any(step.level in (FINE, GROUP) for step in program)
    if name in ("over", "at_point", "at_name"):
        return any(step.axis for step in program)
    return True


def pick(draw: st.DrawFn, program: list[Step], wanted: object = None) -> int:
    fits = [k for k, step in enumerate(program) if wanted is None or wanted(step)]  # type: ignore[operator]
    return draw(st.sampled_from(fits))


def arithmetic(draw: st.DrawFn, program: list[Step]) -> Step:
    inputs = (pick(draw, program), pick(draw, program))
    return Step(
        "arithmetic", inputs, (draw(st.sampled_from(["+", "-", "min", "max"])),), *joined(program, inputs)
    )


def scaled(draw: st.DrawFn, program: list[Step]) -> Step:
    """A product with a leaf only, so that every number stays exact."""
    inputs = (pick(draw, program), draw(st.integers(0, len(LEAVES) - 1)))
    return Step("scaled", inputs, (), *joined(program, inputs))


def branch(draw: st.DrawFn, program: list[Step]) -> Step:
    inputs = tuple(pick(draw, program) for _ in range(4))
    return Step("branch", inputs, (draw(st.sampled_from(["<", "<=", "==", ">"])),), *joined(program, inputs))


def table(draw: st.DrawFn, program: list[Step]) -> Step:
    """A look-up by range whose cells are steps."""
    inputs = tuple(pick(draw, program) for _ in range(3))
    return Step("table", inputs, (draw(st.sampled_from(["unique", "first"])),), *joined(program, inputs))


def fold(draw: st.DrawFn, program: list[Step]) -> Step:
    x = pick(draw, program, lambda step: step.level in (FINE, GROUP))
    into = draw(
        st.sampled_from([level for level in (GROUP, ACCOUNT) if DEPTH[level] < DEPTH[program[x].level]])
    )
    condition = pick(draw, program, lambda step: DEPTH[step.level] <= DEPTH[program[x].level])
    kind = draw(st.sampled_from(["sum", "largest", "smallest"]))
    inputs = (x, condition)
    return Step("fold", inputs, (kind, into), into, joined(program, inputs)[1])


def net(draw: st.DrawFn, program: list[Step]) -> Step:
    x = pick(draw, program, lambda step: step.level in (FINE, GROUP))
    into = draw(
        st.sampled_from([level for level in (GROUP, ACCOUNT) if DEPTH[level] < DEPTH[program[x].level]])
    )
    return Step("net", (x,), (into, draw(st.sampled_from(PART_OF_GAINS))), into, program[x].axis)


def over(draw: st.DrawFn, program: list[Step]) -> Step:
    x = pick(draw, program, lambda step: step.axis)
    kind = draw(st.sampled_from(["worst", "worst unfloored", "largest", "smallest", "sum"]))
    return Step("over", (x,), (kind,), program[x].level, False)


def at_name(draw: st.DrawFn, program: list[Step]) -> Step:
    x = pick(draw, program, lambda step: step.axis)
    return Step("at_name", (x,), (draw(st.sampled_from(POINTS)),), program[x].level, False)


def at_point(draw: st.DrawFn, program: list[Step]) -> Step:
    """One step read where another is largest."""
    inputs = tuple(pick(draw, program, lambda step: step.axis) for _ in range(2))
    return Step("at_point", inputs, (), joined(program, inputs)[0], False)


MAKERS = {
    "arithmetic": arithmetic, "scaled": scaled, "branch": branch, "table": table, "fold": fold, "net": net,
    "over": over, "at_name": at_name, "at_point": at_point,
}  # fmt: skip
