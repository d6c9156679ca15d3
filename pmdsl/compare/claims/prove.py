"""Claims decided: first by argument on every stretch of dates, then by a search for a book against them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from pmdsl.compare.claims.argue import argue, argue_rising
from pmdsl.compare.claims.changed import least_value, rising_tests
from pmdsl.compare.claims.order import Proof
from pmdsl.compare.claims.search import Effort, plain_test, search
from pmdsl.compare.claims.stretches import Stretch, stretches
from pmdsl.compare.claims.verdict import Verdict, Witness
from pmdsl.compiler import Compiled
from pmdsl.diagnostics import PmdslError
from pmdsl.plan.nodes import Output, Plan

DEEPEST, WIDEST = 4, 12


def plan_of(compiled: Compiled) -> Plan:
    """The plan of a rule set, in which what the parent declares is called `base.NAME`. Raises PmdslError
    without one.
    """
    base = compiled.elaborator.base
    if compiled.plan is None:
        raise PmdslError.single(
            "PM532", f"`{compiled.program.name}` has errors of its own", compiled.program.span
        )
    memo = base.memo.items() if base is not None else ()
    theirs = {
        f"base.{key[1]}": value.node for key, value in memo if key[0] == "declared" and value is not None
    }
    return replace(compiled.plan, steps={**compiled.plan.steps, **theirs})


def prove_all(plan: Plan, effort: Effort | None = None) -> tuple[Verdict, ...]:
    """The verdict on every claim of a plan, in the order in which they are made."""
    return tuple(prove(plan, out.name, effort) for out in plan.outputs if out.kind == "check")


def prove(plan: Plan, claim: str, effort: Effort | None = None) -> Verdict:
    """Whether a claim of a plan (for all dates) holds for every book: proved, refuted with a book, or
    unknown.

    A proof is in exact arithmetic and about values that can be had; a refutation is a book that breaks the
    claim by more than rounding can. Equal efforts give equal verdicts. Raises PmdslError where the plan makes
    no such claim.
    """
    out = next((o for o in plan.outputs if o.kind == "check" and o.name == claim), None)
    if out is None:
        raise PmdslError.single("PM532", f'`{plan.name}` makes no claim "{claim}"')
    every = list(stretches(plan, (out,), plan.steps.get(out.by, -1) if out.by else -1))
    least = least_value(plan, out.by)
    proofs = [argued(stretch, out, least) for stretch in every]
    if every and all(proofs):
        return Verdict(claim, "proved", told(every, [p for p in proofs if p]))
    open_ones = [stretch for stretch, proof in zip(every, proofs, strict=True) if proof is None]
    witness = refuted(plan, out, open_ones, effort or Effort())
    if witness is not None:
        return Verdict(claim, "refuted", witness.said, witness)
    dates = ", ".join(str(stretch.start) for stretch in open_ones[:4])
    return Verdict(
        claim, "unknown", f"no argument was found for the dates from {dates}, and no book against it"
    )


def argued(stretch: Stretch, out: Output, least: Fraction | None) -> Proof | None:
    node = stretch.plan.outputs[0].node
    if not out.by:
        return argue(stretch.plan, node)
    return argue_rising(stretch.plan, node, least) if least is not None else None


def refuted(plan: Plan, out: Output, open_ones: list[Stretch], effort: Effort) -> Witness | None:
    """A book against the claim on one of the stretches that no argument settles, the newest first."""
    for stretch in reversed(open_ones):
        node = stretch.plan.outputs[0].node
        if not out.by:
            found = search(stretch.plan, stretch.start, plain_test(stretch.plan, node), effort)
            if found is not None:
                return found
            continue
        for changed, asked, test in rising_tests(plan, out, stretch.start):
            found = search(asked, stretch.start, test, effort, changed)
            if found is not None:
                return found
    return None


def told(every: list[Stretch], proofs: list[Proof]) -> str:
    """The proof of the newest stretch in words; the others go alike."""
    lines = list(said(proofs[-1]))[:WIDEST]
    others = len(every) - 1
    stretch = "stretch" if others == 1 else "stretches"
    more = f" (and alike on {others} earlier {stretch} of dates)" if others else ""
    return "\n".join(lines) + more


def said(proof: Proof, depth: int = 0) -> Iterator[str]:
    yield "  " * depth + proof.said
    if depth < DEEPEST:
        for part in proof.parts:
            yield from said(part, depth + 1)
