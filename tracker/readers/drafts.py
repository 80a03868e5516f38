"""Frames to statements, one function for each kind; and the parties that the next sentence still counts up."""

from collections.abc import Iterator
from typing import Final

import msgspec

from events.statements import (
    EntityResponded,
    InstitutionResponded,
    ListingReported,
    TieEnded,
    TieReported,
)
from tracker.readers.compiled import Compiled
from tracker.readers.dates import Dated, find_dates
from tracker.readers.frames import Frame
from tracker.readers.making import EXPLICIT, RESOLVED, Draft, Making, Passage, making, when
from tracker.readers.scene import Actor, Item, Memory, Scene

_BESIDE: Final = 6
"""How far behind a list the words may stand that say whose it is: "sanctions list of the Treasury"."""
_AT_THE_HEAD: Final = 60
"""How far "among them" may stand from the beginning where nothing says that more were added."""
_GAPPED: Final = 45
"""How many characters beside name and date a listing may have that shares its verb with another."""


def drafts_of(passage: Passage, frames: list[Frame], words: Compiled, memory: Memory) -> list[Draft]:
    """The statements of one sentence."""
    scene = passage.scene
    if not frames and not scene.has("partitive"):
        return []
    dates = find_dates(scene.folded, words.lexicon.dates, passage.published)
    drafts: list[Draft] = []
    for frame in frames:
        for draft in _MAKERS[frame.trigger.statement](making(passage, frame, frames, words, memory, dates)):
            draft.headline = passage.line == 0
            draft.weak = frame.trigger.weak and not _is_aside(frame, scene, words)
            drafts.append(draft)
    drafts += list(_gapped(passage, frames, drafts, dates))
    drafts += list(_likewise(passage, drafts))  # what it adds is not gone through again
    continued = []
    if not any(isinstance(draft.statement, ListingReported) for draft in drafts):
        continued = list(_continued(passage, memory))
    if not continued:
        open_ = (_open_listing(passage, frame, dates) for frame in frames)
        memory.listing = next((each for each in open_ if each), None)
    ending = any(isinstance(draft.statement, TieEnded) for draft in drafts)
    return continued + [draft for draft in drafts if not (draft.weak and ending and not _has_amount(draft))]


def _is_aside(frame: Frame, scene: Scene, words: Compiled) -> bool:
    """Whether a relative clause tells it: "Qorvo, which earns much with Huawei, has stopped the deliveries"."""
    comma = scene.folded.rfind(",", 0, frame.anchor.start)
    first = scene.folded[comma + 1 :].split(maxsplit=1)[:1] if comma >= 0 else []
    return bool(first) and first[0] in words.lexicon.words.get("relative", ())


def _has_amount(draft: Draft) -> bool:
    return isinstance(draft.statement, TieReported) and draft.statement.amount is not None


def _likewise(passage: Passage, drafts: list[Draft]) -> Iterator[Draft]:
    """Who did the same: "Stanford has parted with the firms, and so has Oxford"."""
    for so in passage.scene.of("so_did"):
        near = [item for item in passage.scene.of("INSTITUTION") if 0 <= item.start - so.end <= 20]
        for draft in drafts:
            if near and isinstance(draft.statement, TieEnded):
                for actor in near[0].actors:
                    if actor.id != draft.statement.institution:
                        statement = msgspec.structs.replace(draft.statement, institution=actor.id, institution_name=actor.name)
                        yield Draft(statement, draft.place, draft.dated, draft.named, draft.headline)


def _listing(make: Making) -> Iterator[Draft]:
    trigger, target = make.frame.trigger, make.frame.one("LIST")
    item = make.frame.one("PARTY")
    told = make.memory.list if trigger.list == "told" else trigger.list
    list_id = target.actors[0].id if target else told
    assert trigger.change is not None
    if target is None and make.memory.list == "other":
        return
    if (item is None and not trigger.context) or not list_id or _another_list(make.frame, make.scene):
        return
    date, rule, dated = make.when("recent")
    for actor in _enumerated(make.scene, item) if item else make.actors("PARTY")[0]:
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


def _gapped(passage: Passage, frames: list[Frame], drafts: list[Draft], dates: list[Dated]) -> Iterator[Draft]:
    """Parties whose listing shares its verb with the one before: "Phytium was listed in April, Kindroid in June"."""
    listings = [draft for draft in drafts if isinstance(draft.statement, ListingReported)]
    if not listings or any(frame.trigger.statement != "listing-reported" for frame in frames):
        return
    behind = min(item.end for frame in frames for item in frame.matched)
    scene, told = (
        passage.scene,
        {draft.statement.party_name for draft in listings if isinstance(draft.statement, ListingReported)},
    )
    for item in scene.of("PARTY"):
        if item.pointing or not told.isdisjoint(actor.name for actor in item.actors):
            continue
        start, end = _stretch(scene.folded, item)
        own = [dated for dated in dates if start <= dated.start and dated.end <= end]
        length = end - start - (item.end - item.start) - sum(dated.end - dated.start for dated in own)
        if start < behind or len(own) != 1 or length > _GAPPED or _says_more(scene, start, end):
            continue
        for actor in item.actors:
            statement = msgspec.structs.replace(
                listings[0].statement, party=actor.id, party_name=actor.name, date=own[0].edtf, date_rule=own[0].rule
            )
            yield Draft(statement, passage.place, True, True)


