"""Frames to statements: actors from the context, the date, the extent, the amount, the reason."""

from collections.abc import Iterator
from typing import Final

import msgspec

from events import edtf
from events.base import Evidence
from events.edtf import Interval
from events.statements import (
    Amount,
    EntityResponded,
    Extent,
    InstitutionResponded,
    ListingReported,
    Report,
    TieEnded,
    TieReported,
)
from tracker.readers.amounts import find_amounts
from tracker.readers.dates import Dated, find_dates
from tracker.readers.frames import Frame
from tracker.readers.lexicon import Compiled
from tracker.readers.mentions import Actor, Item, Memory, Scene

_REMEMBERED: Final = 2
"""For how many sentences an institution stays in mind where none is named."""
_EXPLICIT, _RESOLVED, _FROM_CONTEXT = 1.0, 0.9, 0.75


class Passage(msgspec.Struct, frozen=True):
    """One sentence with what surrounds it."""

    place: int
    line: int
    evidence: Evidence
    scene: Scene
    published: Interval | None


class Draft(msgspec.Struct):
    """A statement before like ones are merged. `dated`: whether the text itself gives the date."""

    statement: Report
    place: int
    dated: bool
    named: bool
    headline: bool = False
    weak: bool = False


def drafts_of(
    passage: Passage, frames: list[Frame], words: Compiled, memory: Memory
) -> list[Draft]:
    """The statements of one sentence."""
    scene = passage.scene
    if not frames and not scene.has("partitive"):
        return []
    dates = find_dates(scene.folded, words.lexicon.dates, passage.published)
    drafts: list[Draft] = []
    for frame in frames:
        for draft in _MAKERS[frame.trigger.statement](_making(passage, frame, frames, words, memory, dates)):
            draft.headline = passage.line == 0
            draft.weak = frame.trigger.weak
            drafts.append(draft)
    drafts += _likewise(passage, drafts)
    continued = []
    if not any(isinstance(draft.statement, ListingReported) for draft in drafts):
        continued = list(_continued(passage, memory))
    if not continued:
        open_ = (_open_listing(passage, frame, dates) for frame in frames)
        memory.listing = next((each for each in open_ if each), None)
    ending = any(isinstance(draft.statement, TieEnded) for draft in drafts)
    return continued + [draft for draft in drafts if not (draft.weak and ending and not _has_amount(draft))]


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
                        statement = msgspec.structs.replace(
                            draft.statement, institution=actor.id, institution_name=actor.name
                        )
                        yield Draft(statement, draft.place, draft.dated, draft.named, draft.headline)


class _Making(msgspec.Struct, frozen=True):
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
        return when(self.passage, self.frame.anchor, self.dates, default, self.others)

    def actors(self, family: str) -> tuple[tuple[Actor, ...], float]:
        """Who plays a role, and how sure that is."""
        item = self.frame.one(family)
        if item is None and family == "INSTITUTION" and self.frame.trigger.all_named:
            named = [each for each in self.scene.of(family) if not each.pointing]
            return tuple(dict.fromkeys(actor for each in named for actor in each.actors)), _RESOLVED
        if item is None and self.frame.trigger.context:
            near = sorted(self.scene.of(family), key=lambda each: abs(each.start - self.frame.anchor.start))
            near = [each for each in near if each.pointing != "pronoun"]
            if near:
                return near[0].actors, _RESOLVED
            return self._remembered(family), _FROM_CONTEXT
        if item is None:
            return (), 0.0
        return item.actors, _EXPLICIT if not item.pointing else _RESOLVED

    def _remembered(self, family: str) -> tuple[Actor, ...]:
        if family == "INSTITUTION":
            return self.memory.institutions[:1] if self.memory.age <= _REMEMBERED else ()
        return self.memory.party if self.memory.party_age <= _REMEMBERED else ()

    def pairs(self) -> Iterator[tuple[Actor, Actor, float]]:
        """Each institution with each party."""
        institutions, sure = self.actors("INSTITUTION")
        parties, certain = self.actors("PARTY")
        for institution in institutions:
            for party in parties:
                if party.id is not None and party.key != institution.key:
                    yield institution, party, min(sure, certain)

    def extent(self) -> tuple[Extent, ...]:
        """What the words of the match say about how much was cut; the trigger's own word where they say nothing."""
        start, end = self.frame.start - 20, self.frame.end + 25
        found: list[Extent] = [
            extent
            for extent, families in self.words.lexicon.extents.items()
            if any(
                item.family in families
                and start <= item.start <= end
                and not self.scene.has("break", min(item.end, self.frame.end), item.start)
                for item in self.scene.items
            )
        ]
        own = [extent for extent in self.frame.trigger.extent if extent not in found]
        return (*own, *found) or ("all",)

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


