"""Who "we" is: the institution that speaks in a quotation, or whose own statement the text is."""

import re
from typing import Final

from tracker.readers.compiled import Compiled
from tracker.readers.scene import Actor, Item, Memory

_MARKS: Final = re.compile(r"[«»“”„\"「」『』]")
_OPENING: Final = "«“「『"
_AGE: Final = 2
"""For how many sentences a speaker stays in mind who is not named again."""
_SPEAKER: Final = re.compile(r"[ ,]*[^,.;]{2,40}? [A-ZÀ-Ý][\w’'-]+(?: [A-ZÀ-Ý][\w.’'-]*)+, [^,.;:]{3,60}")
"""What stands between a quotation and the house of whoever speaks: the verb, a name and an office."""


def first_person(text: str, folded: str, named: list[Item], words: Compiled, memory: Memory) -> list[Item]:
    """The words for "we" and "our" as the institution that they stand for; left out where that is not certain."""
    expression = words.anaphora.get("own")
    matches = list(expression.finditer(folded)) if expression else []
    if not matches:
        return []
    quoted = _quotations(text, memory.quoted)
    outside = [item for item in named if not _within(item.start, quoted) and not _of_another_clause(item, named, text, quoted)]
    found = []
    for match in matches:
        actor = _speaker(outside, memory) if _within(match.start(), quoted) else _author(named, memory)
        if actor is not None:
            found.append(Item("INSTITUTION", match.start(), match.end(), (actor,), "noun"))
    return found


def _author(named: list[Item], memory: Memory) -> Actor | None:
    """Whose own words the text is: as its source says, or the only institution that it names."""
    here = [actor for item in named if item.family == "INSTITUTION" for actor in item.actors]
    seen = {actor.key: actor for actor in (*memory.seen, *here)}
    return memory.own or (next(iter(seen.values())) if len(seen) == 1 else None)


def _speaker(outside: list[Item], memory: Memory) -> Actor | None:
    """Who is named around the quotation; a party that speaks there is no institution."""
    institutions = [item for item in outside if item.family == "INSTITUTION"]
    if institutions:
        return institutions[-1].actors[0]
    if outside or not memory.institutions or memory.age > _AGE or memory.party_age < memory.age:
        return None
    return memory.main()[0]


def _of_another_clause(item: Item, named: list[Item], text: str, quoted: list[tuple[int, int]]) -> bool:
    """Whether a comma stands between the words of speech and the name: “...”, said the head of a firm, not far from MIT.

    Behind the name of whoever speaks it only tells of which house: “...”, wrote Maria Zuber, vice-president of MIT.
    """
    closed = max((end for _, end in quoted if end <= item.start), default=None)
    if closed is None or "," not in text[closed + 1 : item.start].lstrip(" ,"):
        return False
    alone = not any(closed < each.start < item.start for each in named)
    return not (alone and _SPEAKER.fullmatch(text, closed + 1, item.start))


def _within(place: int, stretches: list[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in stretches)


def _quotations(text: str, is_open: bool) -> list[tuple[int, int]]:
    """The stretches of a sentence that stand in quotation marks; one may run on from the sentence before."""
    stretches: list[tuple[int, int]] = []
    start = 0 if is_open else None
    low = False
    for mark in _MARKS.finditer(text):
        sign = mark[0]
        if is_open and sign == "“" and start == 0 and mark.start() and not text[mark.start() - 1].isspace():
            low = True  # German “ closes what „ has opened in the sentence before
        opens = start is None if sign == '"' else sign in _OPENING + "„" and not (low and sign == "“")
        if opens and start is None:
            start, low = mark.end(), sign == "„"
        elif not opens and start is not None:
            stretches.append((start, mark.start()))
            start = None
    if start is not None:
        stretches.append((start, len(text)))
    return stretches
