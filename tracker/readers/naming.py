"""The names of a sentence: those of the registers, those that only look like names, and what the text calls them in short."""

import re
from typing import Final

from tracker.readers.compiled import Compiled
from tracker.readers.gazetteer import Gazetteer, Kind, Name
from tracker.readers.phrases import is_title
from tracker.readers.scene import Memory, actor_of
from tracker.readers.seats import with_seats
from tracker.readers.shared_heads import with_shared_heads, with_shared_tails
from tracker.readers.short_names import places, spans
from tracker.readers.stems import with_stems

_CONTEXT: Final = 40
_ACRONYM: Final = re.compile(r"\b[A-Z](?:[A-Za-z]{0,5}[A-Z])\b")
_BRACKET: Final = re.compile(r" \((?:[a-zà-ÿ]+:? )?([A-Z][A-Za-z]{0,5}[A-Z])[),;]")
"""What a text calls a name in short, right behind it: "Vrije Universiteit Amsterdam (VU)"."""
_NO_SHORT_NAMES: Final = frozenset({"USA", "US", "UK", "EU", "EEUU", "PRC", "ROC", "CEO", "CTO", "NYSE", "SEHK", "HKEX"})
"""What stands in brackets behind a name and is none."""
_INITIALISM: Final = 3
"""How many capitals in brackets are a short name whatever the name: "Escuela Politécnica Federal de Zúrich (ETH)"."""
_FORMS: Final = re.compile(
    r"(?:[\s.,&]|Co|Ltd|Inc|Corp|Corporation|Limited|Technolog(?:y|ies)|Group|Holdings|Company|Digital|Electronics|Semiconductor|Systems"
    r"|SZ|Hangzhou|Shenzhen|Beijing|[A-Z]\w+-based)*"
)
"""What may stand around a known name in the full name of the same company."""
_LEGAL_FORM: Final = re.compile(r" (?:Co|Ltd|Inc|Corp|Corporation|Limited|Plc|PLC|AG|SE|NV|SpA)\b")
_NOUN_BEFORE: Final = re.compile(r"[“\"']?[A-Z][a-z-]+ ")
_INITIALS: Final = 3
_SEAT: Final = 8
"""How many characters before a town "in" may begin."""
_HEADS: Final = (" university", " college", " institute", " school")
_CAPITALISED: Final = re.compile(r" [A-Z][a-z]+")
_FIELD: Final = re.compile(
    r" of (?:(?:Applied |Foreign |International |Traditional |the )?"
    r"(?:Aeronautics|Agricultur|Arts|Chemi|Commerce|Defen[cs]e|Econom|Education|Electr|Engineering|Financ|Forestry|Geosc|Information"
    r"|Languages|Law|Medic|Mining|Petroleum|Politic|Posts|Sciences?|Studies|Technology|Telecommunications|Chinese Medicine))"
)
"""What goes on with the name of another university: "Tianjin University" in "Tianjin University of Technology"."""


def names_in(text: str, folded: str, words: Compiled, names: Gazetteer, memory: Memory) -> list[Name]:
    """The names of the next sentence in order of place; the memory learns initials and what is only named in passing."""
    found = _acronyms(text, _names(text, folded, words, names, memory), words, names, memory)
    read = text if words.lexicon.spaced else folded  # letters without capitals are told of as they are read
    found = with_shared_heads(read, _short_names(text, folded, found, words, names, memory), words, names, memory)
    found = with_shared_tails(read, found, words, names)
    found = with_seats(text, found, words, names)
    memory.printed |= memory.printing
    owners = [name for name in found if _is_only_the_owner(name, text, found, words)]
    memory.owner = tuple(actor_of(name, names) for name in owners[:1])
    kept = [name for name in found if name not in owners]
    return kept if words.lexicon.spaced else [_with_owner(name, text, owners, words) for name in kept]


