"""What one sentence gives a statement: the passage, who plays which role, the date, the extent, the amount."""

import re
from collections.abc import Iterator
from typing import Final

import msgspec

from events.statements import Amount, Extent
from tracker.readers.amounts import find_amounts
from tracker.readers.chosen import is_chosen
from tracker.readers.clause_subjects import whose
from tracker.readers.compiled import Compiled
from tracker.readers.dates import Dated
from tracker.readers.dating import told_at_the_end, when
from tracker.readers.extents import extent_of
from tracker.readers.frame import Frame
from tracker.readers.in_mind import REMEMBERED, InMind
from tracker.readers.other_subjects import is_tie_of_a_stranger
from tracker.readers.own_dates import own_dates
from tracker.readers.passage import EXPLICIT, RESOLVED, Passage
from tracker.readers.patterns import ACTS
from tracker.readers.plain import POINTING
from tracker.readers.roles import is_acted_on
from tracker.readers.scene import TIES, Actor, Item, Memory, Scene

_FROM_CONTEXT: Final = 0.75
_DESCRIPTION: Final = re.compile(r"^(?:, [^,;:()]{2,40}(?=,)| \([^()]{1,40}\))")
"""What may stand between two parties told of together: where the first is."""


class Making(msgspec.Struct, frozen=True):
    """All that one frame is made a statement from."""

    passage: Passage
    frame: Frame
    words: Compiled
    memory: Memory
    dates: list[Dated]
    others: tuple[Item, ...] = ()
    """The anchors of other kinds of statements in the sentence: dates beyond them are theirs."""

    @property
    def scene(self) -> Scene:
        """The sentence."""
        return self.passage.scene

    def when(self, default: str) -> tuple[str | None, str | None, bool]:
        """The date in EDTF, its rule, and whether the text gives it."""
        dates = own_dates(self.frame, self.scene, self.dates, self.words)
        found = when(self.scene, self.passage.published, self.frame.anchor, dates, default, self.words, self.others)
        acts = self.frame.trigger.statement in ACTS
        tail = told_at_the_end(self.scene, self.frame.anchor, dates, default, self.words) if acts else None
        return found if found[2] or tail is None else (tail.edtf, tail.rule, True)

    def actors(self, family: str) -> tuple[tuple[Actor, ...], float]:
        """Who plays a role, and how sure that is."""
        item = self.frame.one(family)
        if item is None and family == "INSTITUTION" and self.frame.trigger.all_named:
            named = [each for each in self.scene.of(family) if not each.pointing]
            return tuple(dict.fromkeys(actor for each in named for actor in each.actors)), RESOLVED
        if self.frame.trigger.together:
            named = [each for each in self.scene.of(family) if not each.pointing and each.end <= self.frame.anchor.start]
            return tuple(dict.fromkeys(actor for each in named for actor in each.actors)), RESOLVED
        if item is None and self.frame.trigger.context:
            return self._from_context(family)
        if item is None:
            return (), 0.0
        if family == "PARTY" and (self.frame.trigger.statement in ACTS or self._gives_behind(item)):
            return self._counted_up(item), EXPLICIT if not item.pointing else RESOLVED
        return item.actors, EXPLICIT if not item.pointing else RESOLVED

    def _from_context(self, family: str) -> tuple[tuple[Actor, ...], float]:
        """Who plays a role that the pattern leaves out: who is named nearest in the sentence, or was before."""
        if self._is_of_both and (before := self._remembered(family)):
            return before, _FROM_CONTEXT
        if family == "INSTITUTION" and self._pays_a_school:
            return (), 0.0
        if family == "PARTY" and (partners := self._in_mind.both_partners()):
            return partners, _FROM_CONTEXT
        near = sorted(self.scene.of(family), key=self._far)
        near = [each for each in near if each.pointing != "pronoun" and not self._gives_too(each)]
        if family == "INSTITUTION":
            near = [each for each in near if not is_chosen(each, self.scene)]
        if family == "INSTITUTION" and near and all(self._begins_another_clause(each) for each in near):
            return (), 0.0
        if self.frame.trigger.statement in ACTS:
            near = [each for each in near if not is_acted_on(each, self.scene, self.words.roles)]
        if near and self.frame.trigger.statement in ACTS and self._is_partner(near[0]):
            return (), 0.0
        if near:
            return whose(near, self.frame, self.scene).actors if family == "INSTITUTION" else near[0].actors, RESOLVED
        if family == "INSTITUTION" and is_tie_of_a_stranger(self.frame, self.scene, self.words):
            return (), 0.0
        return self._remembered(family), _FROM_CONTEXT

    @property
    def _pays_a_school(self) -> bool:
        """Whether a school that is itself a party gets the money: "Megvii sponsors scholarships at Tsinghua University"."""
        if self.frame.trigger.kind != "funding":
            return False
        party = self.frame.one("PARTY")
        givers = self._joined_behind(party) if party else ()  # "by AVIC and by Biam", an institute that gives as well
        others = (item for item in self.scene.of("PARTY") if not item.pointing and item not in self.frame.matched)
        schools = (item.actors[0] for item in others if item.start >= self.frame.anchor.end)
        return any(actor.school and actor not in givers for actor in schools)

    def _gives_too(self, item: Item) -> bool:
        """Whether an institution gives as the party does, and so does not receive: "Arm and Huawei each pay for"."""
        party, conjunction = self.frame.one("PARTY"), self.words.grammar.conjunction
        if self.frame.trigger.kind != "funding" or party is None or conjunction is None or item.family != "INSTITUTION":
            return False
        one, other = sorted((item, party), key=lambda each: each.start)
        return conjunction.fullmatch(self.scene.folded, one.end, other.start) is not None

    def _gives_behind(self, item: Item) -> bool:
        """Whether a party stands behind the words of what it gave: "were funded by AVIC and by Biam"."""
        return self.frame.trigger.kind == "funding" and item.start >= self.frame.anchor.end

    def _counted_up(self, item: Item) -> tuple[Actor, ...]:
        """The parties of an item, and where the words behind count up more ("among them", "and with"), those too."""
        joined = self._joined_behind(item)
        if self.frame.trigger.statement != "tie-ended":
            return joined
        start = next((each.end for each in self.scene.of("partitive") if each.start >= self.frame.anchor.end), None)
        if start is None or self.scene.has("break", self.frame.anchor.end, start):
            return joined
        if not item.pointing and self.scene.has("LIST", item.end, start):
            return joined  # "takes no orders of Phytium, which was put on the Entity List with six others, among them ..."
        more = (actor for each in self.scene.of("PARTY") if each.start >= start and not each.pointing for actor in each.actors)
        return tuple(dict.fromkeys((*joined, *more)))

    def _joined_behind(self, item: Item) -> tuple[Actor, ...]:
        """The parties of an item and those told behind what describes the last: "with Xidian, in Xi'an, and with Beihang"."""
        actors, end, conjunction = list(item.actors), item.end, self.words.grammar.conjunction
        if conjunction is None or item.pointing:
            return item.actors
        for other in self.scene.of("PARTY"):
            if other.start < end or other.pointing:
                continue
            between = _DESCRIPTION.sub("", self.scene.folded[end : other.start])
            if not (conjunction.match(between) and self.words.joining.fullmatch(between)):
                break
            actors, end = [*actors, *other.actors], other.end
        return tuple(dict.fromkeys(actors))

    def _is_partner(self, item: Item) -> bool:
        """Whether an institution stands beside the party on the other side of a tie: "a venture with Huawei and Qualcomm"."""
        return any(
            party.end <= item.start
            and self.words.joining.fullmatch(self.scene.folded, party.end, item.start)
            and any(party.start - 1 == each.end for each in self.scene.of("with_it"))
            for party in self.scene.of("PARTY")
        )

    def _begins_another_clause(self, item: Item) -> bool:
        """Whether an institution acts in a clause of its own behind: "ITMO's degree is unaffected, while Arizona let ..."."""
        end = self.frame.end
        return item.start >= end and self.scene.has("break", end, item.start) and "," in self.scene.folded[end : item.start]

    def _far(self, item: Item) -> tuple[bool, int]:
        """How near an actor is that the pattern does not name: beyond a comma it is of another clause, most likely."""
        low, high = sorted((item.start, self.frame.anchor.start))
        return "," in self.scene.folded[low:high], high - low

    @property
    def _is_of_both(self) -> bool:
        """Whether it tells of "both sides": an institution and a party that were named before."""
        return any(item.family == "both" for item in self.frame.matched)

    def _remembered(self, family: str) -> tuple[Actor, ...]:
        if family == "PARTY":
            return self._in_mind.parties()
        return self._in_mind.institutions(has_amount=self.frame.trigger.statement == "tie-reported" and self.amount() is not None)

    @property
    def _in_mind(self) -> InMind:
        return InMind(self.frame, self.scene, self.words, self.memory)

    def pairs(self) -> Iterator[tuple[Actor, Actor, float]]:
        """Each institution with each party."""
        if self.frame.trigger.of_tie and self.memory.tied_before >= REMEMBERED and not self._tells_of_a_tie_before():
            return
        institutions, sure = self.actors("INSTITUTION")
        parties, certain = self.actors("PARTY")
        if self.frame.one("PARTY") is None and any(each.company for each in institutions) and not self._is_of_the_party():
            return  # companies end much that is no tie to a party
        if self.scene.has("respectively") and len(institutions) == len(parties):
            for institution, party in zip(institutions, parties, strict=True):
                if party.id is not None:
                    yield institution, party, min(sure, certain)
            return
        item = self.frame.one("PARTY")
        remembered = (item is None or item.pointing) and len(institutions) > 1 and self.frame.trigger.statement in ACTS
        for institution in institutions:
            for party in parties:
                if remembered and self._in_mind.is_of_others(institution, party):
                    continue  # "Adelaide works with HIT and RMIT with NJUST. Both are reviewing their schemes."
                if party.id is not None and party.key != institution.key:
                    yield institution, party, min(sure, certain)

    def _tells_of_a_tie_before(self) -> bool:
        """Whether the sentence itself has told of the tie: "Yale, which has a contract with Huawei, is winding it up"."""
        named = [item for item in self.scene.of("PARTY", *TIES) if item.end <= self.frame.anchor.start]
        return len({item.family == "PARTY" for item in named}) > 1

    def _is_of_the_party(self) -> bool:
        """Whether what a company does can only be to the party of which the sentences speak."""
        trigger = self.frame.trigger
        if trigger.sole:
            return trigger.kind != "funding"  # schools live on what they get; of companies it may be anything
        if trigger.topical or trigger.definite or any(item.family in POINTING for item in self.frame.matched):
            return True
        named = any(not each.pointing and each.end <= self.frame.anchor.start for each in self.scene.of("PARTY"))
        if trigger.statement == "tie-ended":
            return self._in_mind.is_of_one_party() or (named and any(item.family in TIES for item in self.frame.matched))
        return (trigger.loose and self._in_mind.is_of_one_party()) or trigger.all_named or named

    def extent(self) -> tuple[Extent, ...]:
        """How much was cut."""
        return extent_of(self.frame, self.scene, self.words.lexicon)

    def reason(self) -> str | None:
        """The label of the first reason given in the sentence."""
        labels = [item.family for item in self.scene.items if item.family.startswith("reason:")]
        return labels[0].removeprefix("reason:") if labels else None

    def amount(self) -> Amount | None:
        """How much is said nearest to the match."""
        found = find_amounts(self.scene.folded, self.words.lexicon.amounts)
        near = [each for each in found if self.frame.start - 60 <= each[0] <= self.frame.end + 60]
        near.sort(key=lambda each: abs(each[0] - self.frame.anchor.start))
        return near[0][2] if near else None


def making(passage: Passage, frame: Frame, frames: list[Frame], words: Compiled, memory: Memory, dates: list[Dated]) -> Making:
    kind = (frame.trigger.statement, frame.trigger.change)
    others = tuple(
        each.anchor
        for each in frames
        if (each.trigger.statement, each.trigger.change) != kind and not _is_what_ended(each, frame)
    )
    return Making(passage, frame, words, memory, dates, others)


def _is_what_ended(tie: Frame, end: Frame) -> bool:
    """Whether words only name the tie that an end tells of, so that a date behind is the end's: "ended a contract in 2021"."""
    inside = end.anchor.start <= tie.anchor.start and tie.anchor.end <= end.end
    return inside and tie.trigger.weak and end.trigger.statement == "tie-ended"
