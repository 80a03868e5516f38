"""Short ways to make events: only what a test speaks of has to be given."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from events.base import Event, Evidence
from events.claims import identify
from events.documents import DocumentCaptured, DocumentRead, Fetch
from events.said import Said
from events.statements import (
    Alias,
    Cited,
    EntityAdded,
    EntityCorrected,
    EntityFound,
    EntityRemoved,
    EntityRevised,
    EntitySuspended,
    InstitutionResponded,
    ListingReported,
    Statement,
    TieEnded,
    TieReported,
)
from tracker.ledger import Ledger

NOW = datetime(2019, 10, 9, 12, tzinfo=UTC)
CHINA = "CHINA, PEOPLE'S REPUBLIC OF"
LIST = "us-bis-el"
TEXT = hashlib.sha256(b"words").hexdigest()


def instant(text: str) -> datetime:
    """`2019-10-09` (noon) or `2019-10-09T08:00` in UTC."""
    moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
    return moment.replace(hour=12) if len(text) == 10 else moment


def evidence(attributed_to: str | None = None) -> Evidence:
    """A passage of some text."""
    return Evidence(text=TEXT, start=0, end=5, attributed_to=attributed_to)


def added(
    name: str = "Acme", effective: str = "2019-10-09", *, claim: str = "", aliases: Sequence[str] = (), **more: Any
) -> EntityAdded:
    """An entry of the Entity List."""
    fields: dict[str, Any] = {"destination": CHINA, "country": "CN", "list": LIST, "evidence": evidence(), **more}
    return EntityAdded(name=name, effective=effective, claim=claim or f"add-{name}", aliases=_aliases(aliases), **fields)


def revised(
    name: str = "Acme", effective: str = "2019-11-01", *, claim: str = "", aliases: Sequence[str] | None = None, **more: Any
) -> EntityRevised:
    """A revision of an entry."""
    fields: dict[str, Any] = {"destination": CHINA, "list": LIST, "evidence": evidence(), **more}
    names = None if aliases is None else _aliases(aliases)
    return EntityRevised(name=name, effective=effective, claim=claim or f"revise-{name}", aliases=names, **fields)


def removed(name: str = "Acme", effective: str = "2020-01-01", *, claim: str = "", **more: Any) -> EntityRemoved:
    """The removal of an entry."""
    fields: dict[str, Any] = {"destination": CHINA, "list": LIST, "evidence": evidence(), **more}
    return EntityRemoved(name=name, effective=effective, claim=claim or f"remove-{name}", **fields)


def suspended(
    name: str = "Acme", effective: str = "2020-01-01", until: str | None = "2020-12-31", *, claim: str = "", **more: Any
) -> EntitySuspended:
    """The suspension of an entry."""
    fields: dict[str, Any] = {"destination": CHINA, "list": LIST, "evidence": evidence(), **more}
    return EntitySuspended(name=name, effective=effective, until=until, claim=claim or f"suspend-{name}", **fields)


def corrected(
    name: str = "Acme", wrong: str = "Acme", right: str = "Apex", corrects: str = "rule-1", *, claim: str = "", **more: Any
) -> EntityCorrected:
    """Words that should read otherwise."""
    fields: dict[str, Any] = {"destination": CHINA, "list": LIST, "effective": "2019-11-01", "evidence": evidence(), **more}
    return EntityCorrected(
        name=name, wrong=wrong, right=right, corrects=corrects, claim=claim or f"correct-{name}-{wrong}", **fields
    )


def found(
    name: str = "Acme",
    day: str = "2021-01-01",
    *,
    claim: str = "",
    cited: Sequence[tuple[str, str | None]] = (("84 FR 54004", "2019-10-09"),),
    aliases: Sequence[str] = (),
    **more: Any,
) -> EntityFound:
    """An entry of an official copy of the list."""
    fields: dict[str, Any] = {"destination": CHINA, "country": "CN", "list": LIST, "evidence": evidence(), **more}
    citations = tuple(Cited(citation=citation, published=published) for citation, published in cited)
    return EntityFound(
        name=name, effective=day, claim=claim or f"found-{name}", citations=citations, aliases=_aliases(aliases), **fields
    )


def reported(party: str | None = "huawei", date: str | None = None, *, claim: str = "report", **more: Any) -> ListingReported:
    """A press report of a listing."""
    fields: dict[str, Any] = {
        "list": LIST, "change": "added", "party_name": (party or "Nobody").title(), "evidence": evidence(), **more
    }  # fmt: skip
    return ListingReported(party=party, date=date, claim=claim, **fields)


def responded(date: str | None = None, *, claim: str = "response", **more: Any) -> InstitutionResponded:
    """An institution's stance."""
    fields: dict[str, Any] = {
        "institution": "mit", "institution_name": "MIT", "party": "huawei", "party_name": "Huawei",
        "stance": "reviewing", "evidence": evidence(), **more,
    }  # fmt: skip
    return InstitutionResponded(date=date, claim=claim, **fields)


