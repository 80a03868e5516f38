"""Schools told by what they are in their town: "A Delft, l'université technique hésite", "En Madrid, la Universidad Politécnica".

Only what a register knows by its full name counts.
"""

import re
from collections.abc import Iterator
from typing import Final

from tracker.readers.compiled import Compiled
from tracker.readers.gazetteer import Gazetteer, Name

_NOUN: Final = re.compile(r"(?:[A-Za-zÀ-ÿ]{2,4} |[a-zA-Z][’'])?([A-Za-zÀ-ÿ]{5,}(?: [A-Za-zÀ-ÿ][a-zà-ÿ]{3,}){0,2})")
"""What a school is called behind its article."""
_GOVERNMENTS: Final = frozenset({"Washington", "London", "California", "Tokyo", "Ottawa", "Canberra", "Georgia", "Delhi"})
"""What stands for a government or a land rather than for its university."""
_VOWELS: Final = frozenset("AEIOUYÉÈÊÎÔÂH")


def with_seats(text: str, found: list[Name], words: Compiled, names: Gazetteer) -> list[Name]:
    """The names, and schools whose town stands before them, behind a comma."""
    town, template = words.grammar.town, words.lexicon.names.seat
    if town is None or not template or ", " not in text:
        return found
    for match in town.finditer(text):
        if match.start() and text[match.start() - 1].isalnum():
            continue
        name = next(_told_there(text, match.end(), match[1], template, names), None)
        if name is None:
            continue
        rivals = [other for other in found if other.start < name.end and name.start < other.end]
        if all(name.start <= other.start and other.end <= name.end for other in rivals):
            found = [other for other in found if other not in rivals] + [name]
    return sorted(found, key=lambda name: name.start)


def _told_there(text: str, place: int, town: str, template: str, names: Gazetteer) -> Iterator[Name]:
    """Whom the words behind a town may mean, the longest form first."""
    noun = _NOUN.match(text, place)
    printed = noun[1].split(" ") if noun else []
    for length in range(len(printed), 0, -1):
        called = " ".join(printed[:length])
        for full in _in_full(called, town, template):
            identity = names.known("INSTITUTION", full)
            if identity and noun:
                yield Name("INSTITUTION", identity, full, noun.start(1), noun.start(1) + len(called))


def school_of(town: str, template: str, names: Gazetteer) -> tuple[str, str] | None:
    """The school that is called after a town, as registers hold it, and its name."""
    if town in _GOVERNMENTS:
        return None
    called = template.partition(" ")[0]
    return next(((known, full) for full in _in_full(called, town, template) if (known := names.known("INSTITUTION", full))), None)


def _in_full(called: str, town: str, template: str) -> Iterator[str]:
    """The full names that a noun and a town may make, with either letter at the head: "université technique de Delft"."""
    behind = template[template.index(" ") :].format(town)
    forms = [behind]
    if town[0] in _VOWELS and " de " in behind:
        forms += [behind.replace(" de ", " d'"), behind.replace(" de ", " d’")]
    for form in forms:
        yield called[0].lower() + called[1:] + form
        yield called[0].upper() + called[1:] + form
