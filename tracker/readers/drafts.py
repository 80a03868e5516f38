"""Frames to statements, one function for each kind; and the parties that the next sentence still counts up."""

from collections.abc import Iterator
from typing import Final

from events.statements import (
    EntityResponded,
    InstitutionResponded,
    ListingReported,
    TieEnded,
    TieReported,
)
from tracker.readers.beside_ends import is_told_apart, tells_more
from tracker.readers.compiled import Compiled
from tracker.readers.dates import find_dates
from tracker.readers.ends import named_behind, tie_ended
from tracker.readers.enumeration import enumerated
from tracker.readers.frame import Frame
from tracker.readers.implied import implied
from tracker.readers.likewise import likewise
from tracker.readers.making import Making, making
from tracker.readers.passage import EXPLICIT, RESOLVED, Draft, Passage
from tracker.readers.rounds import continued, counted_behind, gapped, open_listing
from tracker.readers.scene import Item, Memory, Scene

_SOON: Final = 3
"""How many sentences behind a listing more of its round are told of."""
_BESIDE: Final = 6
"""How far behind a list the words may stand that say whose it is: "sanctions list of the Treasury"."""


def drafts_of(passage: Passage, frames: list[Frame], words: Compiled, memory: Memory) -> list[Draft]:
    """The statements of one sentence."""
    scene = passage.scene
    if not frames and not scene.of("partitive", "affected"):
        return likewise(passage, [], memory, words)
    dates = find_dates(scene.folded, words.lexicon.dates, passage.published)
    drafts: list[Draft] = []
    told: set[str] = set()
    for frame in sorted(frames, key=lambda frame: frame.trigger.loose):
        kind = frame.trigger.statement
        if frame.trigger.loose and kind in told:
            continue
        make = making(passage, frame, frames, words, memory, dates)
        for draft in statements_of(make):
            draft.headline = passage.line == 0
            draft.weak = frame.trigger.weak and not is_told_apart(frame, frames, scene, words)
            drafts += [draft, *implied(make, draft)]
            if not frame.trigger.loose:
                told.add(kind)
    drafts += list(gapped(passage, frames, drafts, dates))
    drafts += likewise(passage, drafts, memory, words)
    parties = []
    names_nobody = not any(isinstance(draft.statement, ListingReported) for draft in drafts)
    if names_nobody:
        parties = list(continued(passage, memory, dates))
    if not parties and frames:
        open_ = (open_listing(passage, frame, dates, words, memory) for frame in frames)
        memory.listing = next((each for each in open_ if each), None)
        parties = list(counted_behind(passage, frames, memory, dates)) if names_nobody else []
    if parties or (frames and memory.listing):
        memory.listing_place = passage.place
    ends = [draft for draft in drafts if isinstance(draft.statement, TieEnded)]
    dated_ends = {draft.statement.date for draft in ends if draft.dated}
    left = [draft for draft in drafts if not (draft.weak and ends and not tells_more(draft, dated_ends))]
    return [*parties, *left, *named_behind(passage, left, memory)]


def _listing(make: Making) -> Iterator[Draft]:
    trigger, target = make.frame.trigger, make.frame.one("LIST")
    item = _listed(make)
    told = _list_told(make) if trigger.list == "told" else trigger.list
    list_id = target.actors[0].id if target else told
    assert trigger.change is not None
    if target is None and make.memory.list == "other":
        return
    if (item is None and not trigger.context) or not list_id or _another_list(make.frame, make.scene):
        return
    date, rule, dated = _when_listed(make)
    for actor in enumerated(make.scene, item, make.words) if item else make.actors("PARTY")[0]:
        statement = ListingReported(
            evidence=make.passage.evidence,
            list=list_id,
            change=trigger.change,
            party=actor.id,
            party_name=actor.name,
            date=date,
            date_rule=rule,
            confidence=EXPLICIT if item and not item.pointing else RESOLVED,
        )
        yield Draft(statement, make.passage.place, dated, bool(item and not item.pointing))


def _list_told(make: Making) -> str | None:
    """The list spoken of; of "were blacklisted" that of the government spoken of, of which list the text then speaks."""
    memory, anchor, agents = make.memory, make.frame.anchor, make.words.lexicon.lists.agents
    blacklisted = memory.by_agent and make.scene.has("was_blacklisted", anchor.start, anchor.end)
    if memory.list is None and (blacklisted or any(item.family in agents for item in make.frame.matched)):
        memory.list = make.words.lexicon.lists.default
    return memory.list


def _when_listed(make: Making) -> tuple[str | None, str | None, bool]:
    """The date of a listing; of one told of as another of the same round, without a date, that of the round."""
    found, listing = make.when("recent"), make.memory.listing
    if found[2] or make.frame.trigger.list != "told" or listing is None or not listing[-1]:
        return found
    near = make.passage.place - make.memory.listing_place <= _SOON and make.frame.trigger.change == listing[1]
    return (listing[2], listing[3], True) if near else found


