"""What settling a list gives: each entry's history, as periods, and what it is on one day."""

from datetime import datetime
from typing import Literal

import msgspec

from events.statements import Alias


class Period(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How an entry read from `start` (a day, included) to `end` (a day, excluded; None: until changed)."""

    start: str
    end: str | None = None
    name: str
    destination: str
    country: str | None = None
    aliases: tuple[Alias, ...] = ()
    addresses: tuple[str, ...] = ()
    license_requirement: str | None = None
    review_policy: str | None = None
    footnotes: tuple[str, ...] = ()
    suspended: bool = False
    """True while the entry is off the list for a stated time."""
    because: str
    """The claim of the amendment that opened the period."""


class Citation(msgspec.Struct, frozen=True, kw_only=True):
    """Where an amendment stands in the Federal Register, and when that was published.

    `citation` is the document's first page (84 FR 54002), `page` where the list says the entry stands
    in it (84 FR 54004). Pages of one document differ, so only volume and document may be joined on.
    """

    citation: str | None
    published: str | None
    page: str | None = None
    claim: str | None = None
    """The amendment that brought it; None where only a copy of the list shows it."""
    effective: str | None = None
    """When that amendment takes effect: from then on the list cites it."""


class Correction(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A correction of an earlier document about the entry.

    With `wrong` and `right` the periods read as if the right words had been printed from the start; without
    them it is a correcting amendment, which opened a period of its own, `applicable` as of an earlier day.
    """

    claim: str
    corrects: str
    wrong: str | None = None
    right: str | None = None
    applicable: str | None = None
    citation: str | None = None
    published: str | None = None


class Announcement(msgspec.Struct, frozen=True, kw_only=True):
    """An amendment on file for public inspection and not yet published: it changes nothing until it is."""

    claim: str
    change: Literal["added", "revised", "removed", "suspended"]
    effective: str
    published: str | None
    """The day for which its publication is planned."""
    document: str


class Listing(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One entry of a list through time. `claims` are its amendments in legal order.

    `filed` says that its addition is on file and not published; `provisional` that an official copy of the
    list begins its history, which then has the precision that citations have: `effective_from` is the day on
    which the first document cited was published, and until that copy's day the fields read as they did then.
    """

    lineage: str
    list: str
    available: datetime
    """When the addition could first be read by anyone."""
    periods: tuple[Period, ...]
    citations: tuple[Citation, ...]
    claims: tuple[str, ...]
    corrections: tuple[Correction, ...] = ()
    announced: tuple[Announcement, ...] = ()
    filed: bool = False
    provisional: bool = False
    ended_by: str | None = None
    """The claim of the removal, or of the addition whose term ran out."""

    @property
    def first(self) -> Period:
        """As it was when added."""
        return self.periods[0]

    @property
    def last(self) -> Period:
        """As it stands now, or stood last."""
        return self.periods[-1]

    def citation_of(self, claim: str) -> str | None:
        """The citation of the document that made an amendment or correction."""
        return next((one.citation or one.page for one in (*self.citations, *self._corrected()) if one.claim == claim), None)

    def _corrected(self) -> tuple[Citation, ...]:
        return tuple(Citation(citation=one.citation, published=one.published, claim=one.claim) for one in self.corrections)

    def names(self) -> tuple[str, ...]:
        """Every name and alias it ever had, in order of appearance."""
        said = {p.name: None for p in self.periods} | {a.name: None for p in self.periods for a in p.aliases}
        return tuple(said)


class Unmatched(msgspec.Struct, frozen=True, kw_only=True):
    """An amendment that addresses an entry nobody added, or not in force by then, or words that do not stand there."""

    claim: str
    list: str
    destination: str
    name: str
    change: Literal["revised", "removed", "suspended", "corrected"]
    document: str
    reason: str


class ListSettlement(msgspec.Struct, frozen=True, kw_only=True):
    """The listings, oldest first, and what could not be joined to any."""

    listings: tuple[Listing, ...] = ()
    unmatched: tuple[Unmatched, ...] = ()


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """A day on which an entry turns into something else, with or without a document of that day.

    `type` is the topic of the amendment, or `entity-reinstated` and `entity-expired` for what a term brings.
    """

    day: str
    type: str
    claim: str
    period: Period


def turns(listing: Listing) -> tuple[Turn, ...]:
    """Every turn of an entry that is law, in order."""
    if listing.filed:
        return ()
    found = []
    for n, period in enumerate(listing.periods):
        before = listing.periods[n - 1] if n else None
        found.append(Turn(day=period.start, type=_turned(listing, before, period), claim=period.because, period=period))
    last = listing.last
    if last.end is not None and listing.ended_by is not None:
        topic = "entity-expired" if listing.ended_by == listing.lineage else "entity-removed"
        found.append(Turn(day=last.end, type=topic, claim=listing.ended_by, period=last))
    return tuple(found)


def _turned(listing: Listing, before: Period | None, period: Period) -> str:
    if before is None:
        return "entity-found" if listing.provisional else "entity-added"
    if period.suspended != before.suspended:
        return "entity-suspended" if period.suspended else "entity-reinstated"
    return "entity-revised"


class OnDay(msgspec.Struct, frozen=True, kw_only=True):
    """What an entry is on one day: the period that tells how it reads, and its status."""

    status: Literal["listed", "removed", "suspended", "announced", "pending"]
    period: Period


def cited_on(listing: Listing, day: str) -> tuple[Citation, ...]:
    """What the entry cites on an ISO day; before it is listed, what will have it listed.

    One cites nothing later than that day, whatever is known by now.
    """
    day = max(day, listing.first.start)
    days = ((one, one.effective or one.published or day) for one in listing.citations)
    return tuple(one for one, since in days if since <= day)


def on_day(listing: Listing, day: str) -> OnDay | None:
    """The entry's status on an ISO day; None while nobody could know of it.

    A filing that was not published by the day it was planned for takes no effect by itself: it is pending.
    """
    known = listing.available.date().isoformat() <= day
    if listing.filed:
        planned = max(listing.first.start, listing.announced[0].published or "")
        return OnDay(status="announced" if day <= planned else "pending", period=listing.first) if known else None
    if day < listing.first.start:
        return OnDay(status="announced", period=listing.first) if known else None
    for period in reversed(listing.periods):
        if period.start <= day:
            ended = period.end is not None and period.end <= day
            return OnDay(status="removed" if ended else "suspended" if period.suspended else "listed", period=period)
    return None
