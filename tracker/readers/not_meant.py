"""What is only printed like a name of the registers, or names who does nothing: MIT License, a graduate of Stanford."""

import re
from typing import Final

from tracker.readers.compiled import Compiled
from tracker.readers.gazetteer import Name
from tracker.readers.phrases import is_title

_CONTEXT: Final = 60
_HEADS: Final = (" university", " college", " institute", " school")
_CAPITALISED: Final = re.compile(r" [A-Z][a-z]+")
_FIELD: Final = re.compile(
    r" of (?:(?:Applied |Foreign |International |Traditional |the )?"
    r"(?:Aeronautics|Agricultur|Arts|Chemi|Commerce|Defen[cs]e|Econom|Education|Electr|Engineering|Financ|Forestry|Geosc|Information"
    r"|Languages|Law|Medic|Mining|Petroleum|Politic|Posts|Sciences?|Studies|Technology|Telecommunications|Chinese Medicine))"
)
"""What goes on with the name of another university: "Tianjin University" in "Tianjin University of Technology"."""


def is_something_else(text: str, folded: str, name: Name, words: Compiled) -> bool:
    """MIT License, Oxford Street, Yale Lock Company, a graduate of Stanford."""
    if name.id is not None and _part_of_a_name(text, name, words):
        return True
    if words.not_before and words.not_before.match(folded, name.end):
        return True
    if name.kind == "INSTITUTION" and (_only_describes(text, name) or (words.not_for and words.not_for.match(folded, name.end))):
        return True
    return is_acted_on(folded, name, words)


def is_acted_on(folded: str, name: Name, words: Compiled) -> bool:
    """Whether the words before a name say that it is not who acts: "a subsidiary of Intel"."""
    before = folded[max(0, name.start - _CONTEXT) : name.start]
    if name.kind == "INSTITUTION" and words.not_of is not None and words.not_of.search(before):
        return True
    return words.not_after is not None and words.not_after.search(before) is not None


def in_passing(folded: str, name: Name, words: Compiled) -> bool:
    """Whether a party is named that does nothing here, and may be meant behind: "Students of Harbin Engineering University"."""
    before = folded[max(0, name.start - _CONTEXT) : name.start]
    if name.kind != "PARTY":
        return False
    if words.passing is not None and words.passing.match(folded, name.end):
        return True
    return words.in_passing is not None and words.in_passing.search(before) is not None


def _only_describes(text: str, name: Name) -> bool:
    """Whether a small letter tells that it is no name here: "the Sydney university"."""
    return name.printed.endswith(_HEADS) and text[max(0, name.start - 4) : name.start].lower() == "the "


def _part_of_a_name(text: str, name: Name, words: Compiled) -> bool:
    """Whether a name begins a longer one that no register holds.

    A short name: "Berkeley Lights", not in titles in capitals. A university: "Tianjin University of Technology".
    """
    if name.printed.endswith("University") and _FIELD.match(text, name.end):
        return True
    if name.kind == "PARTY" or not words.own_parts or " " in name.printed or is_title(text):
        return False
    return _CAPITALISED.match(text, name.end) is not None and not text[name.end + 1 :].lower().startswith(words.own_parts)
