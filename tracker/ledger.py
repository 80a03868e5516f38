"""The ledger: every event, in order, for good.

eventsourcing's SQLite recorder with readable stream ids (`document/...`, `register/...`), our own
codec, and triggers that refuse any change of what is written. Positions are dense and count from 1.
"""

import bisect
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from eventsourcing.persistence import (
    DatabaseError,
    InterfaceError,
    Mapper,
    OperationalError,
    StoredEvent,
)
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteCursor, SQLiteDatastore

from events import codec
from events.base import Event, Recorded
from tracker.errors import TrackerError

LOCK_TIMEOUT_SECONDS: Final = 60
PAGE: Final = 1_000

Decide = Callable[[Sequence[Recorded]], Sequence[Event]]


class EventMapper(Mapper[str]):
    """Recorded events to stored rows and back, with the codec of `events.codec`."""

    def __init__(self) -> None:
        """Takes no transcoder: the codec knows every class."""

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        """The row of a `Recorded`."""
        topic, state = codec.encode(domain_event.recorded_at, domain_event.event)
        return StoredEvent(domain_event.stream, domain_event.version, topic, state)

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        """The `Recorded` of a row; its position is 0 unless the row is a notification."""
        recorded_at, event = codec.decode(stored_event.topic, stored_event.state)
        return Recorded(
            position=getattr(stored_event, "id", 0),
            stream=str(stored_event.originator_id),
            version=stored_event.originator_version,
            recorded_at=recorded_at,
            event=event,
        )


class AppendOnlyRecorder(SQLiteApplicationRecorder):
    """The stock recorder, with triggers that refuse update, delete and replacement.

    `INSERT OR REPLACE` deletes without firing delete triggers, so the trigger before insert looks for
    what would be replaced, by key and by rowid.
    """

    def construct_create_table_statements(self) -> list[str]:
        """The stock table and its guards."""
        table = self.events_table_name
        refuse = "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
        return [
            *super().construct_create_table_statements(),
            f"CREATE TRIGGER IF NOT EXISTS {table}_no_update BEFORE UPDATE ON {table} {refuse}",
            f"CREATE TRIGGER IF NOT EXISTS {table}_no_delete BEFORE DELETE ON {table} {refuse}",
            (
                f"CREATE TRIGGER IF NOT EXISTS {table}_no_replace BEFORE INSERT ON {table} "
                f"WHEN EXISTS (SELECT 1 FROM {table} WHERE originator_id = NEW.originator_id "
                f"AND originator_version = NEW.originator_version) "
                f"OR EXISTS (SELECT 1 FROM {table} WHERE rowid = NEW.rowid) {refuse}"
            ),
        ]


