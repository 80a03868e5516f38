"""Settles a list: the amendments of all rules, in legal order, into each entry's history.

    settle_list(amendments) -> ListSettlement(listings, unmatched)

A listing is a lineage: it begins with the amendment that added it, whose claim is its name for good,
and goes on through renames, moves and revisions. Legal order is effective date, then publication, then
document and place in it: the order in which documents arrived makes no difference.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

import msgspec

from events.names import normalise
from events.said import Said
from events.statements import Alias, Amendment, EntityAdded, EntityRemoved, EntityRevised


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


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a list through time. `claims` are its amendments in legal order."""

    lineage: str
    list: str
    available: datetime
    """When the addition could first be read by anyone."""
    periods: tuple[Period, ...]
    citations: tuple[Citation, ...]
    claims: tuple[str, ...]

    @property
    def first(self) -> Period:
        """As it was when added."""
        return self.periods[0]

    @property
    def last(self) -> Period:
        """As it stands now, or stood last."""
        return self.periods[-1]

    def names(self) -> tuple[str, ...]:
        """Every name and alias it ever had, in order of appearance."""
        said = {p.name: None for p in self.periods} | {a.name: None for p in self.periods for a in p.aliases}
        return tuple(said)


class Unmatched(msgspec.Struct, frozen=True, kw_only=True):
    """An amendment that addresses an entry nobody added, or not in force by then."""

    claim: str
    list: str
    destination: str
    name: str
    change: Literal["revised", "removed"]
    document: str


class ListSettlement(msgspec.Struct, frozen=True, kw_only=True):
    """The listings, oldest first, and what could not be joined to any."""

    listings: tuple[Listing, ...] = ()
    unmatched: tuple[Unmatched, ...] = ()


def legal_order(said: Said) -> tuple[Any, ...]:
    """Effective date, publication, document and place in the document."""
    return (said.interval.earliest, said.published_day, said.document, said.statement.place)


def settle_list(amendments: Iterable[Said]) -> ListSettlement:
    """Folds amendments in legal order; other statements, and what is only proposed, are not taken."""
    lineages: list[_Lineage] = []
    called: dict[str, list[_Lineage]] = defaultdict(list)
    unmatched: list[Unmatched] = []
    counting = (said for said in amendments if said.statement.standing not in {"proposed", "rejected"})
    for said in sorted(counting, key=legal_order):
        amendment = said.statement
        if isinstance(amendment, EntityAdded):
            lineages.append(_Lineage(said, amendment))
            called[normalise(amendment.name)].append(lineages[-1])
        elif isinstance(amendment, EntityRevised | EntityRemoved):
            lineage = _addressed(called[normalise(amendment.name)], amendment)
            if lineage is None:
                unmatched.append(_unmatched(said, amendment))
            elif isinstance(amendment, EntityRevised):
                lineage.revise(said, amendment)
                if amendment.new_name and lineage not in called[normalise(amendment.new_name)]:
                    called[normalise(amendment.new_name)].append(lineage)
            else:
                lineage.remove(said, amendment)
    return ListSettlement(listings=tuple(lineage.listing() for lineage in lineages), unmatched=tuple(unmatched))


def _addressed(lineages: Iterable["_Lineage"], amendment: EntityRevised | EntityRemoved) -> "_Lineage | None":
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
        told = [lineage for lineage in fitting if tells(lineage.periods[-1], amendment)]
        if len(told) == 1:
            return told[0]
    alike = {(now.name, now.addresses, now.aliases) for now in (lineage.periods[-1] for lineage in fitting)}
    return fitting[0] if len(alike) == 1 else None


def _at_an_address(now: Period, amendment: EntityRevised | EntityRemoved) -> bool:
    """Whether both give an address in common, or both give none."""
    if not isinstance(amendment, EntityRevised) or amendment.addresses is None:
        return False
    stated, known = ({normalise(address) for address in addresses} for addresses in (amendment.addresses, now.addresses))
    return bool(stated & known) or stated == known


