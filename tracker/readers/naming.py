"""The names of a sentence: those of the registers, those that only look like names, and what the text calls them in short."""

import re
from typing import Final

from tracker.readers.called_short import with_short_names
from tracker.readers.compiled import Compiled
from tracker.readers.gazetteer import Gazetteer, Kind, Name
from tracker.readers.introduced import with_introduced
from tracker.readers.not_meant import in_passing, is_acted_on, is_something_else
from tracker.readers.scene import Memory, actor_of
from tracker.readers.seats import with_seats
from tracker.readers.shared_heads import with_shared_heads, with_shared_tails
from tracker.readers.stems import with_stems

_ACRONYM: Final = re.compile(r"\b[A-Z](?:[A-Za-z]{0,5}[A-Z])\b")
_BRACKET: Final = re.compile(r" \((?:[a-zà-ÿ]+:? )?([A-Z][A-Za-z]{0,5}[A-Z])[),;]")
"""What a text calls a name in short, right behind it: "Vrije Universiteit Amsterdam (VU)"."""
_NO_SHORT_NAMES: Final = frozenset({"USA", "US", "UK", "EU", "EEUU", "PRC", "ROC", "CEO", "CTO", "NYSE", "SEHK", "HKEX"})
"""What stands in brackets behind a name and is none."""
_INITIALISM: Final = 3
"""How many capitals in brackets are a short name whatever the name: "Escuela Politécnica Federal de Zúrich (ETH)"."""
_FORMS: Final = re.compile(
    r"(?:[\s.,&]|Co|Ltd|LLC|LLP|Inc|Corp|Corporation|Limited|Technolog(?:y|ies)|Group|Holdings|Company|Digital|Electronics|Semiconductor|Systems"
    r"|SZ|Hangzhou|Shenzhen|Beijing|[A-Z]\w+-based)*"
)
"""What may stand around a known name in the full name of the same company."""
_LEGAL_FORM: Final = re.compile(r" (?:Co|Ltd|LLC|LLP|Inc|Corp|Corporation|Limited|Plc|PLC|AG|SE|NV|SpA)\b")
_NOUN_BEFORE: Final = re.compile(r"[“\"']?[A-Z][a-z-]+ ")
_INITIALS: Final = 3


def names_in(text: str, folded: str, words: Compiled, names: Gazetteer, memory: Memory) -> list[Name]:
    """The names of the next sentence in order of place; the memory learns initials and what is only named in passing."""
    found = _acronyms(text, _names(text, folded, words, names, memory), words, names, memory)
    read = text if words.lexicon.spaced else folded  # letters without capitals are told of as they are read
    found = with_shared_heads(read, with_short_names(text, folded, found, words, names, memory), words, names, memory)
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
    found = with_introduced(text, found, memory.introduced, words)
    memory.acronyms |= {initials: name for name in found if (initials := _initials(name))}
    memory.printing = frozenset(name.id for name in found if name.id)
    named = [name for name in found if _in_legal_form(text, name, names) or not is_something_else(text, folded, name, words)]
    memory.in_passing = tuple(actor_of(name, names) for name in found if name not in named and in_passing(folded, name, words))
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
                if any(" and " in text[other.end : end] for other in rivals):
                    continue  # "the Moscow Institute of Physics and Technology and the Skolkovo Foundation"
                rival = rivals[0] if len(rivals) == 1 and rivals[0].id else None
                if rival and _NOUN_BEFORE.fullmatch(text, 0, rival.start) and _FORMS.fullmatch(text, rival.end, end):
                    continue  # "Chipmakers Intel Corp": its first letter only begins the sentence
                if rival and (rival.kind == "PARTY" or names.is_company(rival)) and _is_in_full(text, name, rival):
                    name = name._replace(kind=rival.kind, id=rival.id)  # "Toshiba Corp" is Toshiba
                if not is_something_else(text, folded, name, words):
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
    return bool(joined) and before not in named and is_acted_on(folded, before, words)


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
