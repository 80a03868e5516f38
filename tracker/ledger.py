"""The ledger: every event, in order, for good.

Positions are dense and count from 1. The tables, and the triggers that refuse any change of what is
written, are in `tracker/recorder.py`; the chain of hashes beside the events is in `tracker/chain.py`.
"""

import bisect
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from eventsourcing.persistence import DatabaseError, InterfaceError, OperationalError, StoredEvent
from eventsourcing.sqlite import SQLiteCursor, SQLiteDatastore

from events import codec
from events.base import Event, Recorded
from tracker.chain import BrokenChainError, Link, Walked
from tracker.errors import TrackerError
from tracker.recorder import AppendOnlyRecorder, EventMapper

LOCK_TIMEOUT_SECONDS: Final = 60
PAGE: Final = 1_000

Decide = Callable[[Sequence[Recorded]], Sequence[Event]]


class Ledger:
    """One ledger file. Safe with several processes: every append is one `BEGIN IMMEDIATE`."""

    def __init__(self, path: Path) -> None:
        """Opens the ledger, creating it when it is not there; raises TrackerError when it is damaged."""
        self.path = path
        self.mapper = EventMapper()
        path.parent.mkdir(parents=True, exist_ok=True)
        self.datastore = SQLiteDatastore(f"file:{_quoted(path)}", lock_timeout=LOCK_TIMEOUT_SECONDS, originator_id_type="text")
        self.recorder = AppendOnlyRecorder(self.datastore)
        self._is_chained = False
        with _damage_told(path):
            if not self.recorder.is_made():
                # Not the stock `create_table`: of two that begin to read, then to write, one would fail.
                with self._immediate() as cursor:
                    self.recorder._create_table(cursor)

    def close(self) -> None:
        """Closes all connections."""
        self.datastore.close()

    def append(self, stream: str, decide: Decide, now: datetime) -> list[Recorded]:
        """Loads a stream, lets `decide` say what to add, and adds it, all in one transaction.

        `decide` is given the stream's events and gives the events to append: none is a fine answer, and
        makes the append idempotent. It must be quick and pure, since it runs inside the lock. The time of
        recording is `now`, or the last one's if that is later: it never decreases.
        """
        if not self._is_chained:
            self.complete_chain()
        with _damage_told(self.path), self._immediate() as cursor:
            known = self._stream(cursor, stream)
            events = decide(known)
            if not events:
                return []
            last, recorded_at = self._last(cursor)
            at = max(now, recorded_at or now)
            version = known[-1].version if known else 0
            recorded = [
                Recorded(position=0, stream=stream, version=version + n, recorded_at=at, event=event)
                for n, event in enumerate(events, start=1)
            ]
            rows = [self.mapper.to_stored_event(one) for one in recorded]
            positions = self.recorder._insert_events(cursor, rows, last=last)
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

    def read(self, after: int = 0, until: int | None = None, of: tuple[type[Event], ...] = ()) -> Iterator[Recorded]:
        """Events in order of position, those past `after` up to `until` (included), in pages; `of` some classes only."""
        topics = [topic for event in of for topic in codec.stored_topics(event)]
        while True:
            with _damage_told(self.path):
                rows = self.recorder.select_notifications(after, PAGE, until, topics, inclusive_of_start=False)
                page = [self.mapper.to_domain_event(row) for row in rows]
            yield from page
            if len(page) < PAGE:
                return
            after = page[-1].position

    def position_at(self, time: datetime) -> int:
        """The last position recorded at or before a time; times never decrease, so it is found by halves."""
        return bisect.bisect_right(range(1, self.head() + 1), time, key=lambda p: next(self.read(p - 1, p)).recorded_at)

    def check_file(self) -> None:
        """Looks at every page and index of the file; raises TrackerError at the first that is damaged."""
        with _damage_told(self.path), self.datastore.transaction(commit=False) as cursor:
            cursor.execute("PRAGMA integrity_check(1)")
            said = " ".join(" ".join(row[0] for row in cursor.fetchall()).split())
        if said != "ok":
            raise TrackerError(f"{self.path}: the ledger is damaged: {said}", "Restore it from a backup; nothing was changed.")

    def complete_chain(self) -> Link:
        """Chains the events that have no digest yet, batch by batch, and gives the head of the chain."""
        with _damage_told(self.path):
            while True:
                with self._immediate() as cursor:
                    last = self.recorder.last(cursor)
                    head = self.recorder.chain.complete(cursor, last)
                if head.position == last:
                    self._is_chained = True
                    return head

    def walk_chain(self) -> Iterator[Walked]:
        """Every position with its digest as the stored bytes give it, and what is wrong with it."""
        with _damage_told(self.path):
            yield from self.recorder.chain.walk(lambda: self.datastore.transaction(commit=False))

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

    def _last(self, cursor: SQLiteCursor) -> tuple[int, datetime | None]:
        """The last position, and when it was recorded."""
        cursor.execute(f"SELECT rowid, topic, state FROM {self.recorder.events_table_name} ORDER BY rowid DESC LIMIT 1")
        row = cursor.fetchone()
        return (row["rowid"], codec.decode(row["topic"], row["state"])[0]) if row else (0, None)


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
    except BrokenChainError as error:
        raise TrackerError(f"{path}: {error}", "Restore it from a backup; `tracker verify` tells more.") from error
    except (sqlite3.Error, DatabaseError, InterfaceError) as error:
        busy = isinstance(error, OperationalError | sqlite3.OperationalError) and "locked" in str(error)
        hint = "Another process holds it: try again." if busy else "Restore it from a backup; nothing was changed."
        raise TrackerError(f"{path}: the ledger cannot be used: {error}", hint) from error
