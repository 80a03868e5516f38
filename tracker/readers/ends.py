"""Ends of ties; of some only the next sentence names the party: "is to close two centres. They were funded by AVIC"."""

import re
from collections.abc import Iterator
from itertools import product
from typing import Final

import msgspec

from events.statements import TieEnded, TieReported
from tracker.readers.making import Making
from tracker.readers.passage import EXPLICIT, RESOLVED, Draft, Passage
from tracker.readers.scene import TIES, Actor, Memory, PendingEnd, Scene

_NOBODY: Final = Actor(None, "")
_WITHIN: Final = 2
"""How many sentences behind the end the party may be named."""


def tie_ended(make: Making) -> Iterator[Draft]:
    """The end of a tie with each party; one whose party is not named yet is kept in mind."""
    date, rule, dated = make.when("before")

    def ended(institution: Actor, party: Actor, sure: float) -> Draft:
        statement = TieEnded(
            evidence=make.passage.evidence,
            institution=institution.id,
            institution_name=institution.name,
            party=party.id,
            party_name=party.name,
            extent=make.extent(),
            reason=make.reason(),
            date=date,
            date_rule=rule,
            confidence=sure,
        )
        return Draft(statement, make.passage.place, dated, sure == EXPLICIT)

    found = [ended(*each) for each in make.pairs()]
    institution, nouns = make.frame.one("INSTITUTION"), _nouns(make)
    if nouns and institution is not None and not institution.pointing:
        drafts = tuple(ended(each, _NOBODY, RESOLVED) for each in institution.actors)
        make.memory.pending_end = PendingEnd(drafts, nouns, make.passage.place)
    yield from found


def _nouns(make: Making) -> frozenset[str]:
    """The last words of what is ended, where the text has named no party yet."""
    if make.memory.seen_parties or make.scene.of("PARTY"):
        return frozenset()
    ties = (item for item in make.frame.matched if item.family in TIES)
    return frozenset(make.scene.folded[item.start : item.end].split()[-1] for item in ties)


def named_behind(passage: Passage, drafts: list[Draft], memory: Memory) -> list[Draft]:
    """The end told before, for each party with which the sentence tells of the same tie."""
    left = memory.pending_end
    if left is None or not 0 < passage.place - left.place <= _WITHIN or not _speaks_of_it(passage.scene, left.nouns):
        return []
    told = [each.statement for each in drafts if isinstance(each.statement, TieReported)]
    found = [
        msgspec.structs.replace(end, statement=msgspec.structs.replace(end.statement, party=tie.party, party_name=tie.party_name))
        for end, tie in product(left.drafts, told)
        if tie.institution is not None and tie.institution == end.statement.institution
    ]
    memory.pending_end = None if found else left
    return found


def _speaks_of_it(scene: Scene, nouns: frozenset[str]) -> bool:
    """Whether the sentence has the tie again as one spoken of: "the centres", "both long-standing centres"."""
    articles = [item.end for item in scene.of("the_w")]
    spoken = (re.compile(rf" (?:[\w-]+ )?{re.escape(noun)}\b") for noun in nouns)
    return any(each.match(scene.folded, end) for each in spoken for end in articles)
