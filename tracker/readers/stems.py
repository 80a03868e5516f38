"""Stems of names where no blanks part words: 浪潮, once an article has named 浪潮集团.

Chinese drops the last part of a name as soon as it is known. The lexicon has what may be dropped (`names.ends`), and
which stems are places or ordinary words besides (`names.no_stems`).
"""

from typing import Final

from tracker.readers.compiled import Compiled
from tracker.readers.gazetteer import Gazetteer, Name

_FEWEST: Final = {"PARTY": 2, "INSTITUTION": 3}
"""How many letters a stem has at least: two stand for a place too often where a university bears its name."""


def stems(text: str, words: Compiled, names: Gazetteer) -> dict[str, Name]:
    """The stems of all names that the text prints in full, as read (folded)."""
    ends = words.lexicon.names.ends
    if not ends:
        return {}
    found: dict[str, Name] = {}
    none = {words.fold(each) for each in words.lexicon.names.no_stems}
    for name in names.names(text, words.fold(text)):
        printed = words.fold(name.printed)
        stem = next((printed.removesuffix(end) for end in ends if printed.endswith(end)), printed)
        if stem != printed and len(stem) >= _FEWEST[name.kind] and not stem.isascii() and stem not in none:
            found.setdefault(stem, name)
    return found


def with_stems(text: str, folded: str, found: list[Name], known: dict[str, Name]) -> list[Name]:
    """The names of a sentence and the stems that stand in it by themselves."""
    for stem, name in known.items():
        start = folded.find(stem)
        while start >= 0:
            end = start + len(stem)
            if not any(other.start < end and start < other.end for other in found):
                found = [*found, name._replace(printed=text[start:end], start=start, end=end)]
            start = folded.find(stem, end)
    return sorted(found, key=lambda name: name.start)
