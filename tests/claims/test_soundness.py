"""Nothing that is proved is ever broken: claims at random, each proof put to thousands of books."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pmdsl.compare.claims import Effort, Witness, plan_of, prove
from pmdsl.compare.claims.prove import refuted
from pmdsl.compare.claims.stretches import stretches
from pmdsl.plan.nodes import Plan
from tests.claims.helpers import claim, compiled

ATOMS = st.sampled_from(
    [
        "gross",
        "whole",
        "worth",
        "USD 10",
        "account.equity",
        "-worth",
        "-gross",
        "gross * share",
        "whole * slide",
    ]
)


def joined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pairs = st.tuples(inner, inner)
    return st.one_of(
        pairs.map(lambda p: f"max({p[0]}, {p[1]})"),
        pairs.map(lambda p: f"min({p[0]}, {p[1]})"),
        pairs.map(lambda p: f"({p[0]} + {p[1]})"),
        pairs.map(lambda p: f"({p[0]} - {p[1]})"),
        pairs.map(lambda p: f"(if {p[0]} > {p[1]} then {p[0]} else {p[1]})"),
        pairs.map(lambda p: f"(if {p[0]} >= 0 then {p[1]} else {p[0]})"),
        inner.map(lambda x: f"abs({x})"),
        inner.map(lambda x: f"{x} * (1 + share)" if not x.startswith("-") else f"({x}) * 2"),
        inner.map(lambda x: f"({x}) * slide"),
        inner.map(lambda x: f"({x}) / 2"),
        inner.map(lambda x: f"round({x}, half_up, USD 5)"),
        inner.map(lambda x: f"clamp({x}, USD -5, USD 5)"),
    )


EXPRESSIONS = st.recursive(ATOMS, joined, max_leaves=5)
MEMBERS = st.recursive(
    st.sampled_from(["scan", "floor", "-scan", "scan * slide", "floor * share"]), joined, max_leaves=3
)
REDUCED = st.tuples(st.sampled_from(["sum", "largest", "smallest", "average"]), MEMBERS).map(
    lambda p: f"({p[0]} {p[1]} into account{' if_empty USD 0' if p[0] != 'sum' else ''})"
)
EFFORT = Effort(markets=2, accounts=120)
QUICK = settings(deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


def proved(text: str) -> Plan | None:
    """The plan of a rule set whose claim is proved; None where it is not."""
    plan = plan_of(compiled(text))
    return plan if prove(plan, "it", Effort(markets=0)).kind == "proved" else None


def broken(plan: Plan) -> Witness | None:
    """What the search finds against the claim of a plan, proved or not."""
    out = next(o for o in plan.outputs if o.kind == "check")
    return refuted(plan, out, list(stretches(plan, (out,), plan.steps[out.by] if out.by else -1)), EFFORT)


@settings(QUICK, max_examples=60)
@given(EXPRESSIONS, EXPRESSIONS)
def test_a_proof_is_never_refuted(left: str, right: str) -> None:
    plan = proved(claim(f"{left} >= {right}"))
    assert plan is None or broken(plan) is None


@settings(QUICK, max_examples=40)
@given(REDUCED, st.one_of(REDUCED, st.just("0"), st.just("gross")))
def test_a_proof_about_members_is_never_refuted(left: str, right: str) -> None:
    plan = proved(claim(f"{left} >= {right}"))
    assert plan is None or broken(plan) is None


@settings(QUICK, max_examples=12)
@given(EXPRESSIONS)
def test_a_proof_about_a_parameter_is_never_refuted(expression: str) -> None:
    plan = proved(claim("rising(it, share)", f"  step it = {expression}"))
    assert plan is None or broken(plan) is None
