"""The grammar as plain data: LALR tables and the lexer's pattern, worked out by lark and kept without it."""

from __future__ import annotations

from dataclasses import asdict, astuple, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lark import Lark
    from lark.grammar import Rule as LarkRule

FORMAT = 2
EXPAND, KEEP, NOTHING = 0, 1, 2


@dataclass(frozen=True)
class Rule:
    """How a rule is reduced: `size` values become one, built of the picked ones.

    A pick is (KEEP, position), (EXPAND, position) for a list that is spliced in, or (NOTHING, 0) for a part
    that was left out. `through`: a single part stands for the whole; `unit`: and it has no other.
    """

    origin: str
    name: str
    size: int
    picks: tuple[tuple[int, int], ...]
    through: bool
    unit: bool


@dataclass(frozen=True)
class Tables:
    """What the parser runs on.

    `actions[state][terminal]` is the state to go to, or `~rule` to reduce by a rule; goals of nonterminals
    stand in the same mapping. `keywords` maps a word to its terminal, `words` a terminal to its text where
    that is fixed.
    """

    actions: tuple[dict[str, int], ...]
    rules: tuple[Rule, ...]
    start: int
    end: int
    pattern: str
    ignored: frozenset[str]
    keywords: dict[str, str]
    words: dict[str, str]


def from_lark(lark: Lark) -> Tables:
    """The tables of a grammar that lark has read."""
    table: Any = lark.parser.parser._parse_table
    numbers = {state: number for number, state in enumerate(table.states)}
    rules: dict[LarkRule, int] = {}
    actions = tuple(
        {str(symbol): encode(action, argument, numbers, rules) for symbol, (action, argument) in row.items()}
        for row in table.states.values()
    )
    words = {str(term.name): term.pattern.value for term in lark.terminals if term.pattern.type == "str"}
    return Tables(
        actions=actions,
        rules=tuple(encode_rule(rule) for rule in rules),
        start=numbers[table.start_states["start"]],
        end=numbers[table.end_states["start"]],
        pattern=lexer_pattern(lark, words),
        ignored=frozenset(str(name) for name in lark.ignore_tokens),
        keywords={word: name for name, word in words.items() if word.isidentifier()},
        words=words,
    )


def encode(action: Any, argument: Any, numbers: dict[Any, int], rules: dict[LarkRule, int]) -> int:
    """An entry of the table: a state, or the complement of a rule's number."""
    if action.name == "Shift":
        return numbers[argument]
    return ~rules.setdefault(argument, len(rules))


def encode_rule(rule: LarkRule) -> Rule:
    """What lark's tree builder would do at a reduction, as data."""
    options = rule.options
    holes = holes_before(options.empty_indices, len(rule.expansion))
    picks: list[tuple[int, int]] = []
    for position, symbol in enumerate(rule.expansion):
        picks.extend([(NOTHING, 0)] * holes[position])
        if not symbol.is_term:
            picks.append((EXPAND if symbol.name.startswith("_") else KEEP, position))
        elif options.keep_all_tokens or not getattr(symbol, "filter_out", False):
            picks.append((KEEP, position))
    picks.extend([(NOTHING, 0)] * holes[-1])
    origin = str(rule.origin.name)
    through = options.expand1 and not rule.alias
    unit = through and picks == [(KEEP, 0)] and len(rule.expansion) == 1
    return Rule(origin, str(rule.alias or origin), len(rule.expansion), tuple(picks), through, unit)


def holes_before(empty: tuple[bool, ...], size: int) -> list[int]:
    """How many parts were left out before each symbol of a rule, and after the last."""
    if not empty:
        return [0] * (size + 1)
    return [len(run) for run in "".join("1" if hole else "0" for hole in empty).split("0")]


def lexer_pattern(lark: Lark, words: dict[str, str]) -> str:
    """One pattern for every terminal but the words, in lark's own order of preference."""
    ordered = sorted(
        (term for term in lark.terminals if not words.get(term.name, "").isidentifier()),
        key=lambda term: (-term.priority, -term.pattern.max_width, -len(term.pattern.value), term.name),
    )
    return "|".join(f"(?P<{term.name}>{term.pattern.to_regexp()})" for term in ordered)


def to_plain(tables: Tables) -> dict[str, Any]:
    """The tables as numbers, texts, tuples and dictionaries only."""
    plain = asdict(tables)
    plain["rules"] = tuple(astuple(rule) for rule in tables.rules)
    plain["ignored"] = tuple(sorted(tables.ignored))
    return plain


def from_plain(plain: dict[str, Any]) -> Tables:
    """The tables that `to_plain` took apart. Raises TypeError or KeyError on anything else."""
    rules = tuple(Rule(*rule) for rule in plain["rules"])
    return Tables(**{**plain, "rules": rules, "ignored": frozenset(plain["ignored"])})
