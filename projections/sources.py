"""The view of sources: what is the matter with each, and when its documents came.

A trouble begins with `source-failed`, `source-shrunk`, `source-changed` or `source-silent` and ends with the
`source-recovered` that names it.
"""

from datetime import UTC, datetime, time
from typing import Final

import msgspec
from sqlite_utils import Database

from events import edtf
from events.documents import DocumentCaptured
from events.operations import SourceChanged, SourceFailed, SourceRecovered, SourceShrunk, SourceSilent, SourceTrouble
from events.words import source_trouble
from projections.view import Unit, add

COPIES: Final = frozenset({"ecfr", "csl"})
"""Kinds of document that show a whole list on one day: each version of one is news of its source."""
_DERIVED: Final = frozenset({"list-copy", "ecfr-baseline"})
"""Kinds of document that no poll of a source found new."""
_KINDS: Final[dict[type, SourceTrouble]] = {
    SourceFailed: "failed",
    SourceShrunk: "shrunk",
    SourceChanged: "changed",
    SourceSilent: "silent",
}


class Sources:
    """Tables `source_troubles` (a row from its begin to its end) and `source_documents` (a row a new document)."""

    name = "sources"
    version = 1

    def create(self, database: Database) -> None:
        """Makes the tables and indexes."""
        database.table("source_troubles").create(
            {"source": str, "kind": str, "began": int, "began_at": str, "ended": int, "ended_at": str, "words": str},
            pk="began",
        )
        database.table("source_documents").create({"source": str, "at": str, "recorded_at": str})
        database.table("source_documents").create_index(["source", "at"])

    def apply(self, database: Database, unit: Unit) -> None:
        """Begins or ends a trouble, or notes a new document."""
        one = unit.head
        at = one.recorded_at.isoformat()
        event = one.event
        if isinstance(event, SourceFailed | SourceShrunk | SourceChanged | SourceSilent):
            words = source_trouble(event)
            add(database, "source_troubles", [(event.source, _KINDS[type(event)], one.position, at, None, None, words)])
        elif isinstance(event, SourceRecovered):
            for kind in event.of:
                database.execute(
                    "UPDATE source_troubles SET ended = ?, ended_at = ? WHERE source = ? AND kind = ? AND ended IS NULL",
                    [one.position, at, event.source, kind],
                )
        elif isinstance(event, DocumentCaptured) and _is_new(event):
            add(database, "source_documents", [(event.source, _first_read(event).isoformat(), at)])


def _is_new(event: DocumentCaptured) -> bool:
    return event.kind in COPIES or (event.document_version == 1 and event.kind not in _DERIVED)


def _first_read(event: DocumentCaptured) -> datetime:
    """When anyone could first read a document, as far as its capture tells; never later than it was fetched."""
    told = event.available
    if told is None and event.published is not None:
        try:
            if "T" in event.published:
                told = datetime.fromisoformat(event.published)
            else:
                told = datetime.combine(edtf.parse(event.published).latest, time(23, 59, 59), UTC)
        except ValueError:
            told = None
    if told is None:
        return event.fetch.at.astimezone(UTC)
    return min(told if told.tzinfo else told.replace(tzinfo=UTC), event.fetch.at).astimezone(UTC)


class Trouble(msgspec.Struct, frozen=True, kw_only=True):
    """What is the matter with a source. `began` and `ended` are positions in the ledger."""

    source: str
    kind: SourceTrouble
    words: str
    began: int
    began_at: str
    ended: int | None = None
    ended_at: str | None = None


_COLUMNS: Final = "source, kind, words, began, began_at, ended, ended_at"


def troubles(database: Database) -> list[Trouble]:
    """What is the matter with sources now, the longest first."""
    rows = database.query(f"SELECT {_COLUMNS} FROM source_troubles WHERE ended IS NULL ORDER BY began")
    return [msgspec.convert(row, Trouble) for row in rows]


def document_times(database: Database, source: str, limit: int = 50) -> list[datetime]:
    """When the latest documents of a source could first be read, latest first."""
    rows = database.execute("SELECT at FROM source_documents WHERE source = ? ORDER BY at DESC LIMIT ?", [source, limit])
    return [datetime.fromisoformat(row[0]) for row in rows]


def last_new_document(database: Database, source: str) -> datetime | None:
    """When the last new document of a source was taken in."""
    row = database.execute("SELECT max(recorded_at) FROM source_documents WHERE source = ?", [source]).fetchone()
    return datetime.fromisoformat(row[0]) if row[0] is not None else None