def _spelled_alike(now: Period, amendment: EntityRevised | EntityRemoved) -> bool:
    return now.name == amendment.name


def _with_an_alias(now: Period, amendment: EntityRevised | EntityRemoved) -> bool:
    if not isinstance(amendment, EntityRevised) or amendment.aliases is None:
        return False
    return bool({normalise(alias.name) for alias in amendment.aliases} & {normalise(alias.name) for alias in now.aliases})


def _unmatched(said: Said, amendment: EntityRevised | EntityRemoved) -> Unmatched:
    return Unmatched(
        claim=amendment.claim,
        list=amendment.list,
        destination=amendment.destination,
        name=amendment.name,
        change="revised" if isinstance(amendment, EntityRevised) else "removed",
        document=said.document,
    )


class _Lineage:
    """A listing while it is being folded."""

    def __init__(self, said: Said, added: EntityAdded) -> None:
        self.added, self.said = added, said
        self.claims, self.citations = [added.claim], [_citation(said, added)]
        self.is_open = True
        self.periods = [
            Period(
                start=added.effective,
                name=added.name,
                destination=added.destination,
                country=added.country,
                aliases=added.aliases,
                addresses=added.addresses,
                license_requirement=added.license_requirement,
                review_policy=added.review_policy,
                footnotes=added.footnotes,
                because=added.claim,
            )
        ]

    def answers_to(self, amendment: Amendment) -> bool:
        """Whether a rule that names this destination and entry means this lineage, as it stands."""
        now = self.periods[-1]
        return (
            self.added.list == amendment.list
            and normalise(now.destination) == normalise(amendment.destination)
            and normalise(now.name) == normalise(amendment.name)
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
        changes = {field: value for field, value in stated.items() if value is not None}
        before = self.periods[-1]
        self._close(revised.effective)
        after = msgspec.structs.replace(before, start=revised.effective, end=None, because=revised.claim, **changes)
        self.periods.append(after)
        self._cite(said, revised)

    def remove(self, said: Said, removed: EntityRemoved) -> None:
        """Closes the lineage on the day the removal takes effect."""
        self._close(removed.effective)
        self.is_open = False
        self._cite(said, removed)

    def _close(self, day: str) -> None:
        # A period that would end on the day it began was never in force; it goes, unless it is all there is.
        last = self.periods.pop()
        if last.start != day or not self.periods:
            self.periods.append(msgspec.structs.replace(last, end=day))

    def _cite(self, said: Said, amendment: EntityRevised | EntityRemoved) -> None:
        self.claims.append(amendment.claim)
        self.citations.append(_citation(said, amendment))

    def listing(self) -> Listing:
        """The finished value; empty periods that a same-day revision replaced are left out."""
        periods = tuple(p for p in self.periods if p.start != p.end) or tuple(self.periods)
        return Listing(
            lineage=self.added.claim,
            list=self.added.list,
            available=self.said.available,
            periods=periods,
            citations=tuple(self.citations),
            claims=tuple(self.claims),
        )


def _citation(said: Said, amendment: EntityAdded | EntityRevised | EntityRemoved) -> Citation:
    page = amendment.citation.partition(",")[0].strip() if amendment.citation else None
    return Citation(citation=said.citation or page, published=said.published, page=page)


class OnDay(msgspec.Struct, frozen=True, kw_only=True):
    """What an entry is on one day: the period that tells how it reads, and its status."""

    status: Literal["listed", "removed", "announced"]
    period: Period


def on_day(listing: Listing, day: str) -> OnDay | None:
    """The entry's status on an ISO day; None while nobody could know of it."""
    if day < listing.first.start:
        known = listing.available.date().isoformat() <= day
        return OnDay(status="announced", period=listing.first) if known else None
    for period in reversed(listing.periods):
        if period.start <= day:
            ended = period.end is not None and period.end <= day
            return OnDay(status="removed" if ended else "listed", period=period)
    return None
