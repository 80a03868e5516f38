"""Names of institutions and parties found in a text: whole words, the longest match, with offsets.

Acronyms and very short names count only as written ("MIT", not "mit"); longer names in any case, as
long as they are written as a name. A name is skipped in languages in which it is an ordinary word.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import islice, takewhile
from typing import Final, Literal, NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from tracker.readers.compiled import compiled
from tracker.readers.phrases import fold, whole_words
from tracker.readers.short_names import COLLEGES, STATES, Called, short_of
from tracker.registers import Institution, Party, Registers

Kind = Literal["INSTITUTION", "PARTY"]
_SHORT: Final = 5
_SCHOOL: Final = re.compile(r"\b(?:University|Institute|Academy|College|School)\b")


class Name(NamedTuple):
    """A name found: whose it is (None when no register holds it), as printed, with its place."""

    kind: Kind
    id: str | None
    printed: str
    start: int
    end: int


class _Entry(NamedTuple):
    kind: Kind
    id: str
    name: str


_SPELLINGS: Final = (("Center", "Centre"), ("Centre", "Center"), ("Defense", "Defence"), ("Defence", "Defense"), (" & ", " and "))
"""How the press spells English names that the registers spell otherwise."""


_OF_TOWN: Final = re.compile(r"University of ([A-Z][\w-]+)|([A-Z][\w-]+) University")
_OTHERS: Final = frozenset(
    {"Miami", "York", "Washington", "Boston", "Indiana", "Michigan", "Ohio", "Pacific", "Columbia", "Southern"}
)
"""Where the two forms are two universities."""


class Gazetteer:
    """The names of the registers as one automaton, for one language (None: of no known language)."""

    def __init__(self, registers: Registers, language: str | None) -> None:
        entries: dict[str, list[_Entry]] = {}
        lexicon = registers.lexicons.get(language or "")
        as_read = compiled(lexicon).fold if lexicon else fold
        shortened, spellings = (lexicon.names.shortened, lexicon.names.spellings) if lexicon else ({}, {})
        spelt = (each for name in _entries(registers, language) for each in _with_spellings(name, spellings))
        for entry in (each for name in spelt for each in _with_short(name, shortened)):
            known = entries.setdefault(as_read(entry.name), [])
            if entry not in known:
                known.append(entry)
        self._entries = list(entries.values())
        self._by_name: dict[tuple[Kind, str], str] = {}
        for entry in _entries(registers, language, all_names=True):
            self._by_name.setdefault((entry.kind, entry.name), entry.id)
        universities = [each for each in registers.institutions if each.kind == "university"]
        for each in universities:
            for turned in (form for name in (each.name, *each.names) for form in _turned(name)):
                self._by_name.setdefault(("INSTITUTION", turned), each.id)
        self._in_order = sorted(self._by_name)
        self._printed = {each.id: (each.name, *each.names, *each.names_in.get(language or "", ())) for each in universities}
        self.short: dict[str, tuple[Called, ...]] = {}
        """Short names of universities, with all that each may mean."""
        for each in universities:
            for short in {short_of(name) for name in (each.name, *each.names)} - {None}:
                free = ("College" not in each.name or short in COLLEGES) and short not in STATES
                called = Called(each.id, each.country, self._printed[each.id], free)
                self.short[short or ""] = (*self.short.get(short or "", ()), called)
        self._companies = frozenset(each.id for each in registers.institutions if each.kind == "company")
        self._countries = {each.id: each.country for each in registers.institutions}
        self._countries |= {each.id: each.country for each in registers.parties}
        self._trades = {each.id: each.trades for each in registers.institutions}
        self._trades |= {each.id: each.trades for each in registers.parties}
        self._owners = {each.id: each.owner for each in registers.parties if each.owner}
        self._schools = {
            "PARTY": frozenset(each.id for each in registers.parties if _SCHOOL.search(each.name)),
            "INSTITUTION": frozenset(each.id for each in universities),
        }
        self._automaton = AhoCorasick(list(entries), matchkind=MatchKind.Standard) if entries else None

    def is_named_after(self, identity: str, town: str) -> bool:
        """Whether a town stands in a full name of a university: Lausanne in "École polytechnique fédérale de Lausanne"."""
        return any(f" {town}" in name for name in self._printed.get(identity, ()))

    def known(self, kind: Kind, printed: str) -> str | None:
        """Whose name this is, where its form has told that it is one: "MIT" in German."""
        return self._by_name.get((kind, printed))

    def begun(self, kind: Kind, printed: str) -> str | None:
        """Whose name begins with these words, if only one's does: "Northwestern Polytechnical"."""
        if " " not in printed:
            return None
        place = bisect_left(self._in_order, (kind, f"{printed} "))
        longer = takewhile(
            lambda each: each[0] == kind and each[1].startswith(f"{printed} "), islice(self._in_order, place, None)
        )
        found = {self._by_name[each] for each in longer}
        return found.pop() if len(found) == 1 else None

    def is_company(self, name: Name) -> bool:
        """Whether it is an institution that is a company, so that "the company" may be it."""
        return name.kind == "INSTITUTION" and name.id in self._companies

    def is_school(self, name: Name) -> bool:
        """Whether it is a university or an institute, so that "the university" may be it."""
        if name.id is None:
            return name.kind == "INSTITUTION" or _SCHOOL.search(name.printed) is not None
        return name.id in self._schools[name.kind]

    def country(self, name: Name) -> str | None:
        """Where the registers place whose name it is."""
        return self._countries.get(name.id or "")

    def trades(self, name: Name) -> tuple[str, ...]:
        """What whose name it is makes or does."""
        return self._trades.get(name.id or "", ())

    def owner(self, name: Name) -> str | None:
        """The party whose company it is."""
        return self._owners.get(name.id or "")

    def names(self, text: str, folded: str) -> list[Name]:
        """Names in order of place; of overlapping ones the one that begins first, then the longest."""
        if self._automaton is None:
            return []
        spans = self._automaton.find_matches_as_indexes(folded, overlapping=True)
        found: list[Name] = []
        reach = 0
        for index, start, end in sorted(spans, key=lambda span: (span[1], -span[2])):
            if start < reach or not whole_words(folded, start, end):
                continue
            printed = text[start:end]
            entry = next((each for each in self._entries[index] if _written_as_name(printed, each.name)), None)
            if entry is not None:
                found.append(Name(entry.kind, entry.id, printed, start, end))
                reach = end
        return found