class Ledger:
    """One ledger file. Safe with several processes: every append is one `BEGIN IMMEDIATE`."""

    def __init__(self, path: Path) -> None:
        """Opens the ledger, creating it when it is not there; raises TrackerError when it is damaged."""
        self.path = path
        self.mapper = EventMapper()
        path.parent.mkdir(parents=True, exist_ok=True)
        self.datastore = SQLiteDatastore(f"file:{_quoted(path)}", lock_timeout=LOCK_TIMEOUT_SECONDS, originator_id_type="text")
        self.recorder = AppendOnlyRecorder(self.datastore)
        with _damage_told(path):
            self.recorder.create_table()

    def close(self) -> None:
        """Closes all connections."""
        self.datastore.close()

    def append(self, stream: str, decide: Decide, now: datetime) -> list[Recorded]:
        """Loads a stream, lets `decide` say what to add, and adds it, all in one transaction.

        `decide` is given the stream's events and gives the events to append: none is a fine answer, and
        makes the append idempotent. It must be quick and pure, since it runs inside the lock. The time of
        recording is `now`, or the last one's if that is later: it never decreases.
        """
        with _damage_told(self.path), self._immediate() as cursor:
            known = self._stream(cursor, stream)
            events = decide(known)
            if not events:
                return []
            at = max(now, self._last_recorded_at(cursor) or now)
            version = known[-1].version if known else 0
            recorded = [
                Recorded(position=0, stream=stream, version=version + n, recorded_at=at, event=event)
                for n, event in enumerate(events, start=1)
            ]
            rows = [self.mapper.to_stored_event(one) for one in recorded]
            positions = self.recorder._insert_events(cursor, rows)
            assert positions is not None
        return [
            Recorded(position=position, stream=one.stream, version=one.version, recorded_at=at, event=one.event)
            for position, one in zip(positions, recorded, strict=True)
        ]

    def stream(self, stream: str) -> list[Recorded]:
        """The events of one stream, oldest first; positions are not looked up (0)."""
        with _damage_told(self.path):
            return [self.mapper.to_domain_event(row) for row in self.recorder.select_events(stream)]

    def streams(self, beginning: str) -> list[str]:
        """The names of the streams that begin so, in alphabetical order."""
        query = (
            f"SELECT DISTINCT originator_id FROM {self.recorder.events_table_name} "
            "WHERE originator_id >= ? AND originator_id < ? ORDER BY originator_id"
        )
        with _damage_told(self.path), self.datastore.transaction(commit=False) as cursor:
            cursor.execute(query, (beginning, beginning + "\U0010ffff"))
            return [row["originator_id"] for row in cursor.fetchall()]

    def head(self) -> int:
        """The last position; 0 for an empty ledger."""
        with _damage_told(self.path):
            return self.recorder.max_notification_id() or 0

    def read(self, after: int = 0, until: int | None = None) -> Iterator[Recorded]:
        """Events in order of position, those past `after` up to `until` (included), in pages."""
        while True:
            with _damage_told(self.path):
                rows = self.recorder.select_notifications(after, PAGE, until, inclusive_of_start=False)
                page = [self.mapper.to_domain_event(row) for row in rows]
            yield from page
            if len(page) < PAGE:
                return
            after = page[-1].position

    def position_at(self, time: datetime) -> int:
        """The last position recorded at or before a time; times never decrease, so it is found by halves."""
        return bisect.bisect_right(range(1, self.head() + 1), time, key=lambda p: next(self.read(p - 1, p)).recorded_at)

    @contextmanager
    def _immediate(self) -> Iterator[SQLiteCursor]:
        with self.datastore.get_connection(commit=True) as connection:
            cursor = connection.cursor()
            cursor.execute("BEGIN IMMEDIATE")
            try:
                yield cursor
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    def _stream(self, cursor: SQLiteCursor, stream: str) -> list[Recorded]:
        cursor.execute(self.recorder.select_events_statement + "ORDER BY originator_version", (stream,))
        return [
            self.mapper.to_domain_event(StoredEvent(row["originator_id"], row["originator_version"], row["topic"], row["state"]))
            for row in cursor.fetchall()
        ]

    def _last_recorded_at(self, cursor: SQLiteCursor) -> datetime | None:
        table = self.recorder.events_table_name
        cursor.execute(f"SELECT topic, state FROM {table} ORDER BY rowid DESC LIMIT 1")
        row = cursor.fetchone()
        return codec.decode(row["topic"], row["state"])[0] if row else None


def _quoted(path: Path) -> str:
    """The path inside an SQLite `file:` URI."""
    return str(path.absolute()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")


@contextmanager
def _damage_told(path: Path) -> Iterator[None]:
    """Turns the database's errors into one line about the file."""
    try:
        yield
    except codec.UnknownEventError as error:
        raise TrackerError(f"{path}: {error}", "Install the version of the tracker that wrote it, or a newer one.") from error
    except (sqlite3.Error, DatabaseError, InterfaceError) as error:
        busy = isinstance(error, OperationalError | sqlite3.OperationalError) and "locked" in str(error)
        hint = "Another process holds it: try again." if busy else "Restore it from a backup; nothing was changed."
        raise TrackerError(f"{path}: the ledger cannot be used: {error}", hint) from error
