"""The short names of universities in a sentence: where one may be a subject, or stands beside another institution."""

from typing import Final

from tracker.readers.compiled import Compiled
from tracker.readers.gazetteer import Gazetteer, Name
from tracker.readers.not_meant import is_something_else
from tracker.readers.scene import Memory
from tracker.readers.short_names import places, spans

_SEAT: Final = 8
"""How many characters before a town "in" may begin."""


def with_short_names(text: str, folded: str, found: list[Name], words: Compiled, names: Gazetteer, memory: Memory) -> list[Name]:
    """The names, and short names of universities that the text names in full."""
    others: list[Name] = []
    schools: list[Name] = []
    for printed, short in memory.short.items():
        if printed not in text or not (short.free or short.id in memory.printed):
            continue
        theirs = [Name("INSTITUTION", short.id, printed, *span) for span in spans(text, short)]
        others += [] if short.state else theirs
        schools += theirs if short.state else []
        for span in places(text, short, words):
            name = Name("INSTITUTION", short.id, printed, *span)
            rivals = any(other.start < name.end and name.start < other.end for other in found)
            if not rivals and not is_something_else(text, folded, name, words):
                found = [*found, name]
    while beside := [each for each in others if _stands_beside_another(text, folded, each, found, words)]:
        found = [*found, beside[0]]
    for name in schools:  # "Cornell and Illinois", but not "Google and Illinois"
        if _stands_beside_another(text, folded, name, [each for each in found if names.is_school(each)], words):
            found = [*found, name]
    return sorted(found, key=lambda name: name.start)


def _stands_beside_another(text: str, folded: str, name: Name, found: list[Name], words: Compiled) -> bool:
    """Whether an enumeration holds it: "at several universities, including Cambridge, Reading and Leeds"."""
    seat = words.grammar.seat
    if any(other.start < name.end and name.start < other.end for other in found):
        return False
    if seat and any(match.end() >= name.end for match in seat.finditer(text, max(0, name.start - _SEAT), name.end)):
        return False  # "Queen's University in Kingston and the University of Toronto"
    institutions = [other for other in found if other.kind == "INSTITUTION"]
    gaps = [(other.end, name.start) if other.end < name.start else (name.end, other.start) for other in institutions]
    return any(_enumerates(folded[start:end], words) for start, end in gaps)


def _enumerates(between: str, words: Compiled) -> bool:
    """Whether a comma or "and" stands between two names, and nothing else."""
    and_ = words.grammar.conjunction
    return between == ", " or (and_ is not None and and_.fullmatch(between) is not None)
