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
from tracker.readers.frame import Frame
from tracker.readers.implied import implied
from tracker.readers.likewise import likewise
from tracker.readers.listings import listing_reported
from tracker.readers.making import Making, making
from tracker.readers.name_rows import reopen, row_of
from tracker.readers.passage import EXPLICIT, Draft, Passage
from tracker.readers.rounds import continued, counted_behind, counts_on, gapped, left_open
from tracker.readers.scene import OTHER_LIST, Item, Memory


def drafts_of(passage: Passage, frames: list[Frame], words: Compiled, memory: Memory) -> list[Draft]:
    """The statements of one sentence."""
    scene = passage.scene
    reopen(passage, memory, words)
    row = row_of(passage, memory)
    if not frames and not scene.of("partitive", "affected") and not counts_on(passage, memory, words):
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
        parties = list(continued(passage, memory, dates, words, frames, row=row))
    before = memory.listing
    if not parties:
        memory.listing = left_open(passage, frames, dates, words, memory)
        parties = list(counted_behind(passage, frames, memory, dates, words)) if names_nobody and frames else []
    if parties or (memory.listing is not None and memory.listing is not before):
        memory.listing_place, memory.listed_named = passage.place, not names_nobody
    ends = [draft for draft in drafts if isinstance(draft.statement, TieEnded)]
    dated_ends = {draft.statement.date for draft in ends if draft.dated}
    left = [draft for draft in drafts if not (draft.weak and ends and not tells_more(draft, dated_ends))]
    return [*parties, *left, *named_behind(passage, left, memory)]


def _institution_responded(make: Making) -> Iterator[Draft]:
    trigger = make.frame.trigger
    assert trigger.stance is not None
    date, rule, dated = make.when("publication")
    target = make.frame.one("LIST")
    parties = (item for item in make.scene.of("PARTY") if make.frame.start <= item.start < make.frame.end)
    named = [item for item in parties if not _is_put_in(item, make)]
    list_id = target.actors[0].id if target is not None else trigger.list
    if list_id == "told":
        list_id = make.memory.list if make.memory.list != OTHER_LIST else None
        named = [item for item in named if not item.pointing]  # "all of the companies concerned"
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
    "listing-reported": listing_reported,
    "institution-responded": _institution_responded,
    "entity-responded": _entity_responded,
    "tie-reported": _tie_reported,
    "tie-ended": tie_ended,
}


def statements_of(make: Making) -> Iterator[Draft]:
    """The statements that one frame tells."""
    return _MAKERS[make.frame.trigger.statement](make)