def _listed(make: Making) -> Item | None:
    """The party that is listed: of "it added Biren to the list" the one that is named, not whoever "it" may be."""
    item, target = make.frame.one("PARTY"), make.frame.one("LIST")
    if item is None or target is None or item.pointing != "pronoun":
        return item
    named = (each for each in make.scene.of("PARTY") if not each.pointing and make.frame.anchor.end <= each.start < target.start)
    return next(named, item)


def _another_list(frame: Frame, scene: Scene) -> bool:
    """Whether another list is named, unless only behind the one that the frame names."""
    listed = frame.one("LIST")
    return any(listed is None or other.start < frame.end or _is_beside(listed, other, scene) for other in scene.of("OTHER"))


def _is_beside(listed: Item, other: Item, scene: Scene) -> bool:
    """Whether words right behind a list, before any comma, say whose it is."""
    return other.start - listed.end <= _BESIDE and "," not in scene.folded[listed.end : other.start]


def _institution_responded(make: Making) -> Iterator[Draft]:
    trigger = make.frame.trigger
    assert trigger.stance is not None
    date, rule, dated = make.when("publication")
    target = make.frame.one("LIST")
    parties = (item for item in make.scene.of("PARTY") if make.frame.start <= item.start < make.frame.end)
    named = [item for item in parties if not _is_put_in(item, make)]
    list_id = target.actors[0].id if target is not None else trigger.list
    if list_id and not any(item.pointing != "pronoun" for item in named):
        institutions, sure = make.actors("INSTITUTION")
        for institution in institutions:
            statement = InstitutionResponded(
                evidence=make.passage.evidence,
                institution=institution.id,
                institution_name=institution.name,
                stance=trigger.stance,
                scope=f"list:{list_id}",
                reason=make.reason(),
                date=date,
                date_rule=rule,
                confidence=sure,
            )
            yield Draft(statement, make.passage.place, dated, sure == EXPLICIT)
        return
    for institution, party, sure in make.pairs():
        response = InstitutionResponded(
            evidence=make.passage.evidence,
            institution=institution.id,
            institution_name=institution.name,
            party=party.id,
            party_name=party.name,
            stance=trigger.stance,
            reason=make.reason(),
            date=date,
            date_rule=rule,
            confidence=sure,
        )
        yield Draft(response, make.passage.place, dated, sure == EXPLICIT)


def _is_put_in(item: Item, make: Making) -> bool:
    """Whether a party stands in an aside on the subject: "MIT, where SenseTime set up a lab, will review all listed firms"."""
    subject, text = make.frame.one("INSTITUTION"), make.scene.folded
    if subject is None or not text.startswith(", ", subject.end) or any(item == each for each in make.frame.matched):
        return False
    return item.end <= make.frame.anchor.start and "," in text[item.end : make.frame.anchor.start]


def _entity_responded(make: Making) -> Iterator[Draft]:
    parties, sure = make.actors("PARTY")
    item, speaker = make.frame.one("PARTY"), make.frame.one("spokesperson")
    if item and speaker and item.end < speaker.start and "," in make.scene.folded[item.end : speaker.start]:
        return  # "ended its pact with Huawei on Monday, a spokesman said": whose spokesman is not told
    if item and item.pointing == "noun" and any(each.start == item.start for each in make.scene.of("INSTITUTION")):
        return  # "the chip firm said": the institution may be meant
    date, rule, dated = make.when("publication")
    for party in parties:
        if party.id is None:
            continue
        statement = EntityResponded(
            evidence=make.passage.evidence,
            party=party.id,
            party_name=party.name,
            stance=make.frame.trigger.stance or "commenting",
            date=date,
            date_rule=rule,
            confidence=sure,
        )
        yield Draft(statement, make.passage.place, dated, sure == EXPLICIT)


def _tie_reported(make: Making) -> Iterator[Draft]:
    date, rule, dated = make.when("before")
    kind = make.frame.trigger.kind or "other"
    amount = make.amount() if kind in {"funding", "agreement", "chair"} else None
    if amount is None and make.frame.trigger.amount:
        return
    for institution, party, sure in make.pairs():
        statement = TieReported(
            evidence=make.passage.evidence,
            institution=institution.id,
            institution_name=institution.name,
            party=party.id,
            party_name=party.name,
            kind=kind,
            amount=amount,
            date=date,
            date_rule=rule,
            confidence=sure,
        )
        yield Draft(statement, make.passage.place, dated, sure == EXPLICIT)


_MAKERS: Final = {
    "listing-reported": _listing,
    "institution-responded": _institution_responded,
    "entity-responded": _entity_responded,
    "tie-reported": _tie_reported,
    "tie-ended": tie_ended,
}


def statements_of(make: Making) -> Iterator[Draft]:
    """The statements that one frame tells."""
    return _MAKERS[make.frame.trigger.statement](make)