def _with_owner(name: Name, text: str, owners: list[Name], words: Compiled) -> Name:
    """The name with its owner before it, where no blanks tell what belongs together: 停止出货给华为旗下的海思."""
    if name.kind != "PARTY" or words.owned is None:
        return name
    owner = next((each for each in owners if words.owned.fullmatch(text, each.end, name.start)), None)
    return name if owner is None else name._replace(start=owner.start)


def _is_only_the_owner(name: Name, text: str, found: list[Name], words: Compiled) -> bool:
    """Whether one of a party's companies is named behind it, of which then is spoken: "Huawei's chip arm HiSilicon"."""
    if name.kind != "PARTY" or words.owned is None:
        return False
    return any(each.kind == "PARTY" and words.owned.fullmatch(text, name.end, each.start) for each in found)


def _names(text: str, folded: str, words: Compiled, names: Gazetteer, memory: Memory) -> list[Name]:
    """Names of the registers and names that look like institutions or companies, without false friends."""
    found = with_stems(text, folded, names.names(text, folded), memory.stems, words)
    memory.acronyms |= {initials: name for name in found if (initials := _initials(name))}
    memory.printing = frozenset(name.id for name in found if name.id)
    named = [name for name in found if _in_legal_form(text, name, names) or not _is_something_else(text, folded, name, words)]
    memory.in_passing = tuple(actor_of(name, names) for name in found if name not in named and _in_passing(folded, name, words))
    found = [name for name in named if not _follows_one_left_out(folded, name, found, named, words)]
    kinds: tuple[tuple[Kind, re.Pattern[str] | None], ...] = (
        ("INSTITUTION", words.institutions),
        ("PARTY", words.parties),
    )
    for kind, expression in kinds:
        for match in expression.finditer(text) if expression else ():
            start, end = match.span()
            name = Name(kind, names.known(kind, text[start:end]), text[start:end], start, end)
            rivals = [other for other in found if other.start < end and start < other.end]
            if all(other.start >= start and other.end <= end and other.end - other.start < end - start for other in rivals):
                if kind == "INSTITUTION" and rivals:
                    continue  # "MIT University": the register knows better
                if any(other.id and " and " in text[other.end : end] for other in rivals):
                    continue  # "the Moscow Institute of Physics and Technology and the Skolkovo Foundation"
                rival = rivals[0] if len(rivals) == 1 and rivals[0].id else None
                if rival and _NOUN_BEFORE.fullmatch(text, 0, rival.start) and _FORMS.fullmatch(text, rival.end, end):
                    continue  # "Chipmakers Intel Corp": its first letter only begins the sentence
                if rival and (rival.kind == "PARTY" or names.is_company(rival)) and _is_in_full(text, name, rival):
                    name = name._replace(kind=rival.kind, id=rival.id)  # "Toshiba Corp" is Toshiba
                if not _is_something_else(text, folded, name, words):
                    found = [other for other in found if other not in rivals] + [name]
    return sorted(found, key=lambda name: name.start)


def _in_legal_form(text: str, name: Name, names: Gazetteer) -> bool:
    """Whether the legal form of a company follows its name, which so is no part of another: "Toshiba Corp"."""
    return names.is_company(name) and _LEGAL_FORM.match(text, name.end) is not None


def _follows_one_left_out(folded: str, name: Name, found: list[Name], named: list[Name], words: Compiled) -> bool:
    """Whether "and" joins a name to one that the words before it take out: "suppliers of Nvidia and AMD"."""
    and_ = words.grammar.conjunction
    before = max(
        (each for each in found if each.kind == name.kind and each.end < name.start), key=lambda each: each.end, default=None
    )
    if and_ is None or before is None or name.kind != "INSTITUTION" or "," in folded[before.end : name.start]:
        return False
    joined = and_.search(folded, before.end, name.start) and words.joining.fullmatch(folded, before.end, name.start)
    return bool(joined) and before not in named and _is_acted_on(folded, before, words)


def _is_in_full(text: str, name: Name, known: Name) -> bool:
    """Whether a longer name only adds where and what the company is: "SZ DJI Technology Co Ltd"."""
    return all(_FORMS.fullmatch(part) for part in (text[name.start : known.start], text[known.end : name.end]))