def _entries(registers: Registers, language: str | None, *, all_names: bool = False) -> Iterator[_Entry]:
    for institution in registers.institutions:
        yield from _names_of("INSTITUTION", institution, language, all_names)
    for party in registers.parties:
        yield from _names_of("PARTY", party, language, all_names)


def _names_of(kind: Kind, entry: Institution | Party, language: str | None, all_names: bool) -> Iterator[_Entry]:
    names: Iterable[str] = (entry.name, *entry.names)
    if language in entry.not_in and not all_names:
        names = (name for name in names if not _is_short(name))
    for name in (*names, *entry.names_in.get(language or "", ())):
        if name:
            yield _Entry(kind, entry.id, name)
            yield from (_Entry(kind, entry.id, name.replace(ours, theirs)) for ours, theirs in _SPELLINGS if ours in name)


def _with_short(entry: _Entry, shortened: dict[str, str]) -> Iterator[_Entry]:
    """A name, and its short forms: "Uni Freiburg" of "Universität Freiburg"."""
    yield entry
    for full, short in shortened.items():
        if entry.name.startswith(full):
            yield entry._replace(name=short + entry.name.removeprefix(full))


def _with_spellings(entry: _Entry, spellings: dict[str, str]) -> Iterator[_Entry]:
    """A name, and how it is told elsewhere in the same language: 积体电路 for 集成电路."""
    yield entry
    names = {entry.name}
    for ours, theirs in spellings.items():
        if ours in entry.name:
            names |= {name.replace(ours, theirs) for name in names}
    yield from (entry._replace(name=name) for name in sorted(names - {entry.name}))


def _turned(name: str) -> Iterator[str]:
    """The two forms of a name between which the press wavers: "Auckland University", "University of Auckland"."""
    match = _OF_TOWN.fullmatch(name)
    town = (match[1] or match[2]) if match else None
    if town is not None and town not in _OTHERS:
        yield from (f"{town} University", f"University of {town}")


def _is_short(name: str) -> bool:
    """Acronyms and very short names, which are ordinary words somewhere; Chinese names are not."""
    return name.isascii() and (len(name) <= _SHORT or (name.isupper() and " " not in name))


def _written_as_name(printed: str, name: str) -> bool:
    if _is_short(name):
        printed = unicodedata.normalize("NFKC", printed)  # full-width letters
        return printed in {name, name.capitalize() if name.islower() else name} or (len(name) == _SHORT and printed.isupper())
    # A script without capitals has no other way to write a name.
    return printed == name or any(letter.isupper() for letter in printed) or not any(letter.islower() for letter in printed)


_GAZETTEERS: Final[dict[tuple[int, int, str | None], tuple[Registers, Gazetteer]]] = {}


def gazetteer(registers: Registers, language: str | None) -> Gazetteer:
    """The gazetteer of these registers, built at the first call and kept (the table keeps the registers alive)."""
    key = (id(registers.institutions), id(registers.parties), language)
    known = _GAZETTEERS.get(key)
    if known is None:
        if len(_GAZETTEERS) >= 64:
            _GAZETTEERS.clear()
        known = (registers, Gazetteer(registers, language))
        _GAZETTEERS[key] = known
    return known[1]
