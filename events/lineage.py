"""One entry of a list while its history is being folded, and how an amendment finds the entry it means."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import msgspec

from events import edtf
from events.names import addressed_as, normalise
from events.periods import Announcement, Citation, Correction, Listing, Period
from events.said import Said
from events.statements import (
    Amendment,
    EntityAdded,
    EntityFound,
    EntityRemoved,
    EntityRevised,
    EntitySuspended,
)

Beginning = EntityAdded | EntityFound
Addressing = EntityRevised | EntityRemoved | EntitySuspended
FIELDS = ("country", "aliases", "addresses", "license_requirement", "review_policy", "footnotes")


def legal_order(said: Said) -> tuple[Any, ...]:
    """Effective date, publication, document and place in the document."""
    return (said.interval.earliest, said.published_day, said.document, said.statement.place)


def day_after(day: str) -> str:
    """The day after the last one of an EDTF date, as an ISO day."""
    return (edtf.parse(day).latest + timedelta(days=1)).isoformat()


class Lineage:
    """A listing while it is being folded."""

    def __init__(self, said: Said, start: str, beginning: Beginning) -> None:
        self.said, self.beginning = said, beginning
        self.claims, self.announced = [beginning.claim], list[Announcement]()
        self.corrections: list[Correction] = []
        self.ended_by: str | None = None
        self.citations = _found_citations(beginning) if isinstance(beginning, EntityFound) else _cited(said, beginning)
        self.is_open = True
        self.suspended_until: str | None = None
        """The last day of the suspension it is under, `~` without an end."""
        fields = {field: getattr(beginning, field) for field in FIELDS}
        self.periods = [
            Period(start=start, name=beginning.name, destination=beginning.destination, because=beginning.claim, **fields)
        ]

    @property
    def now(self) -> Period:
        """As it stands at this point of the fold."""
        return self.periods[-1]

    def answers_to(self, amendment: Amendment) -> bool:
        """Whether a rule that names this destination and entry means this lineage, as it stands."""
        return (
            self.beginning.list == amendment.list
            and normalise(self.now.destination) == normalise(amendment.destination)
            and addressed_as(self.now.name) == addressed_as(amendment.name)
        )

    def revise(self, said: Said, revised: EntityRevised) -> None:
        """Opens a new period with the fields that the revision states."""
        stated = {
            "name": revised.new_name,
            "destination": revised.new_destination,
            "country": revised.new_country,
            "aliases": revised.aliases,
            "addresses": revised.addresses,
            "license_requirement": revised.license_requirement,
            "review_policy": revised.review_policy,
            "footnotes": revised.footnotes,
        }
        self._turn(revised.effective, revised.claim, {field: value for field, value in stated.items() if value is not None})
        self.claims.append(revised.claim)
        if revised.corrects is None:
            self._cite(said, revised)
        else:
            # The list goes on citing the document that was wrong.
            self.corrections.append(_correcting(said, revised, revised.corrects))

    def suspend(self, suspended: EntitySuspended) -> None:
        """Takes it off the list; a suspension in force is made longer, never shorter."""
        until = suspended.until or "~"
        self.suspended_until = max(until, self.suspended_until or "")
        self._turn(suspended.effective, suspended.claim, {"suspended": True})
        self.claims.append(suspended.claim)

    def reinstate(self, day: str, claim: str) -> None:
        """Puts it back on the day after a suspension ends, by that suspension's own terms."""
        if self.is_open and self.now.suspended and (self.suspended_until or "") < day:
            self.suspended_until = None
            self._turn(day, claim, {"suspended": False})

    def remove(self, said: Said, removed: EntityRemoved) -> None:
        """Closes the lineage on the day the removal takes effect."""
        self._end(removed.effective, removed.claim)
        self.claims.append(removed.claim)
        self._cite(said, removed)

    def expire(self, day: str) -> None:
        """Closes the lineage on a day, by the terms under which it was added."""
        self._end(day, self.beginning.claim)

    def _end(self, day: str, claim: str) -> None:
        self._close(day)
        self.is_open, self.ended_by = False, claim

    def seen(self, found: EntityFound) -> None:
        """Takes an official copy's word for an entry whose history only such copies tell."""
        if not isinstance(self.beginning, EntityFound):
            return
        if found.claim not in self.claims:
            self.claims.append(found.claim)
        changes = {field: getattr(found, field) for field in FIELDS}
        if any(getattr(self.now, field) != value for field, value in changes.items()):
            self._turn(found.effective, found.claim, changes)

    def announce(self, said: Said, amendment: Amendment) -> None:
        """Notes what a filing will do to it once it is published."""
        self.announced.append(announcement(said, amendment))

    def _turn(self, day: str, claim: str, changes: dict[str, Any]) -> None:
        before = self.periods[-1]
        self._close(day)
        self.periods.append(msgspec.structs.replace(before, start=day, end=None, because=claim, **changes))

    def _close(self, day: str) -> None:
        # A period that would end on the day it began was never in force; it goes, unless it is all there is.
        last = self.periods.pop()
        if last.start != day or not self.periods:
            self.periods.append(msgspec.structs.replace(last, end=day))

    def _cite(self, said: Said, amendment: EntityRevised | EntityRemoved) -> None:
        for citation in _cited(said, amendment):
            for n, known in enumerate(self.citations):
                if known.claim is None and _same_document(known, citation):
                    self.citations[n] = citation  # a copy of the list showed it already
                    return
            self.citations.append(citation)

    def listing(self, corrections: dict[str, tuple[Correction, ...]]) -> Listing:
        """The finished value; empty periods that a same-day revision replaced are left out."""
        periods = tuple(p for p in self.periods if p.start != p.end) or tuple(self.periods)
        return Listing(
            lineage=self.beginning.claim,
            list=self.beginning.list,
            available=self.said.available,
            periods=periods,
            citations=tuple(self.citations),
            claims=tuple(self.claims),
            corrections=(*(one for claim in self.claims for one in corrections.get(claim, ())), *self.corrections),
            announced=tuple(self.announced),
            filed=self.said.filed and isinstance(self.beginning, EntityAdded),
            provisional=isinstance(self.beginning, EntityFound),
            ended_by=self.ended_by,
        )


