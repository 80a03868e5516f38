"""One file of views: their rows and the checkpoint, changed together or not at all."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import sqlite_utils
from eventsourcing.persistence import Tracking
from eventsourcing.sqlite import SQLiteDatastore, SQLiteTrackingRecorder

LEDGER: Final = "ledger"
LOCK_TIMEOUT_SECONDS: Final = 60
CACHE_KIB: Final = 65_536
"""Pages kept while writing: claims are digests, so a large file is written to all over."""


class ViewStore:
    """A views file: eventsourcing's tracking recorder and sqlite-utils over one connection.

    `transaction` gives the database inside one `BEGIN IMMEDIATE`; the checkpoint moved with
    `checkpoint_to` commits or rolls back with the rows.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        quoted = str(path.absolute()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
        self.datastore = SQLiteDatastore(
            f"file:{quoted}", lock_timeout=LOCK_TIMEOUT_SECONDS, pool_size=1, originator_id_type="text"
        )
        self.recorder = SQLiteTrackingRecorder(self.datastore)
        self.recorder.create_table()

    @contextmanager
    def transaction(self) -> Iterator[sqlite_utils.Database]:
        """The database inside a write transaction; any exception takes everything back."""
        with self.datastore.get_connection(commit=True) as connection:
            raw: sqlite3.Connection = connection._sqlite_conn
            raw.execute("PRAGMA synchronous = NORMAL")  # views are disposable; the ledger is not
            raw.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
            raw.execute("BEGIN IMMEDIATE")
            try:
                yield sqlite_utils.Database(raw, execute_plugins=False)
            except BaseException:
                raw.rollback()
                raise
            raw.commit()

    @contextmanager
    def filling(self) -> Iterator[sqlite_utils.Database]:
        """As `transaction`, for a new file that nobody reads yet: what is added is not written twice, as with a log beside it."""
        with self.datastore.get_connection(commit=False) as connection:
            raw: sqlite3.Connection = connection._sqlite_conn
            raw.execute("PRAGMA journal_mode = DELETE")
        try:
            with self.transaction() as database:
                yield database
        finally:
            with self.datastore.get_connection(commit=False) as connection:
                connection._sqlite_conn.execute("PRAGMA journal_mode = WAL")

    @contextmanager
    def reading(self) -> Iterator[sqlite_utils.Database]:
        """The database inside one read transaction: all queries see one state."""
        with self.datastore.get_connection(commit=False) as connection:
            raw: sqlite3.Connection = connection._sqlite_conn
            raw.execute("BEGIN")
            try:
                yield sqlite_utils.Database(raw, execute_plugins=False)
            finally:
                raw.rollback()

    def checkpoint(self) -> int:
        """The ledger position up to which the views are; 0 for new ones."""
        return self.recorder.max_tracking_id(LEDGER) or 0

    def checkpoint_to(self, database: sqlite_utils.Database, position: int) -> None:
        """Moves the checkpoint, inside the caller's transaction; moving it back raises IntegrityError."""
        from eventsourcing.sqlite import SQLiteCursor

        assert database.conn is not None
        self.recorder._insert_tracking(SQLiteCursor(database.conn.cursor()), Tracking(LEDGER, position))

    def checkpoint_in(self, database: sqlite_utils.Database) -> int:
        """The checkpoint as seen inside the caller's transaction."""
        rows = database.execute("SELECT notification_id FROM tracking WHERE application_name = ?", [LEDGER])
        found = rows.fetchone()
        return int(found[0]) if found else 0

    def close(self) -> None:
        """Closes the file."""
        self.datastore.close()
