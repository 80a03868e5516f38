"""The view of documents: their versions, their readings, and what of them waits for a person."""

import msgspec
from sqlite_utils import Database

from events.claims import part_id
from events.decisions import ReadingAccepted
from events.documents import DocumentCaptured, DocumentRead
from events.names import normalise
from projections.view import Unit, insert


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
            insert(database, "documents", [_version(one.stream, one.position, one.recorded_at.isoformat(), one.event)])
        elif isinstance(one.event, DocumentRead):
            row = _reading(one.stream, one.position, one.recorded_at.isoformat(), one.event)
            insert(database, "readings", [{**row, "filed": int(_is_filing(database, row))}])
            parts = [
                {
                    **msgspec.structs.asdict(part),
                    "reading": one.position,
                    "part": part_id(one.stream, part),
                    "normalised": normalise(part.name or ""),
                }
                for part in one.event.quarantined
            ]
            insert(database, "quarantined", parts)


def _is_filing(database: Database, reading: dict[str, object]) -> bool:
    """Whether what was read is on file for public inspection, and not published."""
    version = [reading["document"], reading["document_version"]]
    row = database.execute("SELECT rendition FROM documents WHERE document = ? AND document_version = ?", version).fetchone()
    return row is not None and row[0] == "inspection"


def _version(stream: str, position: int, at: str, event: DocumentCaptured) -> dict[str, object]:
    fields = msgspec.to_builtins(event)
    fetch = fields.pop("fetch")
    for unused in ("type", "charset", "timezone"):
        fields.pop(unused, None)
    return {
        **fields,
        "document": stream,
        "position": position,
        "recorded_at": at,
        "fetched_from": fetch["url"],
        "fetched_at": fetch["at"],
        "status": fetch.get("status"),
        "media_type": fetch.get("media_type"),
    }


def _reading(stream: str, position: int, at: str, event: DocumentRead) -> dict[str, object]:
    return {
        "position": position,
        "document": stream,
        "document_version": event.document_version,
        "recorded_at": at,
        "reader": event.reader,
        "reader_version": event.reader_version,
        "text": event.text,
        "available": instant(event.available.timestamp()),
        "published": event.published,
        "title": event.title,
        "number": event.number,
        "citation": event.citation,
        "language": event.language,
        "failure": event.failure,
        "statements": event.statements,
        "registers": msgspec.json.encode(event.registers).decode(),
        "checks": msgspec.json.encode(event.checks).decode(),
    }


def instant(timestamp: float) -> str:
    """An instant as sortable text: seconds of the epoch, zero-padded, so that SQL compares instants."""
    return f"{timestamp:020.6f}"
