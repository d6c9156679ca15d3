"""`expect error`, `binding`, `eligible`, `alert` and `check`."""

from __future__ import annotations

from collections.abc import Sequence

from pmdsl.diagnostics import CODES, Findings, did_you_mean
from pmdsl.engine import Answer
from pmdsl.syntax import ast
from pmdsl.testing.constants import TRUTHS, constant
from pmdsl.testing.situation import Situation
from pmdsl.testing.targets import account_of, arguments

VERDICTS = ("proved", "refuted", "unknown")


def expect_error(expect: ast.ExpectError, situation: Situation, findings: Findings) -> None:
    """Report an error that was expected and did not come."""
    if expect.code not in CODES:
        hint = did_you_mean(expect.code, CODES) or "codes are PM and three digits"
        findings.add("PM813", f"there is no error `{expect.code}`", expect.span, hint=hint)
        return
    found = list(dict.fromkeys(error.code for error in situation.errors))
    if expect.code in found:
        return
    came = f"it reports {', '.join(found)}" if found else "it reports no error"
    findings.add(
        "PM802", f"expected {expect.code}: {CODES[expect.code].title.lower()}", expect.span, hint=came
    )


def expect_state(expect: ast.ExpectState, situation: Situation, findings: Findings) -> None:
    wanted = constant(expect.value, findings)
    if wanted is None or (situation.answer is None and expect.kind != "check"):
        return
    {"binding": binding, "eligible": eligible, "alert": alert, "check": check}[expect.kind](
        expect, wanted.said, situation, findings
    )


def names(situation: Situation, kind: str) -> list[str]:
    plan = situation.plan
    return [out.name for out in plan.outputs if out.kind == kind] if plan is not None else []


def declared(expect: ast.ExpectState, kind: str, situation: Situation, findings: Findings) -> bool:
    """Whether the rule set declares what the expectation names."""
    known = names(situation, kind)
    if expect.name in known:
        return True
    what = {"requirement": "requirement", "eligible": "condition", "alert": "alert", "check": "claim"}[kind]
    hint = did_you_mean(expect.name, known) or (f"it has {', '.join(known)}" if known else None)
    findings.add("PM813", f"`{situation.rules.name}` has no {what} `{expect.name}`", expect.span, hint=hint)
    return False


def truth(
    expect: ast.ExpectState, wanted: str, findings: Findings, extra: tuple[str, ...] = ()
) -> str | None:
    """yes, no, or one of some further words."""
    if wanted in TRUTHS:
        return "yes" if TRUTHS[wanted] else "no"
    if wanted in extra:
        return wanted
    listed = ", ".join(["yes", "no", *extra])
    findings.add("PM812", f"expected one of {listed}, found `{wanted}`", expect.value.span)
    return None


def accounts_of(expect: ast.ExpectState, answer: Answer, findings: Findings) -> Sequence[str] | None:
    """The account that is named, else all of them; None where there is none of that name."""
    args = arguments(expect.args, findings)
    if not args:
        return answer.accounts if args is not None else None
    account, more = account_of(answer, expect.name, args, expect.span, findings)
    if account is not None and more:
        hint = f"write `{expect.name}[{account}]`"
        findings.add("PM814", f"this is said of an account, and `{more[0]}` is none", expect.span, hint=hint)
        return None
    return (account,) if account is not None else None


# ---- binding -----------------------------------------------------------------------------------------------


def binding(expect: ast.ExpectState, wanted: str, situation: Situation, findings: Findings) -> None:
    """Some group of the account that is named, else of some account, was bound by the word."""
    answer = situation.answer
    assert answer is not None
    if not declared(expect, "requirement", situation, findings):
        return
    accounts = accounts_of(expect, answer, findings)
    if accounts is None:
        return
    told = []
    for account in accounts:
        for bind in answer.binding(account).get(expect.name, ()):
            if bind.by == wanted:
                return
            if bind.by is not None:
                told.append(f"{bind.group or account} by {bind.by} ({bind.amount})")
    hint = f"bound: {', '.join(told[:6])}" if told else "nothing bound it: no group has an amount"
    known = words_of(situation)
    if known and wanted not in known:
        hint = did_you_mean(wanted, known) or hint
    findings.add("PM804", f"`{expect.name}` is not bound by {wanted}", expect.span, hint=hint)


def words_of(situation: Situation) -> list[str]:
    """The words that may bind something of the plan: points of its axes, `minimum` and `cap`."""
    assert situation.plan is not None
    return ["minimum", "cap", *(point for axis in situation.plan.axes.values() for point in axis.points)]


# ---- conditions --------------------------------------------------------------------------------------------


def eligible(expect: ast.ExpectState, wanted: str, situation: Situation, findings: Findings) -> None:
    """The condition comes out so for the account that is named, else for every one."""
    answer = situation.answer
    assert answer is not None
    meant = truth(expect, wanted, findings, ("unknown",))
    if meant is None or not declared(expect, "eligible", situation, findings):
        return
    words = {True: "yes", False: "no", None: "unknown"}
    accounts = accounts_of(expect, answer, findings) or ()
    found = {account: words[answer.eligible(account)[expect.name]] for account in accounts}
    differing(expect, meant, found, findings)


def alert(expect: ast.ExpectState, wanted: str, situation: Situation, findings: Findings) -> None:
    """The alert is raised, or not, for the account that is named, else for every one."""
    answer = situation.answer
    assert answer is not None
    meant = truth(expect, wanted, findings)
    if meant is None or not declared(expect, "alert", situation, findings):
        return
    accounts = accounts_of(expect, answer, findings) or ()
    raised = {a: any(alert.name == expect.name for alert in answer.alerts(a)) for a in accounts}
    differing(expect, meant, {a: "yes" if held else "no" for a, held in raised.items()}, findings)


def differing(expect: ast.ExpectState, meant: str, found: dict[str, str], findings: Findings) -> None:
    others = {account: word for account, word in found.items() if word != meant}
    if others:
        account, word = next(iter(others.items()))
        of = f" for {account}" if len(found) > 1 else ""
        findings.add("PM805", f"{expect.kind} `{expect.name}` is {word}{of}, expected {meant}", expect.span)


def check(expect: ast.ExpectState, wanted: str, situation: Situation, findings: Findings) -> None:
    """A claim is proved, refuted, or neither."""
    if wanted not in VERDICTS:
        hint = did_you_mean(wanted, VERDICTS)
        findings.add(
            "PM812", f"expected one of {', '.join(VERDICTS)}, found `{wanted}`", expect.value.span, hint=hint
        )
        return
    if not declared(expect, "check", situation, findings):
        return
    if expect.args:
        findings.add("PM814", "a claim is about every book: no account can be named", expect.span)
        return
    found = situation.verdict(expect.name)
    if found != wanted:
        findings.add("PM807", f'the claim "{expect.name}" is {found}, expected {wanted}', expect.span)
