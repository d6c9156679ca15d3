"""Parts of strategies that are not whole, or that stand where they do not belong."""

from __future__ import annotations

from pmdsl.source import Span
from pmdsl.syntax.lexer import END, Token
from pmdsl.syntax.mistakes.situation import (
    CONSTRUCT_KINDS,
    NOTE_KINDS,
    PART_KINDS,
    STATEMENT_KINDS,
    Report,
    Situation,
    instead,
    made,
    report,
    works,
)
from pmdsl.syntax.mistakes.wording import found

SIDES = frozenset({"long", "short", "any"})
IN_POOL = frozenset({"BALANCED", "EACH"})
IN_STRATEGIES = frozenset({"AMOUNT", "PATTERN", "POOL"})
HOMES = {
    "a pool": "a `pattern` takes the legs that it lists, a `pool` any number of each",
    "`strategies`": "write it between the braces of `strategies`, beside the patterns",
    "a pattern": "write it between the braces of a `pattern` or a `pool`",
}


def slot_not_whole(situation: Situation) -> Report | None:
    """`long s`, and then the next part."""
    machine = situation.machine
    if situation.expected != {"NAME"} or not (situation.begins_line or situation.kind == "RBRACE"):
        return None
    side, name = machine.values[-2:] if len(machine.values) > 1 else (None, None)
    if not isinstance(side, str) or side not in SIDES or not isinstance(name, Token):
        return None
    return report(
        situation,
        "PM101",
        f"`{side} {name.text}` is no whole slot: found {found(situation.token)}",
        span=Span(situation.source, machine.starts[-2], name.end),
        hint="a slot has a side, a leg and a name of its own: `long stock s`",
        insert=(made(situation, "NAME", name.text),),
    )


def number_in_slot(situation: Situation) -> Report | None:
    """`short 2 call c`."""
    before = situation.before
    if situation.kind != "NUMBER" or before is None or before.kind not in ("LONG", "SHORT", "ANY"):
        return None
    number = situation.token.text
    return report(
        situation,
        "PM101",
        f"expected the name of a leg, found the number {number}",
        hint=f"how many contracts a slot takes stands behind its name: `count {number}`",
        skip=1,
    )


def part_elsewhere(situation: Situation) -> Report | None:
    """`charge` outside of a pattern, `each … needs …` in a pattern that is no pool."""
    token = situation.token
    if token.kind not in PART_KINDS or not situation.begins_line or not is_part(situation):
        return None
    if "LBRACE" in situation.expected:
        return None
    if not situation.in_strategies:
        return outside(situation)
    in_pattern = bool(situation.construct)
    if token.kind in IN_POOL:
        home = "a pool"
    elif token.kind in IN_STRATEGIES:
        home = "`strategies`" if in_pattern else ""
    else:
        home = "" if in_pattern else "a pattern"
    if not home:
        return None
    message = f"`{token.text}` belongs in {home}"
    return report(situation, "PM113", message, span=situation.token_span, hint=HOMES[home])


def is_part(situation: Situation) -> bool:
    """Whether what follows the token is what follows such a word."""
    following = situation.tokens[situation.position + 1 :][:2]
    if situation.token.kind == "CHARGE":
        return following[-1].kind == "EQUAL"
    if situation.token.kind in CONSTRUCT_KINDS:
        return following[-1].kind == "LBRACE"
    return following[0].text.isidentifier() or following[0].kind == "LPAR"


def outside(situation: Situation) -> Report | None:
    """A part of strategies where a statement of the methodology is expected."""
    if situation.expected.isdisjoint(STATEMENT_KINDS):
        return None
    word = situation.token.text
    is_outer = situation.token.kind in IN_STRATEGIES | {"SAME"}
    place = "`strategies`" if is_outer else "a pattern"
    hint = f"it belongs between the braces of {place}"
    return report(
        situation,
        "PM113",
        f"`{word}` stands outside of {place}",
        span=situation.token_span,
        hint=hint if is_outer else f"{hint}, and that between those of `strategies`",
    )


def statement_inside(situation: Situation) -> Report | None:
    """`step x = …` between the braces of strategies: it and the rest of its lines are passed over."""
    if not situation.holds_statement:
        return None
    word = situation.token.text
    return report(
        situation,
        "PM113",
        f"`{word}` stands inside of `strategies`",
        span=situation.token_span,
        hint="write it beside them, or close the braces above it",
        skip=up_to_next_part(situation),
    )


def up_to_next_part(situation: Situation) -> int:
    """How many tokens there are to the next part of the block or its end."""
    inner = 0
    rest = situation.tokens[situation.position :]
    for count, token in enumerate(rest):
        is_next = token.begins and token.kind in PART_KINDS | CONSTRUCT_KINDS | NOTE_KINDS | STATEMENT_KINDS
        if count and not inner and (is_next or token.kind in ("RBRACE", END)):
            return count
        inner += (token.kind == "LBRACE") - (token.kind == "RBRACE")
    return len(rest) - 1


def note_between(situation: Situation) -> Report | None:
    """`cite …` behind an amount, below the patterns."""
    if situation.kind not in NOTE_KINDS or not situation.in_strategies or situation.construct:
        return None
    return report(
        situation,
        "PM115",
        f"`{situation.token.text}` belongs to nothing here",
        span=situation.token_span,
        hint="notes of `strategies` stand above the patterns, or behind the closing brace",
    )


def unit_of_an_amount(situation: Situation) -> Report | None:
    """`amount initial: money`."""
    opened = situation.open_tokens
    if situation.kind != "COLON" or len(opened) < 2 or opened[1].kind != "AMOUNT":
        return None
    end = situation.after.end if situation.after.kind == "NAME" else situation.token.end
    return report(
        situation,
        "PM101",
        f"expected `default` or the next amount, found `{situation.token.text}`",
        span=Span(situation.source, situation.token.start, end),
        hint="an amount is money: leave the unit away",
        fix="",
        skip=2 if situation.after.kind == "NAME" else 1,
    )


def objectives_in_a_list(situation: Situation) -> Report | None:
    """`minimising initial, maintenance`."""
    insert = (instead(situation, "THEN", "then"),)
    if situation.kind != "COMMA" or not situation.is_of("PAIRING") or "THEN" not in situation.expected:
        return None
    return report(
        situation,
        "PM101",
        "expected `then`, found `,`",
        hint="what is minimised after it follows with `then`",
        fix=" then",
        insert=insert if works(situation, insert, 1) else (),
        skip=1 if works(situation, insert, 1) else 0,
    )


def only_and_without(situation: Situation) -> Report | None:
    """`only a without b`."""
    if situation.token.text not in ("only", "without") or not situation.is_of("PAIRING"):
        return None
    if "COMMA" not in situation.expected:
        return None
    return report(
        situation,
        "PM101",
        f"expected a statement, found `{situation.token.text}`",
        span=situation.token_span,
        hint="a pairing says `only`, `without` or neither",
    )
