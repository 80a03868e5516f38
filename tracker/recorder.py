"""The tables of a ledger: eventsourcing's SQLite recorder with readable stream ids and our own codec.

Triggers refuse any change of what is written, to the events and to their chain of hashes alike.
"""

from collections.abc import Sequence
from typing import Any

from eventsourcing.persistence import Mapper, StoredEvent
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteCursor, SQLiteDatastore

from events import codec
from events.base import Recorded
from tracker.chain import Chain


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
    """The stock recorder, with a chain of hashes, and triggers that refuse update, delete and replacement.

    `INSERT OR REPLACE` deletes without firing delete triggers, so the trigger before insert looks for
    what would be replaced, by key and by rowid.
    """

    def __init__(self, datastore: SQLiteDatastore, events_table_name: str = "stored_events") -> None:
        self.chain = Chain(events_table_name)
        super().__init__(datastore, events_table_name)

    def construct_create_table_statements(self) -> list[str]:
        """The stock table, its guards and the chain."""
        table = self.events_table_name
        refuse = "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
        self.made = {
            table: super().construct_create_table_statements()[0],
            f"{table}_no_update": f"CREATE TRIGGER IF NOT EXISTS {table}_no_update BEFORE UPDATE ON {table} {refuse}",
            f"{table}_no_delete": f"CREATE TRIGGER IF NOT EXISTS {table}_no_delete BEFORE DELETE ON {table} {refuse}",
            f"{table}_no_replace": (
                f"CREATE TRIGGER IF NOT EXISTS {table}_no_replace BEFORE INSERT ON {table} "
                f"WHEN EXISTS (SELECT 1 FROM {table} WHERE originator_id = NEW.originator_id "
                f"AND originator_version = NEW.originator_version) "
                f"OR EXISTS (SELECT 1 FROM {table} WHERE rowid = NEW.rowid) {refuse}"
            ),
            **self.chain.statements(),
        }
        return list(self.made.values())

    def is_made(self) -> bool:
        """Whether all tables and guards are there."""
        with self.datastore.transaction(commit=False) as cursor:
            cursor.execute("SELECT name FROM sqlite_master")
            return self.made.keys() <= {row["name"] for row in cursor.fetchall()}

    def _insert_events(
        self, c: SQLiteCursor, stored_events: Sequence[StoredEvent], last: int | None = None, **_: Any
    ) -> Sequence[int]:
        """Inserts events and their digests, at positions that follow the last one; gives these."""
        rows = [(str(one.originator_id), one.originator_version, one.topic, one.state) for one in stored_events]
        last = self.last(c) if last is None else last
        head = self.chain.complete(c, last)
        while head.position < last:  # an older version of the software appended meanwhile
            head = self.chain.complete(c, last)
        c.executemany(
            f"INSERT INTO {self.events_table_name} (rowid, originator_id, originator_version, topic, state) "
            "VALUES (?, ?, ?, ?, ?)",
            [(position, *row) for position, row in enumerate(rows, start=last + 1)],
        )
        self.chain.extend(c, head, rows)
        return range(last + 1, last + 1 + len(rows))

    def last(self, cursor: SQLiteCursor) -> int:
        """The last position as the caller's transaction sees it; 0 when there is none."""
        return self._max_notification_id(cursor) or 0
