"""Triggers found in an annotated sentence: who did what to whom, where nothing takes it back.

A frame is one way a pattern fits a sentence: its elements in order, each near enough to the one
before, with no break ("but", "while") between. Then the blockers are asked."""

import re
from collections.abc import Callable, Iterable
from typing import Final

from tracker.readers.amounts import find_amounts
from tracker.readers.blocking import blocked
from tracker.readers.compiled import Compiled
from tracker.readers.frame import Frame
from tracker.readers.left_out import SHARED, acts_in_a_clause_before, leaves_its_clause
from tracker.readers.one_clause import in_one_clause
from tracker.readers.patterns import ACTS, Element, Pattern
from tracker.readers.scene import Item, Scene
from tracker.readers.second_chance import has_another_partner, names_another_partner, stands_clear

_BESIDE: Final = 2
_ASIDE: Final = re.compile(r",[^,;:()]{2,90},(?= )| \([^()]{2,90}\)(?= )| [–—] [^–—;:()]{2,90} [–—](?= )")
"""What a writer puts in between commas, brackets or dashes, which parts nothing."""
_WITH_ASIDES: Final = 200
_ACTING: Final = frozenset({"INSTITUTION", "PARTY"})
_PARTING: Final = re.compile(r"[,;:()]")
_COMMA: Final = re.compile(r"\)?, ")
_PREPOSITION: Final = 5
"""How long a preposition may be, with its article, that belongs to a reference: "de la"."""
_WEIGHED: Final = 40
_ANOTHER_PARTNER: Final[dict[str, Callable[[Item, Scene, Compiled], bool]]] = {
    "tie-ended": has_another_partner,
    "tie-reported": names_another_partner,
    "institution-responded": names_another_partner,
}
"""How a kind of statement tells that the other side of a tie is a name that no register holds."""
_UNNAMED: Final = "universities"
"""The family of nouns for several institutions."""
_THINKING: Final = frozenset({"considering", "reviewing"})


def find_frames(scene: Scene, words: Compiled, *, whatever_blocks: bool = False) -> list[Frame]:
    """The frames of a sentence, one for an anchor and kind of statement.

    Of an act the one that says who acts wins over one that leaves it to the context; then the first trigger in the lexicon.
    Loose triggers are tried apart: what they found counts where the others tell nothing of the kind.
    `whatever_blocks` finds those too that a blocker takes back.
    """
    best: dict[tuple[int, str], tuple[tuple[bool, int], Frame]] = {}
    loose: dict[tuple[int, str], tuple[tuple[bool, int], Frame]] = {}
    amounts: bool | None = None
    present = {item.family for item in scene.items}
    for anchor in scene.items:
        for pattern in words.by_anchor.get(anchor.family, ()):
            trigger = pattern.trigger
            key = (anchor.start, trigger.statement)
            rank = (pattern.unnamed, pattern.order)
            into = loose if trigger.loose else best
            if key in into and into[key][0] <= rank:
                continue
            if not _may_fit(pattern, present):
                continue
            if trigger.amount and amounts is None:
                amounts = bool(find_amounts(scene.folded, words.lexicon.amounts))
            if trigger.amount and not amounts:
                continue
            matched = _fit(scene, pattern, anchor)
            if matched is not None:
                frame = Frame(trigger, anchor, matched)
                if _is_excluded(frame, scene, present) or not _stands(frame, scene, words):
                    continue
                if whatever_blocks or not blocked(frame, scene, words):
                    into[key] = (rank, frame)
    frames = sorted((frame for _, frame in (*best.values(), *loose.values())), key=lambda frame: frame.anchor.start)
    return [frame for frame in frames if not _is_weighed(frame, frames, scene)]


def _is_weighed(frame: Frame, frames: list[Frame], scene: Scene) -> bool:
    """Whether going on is only what is thought about: "is considering whether it is wise to keep the partnership"."""
    return frame.trigger.stance == "continuing" and any(
        each.trigger.stance in _THINKING
        and 0 <= frame.anchor.start - each.anchor.end <= _WEIGHED
        and "," not in scene.folded[each.anchor.end : frame.anchor.start]
        and not scene.has("break", each.anchor.end, frame.anchor.start)
        for each in frames
    )


def _stands(frame: Frame, scene: Scene, words: Compiled) -> bool:
    """Whether the words around a match are as its trigger asks."""
    if frame.trigger.lead and not re.fullmatch(frame.trigger.lead, scene.folded[: frame.start]):
        return False
    if leaves_its_clause(frame, scene, words) or acts_in_a_clause_before(frame, scene, words):
        return False
    if frame.trigger.one_clause and not in_one_clause(frame.anchor, frame.matched, scene, words.clause):
        return False
    another = _ANOTHER_PARTNER.get(frame.trigger.statement)
    if another is not None and frame.one("PARTY") is None and another(frame.anchor, scene, words):
        return False
    if frame.trigger.statement in ACTS and _nobody_named_acts(frame, scene):
        return False
    return not (frame.trigger.loose or _leaves_the_party_open(frame)) or stands_clear(frame.anchor, frame.matched, scene, words)


