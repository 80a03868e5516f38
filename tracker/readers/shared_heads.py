"""Names that share a noun: "the universities of Surrey and Granada", "Surrey's university and that of Granada".

Only what a register knows by its full name counts, so that a town alone is nobody's name.
"""

import re
from collections.abc import Iterator
from typing import Final

from tracker.readers.compiled import Compiled
from tracker.readers.gazetteer import Gazetteer, Kind, Name
from tracker.readers.scene import Memory

_PART: Final = re.compile(
    r"[A-ZÀ-Ý][\w’'-]+(?: (?:(?:de|del|de la|of|the|di|do|da|du|en|y|e|and|und|et|à) )?[A-ZÀ-Ý][\w’'-]+){0,4}"
)
_GENITIVE: Final = re.compile(r"[’']s$")
_KINDS: Final[tuple[Kind, ...]] = ("INSTITUTION", "PARTY")
_LONGEST: Final = 5
"""How many letters a name before a noun that it shares may have: 俄亥俄州立."""
_MOST: Final = 12
"""So many names one head may have at most."""


def with_shared_heads(text: str, found: list[Name], words: Compiled, names: Gazetteer, memory: Memory) -> list[Name]:
    """The names, and those that an enumeration names by their towns alone."""
    for head in words.heads:
        if head.elided and not _speaks_of_universities(text, found, names, memory):
            continue
        for match in head.expression.finditer(text):
            for name in _headed(text, match.end(), head.full, words, names):
                if words.headed and name.start == match.end() and not any(_overlap(match, other) for other in found):
                    name = name._replace(start=match.start())  # 五院502所 is one name of an enumeration
                rivals = [other for other in found if other.start < name.end and name.start < other.end]
                if not any((other.id and not _ends(other, name)) or other.start < match.start() for other in rivals):
                    found = [other for other in found if other not in rivals] + [name]
    return sorted(found, key=lambda name: name.start)


def _ends(one: Name, other: Name) -> bool:
    """Whether a name is the end of a longer name of the same institution: "la de California en *Berkeley*"."""
    return one.id == other.id and other.start < one.start and one.end == other.end


def _overlap(match: re.Match[str], name: Name) -> bool:
    return name.start < match.end() and match.start() < name.end


def with_shared_tails(text: str, found: list[Name], words: Compiled, names: Gazetteer) -> list[Name]:
    """The names, and those before what several share: 济南、深圳的国家超级计算中心, "the 13th and 14th institutes of CETC".

    A name in what they share is part of theirs: CETC itself is not meant.
    """
    for tail in words.tails:
        for match in tail.expression.finditer(text):
            theirs = _in_full(match, list(_before(text, *match.span("names"), tail.full, names)))
            rivals = [other for other in found if any(other.start < name.end and name.start < other.end for name in theirs)]
            start, end = match.span("names")
            within = {other.id for other in rivals if other.start < end and start < other.end}
            if len(theirs) > 1 and within <= {None, *(name.id for name in theirs)}:
                found = [*(other for other in found if other not in rivals), *theirs]
    return sorted(found, key=lambda name: name.start)


def _in_full(match: re.Match[str], theirs: list[Name]) -> list[Name]:
    """The names of a match, the first with what all share before it, the last with what they share behind it."""
    if theirs and match.start() < match.start("names"):
        theirs[0] = theirs[0]._replace(start=match.start())
    return [*theirs[:-1], theirs[-1]._replace(end=match.end())] if theirs else []


def _before(text: str, start: int, end: int, full: tuple[str, ...], names: Gazetteer) -> Iterator[Name]:
    """The names in a stretch, one after another, as far as registers know them; the longest wins."""
    while start < end:
        lengths = range(min(_LONGEST, end - start), 0, -1)
        name = next((name for length in lengths if (name := _called(text[start : start + length], start, full, names))), None)
        if name is not None:
            yield name
        start = name.end if name is not None else start + 1


def _speaks_of_universities(text: str, found: list[Name], names: Gazetteer, memory: Memory) -> bool:
    """Whether an institution that is no company was named before, so that "that of Granada" may be another, or any was meant."""
    memory.universities = memory.universities or "niversi" in text
    if memory.universities or any(not actor.company for actor in memory.seen):
        return True
    return any(name.kind == "INSTITUTION" and not names.is_company(name) for name in found)


def _headed(text: str, place: int, full: tuple[str, ...], words: Compiled, names: Gazetteer) -> Iterator[Name]:
    """The names that stand behind a head, one after another, as far as registers know them."""
    for _ in range(_MOST):
        part = (words.headed or _PART).match(text, place)
        if part is None:
            return
        name = _called(part["name"], place, full, names) if words.headed else _known(part[0], place, full, names)
        if name is None:
            return
        if words.headed:
            name = name._replace(end=part.end())
        yield name
        after = words.joining.match(text, name.end)
        if after is None or after.end() == name.end:
            return
        place = after.end()


def _known(part: str, place: int, full: tuple[str, ...], names: Gazetteer) -> Name | None:
    """Whose name a part is with its head: the longest that a register holds; a genitive is none of it: "Coventry's course"."""
    while part:
        part = _GENITIVE.sub("", part)
        name = _called(part, place, full, names)
        if name is not None:
            return name
        part = part.rpartition(" ")[0]
    return None


def _called(part: str, place: int, full: tuple[str, ...], names: Gazetteer) -> Name | None:
    """Whose name exactly this part is with its head."""
    for template in full:
        for kind in _KINDS:
            identity = names.known(kind, template.format(part))
            if identity:
                return Name(kind, identity, template.format(part), place, place + len(part))
    return None
