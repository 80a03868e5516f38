"""Short names of universities: "Illinois", once an article has named the University of Illinois.

The short name is a place as well. It counts as the university's only where it may be a subject, and only in
an article that speaks of universities; where it is a state's, or a college's, that names the university in full.
"""

import re
from collections import Counter
from typing import Final, NamedTuple

from tracker.readers.compiled import Compiled

_FULL: Final = re.compile(
    r"University of ([A-Z]\w+(?: [A-Z]\w+)?)|((?:[A-Z]\w+ )?[A-Z]\w+(?:'s)?) (?:University|College(?: London)?)"
    r"|([A-Z]\w+) University of [A-Z]\w+"
)
_KINDS: Final = frozenset(
    {
        "AGH", "Agricultural", "American", "Arctic", "Australian", "Autonomous", "Catholic", "Central", "Chinese",
        "Christian", "City", "Czech", "Eastern", "Federal", "Free", "Hebrew", "IT", "Industrial", "International", "Islamic",
        "Medical", "Metropolitan", "Mining", "National", "New", "Normal", "Northern", "Politehnica", "Polytechnic",
        "Pontifical", "Private", "Public", "Royal", "Science", "Silesian", "Slovak", "Southern", "State", "Technical",
        "Technological", "Western",
    }
)  # fmt: skip
"""What kind a university is, which is no short name of it: National University of Singapore."""
_PLACES: Final = frozenset(
    {
        "Washington", "Tokyo", "Oslo", "Copenhagen", "London", "Westminster", "Vienna", "Bern", "Berne", "Warsaw", "Athens",
        "Belgrade", "Bucharest", "Helsinki", "Lisbon", "Ljubljana", "Sofia", "Stockholm", "Zagreb", "Vilnius", "Brussels",
        "Canberra", "Ottawa", "Pretoria", "Cairo", "Nairobi", "Havana", "Delhi", "Tehran", "Jerusalem", "Beijing", "Seoul",
        "Taipei", "California", "Chile", "Cyprus", "Georgia", "Iceland", "Indonesia", "Latvia", "Liechtenstein",
        "Luxembourg", "Macau", "Malta", "Qatar", "Hawaii", "Nevada", "Hong Kong", "New York", "New Mexico", "Puerto Rico",
        "Costa Rica", "Buenos Aires", "Open", "University", "Abu Dhabi", "Baghdad", "Bahrain", "Botswana", "Budapest", "Dakar",
        "Free State", "HK", "Hanoi", "Jordan", "Kathmandu", "Kuwait", "Nagoya City", "Namibia", "National Security", "Rangoon",
        "Rwanda", "Seoul City", "South Africa", "South Pacific", "Tokyo City", "Vic", "West Indies", "Yangon", "Yokohama City",
        "Zambia", "Zimbabwe",
    }
)  # fmt: skip
"""Places that act by themselves (governments)."""
STATES: Final = frozenset(
    {
        "Alabama", "Alaska", "Alberta", "Arizona", "Arkansas", "Bavaria", "British Columbia", "Colorado", "Connecticut",
        "Delaware", "Florida", "Idaho", "Illinois", "Indiana", "Iowa", "Kansas", "Kentucky", "Louisiana", "Maine", "Manitoba",
        "Maryland", "Massachusetts", "Michigan", "Minnesota", "Mississippi", "Missouri", "Montana", "Nebraska",
        "New Brunswick", "New Hampshire", "North Carolina", "North Dakota", "Northern Territory", "Ohio", "Oklahoma",
        "Oregon", "Pennsylvania", "Queensland", "Rhode Island", "Saskatchewan", "South Australia", "South Carolina",
        "South Dakota", "Tasmania", "Tennessee", "Texas", "Utah", "Vermont", "Victoria", "Virginia", "West Virginia",
        "Western Australia", "Wisconsin", "Wyoming",
    }
)  # fmt: skip
"""States and provinces, which act by themselves, too: universities only in a text that names them in full."""
_WORDS: Final = frozenset(
    {
        "Reading", "Bath", "Hull", "Kent", "Lincoln", "Derby", "Bradford", "Kingston", "Howard", "Denver", "Austin",
        "Boston", "Trinity", "Jesus", "Regina", "Windsor", "Brock", "Charles", "Sophia", "Ariel", "Anna", "Trent", "Murdoch",
        "Griffith", "Williams", "Chapman", "King's", "Bishop's", "Alexandria", "Amity", "Clare", "Covenant", "Darwin", "European",
        "Heinz", "Hertford", "Kellogg", "Mansfield", "Merton", "Nelson Mandela", "Nova", "Petronas", "Rhodes", "Robinson",
        "Somerville", "Suffolk", "Downing", "Selwyn",
    }
)  # fmt: skip
"""Ordinary words, first names and cities: universities only beside another one, "Bristol, Bath and Leeds"."""
_CAPITALISED: Final = re.compile(r"\b[A-Z]\w+")
_POSSESSIVE: Final = re.compile(r"\b[A-Z]\w+['’]s\b")
_PAIR: Final = re.compile(r"(?=\b([A-Z]\w+ [A-Z]\w+))")
_AFTER: Final = re.compile(r"[,:;]|[’']s? | [a-z]| \((?=[£$€¥\d])")
_HEADS: Final = re.compile(r"\W*")
"""What may stand before a short name that opens a line: the mark of a list, or what makes it bold."""
_ALONE: Final = re.compile(r"[.:]?\W*$")
"""What stands behind a short name that is all there is: the heading of a paragraph."""
_SCHOOLS: Final = re.compile(r"niversi[td]|[Vv]ice-[Cc]hancellor|\b[Cc]ampus|\bColleges?\b|[Aa]cademics\b|\b[Pp]rofessor")
"""What tells that a text speaks of universities."""
COLLEGES: Final = frozenset({"Imperial"})
"""Colleges whose short name nobody else has."""
_DATELINE: Final = 2
"""How many lines of a text may begin with the town where it was written: the headline and the first."""
_BEFORE: Final = 40
"""How many characters before a short name tell whether it may be a subject."""


