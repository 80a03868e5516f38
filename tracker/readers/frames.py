"""Triggers found in an annotated sentence: who did what to whom, where nothing takes it back.

A frame is one way a pattern fits a sentence: its elements in order, each near enough to the one
before, with no break ("but", "while") between. Then the blockers are asked."""

import re
from collections.abc import Callable
from typing import Final

from tracker.readers.amounts import find_amounts
from tracker.readers.blocking import blocked
from tracker.readers.compiled import Compiled
from tracker.readers.fitting import fit
from tracker.readers.frame import Frame
from tracker.readers.left_out import acts_in_a_clause_before, leaves_its_clause
from tracker.readers.one_clause import in_one_clause
from tracker.readers.patterns import ACTS, Pattern
from tracker.readers.scene import Item, Scene
from tracker.readers.second_chance import has_another_partner, names_another_partner, stands_clear

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


def find_frames(
    scene: Scene, words: Compiled, *, whatever_blocks: bool = False, taken_back: list[Frame] | None = None
) -> list[Frame]:
    """The frames of a sentence, one for an anchor and kind of statement.

    Of an act the one that says who acts wins over one that leaves it to the context; then the first trigger in the lexicon.
    Loose triggers are tried apart: what they found counts where the others tell nothing of the kind.
    `whatever_blocks` finds those too that a blocker takes back; `taken_back` is given them apart.
    """
    best: dict[tuple[int, str], tuple[tuple[bool, int], Frame]] = {}
    loose: dict[tuple[int, str], tuple[tuple[bool, int], Frame]] = {}
    amounts: bool | None = None
    present = {item.family for item in scene.items}
    fitting = {
        family: [each for each in words.by_anchor.get(family, ()) if each.single <= present and _may_fit(each, present)]
        for family in present
    }
    for anchor in scene.items:
        for pattern in fitting[anchor.family]:
            trigger = pattern.trigger
            key = (anchor.start, trigger.statement)
            rank = (pattern.unnamed, pattern.order)
            into = loose if trigger.loose else best
            if key in into and into[key][0] <= rank:
                continue
            if trigger.amount and amounts is None:
                amounts = bool(find_amounts(scene.folded, words.lexicon.amounts))
            if trigger.amount and not amounts:
                continue
            matched = fit(scene, pattern, anchor)
            if matched is not None:
                frame = Frame(trigger, anchor, matched)
                if _is_excluded(frame, scene, present) or not _stands(frame, scene, words):
                    continue
                if whatever_blocks or not blocked(frame, scene, words):
                    into[key] = (rank, frame)
                elif taken_back is not None:
                    taken_back.append(frame)
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
    if not (frame.trigger.loose or _leaves_the_party_open(frame)):
        return True
    return stands_clear(frame.anchor, frame.matched, scene, words, sole=frame.trigger.sole)


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
    """Whether the sentence has the other families that a pattern asks for, of which one of several is enough."""
    if any(present.isdisjoint(each) for each in pattern.several):
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
