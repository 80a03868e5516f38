"""Words that belong to a clause beside what a sentence tells: one that opens it, or one put in behind who acts."""

import re
from typing import Final

from tracker.readers.compiled import Compiled
from tracker.readers.frame import Frame
from tracker.readers.scene import Item, Scene

_ASIDE: Final = re.compile(
    r", [^,;:()]{12,120},(?= )| \([^()]{12,120}\)(?= )| [–—](?P<blank> ?)[^–—;:()]{12,120}(?P=blank)[–—](?= )"
)
"""What is put in between commas, brackets or dashes."""
_OF_AN_ASIDE: Final = frozenset({"negation", "modal", "modal-within"})
"""Blockers that hold within whatever is put in behind the subject; others only in a clause that tells of it."""


def is_of_a_side_clause(blocker: str, item: Item, frame: Frame, scene: Scene, words: Compiled) -> bool:
    """Whether words of a blocker stand beside what the frame tells, and take nothing back of it."""
    return _is_of_the_head(item, frame, scene, words) or is_of_an_aside(
        item, frame, scene, words, only_clauses=blocker not in _OF_AN_ASIDE
    )


def _is_of_the_head(item: Item, frame: Frame, scene: Scene, words: Compiled) -> bool:
    """Whether the words belong to a clause that opens the sentence, and all of the match to what follows its comma.

    "Asked whether it had concerns, Cornell said it would go on", "Although it denies any pressure, MIT has ended its work".
    """
    head = words.grammar.heads.match(scene.folded) if words.grammar.heads else None
    return head is not None and item.end <= head.end() <= frame.start


def _opens(aside: re.Match[str]) -> int:
    """Where the first word of what is put in stands."""
    return aside.start() + (3 if aside["blank"] else 2)


def is_of_an_aside(item: Item, frame: Frame, scene: Scene, words: Compiled, *, only_clauses: bool = False) -> bool:
    """Whether the words stand in what is put in, between commas, right behind the institution that acts.

    With `only_clauses` only in what tells of it: "MIT, which was asked whether, ", not "MIT, if it is asked to, ".
    """
    subject = frame.one("INSTITUTION")
    if frame.trigger.statement == "listing-reported":
        named = [each for each in scene.of(*words.lexicon.lists.agents) if each.end <= item.start]
    elif subject is not None and subject.end <= item.start < frame.anchor.start:
        named = [each for each in scene.of("INSTITUTION") if each.actors == subject.actors and each.end <= subject.end]
    else:
        return False
    asides = (_ASIDE.match(scene.folded, each.end) for each in named)  # "Arm, the firm whose designs ..., has told"
    relatives = {each.start for each in scene.of("relative")}
    asides = (each for each in asides if each and (not only_clauses or _opens(each) in relatives))
    return any(aside is not None and item.end < aside.end() <= frame.anchor.start for aside in asides)
