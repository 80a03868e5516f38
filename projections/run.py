"""How views follow the ledger: catch up, rebuild beside the old, compare.

    for each batch of units past the checkpoint:
        BEGIN IMMEDIATE; every view applies every unit; the checkpoint moves; COMMIT

A kill at any point leaves the last committed batch: rows and checkpoint are one transaction. What a view
cannot take in is parked (`projections/parked.py`).
"""

import hashlib
import logging
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Final, Protocol

from eventsourcing.persistence import DatabaseError
from sqlite_utils import Database

from events.base import Recorded
from projections.changes import Changes
from projections.claims import Claims
from projections.documents import Documents
from projections.facts import Facts
from projections.listings import Listings
from projections.parked import Parked, apply_carefully, is_of_the_unit, parked_in
from projections.parked import create as create_parked
from projections.store import LOCK_TIMEOUT_SECONDS, ViewStore
from projections.superseded import Superseded
from projections.terms import Terms
from projections.timeline import Timeline
from projections.told import Told
from projections.view import Unit, View, units
from projections.watches import Watches

VIEWS: Final[dict[str, View]] = {
    view.name: view
    for view in (
        Documents(), Claims(), Listings(), Terms(), Facts(), Timeline(), Changes(), Superseded(), Watches(), Told()
    )
}  # fmt: skip
"""Every view, in the order in which a unit passes through them: later ones build on earlier ones."""

BATCH: Final = 500
"""Units a transaction."""

Progress = Callable[[int, int], None]
"""Told, after each batch, the position reached and the last position of the ledger."""

log = logging.getLogger(__name__)


class EventSource(Protocol):
    """The ledger as views need it."""

    def read(self, after: int = 0, until: int | None = None) -> Iterator[Recorded]:
        """Events past a position, in order."""

    def head(self) -> int:
        """The last position."""


class Views:
    """The live views of a home: `views/<generation>.db`, the current one named in `views/current`.

    A file is replaced by building the next generation beside it and switching the name in one step;
    readers hold the old one until they are done.
    """

    def __init__(self, folder: Path, ledger: EventSource) -> None:
        self.folder = folder
        self.ledger = ledger
        self.store = self._open_current()

    def _open_current(self) -> ViewStore:
        store = self._usable()
        if store is not None:
            return store
        self.folder.mkdir(parents=True, exist_ok=True)
        with _only_one(self.folder / "rebuilding"):
            return self._usable() or self._rebuild()

    def _usable(self) -> ViewStore | None:
        """The current file, unless it is missing, damaged, of other code, or ahead of the ledger."""
        name = self._current_name()
        if name is None or not (self.folder / name).exists():
            return None
        try:
            store = ViewStore(self.folder / name)
            if _is_of_this_code(store) and store.checkpoint() <= self.ledger.head():
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
            _tell(self.store, after=checkpoint)
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
        catch_up(store, self.ledger, progress=progress)
        _tell(store)
        beside = self.folder / "current.new"
        beside.write_text(name + "\n")
        beside.replace(self.folder / "current")
        if hasattr(self, "store"):
            self.store.close()
        self.store = store
        for stale in self.folder.iterdir():  # the old file, and what others that were killed left
            if re.match(r"\d{6,}\.db", stale.name) and not stale.name.startswith(name):
                stale.unlink(missing_ok=True)
        return store

    def close(self) -> None:
        """Closes the current file."""
        self.store.close()


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


def new_store(path: Path) -> ViewStore:
    """An empty views file with all tables, marked with the code that made it."""
    store = ViewStore(path)
    with store.transaction() as database:
        _create(database)
        database.table("made_by").insert({"code": code_of_views()})
    return store


def _create(database: Database) -> None:
    for view in VIEWS.values():
        view.create(database)
    create_parked(database)


def parked(store: ViewStore, after: int = 0) -> list[Parked]:
    """What views could not take in, past a position."""
    with store.reading() as database:
        return parked_in(database, after)


def _tell(store: ViewStore, after: int = 0) -> None:
    for one in parked(store, after):
        log.error("%s; it is parked, the others went on", one.line())


@cache
def code_of_views() -> str:
    """What a file of views must have been made by: every view's version, and the tables as they are made."""
    scratch = Database(memory=True)
    _create(scratch)
    made = sorted(row[0] for row in scratch.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"))
    scratch.close()
    versions = [f"{view.name}@{view.version}" for view in VIEWS.values()]
    return hashlib.sha256("\n".join([*versions, *made]).encode()).hexdigest()


def _is_of_this_code(store: ViewStore) -> bool:
    with store.reading() as database:
        if not database["made_by"].exists():
            return False
        return [row["code"] for row in database["made_by"].rows] == [code_of_views()]


def catch_up(store: ViewStore, ledger: EventSource, until: int | None = None, progress: Progress | None = None) -> int:
    """Applies every complete unit past the checkpoint, in batches; safe with several processes at once."""
    applied = 0
    while True:
        checkpoint = store.checkpoint()
        batch = list(islice(units(ledger.read(checkpoint, until)), BATCH))
        if not batch:
            return applied
        if not _take_in(store, checkpoint, batch):
            continue  # another process was quicker: begin again from its checkpoint
        applied += len(batch)
        if progress is not None:
            progress(batch[-1].position, ledger.head())


def _take_in(store: ViewStore, checkpoint: int, batch: list[Unit]) -> bool:
    """Applies a batch as a whole, or else with care; tells whether the checkpoint was still where it was."""
    try:
        return _commit(store, checkpoint, batch, apply)
    except Exception as error:
        if not is_of_the_unit(error):
            raise
    anew = [Unit(recorded=unit.recorded) for unit in batch]  # without what the first try left in them
    return _commit(store, checkpoint, anew, lambda database, batch: apply_carefully(database, batch, VIEWS.values()))


def _commit(store: ViewStore, checkpoint: int, batch: list[Unit], passing: Callable[[Database, list[Unit]], None]) -> bool:
    with store.transaction() as database:
        if store.checkpoint_in(database) != checkpoint:
            return False
        passing(database, batch)
        store.checkpoint_to(database, batch[-1].position)
    return True


def apply(database: Database, batch: list[Unit]) -> None:
    """Passes each unit through all views."""
    for unit in batch:
        for view in VIEWS.values():
            view.apply(database, unit)


def fingerprint(store: ViewStore) -> dict[str, str]:
    """A digest of every table's rows, for comparing live views with a rebuild."""
    with store.reading() as database:
        digests = {}
        for table in sorted(database.table_names()):
            if table in {"tracking", "made_by"} or table.startswith("sqlite_"):
                continue
            columns = ", ".join(f'"{column.name}"' for column in database[table].columns)
            digest = hashlib.sha256()
            for row in database.execute(f'SELECT {columns} FROM "{table}" ORDER BY {columns}'):
                digest.update(repr(tuple(row)).encode())
            digests[table] = digest.hexdigest()
    return digests


def verify_views(store: ViewStore, ledger: EventSource, scratch: Path) -> list[str]:
    """Rebuilds in a scratch file up to the live checkpoint and names the tables that differ."""
    beside = new_store(scratch)
    try:
        return differing_tables(store, ledger, beside)
    finally:
        beside.close()


def differing_tables(store: ViewStore, ledger: EventSource, beside: ViewStore) -> list[str]:
    """Builds other views up to the live checkpoint, from wherever they are, and names the tables that differ."""
    catch_up(beside, ledger, until=store.checkpoint())
    live, rebuilt = fingerprint(store), fingerprint(beside)
    return sorted(table for table in live.keys() | rebuilt.keys() if live.get(table) != rebuilt.get(table))