def _acronyms(text: str, found: list[Name], words: Compiled, names: Gazetteer, memory: Memory) -> list[Name]:
    """The names, and initials of longer names printed before, which go before the registers' acronyms of other schools."""
    memory.acronyms |= {short: name for name in found if (short := _stands_alone(name, words))}
    memory.acronyms |= {initials: name for name in found if (initials := _initials(name))}
    memory.acronyms |= {short: name for name in found if (short := _in_brackets(text, name))}
    for match in _ACRONYM.finditer(text) if memory.acronyms else ():
        known = memory.acronyms.get(match[0])
        if known is None:
            continue
        rivals = [name for name in found if name.start < match.end() and match.start() < name.end]
        if all(name.printed == match[0] and name.id != known.id and names.is_school(name) for name in rivals):
            found = [name for name in found if name not in rivals]
            printed = match[0] if known.id else known.printed  # who is in no register keeps the name in full
            found.append(known._replace(printed=printed, start=match.start(), end=match.end()))
    return sorted(found, key=lambda name: name.start)


def _short_names(text: str, folded: str, found: list[Name], words: Compiled, names: Gazetteer, memory: Memory) -> list[Name]:
    """The names, and short names of universities that the text names in full."""
    others: list[Name] = []
    schools: list[Name] = []
    for printed, short in memory.short.items():
        if printed not in text or not (short.free or short.id in memory.printed):
            continue
        theirs = [Name("INSTITUTION", short.id, printed, *span) for span in spans(text, short)]
        others += [] if short.state else theirs
        schools += theirs if short.state else []
        for start, end in () if short.beside else places(text, short, words):
            if not any(name.start < end and start < name.end for name in found):
                found = [*found, Name("INSTITUTION", short.id, printed, start, end)]
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


def _stands_alone(name: Name, words: Compiled) -> str:
    """The beginning by which a university is called alone: "TU" of "Technische Universität Berlin"."""
    if name.kind != "INSTITUTION":
        return ""
    alone = words.lexicon.names.alone.items()
    return next((short for short, starts in alone if name.printed.startswith(tuple(starts))), "")


def _in_brackets(text: str, name: Name) -> str:
    """The short name in brackets behind a name: capitals, or letters that are all in it in their order (VU)."""
    bracket = _BRACKET.match(text, name.end)
    if bracket is None or bracket[1] in _NO_SHORT_NAMES or bracket[1] == name.printed:
        return ""
    short = bracket[1]
    if short.isupper() and len(short) >= _INITIALISM:
        return short
    letters = iter(name.printed.lower())
    return short if name.printed.startswith(short[0]) and all(letter in letters for letter in short.lower()) else ""


def _initials(name: Name) -> str:
    """HIT for Harbin Institute of Technology; nothing for a shorter name."""
    capitals = [word[0] for word in name.printed.replace("-", " ").split() if word[0].isupper()]
    return "".join(capitals) if len(capitals) >= _INITIALS else ""


def _is_something_else(text: str, folded: str, name: Name, words: Compiled) -> bool:
    """MIT License, Oxford Street, Yale Lock Company, a graduate of Stanford."""
    if name.id is not None and _part_of_a_name(text, name, words):
        return True
    if words.not_before and words.not_before.match(folded, name.end):
        return True
    if name.kind == "INSTITUTION" and (_only_describes(text, name) or (words.not_for and words.not_for.match(folded, name.end))):
        return True
    return _is_acted_on(folded, name, words)


def _is_acted_on(folded: str, name: Name, words: Compiled) -> bool:
    """Whether the words before a name say that it is not who acts: "a subsidiary of Intel"."""
    before = folded[max(0, name.start - _CONTEXT) : name.start]
    if name.kind == "INSTITUTION" and words.not_of is not None and words.not_of.search(before):
        return True
    return words.not_after is not None and words.not_after.search(before) is not None


def _in_passing(folded: str, name: Name, words: Compiled) -> bool:
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
