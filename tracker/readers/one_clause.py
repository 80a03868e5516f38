"""Whether an institution and a party stand in one clause, as subject and object of the words between them."""

import re
from typing import Final

from tracker.readers.compiled_clauses import ClauseWords
from tracker.readers.scene import Item, Scene

_OTHERS: Final = ("say", "clause", "break", "conjunction")
_TWO: Final = 2


def in_one_clause(anchor: Item, matched: tuple[Item, ...], scene: Scene, words: ClauseWords) -> bool:
    """Whether the words of a tie bind the two actors of a match: "Lund trains ZTE's engineers"."""
    actors = sorted((item for item in matched if item.actors), key=lambda item: item.start)
    if len(actors) != _TWO:
        return False
    first, last = actors
    if _may_be_one(first, last, scene):
        return False
    text = scene.folded
    opening = words.opening.match(text, first.end) if words.opening else None
    start = opening.end() if opening else first.end
    place = max(item.end for item in matched if item.end <= last.start)
    if _finds(words.parted, text[start : anchor.start]) or _finds(words.parted, text[anchor.end : place]):
        return False
    if _finds(words.infinitive, text[start : anchor.start]) or not words.direct.fullmatch(text[place : last.start].strip()):
        return False
    if place == anchor.end and words.addressed and words.addressed.match(text, last.end):
        return False
    if words.by and words.by.match(text, anchor.end) and not (words.auxiliary and words.auxiliary.match(text, anchor.start)):
        return False  # "has cameras made by Hikvision"
    between = [item for item in scene.of(*_OTHERS) if start <= item.start and item.end <= last.start]
    return all(item.start < anchor.end and anchor.start < item.end for item in between)


def _finds(expression: re.Pattern[str] | None, text: str) -> bool:
    return expression is not None and expression.search(text) is not None


def _may_be_one(first: Item, last: Item, scene: Scene) -> bool:
    """Whether words that may mean either side mean both actors: "We follow the orders," the group said."""
    keys = {actor.key for item in (first, last) for actor in item.actors}
    alike = [each for item in (first, last) for each in scene.items if each.start == item.start and each.family != item.family]
    return any(actor.key in keys for each in alike for actor in each.actors)
