"""The files of views: the live one, its next generation beside it, and the switch in one step.

views/000007.db    the generation that serves, named in views/current
views/000008.db    the next, while it is built: nobody reads it before its name stands in views/current
views/rebuilding   a lock: one builds at a time, and a kill frees it
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from eventsourcing.persistence import DatabaseError

from projections.run import EventSource, Progress, build, catch_up, is_of_this_code, is_of_this_ledger, new_store, tell
from projections.store import LOCK_TIMEOUT_SECONDS, ViewStore


class Views:
    """The live views of a home: `views/<generation>.db`, the current one named in `views/current`.

    A file is replaced by building the next generation beside it and switching the name in one step;
    readers hold the old one until they are done.
    """

    def __init__(self, folder: Path, ledger: EventSource) -> None:
        self.folder = folder
        self.ledger = ledger
        self._store = self._open_current()

    @property
    def store(self) -> ViewStore:
        """The current file; one that another process has replaced meanwhile is let go."""
        if self._current_name() != self._store.path.name:
            replaced, self._store = self._store, self._open_current()
            replaced.close()
        return self._store

    def _open_current(self) -> ViewStore:
        store = self._usable()
        if store is not None:
            return store
        self.folder.mkdir(parents=True, exist_ok=True)
        with _only_one(self.folder / "rebuilding"):
            return self._usable() or self._rebuild()

    def _usable(self) -> ViewStore | None:
        """The current file, unless it is missing, damaged, of other code, or of another past of the ledger."""
        name = self._current_name()
        if name is None or not (self.folder / name).exists():
            return None
        try:
            store = ViewStore(self.folder / name)
            if is_of_this_code(store) and is_of_this_ledger(store, self.ledger):
                return store
            store.close()
        except (sqlite3.DatabaseError, DatabaseError):
            pass  # views are disposable: a damaged file is built anew
        return None

    def _current_name(self) -> str | None:
        pointer = self.folder / "current"
        name = pointer.read_text(errors="replace").strip() if pointer.exists() else ""
        return name if re.fullmatch(r"\d{6,}\.db", name) else None

    def catch_up(self) -> int:
        """Applies what the ledger holds past the checkpoint; gives how many units were applied."""
        checkpoint = self.store.checkpoint()
        applied = catch_up(self.store, self.ledger)
        if applied:
            tell(self.store, after=checkpoint)
        return applied

    def rebuild(self, progress: Progress | None = None) -> ViewStore:
        """Builds the next generation from the ledger, then switches to it; the old file is removed.

        One process at a time: a second one waits, then builds the generation after.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with _only_one(self.folder / "rebuilding"):
            return self._rebuild(progress)

    def _rebuild(self, progress: Progress | None = None) -> ViewStore:
        old = self._current_name()
        name = f"{_generation(old) + 1:06d}.db"
        for stale in self.folder.glob(f"{name}*"):
            stale.unlink()  # what a killed rebuild left
        store = new_store(self.folder / name)
        build(store, self.ledger, progress=progress)
        tell(store)
        beside = self.folder / "current.new"
        beside.write_text(name + "\n")
        beside.replace(self.folder / "current")
        if hasattr(self, "_store"):
            self._store.close()
        self._store = store
        for stale in self.folder.iterdir():  # the old file, and what others that were killed left
            if re.match(r"\d{6,}\.db", stale.name) and not stale.name.startswith(name):
                stale.unlink(missing_ok=True)
        return store

    def close(self) -> None:
        """Closes the current file."""
        self._store.close()


@contextmanager
def _only_one(path: Path) -> Iterator[None]:
    """Holds an exclusive lock while inside. SQLite's own locks serve on every platform, and a kill frees them."""
    connection = sqlite3.connect(path, timeout=LOCK_TIMEOUT_SECONDS, isolation_level=None)
    try:
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            connection.close()  # no database: something else was written over it, and nothing is lost with it
            path.unlink()
            connection = sqlite3.connect(path, timeout=LOCK_TIMEOUT_SECONDS, isolation_level=None)
            connection.execute("BEGIN EXCLUSIVE")
        yield
    finally:
        connection.close()


def _generation(name: str | None) -> int:
    return int(name.partition(".")[0]) if name else 0
