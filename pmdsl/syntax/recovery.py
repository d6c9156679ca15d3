"""Panic-mode recovery: after an error, where does the text make sense again?"""

from __future__ import annotations

from pmdsl.syntax import probe
from pmdsl.syntax.lexer import END, Token
from pmdsl.syntax.machine import Chain, Machine
from pmdsl.syntax.mistakes.situation import (
    CONSTRUCT_KINDS,
    NOTE_KINDS,
    PART_KINDS,
    STATEMENT_KINDS,
    Situation,
)

# What follows a name in a formula, and never the word that begins a statement.
CONTINUING = frozenset(
    {
        "SIGN",
        "STAR",
        "COMPARISON",
        "AND",
        "OR",
        "THEN",
        "ELSE",
        "DOT",
        "COMMA",
        "COLON",
        "LPAR",
        "RPAR",
        "RSQB",
    }
)
# Parts of strategies whose words begin the next line of a formula as well.
CONTINUING_LINES = frozenset({"WHERE", "ANY", "EACH"})
NAMES = frozenset({"NAME"})
RESUMING = STATEMENT_KINDS | NOTE_KINDS | CONSTRUCT_KINDS | {"FROM", "TABLE", "ROWBAR", "RBRACE"}


def resume(machine: Machine, tokens: list[Token], position: int) -> int:
    """Cut the stacks to where some later token may stand, and say which one.

    What is skipped is left out of the tree, with every block that it opens and closes. A statement that is
    indented no deeper than the broken one is looked at even inside such a block: a brace may be missing.
    """
    broken = tokens[position].indent
    lines = kinds_of_lines(Situation(machine, tokens, position))
    inner = 0
    for index in range(position, len(tokens)):
        token = tokens[index]
        if token.kind == END:
            return give_up(machine, index)
        if not inner and Situation(machine, tokens, index).holds_statement:
            cut_to_block(machine)
            return index
        outside = not inner or (token.kind in STATEMENT_KINDS and token.indent <= broken)
        if outside and may_resume(machine, tokens, index):
            return index
        is_level = not inner and token.kind in lines and token.indent <= broken
        if is_level and token.begins and (cut_to_block(machine) or index > position):
            return index
        if token.kind == "LBRACE":
            inner += 1
        elif token.kind == "RBRACE":
            inner = max(inner - 1, 0)
    return len(tokens)


def kinds_of_lines(situation: Situation) -> frozenset[str]:
    """What begins a line that is looked at by itself, though it may not stand there."""
    if situation.in_strategies:
        return NAMES | PART_KINDS | NOTE_KINDS | {"ROWBAR"}
    return NAMES | PART_KINDS - CONTINUING_LINES


def cut_to_block(machine: Machine) -> bool:
    """Cut the stacks to what is finished in the innermost block; False where they stood there already."""
    size = len(machine.states)
    depth = block_depth(machine)
    whole = next((top for top in range(size, depth, -1) if probe.accepts(machine, "RBRACE", top)), None)
    if whole is not None:
        machine.cut(whole)
        machine.settle("RBRACE")
    while depth < len(machine.states) and at_block_level(machine, depth + 1):
        depth += 1
    machine.cut(depth)
    return len(machine.states) < size


def give_up(machine: Machine, index: int) -> int:
    """At the end of the text: cut to where the block, or the file, may be closed."""
    if not cut_to(machine, [Token(END, "", 0, 0)]):
        cut_to(machine, [Token("RBRACE", "}", 0, 0)])
    return index


def may_resume(machine: Machine, tokens: list[Token], index: int) -> bool:
    """Whether reading can go on at a token; the stacks are cut if so."""
    token = tokens[index]
    if token.kind != "RBRACE" and not token.begins:
        return False
    if token.kind in ("RBRACE", "ROWBAR"):
        return cut_to(machine, [token])
    ahead = tokens[index : index + 2]
    if token.kind in STATEMENT_KINDS and ahead[-1].kind not in CONTINUING and cut_to(machine, [firm(token)]):
        return True
    if token.kind in RESUMING and cut_to(machine, [firm(token), ahead[-1]]):
        return True
    if token.kind in PART_KINDS and cut_to(machine, [firm(token), ahead[-1]], into_block=True):
        return True
    if begins_part(machine, tokens, index) and cut_to(machine, ahead, into_block=True):
        return True
    if token.kind not in STATEMENT_KINDS:
        return False
    closing = Token("RBRACE", "}", 0, 0)
    return any(cut_to(machine, [closing] * count + [firm(token), ahead[-1]]) for count in (1, 2, 3))


def firm(token: Token) -> Token:
    """The token as a keyword."""
    return token._replace(firm=True)


def begins_part(machine: Machine, tokens: list[Token], index: int) -> bool:
    """Whether a name begins a part of a block: an attribute, a field of a source, a table of a test."""
    if not tokens[index].text.isidentifier():
        return False
    kinds = [token.kind for token in tokens[index + 1 : index + 3]]
    return kinds[0] in ("COLON", "STRING", "DATE", "LBRACE") or kinds == ["NAME", "LBRACE"]


def cut_to(machine: Machine, ahead: list[Token], *, into_block: bool = False) -> bool:
    """Cut the stacks to the deepest place in the innermost block where tokens may stand; False if none is.

    Never inside of a block that is closed already.
    """
    floor, closed = block_depth(machine), 0
    for depth in range(len(machine.states), floor - 1, -1):
        closed += brace_at(machine, depth)
        if closed or (into_block and not at_block_level(machine, depth)):
            continue
        if probe.accepted(machine, ahead, depth) == len(ahead):
            machine.cut(depth)
            return True
    return False


def brace_at(machine: Machine, depth: int) -> int:
    """1 where cutting to a depth takes a closing brace away, -1 for an opening one."""
    value = machine.values[depth - 1] if depth - 1 < len(machine.values) else None
    kind = value.kind if isinstance(value, Token) else ""
    return (kind == "RBRACE") - (kind == "LBRACE")


def block_depth(machine: Machine) -> int:
    """The depth of the stack of states just inside the innermost block that is open."""
    closed = 0
    for index in range(len(machine.values) - 1, -1, -1):
        value = machine.values[index]
        if not isinstance(value, Token):
            continue
        if value.kind == "RBRACE":
            closed += 1
        elif value.kind == "LBRACE" and not closed:
            return index + 2
        elif value.kind == "LBRACE":
            closed -= 1
    return 1


def at_block_level(machine: Machine, depth: int) -> bool:
    """Whether a depth is that of a block or of a list of finished parts in it."""
    value = machine.values[depth - 2] if depth > 1 else None
    return isinstance(value, Chain) or (isinstance(value, Token) and value.kind == "LBRACE")
