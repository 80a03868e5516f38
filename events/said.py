"""A statement in its setting: who said it, where and when. This is what settling works on."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Final

import msgspec

from events import edtf
from events.edtf import Interval
from events.names import addressed_as, normalise
from events.statements import (
    Amendment,
    EntityCorrected,
    EntityResponded,
    EntityRevised,
    InstitutionResponded,
    ListingReported,
    Report,
    RuleInForce,
    Statement,
    TieEnded,
    TieReported,
)

_ARTICLE: Final = re.compile(r"(?:the|le|la|les|der|die|das|den|dem|el|los|il|o|de|het) (?=\S)")
_NEWS: Final = re.compile(r"(?<=\S) news$")
_HOST: Final = re.compile(r"[a-z][a-z0-9+.-]*://(?:[^/?#@]*@)?(\[[^\]/?#]*\]|[^/?#:]+)", re.IGNORECASE)
"""The host of a URL (RFC 3986, section 3.2)."""
_MIRRORS: Final = re.compile(r"(?:www\d?|m|amp)\.(?=[^.]+\.)")


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """One statement of the reading of one document version.

    `document` is the stream; `published` is EDTF, `available` when anyone could first read it;
    `position` is where the reading stands in the ledger.
    """

    statement: Statement
    document: str
    available: datetime
    published: str | None = None
    citation: str | None = None
    outlet: str | None = None
    position: int = 0
    recorded_at: str = ""
    """When that reading was recorded (ISO)."""
    url: str | None = None
    title: str | None = None
    filed: bool = False
    """True while the document is on file for public inspection and not published."""
    same_as: frozenset[str] = frozenset()
    """The claims that, as a person decided, tell the same fact."""
    apart_from: frozenset[str] = frozenset()
    """The claims that, as a person decided, tell another fact."""

    @property
    def order(self) -> tuple[datetime, str, int]:
        """The order in which the world could have read it; independent of the order of arrival."""
        return (self.available, self.document, self.statement.place)

    @property
    def published_interval(self) -> Interval:
        """The days on which the document may have been published."""
        if self.published:
            return edtf.parse(self.published[:10] if "T" in self.published else self.published)
        return Interval(self.available.date(), self.available.date())

    @property
    def published_day(self) -> date:
        """The last day on which the document may have been published."""
        return self.published_interval.latest

    @property
    def interval(self) -> Interval:
        """When what it states happened; nothing later than its own publication unless it says so."""
        stated = self.statement.effective if isinstance(self.statement, Amendment | RuleInForce) else None
        if isinstance(self.statement, Report):
            stated = self.statement.date
        return edtf.parse(stated) if stated else Interval(latest=self.published_day)

    @property
    def origins(self) -> frozenset[str]:
        """What makes two reports copies of one: one attribution, or the same words."""
        evidence = self.statement.evidence
        credited = {f"attributed:{outlet_key(evidence.attributed_to)}"} if evidence.attributed_to else set()
        copied = {f"words:{evidence.words}"} if evidence.words else set()
        return frozenset(credited | copied)

    @property
    def outlet_or_site(self) -> str:
        """Whose report it is: the outlet, or else the host of its address, or else the document itself."""
        return outlet_key(self.outlet) if self.outlet else _host(self.url or "") or self.document


@lru_cache(maxsize=1 << 12)
def outlet_key(name: str) -> str:
    """What makes two names of an outlet the same: "the Financial Times" is "Financial Times", "Bloomberg News" is "Bloomberg"."""
    return _NEWS.sub("", _ARTICLE.sub("", normalise(name), count=1))


@lru_cache(maxsize=1 << 12)
def _host(url: str) -> str | None:
    host = _HOST.match(url)
    return _MIRRORS.sub("", host[1].lower(), count=1) if host else None


def independent_sources(said: Iterable[Said]) -> int:
    """How many independent sources there are: copies are one, and so is all that one outlet was first with.

    Copies that credit an outlet are one with what that outlet itself says.
    """
    said = list(said)
    if len(said) == 1:
        return 1
    groups: list[tuple[frozenset[str], Said]] = []  # the origins of copies, and the first of them
    for one in sorted(said, key=lambda one: one.order):
        joined = [group for group in groups if group[0] & one.origins]
        first = min((group[1] for group in joined), key=lambda said: said.order, default=one)
        groups = [group for group in groups if group not in joined]
        groups.append((one.origins.union(*(origins for origins, _ in joined)), first))
    outlets = {first.outlet_or_site for _, first in groups}
    return len({_credited_outlet(first, outlets) or first.outlet_or_site for _, first in groups})


def _credited_outlet(said: Said, outlets: set[str]) -> str | None:
    credit = said.statement.evidence.attributed_to
    return outlet_key(credit) if credit and outlet_key(credit) in outlets else None


def party_key(party: str | None, name: str | None) -> str:
    """The id of a register, or `~` and the printed name where the register does not know it."""
    return party or f"~{normalise(name or '')}"


def listing_subject(list_id: str, name: str) -> str:
    """The subject of the entries that are addressed by a name."""
    return f"listing:{list_id}:{addressed_as(name)}"


def subjects_of(statement: Statement) -> tuple[str, ...]:
    """The subjects that a statement must be settled with; a rename belongs to two.

    `listing:<list>:<name>`, `rule:<list>:<title>`, `reported:<list>:<party>`, `pair:<institution>:<party or scope>`,
    `entity:<party>`.
    """
    match statement:
        case EntityCorrected():
            # The words put right may stand in the name: then the entry goes on under another.
            both = (
                statement.name.replace(statement.right, statement.wrong),
                statement.name.replace(statement.wrong, statement.right),
            )
            return tuple(dict.fromkeys(listing_subject(statement.list, name) for name in (statement.name, *both)))
        case EntityRevised(new_name=str(new)):
            # A rename may change no more than case or punctuation: then both are one subject.
            return tuple(dict.fromkeys(listing_subject(statement.list, name) for name in (statement.name, new)))
        case Amendment():
            return (listing_subject(statement.list, statement.name),)
        case RuleInForce():
            return (f"rule:{statement.list}:{normalise(statement.title)}",)
        case ListingReported():
            return (f"reported:{statement.list}:{party_key(statement.party, statement.party_name)}",)
        case InstitutionResponded():
            institution = party_key(statement.institution, statement.institution_name)
            named = statement.party or statement.party_name
            against = party_key(statement.party, statement.party_name) if named else statement.scope or ""
            return (f"pair:{institution}:{against}",)
        case TieReported() | TieEnded():
            institution = party_key(statement.institution, statement.institution_name)
            return (f"pair:{institution}:{party_key(statement.party, statement.party_name)}",)
        case EntityResponded():
            return (f"entity:{party_key(statement.party, statement.party_name)}",)
    raise TypeError(f"{type(statement).__name__} belongs to no subject")
