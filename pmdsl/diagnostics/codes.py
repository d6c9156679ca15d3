"""Every code that a finding may carry. The first digit says where it comes from; each has a page in `docs/errors/`.

1 syntax · 2 names and inheritance · 3 levels, axes and units · 4 tables and dates · 5 claims and plans
6 books and markets · 7 evaluation · 8 tests · 9 commands and the surroundings
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Code:
    """A kind of finding: its severity and the title that stands on its page."""

    severity: str
    title: str


CODES: dict[str, Code] = {
    # 1 syntax
    "PM101": Code("error", "a word or mark that cannot stand here"),
    "PM102": Code("error", "a misspelt word"),
    "PM103": Code("error", "a block that is never closed"),
    "PM104": Code("error", "a brace that closes nothing"),
    "PM105": Code("error", "a bracket that is never closed"),
    "PM106": Code("error", "a bracket that closes nothing"),
    "PM107": Code("error", "one equals sign where two are meant"),
    "PM108": Code("error", "two equals signs where one is meant"),
    "PM109": Code("error", "a condition without both branches"),
    "PM110": Code("error", "a condition inside arithmetic without parentheses"),
    "PM111": Code("error", "a reduction without its end"),
    "PM112": Code("error", "a formula that is missing"),
    "PM113": Code("error", "a line that begins no statement"),
    "PM114": Code("error", "comparisons in a chain"),
    "PM115": Code("error", "a row or a note in the wrong place"),
    "PM116": Code("error", "quotes that are missing or too many"),
    "PM120": Code("error", "a text that is never closed"),
    "PM121": Code("error", "quotes of another kind"),
    "PM122": Code("error", "an operator of another language"),
    "PM123": Code("error", "a comment of another language"),
    "PM124": Code("error", "a mark that means nothing"),
    "PM125": Code("error", "a letter of another alphabet"),
    "PM126": Code("error", "a character that cannot be seen"),
    "PM127": Code("error", "text that is not in its composed form"),
    "PM128": Code("error", "a file that is not UTF-8"),
    "PM129": Code("error", "a file that is too large"),
    "PM130": Code("error", "a comma inside a number"),
    "PM131": Code("error", "a number with an exponent"),
    "PM132": Code("error", "a number with too many digits"),
    "PM133": Code("error", "a number that is not plainly written"),
    "PM134": Code("error", "a date that is not plainly written"),
    "PM135": Code("error", "a day that does not exist"),
    "PM136": Code("error", "money that is not plainly written"),
    "PM137": Code("error", "a percent sign that stands apart"),
    "PM140": Code("error", "the language edition"),
    "PM141": Code("error", "a reserved word as a name"),
    "PM142": Code("error", "a name that is not in lower_snake_case"),
    "PM143": Code("error", "a thing said twice"),
    "PM144": Code("error", "a word of another language"),
    "PM150": Code("error", "a row that does not fit its header"),
    "PM151": Code("error", "a rule line under a header"),
    "PM152": Code("error", "a header that stands twice"),
    "PM153": Code("error", "a table without rows"),
    "PM160": Code("error", "a formula that is too deep"),
    "PM161": Code("error", "too many findings"),
    # 2 names and inheritance
    # 3 levels, axes and units
    # 4 tables and dates
    # 5 claims and plans
    # 6 books and markets
    "PM601": Code("error", "a file that cannot be read"),
    "PM602": Code("error", "characters that cannot be seen"),
    "PM603": Code("error", "not YAML or JSON"),
    "PM604": Code("error", "a construct of YAML that is not read"),
    "PM605": Code("error", "too large, too deep or too many"),
    "PM606": Code("error", "a key that stands twice"),
    "PM607": Code("error", "a key that nobody knows"),
    "PM608": Code("error", "a key that is missing"),
    "PM609": Code("error", "a value of the wrong kind"),
    "PM610": Code("error", "a number or a date that is not plainly written"),
    "PM611": Code("error", "a number out of bounds"),
    "PM612": Code("error", "a word outside its list"),
    "PM613": Code("error", "an entry listed twice"),
    "PM614": Code("error", "a name that means nothing here"),
    "PM615": Code("error", "something that cannot be held"),
    "PM616": Code("error", "two statements that contradict each other"),
    "PM617": Code("error", "an option root that two underlyings claim"),
    "PM618": Code("error", "an attribute that no rule set asks for"),
    "PM620": Code("error", "not CSV"),
    "PM621": Code("error", "a table's file in a wrong place"),
    "PM622": Code("error", "a table that does not fit"),
    "PM623": Code("error", "a format that needs another package"),
    "PM630": Code("error", "not a Cboe quotes file"),
    "PM631": Code("error", "quotes of another day"),
    "PM632": Code("error", "a quote without two sides"),
    "PM633": Code("error", "an option quoted twice"),
    "PM634": Code("error", "a quote row that contradicts its symbol"),
    # 7 evaluation
    # 8 tests
    # 9 commands and the surroundings
}
