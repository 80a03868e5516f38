"""The tie that a response tells of: who keeps, or looks into, a joint project has one."""

from collections.abc import Iterator
from typing import Final

from events.edtf import Interval, write
from events.statements import InstitutionResponded, TieReported
from tracker.readers.lexicon import TieKind
from tracker.readers.making import Making
from tracker.readers.passage import Draft
from tracker.readers.scene import TIES

_SURE: Final = 0.75
_BEHIND: Final = 30
_STANCES: Final = frozenset({"continuing", "reviewing", "considering"})
_VAGUE: Final = "vague_tie"
"""The family of words for what need be no tie of its own; languages without it imply none."""
_KINDS: Final[tuple[tuple[str, TieKind], ...]] = (("laboratory", "laboratory"), ("money", "funding"), ("degree", "degree"))


def implied(make: Making, draft: Draft) -> Iterator[Draft]:
    """The tie behind a response to one party; nothing where a company trades on, or where the words are too loose."""
    response = draft.statement
    published = make.passage.published
    if not isinstance(response, InstitutionResponded) or response.scope or response.party is None or published is None:
        return
    if not _is_of_a_school(make, response) or not _names_a_tie(make, response):
        return
    tie = TieReported(
        evidence=response.evidence,
        institution=response.institution,
        institution_name=response.institution_name,
        party=response.party,
        party_name=response.party_name or "",
        kind=next((kind for family, kind in _KINDS if make.scene.has(family, make.frame.start, make.frame.end)), "other"),
        date=write(Interval(latest=published.latest)),
        date_rule="before-publication",
        confidence=min(response.confidence, _SURE),
    )
    yield Draft(tie, draft.place, dated=False, named=False, headline=draft.headline, implied=True)


def _names_a_tie(make: Making, response: InstitutionResponded) -> bool:
    """Whether the words name what binds both, and not only "its cooperation" or "their relations".

    Who goes on has whatever tie the sentence names; who looks into something, what the pattern itself asked for.
    """
    if response.stance not in _STANCES or _VAGUE not in make.words.lexicon.words:
        return False
    end = make.frame.end + _BEHIND
    near = [item for item in make.scene.items if make.frame.start <= item.start and item.end <= end]
    vague = make.scene.of(_VAGUE)
    named = near if response.stance == "continuing" else make.frame.matched
    ties = (item for item in named if item.family in TIES)
    return any(not any(item.start < each.end and each.start < item.end for each in vague) for item in ties)


def _is_of_a_school(make: Making, response: InstitutionResponded) -> bool:
    """Whether a university or institute responded: the trade of companies is told elsewhere, with how much it is."""
    actors = (actor for item in make.scene.of("INSTITUTION") for actor in item.actors)
    seen = (*actors, *make.memory.seen, *((make.memory.own,) if make.memory.own else ()))
    return any(actor.school for actor in seen if actor.key in {response.institution, response.institution_name})