class ShortName(NamedTuple):
    """Whose short name an expression finds."""

    id: str
    expression: re.Pattern[str]
    free: bool
    """Whether it counts before the full name has been printed."""
    beside: bool
    """Whether it counts only in an enumeration with another institution."""
    heads: bool = False
    """Whether it heads a paragraph of the text, which a dateline does not."""
    state: bool = False
    """Whether it is a state's as well, so that only a university beside it tells which is meant."""


def short_of(name: str) -> str | None:
    """The short name that a full one leaves: "Illinois" of "University of Illinois"."""
    match = _FULL.fullmatch(name)
    short = (match[1] or match[2] or match[3]) if match else None
    return None if short in _PLACES or short in _KINDS else short


class Called(NamedTuple):
    """A university that a short name may mean."""

    id: str
    country: str | None
    names: tuple[str, ...]
    free: bool
    """Whether the short name counts before the full one is printed: of no college, and where it is no state's."""


def short_names(text: str, known: dict[str, tuple[Called, ...]]) -> dict[str, ShortName]:
    """The short names that count in this text; `known` has the universities of each that registers hold."""
    if not known or not _SCHOOLS.search(text):
        return {}
    possessive = {each.replace("’", "'") for each in _POSSESSIVE.findall(text)}
    printed = known.keys() & {*_CAPITALISED.findall(text), *_PAIR.findall(text), *possessive}
    home = _home({short: known[short] for short in printed})
    counted = {}
    body = "\n".join([line for line in text.split("\n") if line.strip()][_DATELINE:])
    for short in sorted(printed, key=lambda one: (-len(one), one)):
        called = _meant(known[short], text, home)
        full = f"{short} University" in text or f"{short} College" in text or _in_full(short, text)
        if called.free or full:
            heads = re.search(rf"^\W*{re.escape(short)}[.:]", body, re.MULTILINE) is not None
            counted[short] = ShortName(called.id, _expression(short), called.free, short in _WORDS and not full, heads)
        elif short in STATES:
            counted[short] = ShortName(called.id, _expression(short), free=True, beside=True, state=True)
    return counted


def _home(printed: dict[str, tuple[Called, ...]]) -> str | None:
    """The country in which most universities are whose short names a text prints, if one has most."""
    countries = Counter(each[0].country for short, each in printed.items() if len(each) == 1 and short not in STATES)
    most = countries.most_common(2)
    return most[0][0] if most and (len(most) == 1 or most[0][1] > most[1][1]) else None


def _meant(universities: tuple[Called, ...], text: str, home: str | None) -> Called:
    """Of several universities of one short name the one that the text names in full, or that of the country spoken of.

    York is that of Toronto or of England.
    """
    if len(universities) == 1:
        return universities[0]
    named = (each for each in universities if any(name in text for name in each.names))
    there = (each for each in reversed(universities) if each.country == home)
    return next(named, None) or next(there, universities[-1])


def _expression(short: str) -> re.Pattern[str]:
    return re.compile(rf"\b{re.escape(short).replace(chr(39), '[’' + chr(39) + ']')}\b(?!-)")


def _in_full(short: str, text: str) -> bool:
    """Whether a text names the university in full: "University of Waterloo", "Université Concordia", "Universität Wien"."""
    return re.search(rf"niversi\w+ (?:(?:of|de|di|van|von|do|da) |d[’'])?{re.escape(short)}\b", text) is not None


def places(text: str, short: ShortName, words: Compiled) -> list[tuple[int, int]]:
    """Where a short name may be a subject."""
    before, no_name, owned = words.grammar.short_name, words.grammar.not_short_name, words.grammar.of_school
    if short.beside:
        found = (match.span() for match in short.expression.finditer(text)) if owned else ()
        return [(start, end) for start, end in found if owned and owned.match(text, end)]
    return [
        (start, end)
        for start, end in (match.span() for match in short.expression.finditer(text))
        if (_HEADS.fullmatch(text, 0, start) or before.search(text[max(0, start - _BEFORE) : start].lower()))
        and (_AFTER.match(text, end) or (short.heads and _HEADS.fullmatch(text, 0, start) and _ALONE.match(text, end)))
        and not (no_name and no_name.match(text, end))
    ]


def spans(text: str, short: ShortName) -> list[tuple[int, int]]:
    """Wherever a short name stands; in an enumeration it may be one anywhere."""
    return [match.span() for match in short.expression.finditer(text)]
