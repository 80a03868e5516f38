"""How a pattern fits a sentence: its elements in order around an anchor, each near enough to the one before."""

import re
from collections.abc import Iterable
from typing import Final

from tracker.readers.asides import aside_of
from tracker.readers.chosen import is_chosen
from tracker.readers.left_out import SHARED
from tracker.readers.patterns import Element, Pattern
from tracker.readers.scene import Item, Scene

_BESIDE: Final = 2
_ASIDE: Final = re.compile(r",[^,;:()]{2,90},(?= )| \([^()]{2,90}\)(?= )| [–—] [^–—;:()]{2,90} [–—](?= )")
"""What a writer puts in between commas, brackets or dashes, which parts nothing."""
_WITH_ASIDES: Final = 200
_OPENING: Final = 8
"""How far behind the comma a word of contrast stands that opens what is put in: Spanish "como otras"."""
_ACTING: Final = frozenset({"INSTITUTION", "PARTY"})
_PARTING: Final = re.compile(r"[,;:()]")
_COMMA: Final = re.compile(r"\)?, ")
_PREPOSITION: Final = 5
"""How long a preposition may be, with its article, that belongs to a reference: "de la"."""


def fit(scene: Scene, pattern: Pattern, anchor: Item) -> tuple[Item, ...] | None:
    """The items that fit the pattern around an anchor, nearest first; None where it does not fit."""
    right = _walk(scene, pattern.elements[pattern.anchor + 1 :], anchor.end, forward=True)
    if right is None:
        return None
    # Going left, the distance of a step is written on the element that stands to the right of it.
    gaps = [element.gap for element in pattern.elements[1 : pattern.anchor + 1]]
    left = [Element(each.families, gap) for each, gap in zip(pattern.elements, gaps, strict=False)]
    found = _walk(scene, tuple(reversed(left)), anchor.start, forward=False)
    return None if found is None else (*reversed(found), anchor, *right)


def _walk(scene: Scene, elements: tuple[Element, ...], place: int, *, forward: bool) -> tuple[Item, ...] | None:
    if not elements:
        return ()
    element, rest = elements[0], elements[1:]
    for item in _candidates(scene, element, place, forward=forward):
        if not forward and rest and item.family == "PARTY" and item.pointing == "pronoun":
            continue  # "Intel said that it ...": the subject speaks of itself
        found = _walk(scene, rest, item.end if forward else item.start, forward=forward)
        if found is not None:
            return (item, *found)
    return None


def _candidates(scene: Scene, element: Element, place: int, *, forward: bool) -> Iterable[Item]:
    """The items that may be the next element, nearest first. A pronoun is never an object."""
    items = scene.of(*element.families)
    for item in items if forward else reversed(items):
        if forward and item.pointing == "pronoun":
            continue
        if not forward and _is_inside_an_aside(item, place, scene):
            continue
        low, high = (place, _noun(item, place)) if forward else (item.end, place)
        if low <= high and (high - low <= element.gap or _apart_from_asides(scene, low, high) <= element.gap):
            if not forward and item.family == "INSTITUTION" and is_chosen(item, scene):
                continue
            if not forward and item.family == "INSTITUTION" and item.pointing != "pronoun":
                if _is_giver(item, scene):
                    continue
                low = _behind_contrast(scene, low + _contrasted(scene, low), high)
            if not _parted(scene, low, high, shared=not forward and item.family == "INSTITUTION"):
                yield item


def _noun(item: Item, place: int) -> int:
    """Where a reference begins, without a preposition that another family has taken: Spanish "de la compañía", "al grupo"."""
    taken = item.pointing == "noun" and item.start < place <= item.start + _PREPOSITION
    return place if taken else item.start


def _is_giver(item: Item, scene: Scene) -> bool:
    """Whether an institution stands beside a party on the other side of a tie: "which got millions from Huawei and BT"."""
    if any(each.start == item.end + 1 for each in scene.of("one_with")):
        return False  # "has a scheme with Beihang and Leeds one with ZTE"
    return any(
        any(each.start == party.end + 1 and each.end + 1 == item.start for each in scene.of("together"))
        and any(each.end + 1 == party.start for each in scene.of("with_it", "with_w"))
        for party in scene.of("PARTY")
    )


