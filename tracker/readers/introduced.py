"""Names that no register holds and that a text introduces with what they are: "Mila, the Montreal institute, has ended ...".

What introduces a name is in the lexicon (`names.introduced`, `names.kinds`, `names.company_kinds`). Once a text has
introduced a name it counts wherever the text prints it.
"""

import re
from collections.abc import Iterator
from typing import Final

import msgspec

from tracker.readers.compiled import Compiled
from tracker.readers.gazetteer import Gazetteer, Name
from tracker.readers.short_names import STATES
from tracker.readers.strangers import is_a_place, strangers

_SINGLE: Final = re.compile(r"\w+")
_OPENING: Final = re.compile(r"(?:^|[.!?:;”\"] |\n)$")
_IN_FULL: Final = re.compile(
    r"([A-Z][a-z]{2,}) (?:Aerospace|Communications|Electronics|Foundation|Genomics|Group|Holdings|Institute|Laboratory|Materials"
    r"|Microelectronics|Networks|Optics|Photonics|Research|Robotics|Semiconductor|Shipyard|Software|State Research Cent(?:er|re)"
    r"|Systems|Technolog(?:y|ies))(?:,? (?:Co|Corp|Corporation|Inc|Limited|Ltd))?"
)
_NO_FIRST: Final = frozenset(
    {
        "Advanced", "American", "China", "General", "National", "United", "Western", "Texas", "Global", "International", "Open",
        "Digital", "State", "Central", "Northern", "Southern", "Eastern", "Royal", "Space", "Nuclear", "Physics", "Research",
        "Moscow", "Beijing", "Shanghai", "Wuhan", "Shenzhen", "Hefei", "Nanjing", "Hangzhou", "Harbin", "Chengdu", "Tianjin",
    }
)  # fmt: skip
"""Words and towns with which such names begin and that are none by themselves."""
_AROUND: Final = 50
_LONGER: Final = re.compile(r" (?!I\b)[A-ZÀ-Þ]\w")
"""What follows a name that only begins a longer one: "Orange Cyberdefense"."""
_PART: Final = re.compile(r"([A-ZÀ-Þ](?:[\w&.-]|[’'](?!s\b))*) $|[\w&-]$")
"""What stands before what only ends a longer name: "Mr Bechtle"."""


class Introduced(msgspec.Struct, frozen=True):
    """A name that the text introduces."""

    printed: str
    expression: re.Pattern[str]
    name: Name
    company: bool
    """Whether it is a company, so that "the company" may be it."""
    word: bool
    """Whether the text has it as an ordinary word, too, which a capital at the head of a sentence does not tell from it."""


def introduced(text: str, words: Compiled, names: Gazetteer) -> tuple[Introduced, ...]:
    """The names that a text introduces, apart from those that registers hold."""
    found: dict[str, Introduced] = {}
    if not (words.unheld.introduced or words.unheld.beside):
        return ()
    held = names.names(text, words.fold(text))
    for name, company in strangers(text, held, words, names):
        if name.printed not in names.short and not is_a_place(name.printed, words):
            plain = _is_a_word(name.printed, text)
            found.setdefault(name.printed, Introduced(name.printed, _expression(name.printed), name, company, plain))
    if not any(name.kind == "PARTY" for name in held):
        return tuple(found.values())  # nobody is named with whom there may be a tie
    spans = [(name.start, name.end) for name in held]
    for expression in words.unheld.introduced:
        for match in expression.finditer(text):
            start, end = match.span("name")
            printed = match["name"]
            if printed in found or printed in names.short or any(first < end and start < last for first, last in spans):
                continue
            if is_a_place(printed, words) or _is_part_of_a_name(text, start, end, words):
                continue
            plain = _is_a_word(printed, text)
            if plain and _OPENING.search(text, max(0, start - 2), start):
                continue
            company = match.groupdict().get("company") is not None
            found[printed] = Introduced(
                printed, _expression(printed), Name("INSTITUTION", None, printed, start, end), company, plain
            )
    return (*found.values(), *_called_by_first_word(text, held, words, names))


def _called_by_first_word(text: str, held: list[Name], words: Compiled, names: Gazetteer) -> Iterator[Introduced]:
    """Those of registers whose name in full only adds what they are: "Acacia" of "Acacia Communications"."""
    full = {(match[1], name.kind, name.id): name for name in held if (match := _IN_FULL.fullmatch(name.printed))}
    first = [short for short, *_ in full]
    for (short, _, _), name in full.items():
        if first.count(short) > 1 or short in names.short or short in STATES or short in _NO_FIRST or is_a_place(short, words):
            continue
        yield Introduced(short, _expression(short), name, names.is_company(name), _is_a_word(short, text))


def _is_a_word(printed: str, text: str) -> bool:
    """Whether the text has it as an ordinary word, too."""
    return _SINGLE.fullmatch(printed) is not None and re.search(rf"\b{printed.lower()}\b", text) is not None


def _expression(printed: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w&-]){re.escape(printed)}(?![\w&]|-\w)")


def _is_part_of_a_name(text: str, start: int, end: int, words: Compiled) -> bool:
    """Whether it is part of what looks like a name anyway: "Chiba Institute of Technology"."""
    first, last = max(0, start - _AROUND), end + _AROUND
    looks = (expression for expression in (words.institutions, words.parties) if expression)
    return any(match.start() < end and start < match.end() for each in looks for match in each.finditer(text, first, last))


def _ends_a_name(text: str, start: int, words: Compiled) -> bool:
    """Whether a name stands before it to which it belongs: "Mr Bechtle", not "But Bechtle"."""
    part = _PART.search(text, max(0, start - _AROUND), start)
    if part is None or part[1] is None:
        return part is not None
    before, dates = words.fold(part[1]), words.lexicon.dates
    return before not in words.common_words and before not in dates.weekdays and before not in dates.months


def with_introduced(text: str, found: list[Name], known: tuple[Introduced, ...], words: Compiled) -> list[Name]:
    """The names of a sentence and those that the text introduces."""
    for each in known:
        if each.printed not in text:
            continue
        for match in each.expression.finditer(text):
            start, end = match.span()
            if (each.word and start == 0) or _LONGER.match(text, end) or _ends_a_name(text, start, words):
                continue
            if not any(other.start < end and start < other.end for other in found):
                found = [*found, each.name._replace(printed=each.printed, start=start, end=end)]
    return sorted(found, key=lambda name: name.start)