def ended(date: str | None = None, *, claim: str = "ended", told: str | None = None, **more: Any) -> TieEnded:
    """An institution's cutting engagement."""
    fields: dict[str, Any] = {
        "institution": "mit", "institution_name": "MIT", "party": "huawei", "party_name": "Huawei",
        "evidence": evidence(told), **more,
    }  # fmt: skip
    return TieEnded(date=date, claim=claim, **fields)


def tie(date: str | None = None, *, claim: str = "tie", **more: Any) -> TieReported:
    """A tie."""
    fields: dict[str, Any] = {
        "institution": "mit", "institution_name": "MIT", "party": "sensetime", "party_name": "SenseTime",
        "kind": "funding", "evidence": evidence(), **more,
    }  # fmt: skip
    return TieReported(date=date, claim=claim, **fields)


def _aliases(names: Sequence[str]) -> tuple[Alias, ...]:
    return tuple(Alias(name=name) for name in names)


def said(statement: Statement, published: str = "2019-10-09", **more: Any) -> Said:
    """A statement in its setting; available on the day of publication unless told otherwise."""
    fields: dict[str, Any] = {"document": "document/press/a", "available": instant(published[:10]), **more}
    return Said(statement=statement, published=published, **fields)


def reading(
    stream: str,
    *statements: Statement,
    version: int = 1,
    published: str = "2019-10-09",
    available: datetime | None = None,
    again: bool = False,
    rendition: str = "text",
    **more: Any,
) -> list[Event]:
    """The events of taking in one version of a document; `again` leaves out the capture."""
    _, source, key = stream.split("/", 2)
    kind = "rule" if source == "federal-register" else "article"
    available = available or instant(published)
    url = f"https://{source}.example/{key}"
    captured = DocumentCaptured(
        source=source, kind=kind, key=key, document_version=version, rendition=rendition, url=url,
        raw=hashlib.sha256(f"{stream} {version}".encode()).hexdigest(), fetch=Fetch(url=url, at=available),
        published=published, available=available, outlet=None if kind == "rule" else source,
    )  # fmt: skip
    identified = identify(stream, [msgspec.structs.replace(one, claim="") for one in statements])
    fields: dict[str, Any] = {"citation": f"84 FR {key}" if kind == "rule" else None, "reader_version": 1, **more}
    read = DocumentRead(
        document_version=version, reader=kind, text=TEXT, available=available,
        statements=len(statements), published=published, title=f"Title of {key}", **fields,
    )  # fmt: skip
    return [*([] if again else [captured]), read, *identified]


def append(ledger: Ledger, stream: str, events: Sequence[Event], now: datetime = NOW) -> int:
    """Appends events as they are; gives the ledger's head."""
    ledger.append(stream, lambda _: events, now)
    return ledger.head()


def take_in(ledger: Ledger, stream: str, *statements: Statement, now: datetime = NOW, **more: Any) -> int:
    """Appends a document with its reading; gives the ledger's head."""
    return append(ledger, stream, reading(stream, *statements, **more), now)


def claims_of(events: Sequence[Event]) -> list[str]:
    """The claims of the statements among events."""
    return [one.claim for one in events if isinstance(one, Statement)]


def hours(count: float) -> timedelta:
    """A span of time."""
    return timedelta(hours=count)
