"""Names that no register holds, told by where they stand: beside names that are held, or as whom a list has.

"Google, Barnett Labs and Intel have stopped" names three companies, and whom "the Commerce Department added to the
Entity List" is a party, whatever its name. How a language counts up names and tells of a listing is in its lexicon
(`names.beside`, `names.last`, `names.listed`).
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from tracker.readers.compiled import Compiled
from tracker.readers.gazetteer import Gazetteer, Kind, Name
from tracker.readers.short_names import STATES

_REACH: Final = 160
"""How far apart two held names of an enumeration stand."""
_BOUNDARY: Final = re.compile(r"[,.;:)]|$|\s(?=[a-zà-ÿ(])|[’']s?\b")
"""What follows the last name of an enumeration."""


def strangers(text: str, held: list[Name], words: Compiled, names: Gazetteer) -> Iterator[tuple[Name, bool]]:
    """The names found in a text by where they stand, each with whether it is a company's."""
    yield from ((name, False) for name in _listed(text, held, words, names))
    between = list(_between(text, held, words, names))
    yield from between
    known = sorted((*held, *(name for name, _ in between)), key=lambda name: name.start)
    yield from _last(text, known, words, names)


def _listed(text: str, held: list[Name], words: Compiled, names: Gazetteer) -> Iterator[Name]:
    """Whom a text says a list has: "put Zhizhu AI and Trojans on the Entity List"."""
    lists, folded = words.lexicon.lists, words.fold(text)
    if not any(called in folded for called in lists.names.get(lists.default or "", ())):
        return
    for expression in words.unheld.listed:
        for match in expression.finditer(text):
            for each in _counted_up(text, match.span("names"), words):
                if not _is_held(each, held) and not _is_short_for(text[slice(*each)], held):
                    yield _name("PARTY", text, each, names)


def _counted_up(text: str, span: tuple[int, int], words: Compiled) -> Iterator[tuple[int, int]]:
    """The places of the names of an enumeration."""
    start, end = span
    while start < end and (match := words.unheld.name.match(text, start, end)):
        name, _, place = match["name"].rpartition(" of ")
        yield match.start(), match.start() + len(name) if name and is_a_place(place, words) else match.end()
        joined = words.unheld.beside.match(text, match.end(), end) if words.unheld.beside else None
        start = joined.end() if joined else end


def _between(text: str, held: list[Name], words: Compiled, names: Gazetteer) -> Iterator[tuple[Name, bool]]:
    """Those between two held names of one kind: "Google, *Barnett Labs* and Intel"."""
    if words.unheld.beside is None:
        return
    for one, other in pairwise(held):
        if one.kind != other.kind or not 0 < other.start - one.end <= _REACH:
            continue
        joined = words.unheld.beside.match(text, one.end, other.start)
        if joined is None or joined.end() == other.start:
            continue
        places = list(_counted_up(text, (joined.end(), other.start), words))
        behind = words.unheld.beside.fullmatch(text, places[-1][1], other.start) if places else None
        if behind is not None and all(_may_be(text[slice(*each)], one, names) for each in places):
            yield from (_beside(one.kind, text, each, (one, other), names) for each in places)


def _last(text: str, held: list[Name], words: Compiled, names: Gazetteer) -> Iterator[tuple[Name, bool]]:
    """The one behind two held names that ends their enumeration: "Huawei, ZTE and *Rainbow Solutions*"."""
    beside = words.unheld.beside
    if beside is None or words.unheld.last is None:
        return
    for one, other in pairwise(held):
        if one.kind != other.kind or not text.startswith(",", one.end) or not beside.fullmatch(text, one.end, other.start):
            continue
        joined = words.unheld.last.match(text, other.end)
        match = words.unheld.name.match(text, joined.end()) if joined else None
        if match is None or not _BOUNDARY.match(text, match.end()) or not _may_be(match["name"], other, names):
            continue
        if text.endswith("the ", 0, match.start()) and not _is_long(match["name"]):
            continue  # "and the Saudi fund"
        if not _is_held(match.span("name"), held):
            yield _beside(one.kind, text, match.span("name"), (one, other), names)


def _may_be(printed: str, beside: Name, names: Gazetteer) -> bool:
    """Whether a name goes on with an enumeration; one word behind a university is its town or state."""
    return printed not in STATES and (_is_long(printed) or not names.is_school(beside))


def _is_long(printed: str) -> bool:
    return " " in printed or printed.isupper()


def _beside(kind: Kind, text: str, span: tuple[int, int], known: tuple[Name, Name], names: Gazetteer) -> tuple[Name, bool]:
    return _name(kind, text, span, names), all(names.is_company(each) for each in known)


def is_a_place(printed: str, words: Compiled) -> bool:
    """Whether it is a country, a town or a time, by a word that the lexicon has for them."""
    folded, dates = words.fold(printed), words.lexicon.dates
    return folded in words.countries or folded in dates.months or folded in dates.weekdays


def _name(kind: Kind, text: str, span: tuple[int, int], names: Gazetteer) -> Name:
    printed = text[slice(*span)]
    return Name(kind, names.begun(kind, printed), printed, *span)


def _is_short_for(printed: str, held: list[Name]) -> bool:
    """Whether one word is what the text calls a held name in short: HIT, Jinhua of Fujian Jinhua."""
    if " " in printed:
        return False
    return any(printed in each.printed.split() or printed == _initials(each.printed) for each in held)


def _initials(printed: str) -> str:
    return "".join(word[0] for word in printed.split() if word[0].isupper())


def _is_held(span: tuple[int, int], held: list[Name]) -> bool:
    return any(each.start < span[1] and span[0] < each.end for each in held)