def _stretch(folded: str, item: Item) -> tuple[int, int]:
    """The words around a name up to the next comma or semicolon."""
    start = max(folded.rfind(mark, 0, item.start) for mark in ",;") + 1
    ends = [place for mark in ",;." if (place := folded.find(mark, item.end)) >= 0]
    return start, min(ends, default=len(folded))


def _says_more(scene: Scene, start: int, end: int) -> bool:
    """Whether a stretch has an actor or list of its own beside the party, or words that take something back."""
    return any(
        start <= item.start
        and item.end <= end
        and (item.family in {"INSTITUTION", "LIST", "OTHER"} or item.family.startswith("block:"))
        for item in scene.items
    )


def _another_list(frame: Frame, scene: Scene) -> bool:
    """Whether another list is named, unless only behind the one that the frame names."""
    listed = frame.one("LIST")
    return any(listed is None or other.start < frame.end or other.start - listed.end <= _BESIDE for other in scene.of("OTHER"))


def _enumerated(scene: Scene, item: Item) -> tuple[Actor, ...]:
    """The parties of the element, and where the sentence counts them up ("among them"), all behind that."""
    actors = list(item.actors)
    partitive = next(iter(scene.of("partitive")), None)
    if partitive is not None and not scene.has("OTHER"):
        for other in scene.of("PARTY"):
            if not other.pointing and not scene.has("break", min(item.end, other.end), max(item.start, other.start)):
                actors += [actor for actor in other.actors if actor not in actors]
    return tuple({actor.key: actor for actor in actors}.values())


def _open_listing(passage: Passage, frame: Frame, dates: list[Dated]) -> tuple[str, ...] | None:
    """What a sentence leaves open for the next to name: "added 28 bodies to its Entity List. Among them ...\""""
    target = frame.one("LIST")
    if frame.trigger.statement != "listing-reported" or target is None or target.actors[0].id is None:
        return None
    date, rule, dated = when(passage, frame.anchor, dates, "recent")
    return (target.actors[0].id, frame.trigger.change or "added", date or "", rule or "", "dated" if dated else "")


def _continued(passage: Passage, memory: Memory) -> Iterator[Draft]:
    """Parties that a sentence counts up for the listing that the sentence before told of."""
    scene = passage.scene
    first = next(iter(scene.of("partitive")), None)
    if memory.listing is None or first is None or scene.has("OTHER"):
        return
    if first.start > _AT_THE_HEAD and not any(item.end <= first.start for item in scene.of("put_there", "struck_it")):
        return
    list_id, change, date, rule, dated = memory.listing
    for item in scene.of("PARTY"):
        if item.pointing:
            continue
        for actor in item.actors:
            statement = ListingReported(
                evidence=passage.evidence,
                list=list_id,
                change=change,  # type: ignore[arg-type]
                party=actor.id,
                party_name=actor.name,
                date=date or None,
                date_rule=rule or None,
                confidence=RESOLVED,
            )
            yield Draft(statement, passage.place, bool(dated), True)


def _institution_responded(make: Making) -> Iterator[Draft]:
    trigger = make.frame.trigger
    assert trigger.stance is not None
    date, rule, dated = make.when("publication")
    target = make.frame.one("LIST")
    named = [item for item in make.scene.of("PARTY") if make.frame.start <= item.start < make.frame.end]
    if target is not None and not any(item.pointing != "pronoun" for item in named):
        institutions, sure = make.actors("INSTITUTION")
        for institution in institutions:
            statement = InstitutionResponded(
                evidence=make.passage.evidence,
                institution=institution.id,
                institution_name=institution.name,
                stance=trigger.stance,
                scope=f"list:{target.actors[0].id}",
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


def _tie_ended(make: Making) -> Iterator[Draft]:
    date, rule, dated = make.when("before")
    for institution, party, sure in make.pairs():
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
        yield Draft(statement, make.passage.place, dated, sure == EXPLICIT)


_MAKERS: Final = {
    "listing-reported": _listing,
    "institution-responded": _institution_responded,
    "entity-responded": _entity_responded,
    "tie-reported": _tie_reported,
    "tie-ended": _tie_ended,
}
