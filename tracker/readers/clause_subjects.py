"""Who acts in a clause that names no institution: the subject of the clause before it, or a party that stands right there.

"Rogers builds with Ericsson; its contract with Huawei" is of Rogers, however near Ericsson stands. And what
"JEDEC said Huawei had chosen to suspend" JEDEC has not suspended.
"""

import re
from typing import Final

from tracker.readers.compiled import Compiled
from tracker.readers.frame import Frame
from tracker.readers.scene import Item, Scene

_SEMICOLON: Final = "; "
_OPENS: Final = 24
"""What may stand between a semicolon and the word that points back: "; in Lesotho *it* works"."""
_DETERMINER: Final = 6
"""What may stand between a semicolon and the noun of a tie: "its"."""
_HEAD: Final = 10
"""What stands further behind the beginning of a sentence is not surely its subject."""
_THAT: Final = 6
"""What may stand between a verb of saying and the subject of what is said: "that"."""
_GENITIVE: Final = ("'", "’")
_MARK: Final = re.compile("[,;:]")


def subject_before(text: str, start: int, named: list[Item]) -> Item | None:
    """The institution with which a sentence opens, for a word that points back from the head of a clause behind a semicolon."""
    semicolon = text.rfind(_SEMICOLON, 0, start)
    if semicolon < 0 or start - semicolon - len(_SEMICOLON) > _OPENS:
        return None
    head = min(named, key=lambda item: item.start, default=None)
    if head is None or head.family != "INSTITUTION" or head.pointing or head.start > _HEAD or len(head.actors) > 1:
        return None
    return None if any(semicolon <= item.start < start for item in named) else head


def whose(near: list[Item], frame: Frame, scene: Scene) -> Item:
    """Whose tie it is that opens a clause ("; its contract"): the subject's of the clause before, or else of the name nearest."""
    semicolon = scene.text.rfind(_SEMICOLON, 0, frame.start)
    opens = semicolon >= 0 and frame.start - semicolon - len(_SEMICOLON) <= _DETERMINER
    if not opens or near[0].pointing or near[0].start > frame.start:
        return near[0]
    return subject_before(scene.text, frame.start, list(scene.of("INSTITUTION", "PARTY"))) or near[0]


def a_party_acts(frame: Frame, scene: Scene, words: Compiled) -> bool:
    """Whether an end whose party is left to the context is the act of a party: "said Huawei had chosen to suspend its ..."."""
    if frame.trigger.statement != "tie-ended" or frame.one("PARTY") is not None:
        return False
    subject, anchor = frame.one("INSTITUTION"), frame.anchor
    if subject is None or subject.end > anchor.start:
        return False
    for party in scene.of("PARTY"):
        if party.pointing or not subject.end <= party.start < anchor.start or scene.folded.startswith(_GENITIVE, party.end):
            continue
        between = scene.folded[party.end : anchor.start]
        if _MARK.search(between) or any(party.end <= each.start < anchor.start for each in scene.of("INSTITUTION")):
            continue
        told = any(subject.end <= each.start and 0 < party.start - each.end <= _THAT for each in scene.of("say"))
        if told or _is_led(party, between, scene, words):
            return True
    return False


def _is_led(party: Item, between: str, scene: Scene, words: Compiled) -> bool:
    """Whether the words of an end are an infinitive right behind a party: "has led Inspur to halt purchases"."""
    particle = words.ends.infinitive.search(between) if words.ends.infinitive else None
    if particle is None or between[: particle.start()].strip():
        return False
    return not any(0 <= party.start - each.end <= _THAT for each in scene.of("to_for", "with_it"))
