"""The view of documents: their versions, their readings, and what of them waits for a person."""

from datetime import datetime
from typing import Any, Final

import msgspec
from sqlite_utils import Database

from events.base import Recorded
from events.claims import part_id
from events.decisions import ReadingAccepted
from events.documents import DocumentCaptured, DocumentRead
from events.names import normalise
from projections.view import Columns, Unit, add


class Documents:
    """Tables `documents` (a row a version), `readings` and `quarantined`."""

    name = "documents"
    version = 2

    def create(self, database: Database) -> None:
        """Makes the tables."""
        database.table("documents").create(
            {
                "document": str, "document_version": int, "position": int, "recorded_at": str,
                "source": str, "kind": str, "key": str, "rendition": str, "raw": str, "metadata": str,
                "url": str, "fetched_from": str, "fetched_at": str, "status": int, "media_type": str, "title": str,
                "outlet": str, "language": str, "published": str, "available": str,
            },
            pk=("document", "document_version"),
        )  # fmt: skip
        database.table("readings").create(
            {
                "position": int, "document": str, "document_version": int, "recorded_at": str,
                "reader": str, "reader_version": int, "text": str, "available": str, "published": str,
                "title": str, "number": str, "citation": str, "language": str, "failure": str,
                "statements": int, "registers": str, "checks": str, "filed": int,
            },
            pk="position",
        )  # fmt: skip
        database.table("readings").create_index(["document", "document_version", "position"])
        # Few readings fail, and every question about a list asks which did.
        database.execute("CREATE INDEX readings_failed ON readings (document, position) WHERE failure IS NOT NULL")
        database.table("quarantined").create(
            {
                "reading": int, "part": str, "list": str, "change": str, "destination": str,
                "name": str, "normalised": str, "reason": str,
            }
        )  # fmt: skip
        database.table("quarantined").create_index(["reading"])
        database.table("accepted_parts").create({"position": int, "part": str}, pk="position")

    def apply(self, database: Database, unit: Unit) -> None:
        """Adds the version, or the reading with its quarantine, or what a person decided of that."""
        one = unit.head
        if isinstance(one.event, ReadingAccepted):
            database.table("accepted_parts").insert({"position": one.position, "part": one.event.part})
        elif isinstance(one.event, DocumentCaptured):
            add(database, "documents", [version_row(one, one.event)])
        elif isinstance(one.event, DocumentRead):
            filed = _rendition(database, one.stream, one.event.document_version) == FILING
            add(database, "readings", [reading_row(one, one.event, filed=filed)])
            add(database, "quarantined", part_rows(one, one.event))


FILING: Final = "inspection"
"""The rendition of what is on file for public inspection, and not published."""


def _rendition(database: Database, document: str, version: int) -> str | None:
    query = "SELECT rendition FROM documents WHERE document = ? AND document_version = ?"
    row = database.execute(query, [document, version]).fetchone()
    return row[0] if row else None


def version_row(one: Recorded, event: DocumentCaptured) -> Columns:
    """The row of a version of a document."""
    fetch = event.fetch
    return (
        one.stream, event.document_version, one.position, one.recorded_at.isoformat(),
        event.source, event.kind, event.key, event.rendition, event.raw, event.metadata,
        event.url, fetch.url, _written(fetch.at), fetch.status, fetch.media_type, event.title,
        event.outlet, event.language, event.published, _written(event.available),
    )  # fmt: skip


def reading_row(one: Recorded, event: DocumentRead, *, filed: bool) -> Columns:
    """The row of a reading."""
    return (
        one.position, one.stream, event.document_version, one.recorded_at.isoformat(),
        event.reader, event.reader_version, event.text, instant(event.available.timestamp()), event.published,
        event.title, event.number, event.citation, event.language, event.failure,
        event.statements, _json(event.registers), _json(event.checks), int(filed),
    )  # fmt: skip


def part_rows(one: Recorded, event: DocumentRead) -> list[Columns]:
    """The rows of what a reading left for a person."""
    return [
        (
            one.position, part_id(one.stream, part), part.list, part.change, part.destination,
            part.name, normalise(part.name or ""), part.reason,
        )
        for part in event.quarantined
    ]  # fmt: skip


_encode: Final = msgspec.json.Encoder().encode


def _json(value: object) -> str:
    return _encode(value).decode()


def _written(time: datetime | None) -> Any:
    return msgspec.to_builtins(time)


def instant(timestamp: float) -> str:
    """An instant as sortable text: seconds of the epoch, zero-padded, so that SQL compares instants."""
    return f"{timestamp:020.6f}"