def _parted(scene: Scene, low: int, high: int, *, shared: bool) -> bool:
    """Whether a break stands in a stretch; before a verb one behind which the same subject goes on is none.

    Whose subject goes on is plain only where nobody else is named before it.
    """
    breaks = [item for item in scene.of("break") if low <= item.start and item.end <= high and not _is_an_adverb(item, scene)]
    if not (shared and breaks):
        return bool(breaks)
    goes_on = {item.start for item in scene.of(SHARED)}
    named = [item for item in scene.of("INSTITUTION") if item.end <= breaks[0].start and item.pointing != "pronoun"]
    return len(named) > 1 or any(item.start not in goes_on for item in breaks)


def _is_an_adverb(item: Item, scene: Scene) -> bool:
    """Whether a word of contrast stands inside its clause, which it does not part: German "will sie dagegen fortführen"."""
    if scene.folded[max(0, item.start - 2) : item.start].strip(" ") in {"", ",", ";", ":"}:
        return False
    return any(each.start == item.start and each.end == item.end for each in scene.of("contrast"))


def _is_inside_an_aside(item: Item, place: int, scene: Scene) -> bool:
    """Whether a clause about an actor of the same kind names another: "Oxford, which works with BT, ended ..."."""
    if item.family not in _ACTING or item.end >= place or "," not in scene.folded[item.end : place]:
        return False
    openings = {opening.start for opening in scene.of("relative")}
    own = _COMMA.match(scene.folded, item.end)
    if own is not None and own.end() in openings and "," not in scene.folded[own.end() : place]:
        return False  # "follows Oxford, which suspended its contracts, and Stanford, which takes no money"
    heads = [other for other in scene.of(item.family) if other.end < item.start and other.pointing != "pronoun"]
    if item.pointing and scene.folded.startswith(", ", item.end) and any(_describes(head, item, scene) for head in heads):
        return True  # "HiSilicon, the chip arm of the company, designs ..."
    commas = (_COMMA.match(scene.folded, each.end) for each in heads)
    if any(comma is not None and comma.end() in openings for comma in commas):
        return True
    aside = None if item.pointing else aside_of(item, scene)
    return aside is not None and aside.end < place


def _describes(head: Item, item: Item, scene: Scene) -> bool:
    """Whether a reference stands in what is put in right behind a name to say what that is."""
    between = scene.folded[head.end : item.start]
    return not head.pointing and between.startswith(", ") and not _PARTING.search(between, 2)


def _apart_from_asides(scene: Scene, low: int, high: int) -> int:
    """How many characters stand in a stretch beside what is put in: "The programme, begun in 2011, was terminated"."""
    length = high - low
    if length > _WITH_ASIDES:
        return length
    asides = [match.span() for match in _ASIDE.finditer(scene.folded, low, high)]
    words = [each for each in scene.by_the_way if low <= each[0] and each[1] <= high + 1]
    asides += [each for each in words if not any(start <= each[0] < end for start, end in asides)]
    if not asides:
        return length
    named = [item for item in scene.of("INSTITUTION", "PARTY", "LIST") if not item.pointing]
    told_of = [item.start for item in named if aside_of(item, scene) is None]
    return length - sum(end - start for start, end in asides if not any(start <= each < end for each in told_of))


def _behind_contrast(scene: Scene, low: int, high: int) -> int:
    """Where a clause goes on behind a contrast put in right behind its subject: "Oxford, although it regrets it, has ended"."""
    aside = _ASIDE.match(scene.folded, low)
    if aside is None or aside.end() > high:
        return low
    named = any(low <= item.start < aside.end() for item in scene.of("INSTITUTION") if item.pointing != "pronoun")
    opens = any(low < item.start <= low + _OPENING for item in scene.of("break"))
    goes_on = not any(item.start == aside.end() + 1 for item in scene.of("relative"))  # ", unlike the state, which has ended, "
    return aside.end() if opens and goes_on and not named else low


def _contrasted(scene: Scene, end: int) -> int:
    """How far a word of contrast reaches right behind the subject, where it parts nothing: "Oxford, however, ended"."""
    word = next((item for item in scene.of("contrast") if 0 < item.start - end <= _BESIDE), None)
    return 0 if word is None else word.end - end
