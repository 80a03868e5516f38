"""Words that belong to a clause beside what a sentence tells: one that opens it, or one put in behind who acts."""

import re
from typing import Final

from tracker.readers.compiled import Compiled
from tracker.readers.frame import Frame
from tracker.readers.scene import Item, Scene

_ASIDE: Final = re.compile(
    r"(, |,? \(|,? [–—] )(?:(?<=, )[^,;:()]{12,120},|(?<=\()[^;:()]{12,120}\),?|(?<=[–—] )[^;:()–—]{12,120} [–—])(?= )"
)
"""What is put in between commas, brackets or dashes right behind a name."""
_MARKS: Final = (",", "(", "–", "—")
"""One of these stands around whatever is put in."""
_PUT_IN: Final = 16
"""How long words between commas are to be more than "and then not"."""
_APART: Final = re.compile(r" (?:\([^()]{12,160}\)|[–—] ?[^–—]{12,160}[–—])(?=[ ,])")
"""What is put in between brackets or dashes anywhere."""
_OF_AN_ASIDE: Final = frozenset({"negation", "modal", "modal-within", "institution-responded:possible"})
"""Blockers that hold within whatever is put in behind the subject; others only in a clause that tells of it."""


def is_of_a_side_clause(blocker: str, item: Item, frame: Frame, scene: Scene, words: Compiled) -> bool:
    """Whether words of a blocker stand beside what the frame tells, and take nothing back of it."""
    if is_of_the_head(item, frame, scene, words) or _tells_of_the_party(item, frame, scene):
        return True
    before = _APART.finditer(scene.folded, 0, frame.anchor.start)
    harmless = words.grammar.harmless.finditer(scene.folded) if words.grammar.harmless else ()
    if any(_is_within(item, each, frame) for each in (*before, *harmless)):
        return True
    return is_of_an_aside(item, frame, scene, words, only_clauses=blocker not in _OF_AN_ASIDE)


def without_side_clauses(frame: Frame, scene: Scene, words: Compiled, end: int) -> str:
    """The sentence up to a place, without a clause that opens it or tells of who acts: "MIT, which was asked, has"."""
    before = scene.folded[:end]
    if not any(mark in before for mark in _MARKS):
        return before
    head = words.grammar.heads.match(before) if words.grammar.heads else None
    start = head.end() if head is not None and head.end() <= frame.start else 0
    asides = {each.span() for each in _asides(frame, scene, words, end, only_clauses=True)}
    for opens, closes in sorted(asides, reverse=True):
        told = any(opens <= each.start < closes for each in frame.matched)
        if start <= opens and closes <= end and not told:
            before = before[:opens] + before[closes:]
    return before[start:]


def is_of_the_head(item: Item, frame: Frame, scene: Scene, words: Compiled) -> bool:
    """Whether the words belong to a clause that opens the sentence, and all of the match to what follows its comma.

    "Asked whether it had concerns, Cornell said it would go on", "Although it denies any pressure, MIT has ended its work".
    """
    head = words.grammar.heads.match(scene.folded) if words.grammar.heads else None
    return head is not None and item.end <= head.end() <= frame.start


def _is_within(item: Item, apart: re.Match[str], frame: Frame) -> bool:
    """Whether words stand in what is set apart, and no part of the match does: "MIT – which could not be reached – has"."""
    if not apart.start() <= item.start or not item.end <= apart.end():
        return False
    return not any(apart.start() < one.start < apart.end() for one in frame.matched)


def _tells_of_the_party(item: Item, frame: Frame, scene: Scene) -> bool:
    """Whether the words stand in a clause about the party that is put in before the verb.

    German "hat den Vertrag mit Huawei, das alles bestreitet, beendet".
    """
    party = frame.one("PARTY")
    if party is None or not party.end <= item.start < frame.anchor.start:
        return False
    if item.family == "block:negation" and scene.folded.startswith(",", item.end):
        return False  # "das im Mai nicht, wie manche meldeten, auf die Liste kam"
    aside = _ASIDE.match(scene.folded, party.end)
    if aside is None or not item.end < aside.end() <= frame.anchor.start:
        return False
    return any(each.start == aside.end(1) for each in scene.of("relative"))


def is_of_an_aside(item: Item, frame: Frame, scene: Scene, words: Compiled, *, only_clauses: bool = False) -> bool:
    """Whether the words stand in what is put in, between commas, right behind the institution that acts.

    With `only_clauses` only in what tells of it: "MIT, which was asked whether, ", not "MIT, if it is asked to, ".
    """
    subject = frame.one("INSTITUTION") if frame.trigger.statement != "listing-reported" and not only_clauses else None
    between = subject is not None and subject.end <= item.start < frame.anchor.start
    if subject is not None and between and _is_between_commas(item, subject.end, frame.anchor.start, scene):
        return True
    asides = _asides(frame, scene, words, item.start, only_clauses=only_clauses)
    return any(item.end < aside.end() <= frame.anchor.start for aside in asides)


def _asides(frame: Frame, scene: Scene, words: Compiled, place: int, *, only_clauses: bool) -> list[re.Match[str]]:
    """What is put in before a place, right behind who acts."""
    subject = frame.one("INSTITUTION")
    if frame.trigger.statement == "listing-reported":
        named = [each for each in scene.of(*words.lexicon.lists.agents) if each.end <= place]
    elif subject is not None and subject.end <= place and subject.end < frame.anchor.start:
        named = [each for each in scene.of("INSTITUTION") if each.actors == subject.actors and each.end <= subject.end]
    else:
        return []
    asides = (_ASIDE.match(scene.folded, each.end) for each in named)  # "Arm, the firm whose designs ..., has told"
    relatives = {each.start for each in scene.of("relative", "which_w")}
    return [each for each in asides if each and (not only_clauses or each.end(1) in relatives)]


def _is_between_commas(item: Item, start: int, end: int, scene: Scene) -> bool:
    """Whether words are put in between a subject and its verb: "has quietly, *without* giving reasons, ended"."""
    before, behind = scene.folded.rfind(", ", start, item.start), scene.folded.find(", ", item.end, end)
    return before >= 0 and behind - before > _PUT_IN and not scene.has("INSTITUTION", before, behind)
