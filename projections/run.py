"""How views follow the ledger: catch up, rebuild beside the old, compare.

    for each batch of units past the checkpoint:
        BEGIN IMMEDIATE; every view applies every unit; the checkpoint moves; COMMIT

A kill at any point leaves the last committed batch: rows and checkpoint are one transaction. What a view
cannot take in is parked (`projections/parked.py`).
"""

import hashlib
import logging
from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Final, Protocol

from sqlite_utils import Database

from events.base import Recorded
from projections.changes import Changes
from projections.claims import Claims
from projections.documents import Documents
from projections.facts import Facts
from projections.filling import fill
from projections.followed import create as create_followed
from projections.followed import follows, mark_of, note
from projections.listings import Listings
from projections.parked import Parked, apply_carefully, is_of_the_unit, parked_in
from projections.parked import create as create_parked
from projections.sources import Sources
from projections.store import LEDGER, ViewStore
from projections.superseded import Superseded
from projections.terms import Terms
from projections.timeline import Timeline
from projections.told import Told
from projections.view import Unit, View, units
from projections.watches import Watches

VIEWS: Final[dict[str, View]] = {
    view.name: view
    for view in (
        Documents(), Claims(), Listings(), Terms(), Facts(), Timeline(), Changes(), Superseded(), Watches(), Told(), Sources()
    )
}  # fmt: skip
"""Every view, in the order in which a unit passes through them: later ones build on earlier ones."""

_SETTLED: Final = (Documents, Claims, Listings, Terms, Facts, Timeline, Changes, Superseded)
"""The views whose tables `projections/filling.py` fills at once; all others stand by themselves."""

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
    create_followed(database)


def parked(store: ViewStore, after: int = 0) -> list[Parked]:
    """What views could not take in, past a position."""
    with store.reading() as database:
        return parked_in(database, after)


def tell(store: ViewStore, after: int = 0) -> None:
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


def is_of_this_code(store: ViewStore) -> bool:
    with store.reading() as database:
        if not database["made_by"].exists():
            return False
        return [row["code"] for row in database["made_by"].rows] == [code_of_views()]


def is_of_this_ledger(store: ViewStore, ledger: EventSource) -> bool:
    """Whether the ledger still holds what was followed; not when an older one was restored, though it went on since."""
    with store.reading() as database:
        return follows(database, LEDGER, ledger, store.checkpoint_in(database))


def build(store: ViewStore, ledger: EventSource, until: int | None = None, progress: Progress | None = None) -> int:
    """Takes the ledger into an empty file, all at once where every view can take it in, and gives how many units there were.

    It leaves what `catch_up` would leave. Progress counts positions, as if all steps went through them once.
    """
    head = ledger.head() if until is None else until

    def told(done: float) -> None:
        if progress is not None:
            progress(int(done * head), head)

    done = 0
    others = [view for view in VIEWS.values() if type(view) not in _SETTLED]
    if len(others) + len(_SETTLED) == len(VIEWS):
        try:
            done = fill(store, units(ledger.read(0, until)), head, lambda at: next(ledger.read(at - 1, at)), others, told)
        except Exception as error:
            if not is_of_the_unit(error):
                raise
            log.info("not all of the ledger can be taken in at once (%s): unit by unit", error)
    return done + catch_up(store, ledger, until, progress)


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
        note(database, LEDGER, batch[-1].position, mark_of(batch[-1].recorded[-1]))
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
            if table in {"tracking", "made_by", "followed"} or table.startswith("sqlite_"):
                continue
            columns = ", ".join(f'"{column.name}"' for column in database[table].columns)
            digest = hashlib.sha256()
            for row in database.execute(f'SELECT {columns} FROM "{table}" ORDER BY {columns}'):
                digest.update(repr(tuple(row)).encode())
            digests[table] = digest.hexdigest()
    return digests


def differing_tables(store: ViewStore, ledger: EventSource, beside: ViewStore) -> list[str]:
    """Builds other views up to the live checkpoint, from wherever they are, and names the tables that differ."""
    build(beside, ledger, until=store.checkpoint())
    live, rebuilt = fingerprint(store), fingerprint(beside)
    return sorted(table for table in live.keys() | rebuilt.keys() if live.get(table) != rebuilt.get(table))