def _nobody_named_acts(frame: Frame, scene: Scene) -> bool:
    """Whether an act that leaves the institution to the context is that of some who are not named: "several universities"."""
    if frame.one("INSTITUTION") is not None or any(item.family == _UNNAMED for item in frame.matched):
        return False
    named = [item for item in scene.of("INSTITUTION") if item.end <= frame.anchor.start]
    return any(
        item.end <= frame.anchor.start
        and not any(item.start < each.end for each in named)  # "several, among them MIT, ..."
        and not scene.has("break", item.end, frame.anchor.start)
        for item in scene.of(_UNNAMED)
    )


def _leaves_the_party_open(frame: Frame) -> bool:
    """Whether a company ends something with nobody: companies end much that is no tie to a party."""
    institution = frame.one("INSTITUTION")
    companies = institution is not None and any(actor.company for actor in institution.actors)
    open_ = frame.trigger.statement == "tie-ended" and frame.one("PARTY") is None and not frame.trigger.definite
    return companies and open_


def _may_fit(pattern: Pattern, present: set[str]) -> bool:
    """Whether the sentence has all families that a pattern asks for, and none that its trigger excludes."""
    if not pattern.single <= present or any(present.isdisjoint(each) for each in pattern.several):
        return False
    return not (pattern.trigger.needs and present.isdisjoint(pattern.trigger.needs))


def _is_excluded(frame: Frame, scene: Scene, present: set[str]) -> bool:
    """Whether words that its trigger excludes stand on the same side of a semicolon: "MIT ended it; Yale is reviewing"."""
    if present.isdisjoint(frame.trigger.unless):
        return False
    subject = frame.one("INSTITUTION")
    if subject is not None and subject.pointing == "pronoun" and scene.folded.endswith(", ", 0, subject.start):
        # "Not all of it is covered, it goes on delivering"
        return any(item.start > subject.start for item in scene.of(*frame.trigger.unless))
    if subject is None or subject.pointing:
        return True
    # "Oxford takes no more, Cardiff is reviewing a contract": a clause that begins with an institution is its own.
    named = [each.start for each in scene.of("INSTITUTION") if not each.pointing]
    begins = [each for each in named[1:] if scene.folded[:each].rstrip().endswith(",")]
    start = max(scene.folded.rfind(";", 0, frame.start) + 1, *(each for each in begins if each <= frame.start), 0)
    end = scene.folded.find(";", frame.end)
    end = min(end if end >= 0 else len(scene.folded), *(each for each in begins if each >= frame.end), len(scene.folded))
    return any(start <= item.start < end and not _is_of_another(item, frame, scene) for item in scene.of(*frame.trigger.unless))


def _is_of_another(item: Item, frame: Frame, scene: Scene) -> bool:
    """Whether somebody else, named behind a break, stands before a word: "MIT keeps it, while Yale is reviewing its own"."""
    named = [each for each in scene.of("INSTITUTION") if frame.end <= each.start and each.end <= item.start and not each.pointing]
    return any(scene.has("break", frame.end, each.start) for each in named)


def _fit(scene: Scene, pattern: Pattern, anchor: Item) -> tuple[Item, ...] | None:
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
    items = scene.items if forward else reversed(scene.items)
    for item in items:
        if item.family not in element.families or (forward and item.pointing == "pronoun"):
            continue
        if not forward and _is_inside_an_aside(item, place, scene):
            continue
        low, high = (place, _noun(item, place)) if forward else (item.end, place)
        if low <= high and (high - low <= element.gap or _apart_from_asides(scene, low, high) <= element.gap):
            if not forward and item.family == "INSTITUTION" and item.pointing != "pronoun":
                if _is_giver(item, scene):
                    continue
                low += _contrasted(scene, low)
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
    return any(comma is not None and comma.end() in openings for comma in commas)


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
    named = [item.start for item in scene.of("INSTITUTION", "PARTY", "LIST") if not item.pointing]
    return length - sum(end - start for start, end in asides if not any(start <= each < end for each in named))


def _contrasted(scene: Scene, end: int) -> int:
    """How far a word of contrast reaches right behind the subject, where it parts nothing: "Oxford, however, ended"."""
    word = next((item for item in scene.of("contrast") if 0 < item.start - end <= _BESIDE), None)
    return 0 if word is None else word.end - end
