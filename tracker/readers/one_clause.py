"""Whether an institution and a party stand in one clause, as subject and object of the words between them."""

import re
from typing import Final

from tracker.readers.scene import Item, Scene

_RELATIVE: Final = re.compile(r"\)?(?: \([^()]{1,20}\))?,? (?:(?:both|each|all|most|some|many) of )?(?:which|who|whom|that) ")
"""How the clause begins whose subject stands right before it: "AMD and Nvidia, *which* both supply Inspur"."""
_PARTED: Final = re.compile(
    r"[,.:;()“”\"–—]| (?:that|who|than|as|if) (?!$)| (?:written|published|reported|filed|copied|shares?|stock|stakes?) "
)
"""What parts a verb from its object, or belongs to a clause within: "a test *that* finds flaws in"."""
_DIRECT: Final = re.compile(r" (?:the |its |their |both |a |an |all |each )?")
"""What stands between a verb or a preposition and its object."""
_ADDRESSED: Final = re.compile(r" (?:with )?(?:an?|the|no) | (?:as|to|that|wait|look|seem|feel|pay|less|more|one|on)\b")
"""What goes on behind a direct object with which nothing is shared: "made Huawei wait", "served Huawei with a subpoena"."""
_BY: Final = re.compile(r" by\b")
_AUXILIARY: Final = re.compile(r"(?:is|are|was|were|been|being|be)\b")
_INFINITIVE: Final = re.compile(r"(?:\b(?:will|would|shall|can|cannot|to|not|if|as)|n't|'ll)(?: \w+ly| also| now| \w+ and)? $")
"""What stands before a verb that tells of no fact: "FedEx will transport parcels of Huawei"."""
_OTHERS: Final = ("say", "clause", "break", "conjunction")
_TWO: Final = 2


def in_one_clause(anchor: Item, matched: tuple[Item, ...], scene: Scene) -> bool:
    """Whether the words of a tie bind the two actors of a match: "Lund trains ZTE's engineers"."""
    actors = sorted((item for item in matched if item.actors), key=lambda item: item.start)
    if len(actors) != _TWO:
        return False
    first, last = actors
    if _may_be_one(first, last, scene):
        return False
    text = scene.folded
    opening = _RELATIVE.match(text, first.end)
    start = opening.end() if opening else first.end
    place = max(item.end for item in matched if item.end <= last.start)
    if _PARTED.search(text[start : anchor.start]) or _PARTED.search(text[anchor.end : place]):
        return False
    if _INFINITIVE.search(text[start : anchor.start]) or not _DIRECT.fullmatch(text, place, last.start):
        return False
    if place == anchor.end and _ADDRESSED.match(text, last.end):
        return False
    if _BY.match(text, anchor.end) and not _AUXILIARY.match(text, anchor.start):
        return False  # "has cameras made by Hikvision"
    between = [item for item in scene.of(*_OTHERS) if start <= item.start and item.end <= last.start]
    return all(item.start < anchor.end and anchor.start < item.end for item in between)


def _may_be_one(first: Item, last: Item, scene: Scene) -> bool:
    """Whether words that may mean either side mean both actors: "We follow the orders," the group said."""
    keys = {actor.key for item in (first, last) for actor in item.actors}
    alike = [each for item in (first, last) for each in scene.items if each.start == item.start and each.family != item.family]
    return any(actor.key in keys for each in alike for actor in each.actors)
