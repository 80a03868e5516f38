"""Who is meant where a sentence names nobody: whom the sentences before, the headline and the signature left in mind."""

from typing import Final

import msgspec

from tracker.readers.compiled import Compiled
from tracker.readers.frame import Frame
from tracker.readers.scene import Actor, Memory, Scene
from tracker.readers.second_chance import strangers

REMEMBERED: Final = 2
"""For how many sentences an institution stays in mind where none is named."""
_ALONE: Final = 6
"""For how many where it is the only one of the text."""
_TOPICAL: Final = 4
"""How much longer the only party of a text stays in mind."""
_SEVERAL: Final = 2
_THERE: Final = "there_w"
"""The family of words that mean, at the head of a sentence, the institution named last: German "Dort hatte Huawei ..."."""
_BESIDE: Final = 6
"""How many characters may stand between a verb of saying and "a spokesman"."""


class InMind(msgspec.Struct, frozen=True):
    """What is in mind when one frame leaves an actor out."""

    frame: Frame
    scene: Scene
    words: Compiled
    memory: Memory

    def institutions(self, *, has_amount: bool) -> tuple[Actor, ...]:
        """The institution that acts; none where it is not plain who that is."""
        memory, trigger = self.memory, self.frame.trigger
        if memory.age <= 1 and any(item.start == 0 for item in self.scene.of(_THERE)):
            return memory.all_institutions[-1:]
        if trigger.lead and not trigger.of_tie:
            return self._subject_left_out()
        if self._has("both"):
            return memory.institutions[:1] if memory.age <= REMEMBERED else ()
        if trigger.statement == "tie-ended":
            return self._who_ended()
        if self._alone():
            return memory.seen
        # "The two projects, worth £692,000, will go on" is of the one institution that the text names.
        told = trigger.statement == "tie-reported" and (has_amount or trigger.definite)
        within = REMEMBERED * (2 if told and len(memory.seen) == 1 else 1)
        return memory.institutions[:1] if memory.age <= within else ()

    def parties(self) -> tuple[Actor, ...]:
        """The party that it is about: the one of headline and opening before the one named last."""
        memory, trigger = self.memory, self.frame.trigger
        if trigger.statement == "institution-responded" and (own := self._own_partner()):
            return own
        if trigger.sole:
            return self._alone_in_the_text()
        if trigger.topical or (self._has("both") and memory.topic and not self._just_named()):
            return memory.topic
        topic = {actor.key for actor in memory.topic}
        if trigger.definite and (partner := self._partner()):
            return partner
        told = trigger.definite or trigger.statement != "institution-responded"
        if told and topic & {actor.key for actor in memory.party}:
            return memory.topic
        if len(memory.topic) == 1 and memory.party and all(actor.owner == memory.topic[0].id for actor in memory.party):
            return memory.topic  # of the group the text speaks, and has named one of its companies in passing
        seen = {actor.key for actor in memory.seen_parties}
        if (trigger.loose or trigger.of_tie) and seen and seen <= topic:
            return memory.topic  # of nobody else does the text speak
        within = REMEMBERED * (_TOPICAL if trigger.loose and len(memory.seen_parties) == 1 else 1)
        if trigger.statement != "tie-ended" and len(memory.party) > 1 and memory.party_age >= 1 and self._only_listed():
            return ()
        return memory.party if memory.party_age <= within else ()

    def _alone_in_the_text(self) -> tuple[Actor, ...]:
        """The party that the text is about, or else named, where it has named no other but companies of that."""
        seen = self.memory.seen_parties
        one = self.memory.topic or (seen if len(seen) == 1 else ())
        ids = {actor.id for actor in one}
        return one if seen and all(actor.id in ids or actor.owner in ids for actor in seen) else ()

    def _only_listed(self) -> bool:
        """Whether only a listing of several parties was told: "Among them are A and B. Graz says it goes on"."""
        tied = {each.key for theirs in self.memory.partners.values() for each in theirs}
        return self.memory.listing_place >= 0 and not tied & {each.key for each in self.memory.party}

    def both_partners(self) -> tuple[Actor, ...]:
        """Both parties with which the text told of ties of one institution, where an end is told of several: "Both will go"."""
        several = self.scene.has("several_ties", self.frame.start, self.frame.end)
        if not several or self.frame.trigger.statement != "tie-ended" or len(self.memory.partners) != 1:
            return ()
        (partners,) = self.memory.partners.values()
        return partners if len(partners) == _SEVERAL else ()

    def is_of_one_party(self) -> bool:
        """Whether the text is about one party: has just named it, or no other, or it alone in headline and opening."""
        return self._just_named() or len(self.memory.seen_parties) == 1 or bool(self.memory.topic and self.memory.seen_parties)

    def _just_named(self) -> bool:
        return len(self.memory.party) == 1 and self.memory.party_age <= 1

    def _has(self, family: str) -> bool:
        return any(item.family == family for item in self.frame.matched)

    def _partner(self) -> tuple[Actor, ...]:
        """The one party with which the institution of the frame was told to have ties, where another was named since."""
        item = self.frame.one("INSTITUTION")
        if item is None or len(item.actors) != 1 or item.pointing:
            return ()
        partners = self.memory.partners.get(item.actors[0].key, ())
        return partners if len(partners) == 1 else ()

    def _own_partner(self) -> tuple[Actor, ...]:
        """Its partner, where the party in mind is told of as another's: "A works with X, B with Y. A says nothing changes"."""
        partner, item = self._partner(), self.frame.one("INSTITUTION")
        if not partner or item is None:
            return ()
        others = {each.key for key, theirs in self.memory.partners.items() if key != item.actors[0].key for each in theirs}
        meant = self.memory.topic if self.frame.trigger.topical else self.memory.party
        return partner if meant and all(each.key in others and each.key != partner[0].key for each in meant) else ()

    def is_of_others(self, institution: Actor, party: Actor) -> bool:
        """Whether a party in mind is only told of as the partner of others, where the text is not about that one party."""
        partners, topic = self.memory.partners, {actor.key for actor in self.memory.topic}
        own = {actor.key for actor in partners.get(institution.key, ())}
        others = {each.key for key, theirs in partners.items() if key != institution.key for each in theirs}
        if own:
            return party.key not in own
        return party.key in others and len(self.memory.seen_parties) > 1 and party.key not in topic

    def _who_ended(self) -> tuple[Actor, ...]:
        memory, trigger = self.memory, self.frame.trigger
        if self._alone():
            return memory.seen
        if trigger.of_tie:
            return memory.institutions if memory.age <= 1 else ()
        if memory.age > REMEMBERED:
            return self._own()
        only = memory.seen if (trigger.loose or trigger.definite) and len(memory.seen) == 1 else ()
        return memory.subject or self._own() or only

    def _subject_left_out(self) -> tuple[Actor, ...]:
        """The subject of the sentence before, or the only institution of the text, where nobody else says it."""
        if self._said_by_others():
            return ()
        return self.memory.subject if self.memory.age <= 1 else self.memory.seen if self._alone() else ()

    def _said_by_others(self) -> bool:
        """Whether somebody says it who need not be the subject; "a spokesman" is one of the subject's own."""
        own = [item.start for item in self.scene.of("spokesperson")]
        said = [item for item in self.scene.of("say") if item.start >= self.frame.anchor.end]
        return any(all(not 0 <= start - say.start <= say.end - say.start + _BESIDE for start in own) for say in said)

    def _own(self) -> tuple[Actor, ...]:
        """Whose statement the text is, where it names nobody else and the words point back to a tie told of."""
        own = self.memory.own
        if own is None or not self.frame.trigger.definite or not {actor.key for actor in self.memory.seen} <= {own.key}:
            return ()
        return (own,)

    def _alone(self) -> bool:
        """Whether the text has spoken of one institution only, not long ago, and the sentence names no stranger."""
        memory = self.memory
        if len(memory.seen) != 1 or memory.seen[0].key not in memory.acted or memory.age > _ALONE:
            return False
        return not strangers(self.scene, self.words, 0, len(self.scene.text), aside=True)