def _making(
    passage: Passage, frame: Frame, frames: list[Frame], words: Compiled, memory: Memory, dates: list[Dated]
) -> _Making:
    kind = frame.trigger.statement
    others = tuple(each.anchor for each in frames if each.trigger.statement != kind)
    return _Making(passage, frame, words, memory, dates, others)


def when(
    passage: Passage, anchor: Item, dates: list[Dated], default: str, others: tuple[Item, ...] = ()
) -> tuple[str | None, str | None, bool]:
    """The nearest date of the clause; else publication, or some time up to it (`default`)."""
    scene = passage.scene

    def apart(dated: Dated) -> bool:
        low, high = min(dated.end, anchor.end), max(dated.start, anchor.start)
        theirs = any(low <= other.start and other.end <= high for other in others)
        # A date that opens the sentence holds for all of it.
        return theirs or (dated.start > 2 and (scene.has("break", low, high) or scene.has("clause", low, high)))

    near = sorted(
        (dated for dated in dates if not apart(dated)),
        key=lambda dated: max(dated.start - anchor.end, anchor.start - dated.end),
    )
    if near:
        return near[0].edtf, near[0].rule, True
    published = passage.published
    if published is None:
        return None, None, False
    if default == "publication" or (default == "recent" and published.days > 1) or scene.has("recent"):
        unit = "day" if published.days == 1 else "month" if published.days <= 31 else "year"
        if default != "before" or published.days > 1:
            return edtf.write(published), f"publication-{unit}", False
    return edtf.write(Interval(latest=published.latest)), "before-publication", False


def _listing(make: _Making) -> Iterator[Draft]:
    trigger, target = make.frame.trigger, make.frame.one("LIST")
    item = make.frame.one("PARTY")
    list_id = target.actors[0].id if target else trigger.list
    assert trigger.change is not None
    if target is None and make.memory.list == "other":
        return
    if item is None or not list_id or make.scene.has("OTHER"):
        return
    date, rule, dated = make.when("recent")
    for actor in _enumerated(make.scene, item):
        statement = ListingReported(
            evidence=make.passage.evidence,
            list=list_id,
            change=trigger.change,
            party=actor.id,
            party_name=actor.name,
            date=date,
            date_rule=rule,
            confidence=_RESOLVED if item.pointing else _EXPLICIT,
        )
        yield Draft(statement, make.passage.place, dated, not item.pointing)


def _enumerated(scene: Scene, item: Item) -> tuple[Actor, ...]:
    """The parties of the element, and where the sentence counts them up ("among them"), all behind that."""
    actors = list(item.actors)
    partitive = next(iter(scene.of("partitive")), None)
    if partitive is not None:
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
    if memory.listing is None or first is None or first.start > 60 or scene.has("OTHER"):
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
                confidence=_RESOLVED,
            )
            yield Draft(statement, passage.place, bool(dated), True)


def _institution_responded(make: _Making) -> Iterator[Draft]:
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
            yield Draft(statement, make.passage.place, dated, sure == _EXPLICIT)
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
        yield Draft(response, make.passage.place, dated, sure == _EXPLICIT)


def _entity_responded(make: _Making) -> Iterator[Draft]:
    parties, sure = make.actors("PARTY")
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
        yield Draft(statement, make.passage.place, dated, sure == _EXPLICIT)


def _tie_reported(make: _Making) -> Iterator[Draft]:
    date, rule, dated = make.when("before")
    amount = make.amount()
    if amount is None and make.frame.trigger.amount:
        return
    for institution, party, sure in make.pairs():
        statement = TieReported(
            evidence=make.passage.evidence,
            institution=institution.id,
            institution_name=institution.name,
            party=party.id,
            party_name=party.name,
            kind=make.frame.trigger.kind or "other",
            amount=amount,
            date=date,
            date_rule=rule,
            confidence=sure,
        )
        yield Draft(statement, make.passage.place, dated, sure == _EXPLICIT)


def _tie_ended(make: _Making) -> Iterator[Draft]:
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
        yield Draft(statement, make.passage.place, dated, sure == _EXPLICIT)


_MAKERS: Final = {
    "listing-reported": _listing,
    "institution-responded": _institution_responded,
    "entity-responded": _entity_responded,
    "tie-reported": _tie_reported,
    "tie-ended": _tie_ended,
}


def late_date(passage: Passage, words: Compiled, drafts: list[Draft]) -> None:
    """Dates what was told just before: "The freeze began on January 30.\""""
    decisions = passage.scene.of("decision")
    recent = [draft for draft in drafts if not draft.dated and passage.place - draft.place <= _REMEMBERED]
    recent = [draft for draft in recent if isinstance(draft.statement, TieEnded | InstitutionResponded)]
    if not decisions or not recent:
        return
    date, rule, dated = when(
        passage, decisions[0], find_dates(passage.scene.folded, words.lexicon.dates, passage.published), "before"
    )
    if dated:
        for draft in recent:
            draft.statement = msgspec.structs.replace(draft.statement, date=date, date_rule=rule)
            draft.dated = True
