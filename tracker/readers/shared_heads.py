"""Names that share the noun at their head: "the universities of Surrey and Granada", "Surrey's university and that of Granada".

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
_MOST: Final = 12
"""So many names one head may have at most."""


def with_shared_heads(text: str, found: list[Name], words: Compiled, names: Gazetteer, memory: Memory) -> list[Name]:
    """The names, and those that an enumeration names by their towns alone."""
    for head in words.heads:
        if head.elided and not _speaks_of_universities(text, found, names, memory):
            continue
        for match in head.expression.finditer(text):
            for name in _headed(text, match.end(), head.full, words, names):
                rivals = [other for other in found if other.start < name.end and name.start < other.end]
                if not any(other.id or other.start < match.start() for other in rivals):
                    found = [other for other in found if other not in rivals] + [name]
    return sorted(found, key=lambda name: name.start)


def _speaks_of_universities(text: str, found: list[Name], names: Gazetteer, memory: Memory) -> bool:
    """Whether an institution that is no company was named before, so that "that of Granada" may be another."""
    if any(not actor.company for actor in memory.seen) or "niversi" in text:
        return True
    return any(name.kind == "INSTITUTION" and not names.is_company(name) for name in found)


def _headed(text: str, place: int, full: tuple[str, ...], words: Compiled, names: Gazetteer) -> Iterator[Name]:
    """The names that stand behind a head, one after another, as far as registers know them."""
    for _ in range(_MOST):
        part = _PART.match(text, place)
        name = _known(part[0], place, full, names) if part else None
        if name is None:
            return
        yield name
        after = words.joining.match(text, name.end)
        if after is None or after.end() == name.end:
            return
        place = after.end()


def _known(part: str, place: int, full: tuple[str, ...], names: Gazetteer) -> Name | None:
    """Whose name a part is with its head: the longest that a register holds; a genitive is none of it: "Coventry's course"."""
    while part:
        part = _GENITIVE.sub("", part)
        for template in full:
            for kind in _KINDS:
                identity = names.known(kind, template.format(part))
                if identity:
                    return Name(kind, identity, template.format(part), place, place + len(part))
        part = part.rpartition(" ")[0]
    return None
