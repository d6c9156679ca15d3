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
    # 7 evaluation
    # 8 tests
    # 9 commands and the surroundings
}
