"""Ledgers of any size with a plausible mix: rules with their amendments, articles with a few statements each.

Every size is the beginning of the next one, so that curves compare like with like. Nothing is random: what varies
follows from the number of the document.
"""

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from eventsourcing.persistence import StoredEvent

from events.base import Event, Evidence, Recorded
from events.claims import identify
from events.documents import DocumentCaptured, DocumentRead, Fetch
from events.statements import Alias, EntityAdded, EntityRemoved, EntityRevised, InstitutionResponded, Statement, TieEnded
from tracker.ledger import Ledger

LIST = "us-bis-el"
HEADINGS = (("CHINA, PEOPLE'S REPUBLIC OF", "CN"), ("RUSSIA", "RU"), ("IRAN", "IR"), ("PAKISTAN", "PK"), ("TURKEY", "TR"))
FIRST_DAY = date(1997, 1, 1)
ROWS = 20
"""Entries that one rule adds; every fifth rule revises and removes instead."""
ARTICLES = 650
"""Articles between two rules: a million events hold some 380 rules and 7,600 amendments, as the real list does."""
REQUIREMENT = "For all items subject to the EAR. (See § 744.11 of the EAR)"
RECORDED_AT = datetime(2026, 1, 1, tzinfo=UTC)
TEXT = hashlib.sha256(b"words").hexdigest()


def documents() -> Iterator[tuple[str, list[Event]]]:
    """Streams with the events of one capture and reading each, without end."""
    number = 0
    while True:
        yield _rule(number)
        for article in range(ARTICLES):
            yield _article(number * ARTICLES + article)
        number += 1


def events_of(size: int) -> Iterator[tuple[str, list[Event]]]:
    """The documents of a ledger of about so many events."""
    count = 0
    for stream, events in documents():
        if count >= size:
            return
        count += len(events)
        yield stream, events


def fill(ledger: Ledger, size: int, batch: int = 5_000) -> int:
    """Puts the documents of a size into an empty ledger, many in one transaction; gives how many events there are."""
    waiting: list[StoredEvent] = []
    total = 0
    for stream, events in events_of(size):
        for version, event in enumerate(events, start=1):
            recorded = Recorded(position=0, stream=stream, version=version, recorded_at=RECORDED_AT, event=event)
            waiting.append(ledger.mapper.to_stored_event(recorded))
        total += len(events)
        if len(waiting) >= batch:
            _insert(ledger, waiting)
            waiting = []
    _insert(ledger, waiting)
    return total


def _insert(ledger: Ledger, rows: list[StoredEvent]) -> None:
    with ledger._immediate() as cursor:
        ledger.recorder._insert_events(cursor, rows)


def _rule(number: int) -> tuple[str, list[Event]]:
    stream = f"document/federal-register/{number:07d}"
    day = FIRST_DAY + timedelta(days=number % 10_000)
    if number % 5 == 4:
        old = [(number - 1 - n % 4) * ROWS + n for n in range(ROWS)]
        said: list[Statement] = [_removed(entry, day) if n % 2 else _revised(entry, day) for n, entry in enumerate(old)]
    else:
        said = [_added(number * ROWS + n, day) for n in range(ROWS)]
    return stream, _taken_in(stream, "rule", day, said)


def _entry(entry: int) -> tuple[str, str, str]:
    heading, country = HEADINGS[entry % len(HEADINGS)]
    return heading, country, f"Example Works {entry:07d} Co., Ltd."


def _evidence(place: int) -> Evidence:
    return Evidence(text=TEXT, start=place * 10, end=place * 10 + 9)


def _added(entry: int, day: date) -> EntityAdded:
    heading, country, name = _entry(entry)
    return EntityAdded(
        evidence=_evidence(entry % ROWS), list=LIST, destination=heading, country=country, name=name,
        effective=day.isoformat(), aliases=(Alias(name=f"EW {entry:07d}"),), addresses=(f"{entry} Example Road",),
        license_requirement=REQUIREMENT, review_policy="Presumption of denial.", citation="84 FR 54004",
    )  # fmt: skip


def _revised(entry: int, day: date) -> EntityRevised:
    heading, _, name = _entry(entry)
    return EntityRevised(
        evidence=_evidence(entry % ROWS), list=LIST, destination=heading, name=name, effective=day.isoformat(),
        addresses=(f"{entry} Other Road",),
    )  # fmt: skip


def _removed(entry: int, day: date) -> EntityRemoved:
    heading, _, name = _entry(entry)
    return EntityRemoved(evidence=_evidence(entry % ROWS), list=LIST, destination=heading, name=name, effective=day.isoformat())


def _article(number: int) -> tuple[str, list[Event]]:
    stream = f"document/outlet-{number % 40}/{number:07d}"
    day = FIRST_DAY + timedelta(days=number % 10_000)
    # An institution is written about forty times, however long the ledger is: what is asked of one must stay flat.
    institution, party = f"institution-{number // 40}", f"party-{number % 397}"
    named = {"institution": institution, "institution_name": institution, "party": party, "party_name": party}
    said: list[Statement] = [
        TieEnded(evidence=_evidence(0), date=day.isoformat(), extent=("new-engagements",), **named),  # type: ignore[arg-type]
        InstitutionResponded(evidence=_evidence(1), date=day.isoformat(), stance="reviewing", **named),  # type: ignore[arg-type]
    ]
    return stream, _taken_in(stream, "article", day, said)


def _taken_in(stream: str, kind: str, day: date, said: list[Statement]) -> list[Event]:
    _, source, key = stream.split("/", 2)
    available = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    url = f"https://{source}.example/{key}"
    captured = DocumentCaptured(
        source=source, kind=kind, key=key, document_version=1, rendition="xml", raw=TEXT, url=url,
        fetch=Fetch(url=url, at=available), published=day.isoformat(), available=available, title=f"Document {key}",
        outlet=source,
    )  # fmt: skip
    read = DocumentRead(
        document_version=1, reader=kind, reader_version=1, text=TEXT, available=available, statements=len(said),
        published=day.isoformat(), title=f"Document {key}", citation=f"84 FR {key}" if kind == "rule" else None,
    )  # fmt: skip
    return [captured, read, *identify(stream, said)]
