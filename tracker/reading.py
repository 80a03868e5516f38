"""From a document to events: archive it, read it, append the capture and its reading at once.

    archive raw -> read (pure) -> archive the clean text -> append [captured, read, statements...]

The append is one transaction that looks at the stream first: the same again adds nothing, and A, B,
then A once more are three versions. A reader that fails leaves a reading with its failure, never a gap.
"""

import hashlib
import logging
from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any

import msgspec

from events import edtf
from events.base import Event, Evidence, Recorded
from events.claims import identify
from events.documents import DocumentCaptured, DocumentRead, Fetch
from events.names import normalise
from events.statements import Statement
from tracker.archive import Archive, Provenance
from tracker.ledger import Decide, Ledger
from tracker.readers.base import Document, Reading, UnreadableError
from tracker.readers.overrides import OVERRIDE, overridden
from tracker.readers.registry import READERS
from tracker.registers import Registers
from tracker.worker import WORKER, WorkerError

log = logging.getLogger(__name__)


class ReadDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A reading ready for the ledger: its clean text archived, its statements identified."""

    reading: Reading
    text: str
    statements: tuple[Statement, ...]
    failure: str | None = None


def read(document: Document, registers: Registers) -> ReadDocument:
    """Reads a document with the reader of its kind; a failure is part of the result, not an exception."""
    name, version, reader = READERS[document.kind]
    failure = None
    try:
        document, corrected = overridden(document, registers.overrides)
        reading = reader(document, registers)
        reading = msgspec.structs.replace(reading, checks=(*corrected, *reading.checks))
    except UnreadableError as error:
        failure = str(error)
    except Exception as error:
        log.exception("%s: the %s reader failed", document.url, name)
        failure = f"the reader failed: {type(error).__name__}: {error}"
    if failure is not None:
        reading = Reading(reader=name, reader_version=version, text="")
    return finished(document.stream, reading, failure)


def read_apart(document: Document, registers: Registers) -> ReadDocument:
    """Reads a document in the worker process; one that ends or exhausts it is a failed reading like others."""
    try:
        return WORKER.call(document.url, read, document, keep=registers)
    except WorkerError as error:
        log.error("%s", error)
        name, version, _ = READERS[document.kind]
        return finished(document.stream, Reading(reader=name, reader_version=version, text=""), f"not read: {error.why}")


def finished(stream: str, reading: Reading, failure: str | None = None) -> ReadDocument:
    """A reading made ready: its statements cite the text by digest, and have their claim ids."""
    digest = hashlib.sha256(reading.text.encode()).hexdigest()
    statements = tuple(_with_text(statement, reading.text, digest) for statement in reading.statements)
    return ReadDocument(reading=reading, text=digest, statements=identify(stream, statements), failure=failure)


def _with_text(statement: Statement, text: str, digest: str) -> Statement:
    words = normalise(text[statement.evidence.start : statement.evidence.end])
    folded = hashlib.sha256(words.encode()).hexdigest()[:16]
    evidence: Evidence = msgspec.structs.replace(statement.evidence, text=digest, words=folded)
    return msgspec.structs.replace(statement, evidence=evidence)


def record(
    document: Document,
    provenance: Provenance,
    registers: Registers,
    ledger: Ledger,
    archive: Archive,
    now: datetime,
    done: ReadDocument | None = None,
) -> list[Recorded]:
    """Takes in one document, read already where `done` is given; gives the recorded events, none when the ledger has it."""
    raw = archive.put(document.raw, provenance)
    metadata = archive.put(document.metadata) if document.metadata is not None else None
    if _same_bytes(ledger.stream(document.stream), document, raw, metadata):
        return []
    done = done or read_apart(document, registers)
    archive.put(done.reading.text.encode())
    captured = document_captured(document, provenance, raw, metadata)
    return ledger.append(document.stream, _decide(document, captured, done, registers), now)


def _decide(document: Document, captured: DocumentCaptured, done: ReadDocument, registers: Registers) -> Decide:
    def decide(known: Sequence[Recorded]) -> Sequence[Event]:
        if _same_bytes(known, document, captured.raw, captured.metadata) or _same_words(known, captured, done):
            return []
        version = 1 + max((one.event.document_version for one in known if isinstance(one.event, DocumentCaptured)), default=0)
        read_event = document_read(document, captured, done, registers, version)
        return [msgspec.structs.replace(captured, document_version=version), read_event, *done.statements]

    return decide


def _latest(known: Sequence[Recorded], rendition: str) -> tuple[DocumentCaptured, DocumentRead | None] | None:
    """The latest version of a rendition, with its latest reading."""
    captured: DocumentCaptured | None = None
    reading: DocumentRead | None = None
    for one in known:
        if isinstance(one.event, DocumentCaptured) and one.event.rendition == rendition:
            captured, reading = one.event, None
        elif isinstance(one.event, DocumentRead) and captured and one.event.document_version == captured.document_version:
            reading = one.event
    return (captured, reading) if captured else None


def _same_bytes(known: Sequence[Recorded], document: Document, raw: str, metadata: str | None) -> bool:
    latest = _latest(known, document.rendition)
    if latest is None or latest[0].raw != raw:
        return False
    read = latest[1] if document.kind == "article" and document.published else None
    if read is not None and read.failure is None and read.published is None:
        return False  # a day of publication, told where none was known, dates all that the document tells
    # A local copy of a document has no record of the source; that says nothing new about it.
    return metadata in (None, latest[0].metadata)


def _same_words(known: Sequence[Recorded], captured: DocumentCaptured, done: ReadDocument) -> bool:
    """Whether only the furniture of a page changed: its words, title and date are those of the latest version."""
    latest = _latest(known, captured.rendition)
    if captured.kind != "article" or latest is None or latest[1] is None or done.failure is not None:
        return False
    title = done.reading.title or captured.title
    published = done.reading.published or captured.published
    same = (latest[1].text, latest[1].title, latest[1].published) == (done.text, title, published)
    return same and latest[1].failure is None


def document_captured(document: Document, provenance: Provenance, raw: str, metadata: str | None = None) -> DocumentCaptured:
    """The event of a version whose bytes lie in the archive; which version it is, is said when it is appended."""
    return DocumentCaptured(
        source=document.source,
        kind=document.kind,
        key=document.key,
        document_version=0,
        rendition=document.rendition,
        raw=raw,
        url=document.url,
        fetch=Fetch(url=provenance.url, at=provenance.at, status=provenance.status, media_type=document.media_type),
        title=document.title,
        language=document.language,
        outlet=document.outlet,
        published=document.published,
        available=document.available,
        metadata=metadata,
        charset=document.charset,
        timezone=document.timezone,
    )


def document_read(
    document: Document, captured: DocumentCaptured, done: ReadDocument, registers: Registers, version: int
) -> DocumentRead:
    """The event that opens a reading of one version."""
    reading = done.reading
    published = reading.published or document.published
    return DocumentRead(
        document_version=version,
        reader=reading.reader,
        reader_version=reading.reader_version,
        text=done.text,
        available=_available(document, reading, published, captured.fetch.at, version),
        statements=len(done.statements),
        published=published,
        title=reading.title or document.title,
        number=reading.number,
        citation=reading.citation,
        language=reading.language or document.language,
        registers=_registers_used(document, reading, registers),
        checks=reading.checks,
        quarantined=reading.quarantined,
        failure=done.failure,
    )


def _registers_used(document: Document, reading: Reading, registers: Registers) -> dict[str, str]:
    if document.kind == "article":
        language = reading.language or document.language
        names = ["institutions", "parties", "lists", f"lexicon/{language}", f"weights/{language}", f"encoders/{language}"]
    else:
        names = ["lists", "overrides"] if any(check.name == OVERRIDE for check in reading.checks) else ["lists"]
    return {name: registers.digests[name] for name in names if name in registers.digests}


def _available(document: Document, reading: Reading, published: str | None, fetched: datetime, version: int) -> datetime:
    """When anyone could first read this version.

    A rule's is when it was filed for public inspection, whichever rendition came first; an edited
    article's when it was seen changed. A mere date counts from its end: never earlier than it was.
    """
    told = reading.available or document.available
    if document.kind == "article" and version > 1:
        return max(told or fetched, fetched)
    if told is not None:
        return told.astimezone(UTC)
    return min(end_of(published), fetched) if published else fetched


def end_of(published: str) -> datetime:
    """The instant of a time, or the end of an EDTF date in UTC."""
    if "T" in published:
        moment = datetime.fromisoformat(published)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    return datetime.combine(edtf.parse(published).latest, time(23, 59, 59), UTC)


def as_extracted(statement: Statement, text: str) -> dict[str, Any]:
    """A statement as `tracker extract` shows it, with its quote; keys as in the command-line contract."""
    fields: dict[str, Any] = msgspec.to_builtins(statement)
    evidence = statement.evidence
    shown: dict[str, Any] = dict.fromkeys(
        ("type", "change", "list", "destination", "country", "name", "institution", "institution_name", "party",
         "party_name", "stance", "extent", "scope", "reason", "attributed_to", "date", "amount")
    )  # fmt: skip
    shown.update({name: value for name, value in fields.items() if name not in {"claim", "evidence", "place"}})
    shown["type"] = statement.topic()
    shown["date"] = fields.get("effective") or fields.get("date")
    if fields.get("amount"):
        shown["amount"] = str(getattr(statement, "amount", ""))
    shown["attributed_to"] = evidence.attributed_to
    shown["confidence"], shown["standing"] = statement.confidence, statement.standing
    return {**shown, "quote": text[evidence.start : evidence.end], "start": evidence.start, "end": evidence.end}
