"""What a document says. A statement is never the truth by itself: `listings` and `facts` settle that.

Every statement has a claim id (see `claims`), its evidence and its place in the document. Institutions
and parties are ids of the registers, or None when the printed name is not known there.
"""

from typing import Literal

import msgspec

from events.base import Event, Evidence

Standing = Literal["official", "first-hand", "reported", "proposed", "rejected"]
Stance = Literal["reviewing", "considering", "restricting", "continuing", "resuming", "denying", "commenting"]
Extent = Literal["all", "new-engagements", "renewals", "funding", "partial", "suspended", "unknown"]
Change = Literal["added", "removed", "revised"]


class Statement(Event, frozen=True, kw_only=True):
    """What all statements share."""

    claim: str = ""
    evidence: Evidence
    place: int = 0
    standing: Standing = "reported"
    confidence: float = 1.0

    def subjects(self) -> tuple[str, ...]:
        """The names of whom it speaks, from which the claim id is derived."""
        raise TypeError(f"{type(self).__name__} has no subjects")


class Alias(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Another name of an entity: also known as (`aka`) or formerly known as (`fka`)."""

    name: str
    kind: Literal["aka", "fka"] = "aka"


class Amendment(Statement, frozen=True, kw_only=True):
    """A change to one entry of a list, made by a rule.

    `destination` and `name` are how the rule addresses the entry at that moment, not what it is.
    `effective` is a day (EDTF), possibly in the future or before publication.
    """

    list: str
    destination: str
    name: str
    effective: str
    standing: Standing = "official"

    def subjects(self) -> tuple[str, ...]:
        return (self.list, self.destination, self.name)


class EntityAdded(Amendment, frozen=True, kw_only=True, tag="entity-added"):
    """An entry was added to a list. `citation` is as printed in the table, or the document's own."""

    country: str | None = None
    aliases: tuple[Alias, ...] = ()
    addresses: tuple[str, ...] = ()
    license_requirement: str | None = None
    review_policy: str | None = None
    footnotes: tuple[str, ...] = ()
    citation: str | None = None
    until: str | None = None
    """The last day on which it is listed, where the rule states one."""


class EntityRevised(Amendment, frozen=True, kw_only=True, tag="entity-revised"):
    """An entry was revised: a field that is None stays as it was.

    `corrects` is the number of the document in which a correcting amendment finds the error, `applicable`
    the day as of which it wants to be read ("effective April 11, applicable as of February 14").
    """

    new_name: str | None = None
    new_destination: str | None = None
    new_country: str | None = None
    aliases: tuple[Alias, ...] | None = None
    addresses: tuple[str, ...] | None = None
    license_requirement: str | None = None
    review_policy: str | None = None
    footnotes: tuple[str, ...] | None = None
    citation: str | None = None
    applicable: str | None = None
    corrects: str | None = None


class EntityRemoved(Amendment, frozen=True, kw_only=True, tag="entity-removed"):
    """An entry was removed from a list. `addresses` tell which, where another bears its name in the same place."""

    addresses: tuple[str, ...] | None = None
    citation: str | None = None


class EntitySuspended(Amendment, frozen=True, kw_only=True, tag="entity-suspended"):
    """An entry is off the list for a time, and back by the rule's own terms after `until` (its last day, EDTF)."""

    until: str | None = None
    citation: str | None = None


class EntityCorrected(Amendment, frozen=True, kw_only=True, tag="entity-corrected"):
    """Words of an earlier document about one entry should read otherwise ("a" should read "b").

    The entry then reads as if document `corrects` had been printed so from the start. `effective` is the
    day of the correction's own publication: it states no other.
    """

    corrects: str
    wrong: str
    right: str

    def subjects(self) -> tuple[str, ...]:
        return (*super().subjects(), self.wrong)


class Cited(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A Federal Register citation as an entry prints it: `84 FR 54004`, and the day it gives (ISO)."""

    citation: str
    published: str | None = None


class EntityFound(Amendment, frozen=True, kw_only=True, tag="entity-found"):
    """An entry stands in an official copy of the list on the day `effective`; its citations tell its past.

    It begins a history only where no rule on hand does, and then with the precision that citations have.
    """

    country: str | None = None
    aliases: tuple[Alias, ...] = ()
    addresses: tuple[str, ...] = ()
    license_requirement: str | None = None
    review_policy: str | None = None
    footnotes: tuple[str, ...] = ()
    citations: tuple[Cited, ...] = ()


class RuleInForce(Statement, frozen=True, kw_only=True, tag="rule-in-force"):
    """A rule about a list's part of the Code is in force for a stated time, and then ends by its own terms.

    A suspension of other rules, or a licence that runs out: no entry changes, and yet the law flips on the day
    after `until` without a document of that day. `effective` and `until` are days (EDTF).
    """

    list: str
    title: str
    effective: str
    until: str
    standing: Standing = "official"

    def subjects(self) -> tuple[str, ...]:
        return (self.list, self.title)


class Report(Statement, frozen=True, kw_only=True):
    """What somebody reports, with when it happened (EDTF) and the rule that dated it."""

    date: str | None = None
    date_rule: str | None = None


class ListingReported(Report, frozen=True, kw_only=True, tag="listing-reported"):
    """Somebody reports that a party was added to, removed from or revised on a list."""

    list: str
    change: Change
    party: str | None = None
    party_name: str

    def subjects(self) -> tuple[str, ...]:
        return (self.list, self.change, self.party or self.party_name)


class InstitutionResponded(Report, frozen=True, kw_only=True, tag="institution-responded"):
    """An institution took a stance on a party, or on all of a list (`scope` `list:us-bis-el`)."""

    institution: str | None = None
    institution_name: str
    party: str | None = None
    party_name: str | None = None
    stance: Stance
    scope: str | None = None
    reason: str | None = None

    def subjects(self) -> tuple[str, ...]:
        against = self.party or self.party_name or self.scope or ""
        return (self.institution or self.institution_name, against, self.stance)


class EntityResponded(Report, frozen=True, kw_only=True, tag="entity-responded"):
    """A listed party spoke for itself."""

    party: str | None = None
    party_name: str
    stance: Stance = "commenting"
    scope: str | None = None

    def subjects(self) -> tuple[str, ...]:
        return (self.party or self.party_name, self.scope or "", self.stance)


class Amount(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """How much, as said: 27 projects, nearly 30 projects, about 150000 USD."""

    value: float
    unit: str
    qualifier: Literal["exactly", "about", "nearly", "more-than", "at-most"] = "exactly"

    def __str__(self) -> str:
        words = {"exactly": "", "about": "about ", "nearly": "nearly ", "more-than": "more than ", "at-most": "at most "}
        number = f"{int(self.value):,}" if float(self.value).is_integer() else f"{self.value:,}"
        return f"{words[self.qualifier]}{number} {self.unit}"


class TieReported(Report, frozen=True, kw_only=True, tag="tie-reported"):
    """Somebody reports a tie between an institution and a party, and of which kind."""

    institution: str | None = None
    institution_name: str
    party: str | None = None
    party_name: str
    kind: Literal["funding", "membership", "laboratory", "chair", "employment", "degree", "agreement", "other"]
    scope: str | None = None
    amount: Amount | None = None

    def subjects(self) -> tuple[str, ...]:
        return (self.institution or self.institution_name, self.party or self.party_name, self.kind)


class TieEnded(Report, frozen=True, kw_only=True, tag="tie-ended"):
    """An institution cut engagement with a party, to the stated extent."""

    institution: str | None = None
    institution_name: str
    party: str | None = None
    party_name: str
    extent: tuple[Extent, ...] = ("unknown",)
    scope: str | None = None
    reason: str | None = None

    def subjects(self) -> tuple[str, ...]:
        return (self.institution or self.institution_name, self.party or self.party_name)
