"""Reads what is archived again with today's readers and registers; new readings only where they differ."""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from events.base import Event, Recorded
from events.documents import DocumentCaptured, DocumentRead
from events.statements import Statement
from tracker.app import App
from tracker.errors import UsageError
from tracker.readers.base import Document
from tracker.readers.registry import READERS
from tracker.reading import ReadDocument, document_read, read_apart


class Reread(msgspec.Struct, frozen=True, kw_only=True):
    """How one version of a document reads now, against its last reading; claims by id."""

    document: str
    document_version: int
    reader: str
    added: tuple[str, ...]
    withdrawn: tuple[str, ...]
    changed: tuple[str, ...]
    quarantined: int
    failure: str | None = None


class Anew(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a document that reads otherwise now: its last reading, and what today's reader makes of it."""

    stream: str
    captured: DocumentCaptured
    before: DocumentRead | None
    statements: Sequence[Statement]
    event: DocumentRead
    done: ReadDocument

    @property
    def events(self) -> list[Event]:
        """The new reading with its statements."""
        return [self.event, *self.done.statements]


def documents_named(app: App, names: Sequence[str]) -> list[str]:
    """The streams of those names (a stream or a document's number), or of all documents; raises UsageError."""
    known = list(dict.fromkeys(one.stream for one in app.ledger.read() if isinstance(one.event, DocumentCaptured)))
    if not names:
        return known
    wanted = [(name, [stream for stream in known if stream == name or stream.endswith(f"/{name}")]) for name in names]
    if missing := [name for name, found in wanted if not found]:
        hint = "`tracker events --type document-captured` shows their streams."
        raise UsageError(f"no document is called {missing[0]!r}", hint)
    return list(dict.fromkeys(stream for _, found in wanted for stream in found))


def reread(app: App, documents: Sequence[str], *, dry_run: bool) -> Iterator[Reread]:
    """Reads each document's versions again; gives those that read otherwise, and records them unless `dry_run`."""
    for one in read_anew(app, documents):
        if not dry_run:
            app.archive.put(one.done.reading.text.encode())
            app.ledger.append(one.stream, _append(one.events, one.before), app.clock.now())
        yield _difference(one.stream, one.captured, one.statements, one.done)


def read_anew(app: App, documents: Sequence[str]) -> Iterator[Anew]:
    """The versions of documents that today's readers and registers read otherwise; nothing is recorded."""
    for stream in documents:
        for captured, before, statements in _versions(app.ledger.stream(stream)):
            if captured.kind not in READERS:
                continue  # it was not read from its bytes alone: a followed list rests on the copies before it, too
            document = _document(app, captured)
            done = read_apart(document, app.config.registers)
            event = document_read(document, captured, done, app.config.registers, captured.document_version)
            if before is None or not _same(before, statements, event, done):
                yield Anew(stream=stream, captured=captured, before=before, statements=statements, event=event, done=done)


def _versions(stream: Sequence[Recorded]) -> Iterator[tuple[DocumentCaptured, DocumentRead | None, list[Statement]]]:
    """Each version with its last reading and the statements of that."""
    captured: dict[int, DocumentCaptured] = {}
    readings: dict[int, tuple[DocumentRead, list[Statement]]] = {}
    current: list[Statement] = []
    for one in stream:
        match one.event:
            case DocumentCaptured() as event:
                captured[event.document_version] = event
            case DocumentRead() as event:
                current = []
                readings[event.document_version] = (event, current)
            case Statement() as event:
                current.append(event)
    for number, event in captured.items():
        yield (event, *readings.get(number, (None, [])))


def _document(app: App, captured: DocumentCaptured) -> Document:
    """The document as it was when captured."""
    return Document(
        source=captured.source,
        kind=captured.kind,
        key=captured.key,
        url=captured.url,
        rendition=captured.rendition,
        raw=app.archive.get(captured.raw),
        charset=captured.charset,
        media_type=captured.fetch.media_type,
        title=captured.title,
        language=captured.language,
        outlet=captured.outlet,
        timezone=captured.timezone,
        published=captured.published,
        available=captured.available,
        metadata=app.archive.get(captured.metadata) if captured.metadata else None,
    )


def _same(before: DocumentRead, statements: Sequence[Statement], event: DocumentRead, done: ReadDocument) -> bool:
    """Whether the new reading says what the old one said; another version of reader or register alone is no news."""
    now, then = (_said(one) for one in (event, before))
    return now == then and list(statements) == list(done.statements)


def _said(event: DocumentRead) -> dict[str, Any]:
    fields: dict[str, Any] = msgspec.structs.asdict(event)
    return {name: value for name, value in fields.items() if name not in {"reader_version", "registers"}}


def _append(events: Sequence[Event], before: DocumentRead | None) -> Any:
    def decide(known: Sequence[Recorded]) -> Sequence[Event]:
        # Another process may have read it again meanwhile, just so.
        readings = [one.event for one in known if isinstance(one.event, DocumentRead)]
        return [] if events[0] in readings[-1:] and before != readings[-1] else events

    return decide


def _difference(stream: str, captured: DocumentCaptured, statements: Sequence[Statement], done: ReadDocument) -> Reread:
    before = {one.claim: one for one in statements}
    after = {one.claim: one for one in done.statements}
    return Reread(
        document=stream,
        document_version=captured.document_version,
        reader=f"{done.reading.reader}@{done.reading.reader_version}",
        added=tuple(claim for claim in after if claim not in before),
        withdrawn=tuple(claim for claim in before if claim not in after),
        changed=tuple(claim for claim in after if claim in before and after[claim] != before[claim]),
        quarantined=len(done.reading.quarantined),
        failure=done.failure,
    )
