"""Checks the house against itself: the archive, the evidence, the views."""

import tempfile
from pathlib import Path

import msgspec

from events.base import Recorded
from events.decisions import RegisterAdopted
from events.documents import DocumentCaptured, DocumentRead
from events.operations import DigestIssued
from events.statements import Statement
from projections.run import verify_views
from tracker.app import App
from tracker.errors import TrackerError


class Verification(msgspec.Struct, frozen=True, kw_only=True):
    """What was checked, and what is wrong; `problems` is empty when all is well."""

    events: int
    objects: int
    spans: int
    problems: tuple[str, ...]


def verify(app: App) -> Verification:
    """Checks that every cited object is there and whole, every span lies in its text, and views equal a rebuild."""
    problems: list[str] = []
    lengths: dict[str, int | None] = {}
    events = spans = 0
    reading: DocumentRead | None = None
    for one in app.ledger.read():
        events += 1
        for digest in cited(one):
            if digest not in lengths:
                lengths[digest] = _length(app, digest, one, problems)
        if isinstance(one.event, DocumentRead):
            reading = one.event
        elif isinstance(one.event, Statement):
            spans += 1
            if problem := _span(one.event, reading, lengths):
                problems.append(f"position {one.position}: {problem}")
    with tempfile.TemporaryDirectory() as folder:
        differing = verify_views(app.views.store, app.ledger, Path(folder) / "rebuilt.db")
    problems += [f"view table {table} differs from a rebuild: run `tracker rebuild`" for table in differing]
    return Verification(events=events, objects=len(lengths), spans=spans, problems=tuple(problems))


def cited(one: Recorded) -> list[str]:
    """The archive objects that an event cites."""
    match one.event:
        case DocumentCaptured(raw=raw, metadata=metadata):
            return [raw, *([metadata] if metadata else [])]
        case DocumentRead(text=text, registers=registers):
            return [text, *registers.values()]
        case RegisterAdopted(digest=digest):
            return [digest]
        case DigestIssued(text=text, html=html, json=json):
            return [text, html, json]
    return []


def _length(app: App, digest: str, one: Recorded, problems: list[str]) -> int | None:
    try:
        content = app.archive.get(digest)
    except TrackerError as error:
        problems.append(f"position {one.position} ({one.stream}): {error}")
        return None
    return len(content.decode(errors="replace"))


def _span(statement: Statement, reading: DocumentRead | None, lengths: dict[str, int | None]) -> str | None:
    evidence = statement.evidence
    if reading is None or evidence.text != reading.text:
        return f"claim {statement.claim} cites a text that its reading did not make"
    length = lengths.get(evidence.text)
    if length is not None and not 0 <= evidence.start < evidence.end <= length:
        return f"claim {statement.claim} cites {evidence.start}-{evidence.end} of a text of {length} characters"
    return None
