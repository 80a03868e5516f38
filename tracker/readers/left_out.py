"""Who acts where a clause leaves its subject out: behind "but", or in a paragraph that a name heads.

"Delft keeps the chair but has ended the contract": the subject goes on. "Cornell University. Has ended the
contract": a list of campuses names each once, and tells in sentences without a subject what it did.
"""

import re
from typing import Final

import msgspec

from tracker.readers.compiled import Compiled
from tracker.readers.frame import Frame
from tracker.readers.plain import another_party_opens
from tracker.readers.scene import Actor, Item, Memory, Scene

SHARED: Final = "shared"
"""The family of a break behind which the same subject goes on."""
_PLACE: Final = re.compile(r"(?:(?:,| at| in| [-–—]) ?[A-ZÀ-Ý][\w-]*(?: [A-ZÀ-Ý][\w-]*)?)?\s*[.:]?\s*")
_FINITE: Final = ("be", "has_stop")
"""Families of the verbs that stand second in their clause."""
_ACTING: Final = frozenset({"INSTITUTION", "PARTY"})
_BEFORE: Final = 4
"""Before the name that heads a paragraph stands an article at most."""


class Heading(msgspec.Struct):
    """The name that heads the paragraph that is being read, if one does."""

    actors: tuple[Actor, ...] = ()
    line: int = -1
    fresh: bool = False

    def reach(self, line: int) -> tuple[Actor, ...]:
        """Whom the heading names for a sentence in a line: the rest of its own, or else the next."""
        if line != self.line and not (self.fresh and line == self.line + 1):
            self.actors = ()
        self.line, self.fresh = line, False
        return self.actors

    def see(self, scene: Scene, line: int) -> None:
        """Takes note of a sentence that is nothing but the name of an institution."""
        named = [item for item in scene.of("INSTITUTION", "PARTY") if not item.pointing]
        if len(named) != 1 or named[0].family != "INSTITUTION" or named[0].start > _BEFORE:
            return
        if _PLACE.fullmatch(scene.text, named[0].end):
            self.actors, self.line, self.fresh = named[0].actors, line, True


def shared_subjects(items: list[Item], folded: str, words: Compiled) -> list[Item]:
    """A mark at each break behind which a verb stands whose subject is that of the clause before."""
    same = words.grammar.same_subject
    if same is None:
        return []
    return [Item(SHARED, item.start, item.end) for item in items if item.family == "break" and same.match(folded, item.start)]


def subject_of_heading(items: list[Item], folded: str, words: Compiled, memory: Memory) -> list[Item]:
    """The institution that heads the paragraph, as the subject of a sentence that begins with its verb."""
    verb = words.grammar.begins_with_verb
    if not memory.heading or verb is None or any(item.start == 0 and item.actors for item in items):
        return []
    return [Item("INSTITUTION", 0, 0, memory.heading)] if verb.match(folded) else []


def relative_clauses(scene: Scene, words: Compiled) -> list[tuple[int, int]]:
    """The stretches of relative clauses that a main verb follows: "Cornell, which got money in 2012, is reviewing"."""
    verb = words.grammar.main_verb
    if verb is None:
        return []
    opened = [place for word in words.lexicon.grammar.relatives for place in _places(scene.folded, f", {word} ")]
    closed = ((start, verb.search(scene.folded, start + 2)) for start in sorted(opened))
    return [(start, match.start()) for start, match in closed if match]


def _places(folded: str, part: str) -> list[int]:
    return [match.start() for match in re.finditer(re.escape(part), folded)]


def subject_of_sentence_before(items: list[Item], folded: str, words: Compiled, memory: Memory) -> list[Item]:
    """The institution that the sentence before was about, where a verb begins this one: Spanish "Mantiene el convenio."."""
    verb = words.grammar.drops_subject
    if verb is None or memory.age or not memory.subject:
        return []
    beginning = verb.match(folded)
    if beginning is None or any(item.actors and item.start < beginning.end() for item in items if item.family in _ACTING):
        return []
    return [Item("INSTITUTION", beginning.end(1), beginning.end(1), memory.subject, "noun")]


def leaves_its_clause(frame: Frame, scene: Scene, words: Compiled) -> bool:
    """Whether a match begins in a relative clause and goes on behind it: "Oxford, which ended its course, has a deal"."""
    if another_party_opens(frame, scene, words.plain):
        return True
    subject = frame.one("INSTITUTION")
    if subject is None:
        return False
    clause = next((each for each in relative_clauses(scene, words) if each[0] == subject.end), None)
    return clause is not None and frame.anchor.start < clause[1] < max(item.start for item in frame.matched)


def acts_in_a_clause_before(frame: Frame, scene: Scene, words: Compiled) -> bool:
    """Whether a clause on another institution begins between: "Yale has a moratorium, in Princeton wurde entschieden, ..."."""
    subject, seat = frame.one("INSTITUTION"), words.grammar.seat
    if subject is None or seat is None:
        return False
    verbs = {item.start for item in scene.of(*_FINITE)}
    places = [match.span() for match in seat.finditer(scene.text, subject.end, frame.anchor.start)]
    return any(
        scene.text[start - 1] == "," and start < other.start < end and other.end + 1 in verbs
        for start, end in places
        for other in scene.of("INSTITUTION")
        if other.actors != subject.actors
    )
