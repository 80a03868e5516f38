"""Names that no register holds and that a text introduces with what they are: "Mila, the Montreal institute, has ended ...".

What introduces a name is in the lexicon (`names.introduced`, `names.kinds`, `names.company_kinds`). Once a text has
introduced a name it counts wherever the text prints it.
"""

import re
from typing import Final

import msgspec

from tracker.readers.compiled import Compiled
from tracker.readers.gazetteer import Gazetteer, Name

_SINGLE: Final = re.compile(r"\w+")
_OPENING: Final = re.compile(r"(?:^|[.!?:;”\"] |\n)$")
_AROUND: Final = 50
_LONGER: Final = re.compile(r" (?!I\b)[A-ZÀ-Þ]\w")
"""What follows a name that only begins a longer one: "Orange Cyberdefense"."""
_PART: Final = re.compile(r"([A-ZÀ-Þ](?:[\w&.-]|[’'](?!s\b))*) $|[\w&-]$")
"""What stands before what only ends a longer name: "Mr Bechtle"."""


class Introduced(msgspec.Struct, frozen=True):
    """A name that the text introduces."""

    printed: str
    expression: re.Pattern[str]
    company: bool
    """Whether it is a company, so that "the company" may be it."""
    word: bool
    """Whether the text has it as an ordinary word, too, which a capital at the head of a sentence does not tell from it."""


def introduced(text: str, words: Compiled, names: Gazetteer) -> tuple[Introduced, ...]:
    """The names that a text introduces, apart from those that registers hold."""
    found: dict[str, Introduced] = {}
    if not words.introduced:
        return ()
    spans = [(name.start, name.end) for name in names.names(text, words.fold(text))]
    for expression in words.introduced:
        for match in expression.finditer(text):
            start, end = match.span("name")
            printed = match["name"]
            if printed in found or printed in names.short or any(first < end and start < last for first, last in spans):
                continue
            if _is_a_place(printed, words) or _is_part_of_a_name(text, start, end, words):
                continue
            plain = _SINGLE.fullmatch(printed) is not None and re.search(rf"\b{printed.lower()}\b", text) is not None
            if plain and _OPENING.search(text, max(0, start - 2), start):
                continue
            company = match.groupdict().get("company") is not None
            found[printed] = Introduced(printed, re.compile(rf"(?<![\w&-]){re.escape(printed)}(?![\w&]|-\w)"), company, plain)
    return tuple(found.values())


def _is_part_of_a_name(text: str, start: int, end: int, words: Compiled) -> bool:
    """Whether it is part of what looks like a name anyway: "Chiba Institute of Technology"."""
    first, last = max(0, start - _AROUND), end + _AROUND
    looks = (expression for expression in (words.institutions, words.parties) if expression)
    return any(match.start() < end and start < match.end() for each in looks for match in each.finditer(text, first, last))


def _is_a_place(printed: str, words: Compiled) -> bool:
    """Whether it is a country, a town or a time, by a word that the lexicon has for them."""
    folded, dates = words.fold(printed), words.lexicon.dates
    return folded in words.countries or folded in dates.months or folded in dates.weekdays


def _ends_a_name(text: str, start: int, words: Compiled) -> bool:
    """Whether a name stands before it to which it belongs: "Mr Bechtle", not "But Bechtle"."""
    part = _PART.search(text, max(0, start - _AROUND), start)
    return part is not None and (part[1] is None or words.fold(part[1]) not in words.common_words)


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
                found = [*found, Name("INSTITUTION", None, each.printed, start, end)]
    return sorted(found, key=lambda name: name.start)