def announcement(said: Said, amendment: Amendment) -> Announcement:
    """What a filing says will be done to an entry."""
    change = amendment.topic().removeprefix("entity-")
    assert change in {"added", "revised", "removed", "suspended"}
    return Announcement(
        claim=amendment.claim,
        change=change,  # type: ignore[arg-type]
        effective=amendment.effective,
        published=said.published,
        document=said.document,
    )


def _same_document(one: Citation, other: Citation) -> bool:
    """Whether volume and day of publication agree: pages of one document differ."""
    volumes = {(citation.citation or citation.page or "").partition(" ")[0] for citation in (one, other)}
    return len(volumes) == 1 and one.published is not None and one.published == other.published


def _correcting(said: Said, revised: EntityRevised, corrects: str) -> Correction:
    return Correction(
        claim=revised.claim,
        corrects=corrects,
        applicable=revised.applicable,
        citation=said.citation,
        published=said.published,
    )


def _cited(said: Said, amendment: Any) -> list[Citation]:
    """What the amendment stands in; nothing for one that a copy of the list alone tells, and that cites nothing."""
    page = amendment.citation.partition(",")[0].strip() if amendment.citation else None
    citation = said.citation or page
    if citation is None and said.published is None:
        return []
    return [
        Citation(citation=citation, published=said.published, page=page, claim=amendment.claim, effective=amendment.effective)
    ]


def _found_citations(found: EntityFound) -> list[Citation]:
    return [Citation(citation=None, published=one.published, page=one.citation) for one in found.citations]


def addressed(lineages: Iterable[Lineage], amendment: Addressing | EntityFound) -> Lineage | None:
    """The open entry of that destination and name.

    Of several, the one that an address, the exact spelling or an alias tells apart; where nothing tells them
    apart because they read alike, the one added first; else none, for to guess would be to change the wrong one.
    """
    fitting = sorted(
        (lineage for lineage in lineages if lineage.is_open and lineage.answers_to(amendment)),
        key=lambda lineage: legal_order(lineage.said),
    )
    if len(fitting) < 2:
        return fitting[0] if fitting else None
    for tells in (_at_an_address, _spelled_alike, _with_an_alias):
        told = [lineage for lineage in fitting if tells(lineage.now, amendment)]
        if len(told) == 1:
            return told[0]
    alike = {(now.name, now.addresses, now.aliases) for now in (lineage.now for lineage in fitting)}
    return fitting[0] if len(alike) == 1 else None


def _at_an_address(now: Period, amendment: Amendment) -> bool:
    """Whether both give an address in common, or both give none."""
    stated_addresses = getattr(amendment, "addresses", None)
    if stated_addresses is None:
        return False
    stated, known = ({normalise(address) for address in addresses} for addresses in (stated_addresses, now.addresses))
    return bool(stated & known) or stated == known


def _spelled_alike(now: Period, amendment: Amendment) -> bool:
    return now.name == amendment.name


def _with_an_alias(now: Period, amendment: Amendment) -> bool:
    aliases = getattr(amendment, "aliases", None)
    if aliases is None:
        return False
    return bool({normalise(alias.name) for alias in aliases} & {normalise(alias.name) for alias in now.aliases})
