"""What the views say, in a form that can be compared across ledgers."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
from sqlite_utils import Database

from projections import queries
from projections.claims import PRESENT, Horizon
from projections.run import EventSource, build, differing_tables, new_store
from projections.status import status
from projections.store import ViewStore
from tests.histories import DAYS, NAMES

Snapshot = dict[str, Any]
SUBJECTS = ("institution:mit", "institution:~mit", "party:acme", "party:apex", "party:~acme")


@contextmanager
def new_views() -> Iterator[ViewStore]:
    """An empty views file."""
    with TemporaryDirectory() as folder:
        store = new_store(Path(folder) / "views.db")
        yield store
        store.close()


@contextmanager
def views_of(ledger: EventSource) -> Iterator[ViewStore]:
    """The views of a ledger."""
    with new_views() as store:
        build(store, ledger)
        yield store


def differing_from_rebuild(store: ViewStore, ledger: EventSource) -> list[str]:
    """The tables of live views that differ from those of a rebuild."""
    with new_views() as beside:
        return differing_tables(store, ledger, beside)


def kept(database: Database) -> Snapshot:
    """The tables of the present: listings, facts and what could not be joined."""
    return {
        "listings": [msgspec.json.decode(row[0]) for row in database.execute("SELECT body FROM listings ORDER BY lineage")],
        "facts": [msgspec.json.decode(row[0]) for row in database.execute("SELECT body FROM facts ORDER BY fact")],
        "aliases": [tuple(row) for row in database.execute("SELECT claim, fact FROM fact_claims ORDER BY claim")],
        "unmatched": [tuple(row) for row in database.execute("SELECT * FROM unmatched ORDER BY claim")],
        "periods": [tuple(row) for row in database.execute("SELECT * FROM periods ORDER BY lineage, start")],
    }


def answers(database: Database, horizon: Horizon = PRESENT, *, places: bool = False) -> Snapshot:
    """Status on every day and every timeline at a horizon; `places` keeps positions and times of recording."""
    said: Snapshot = {day: plain(status(database, day, horizon)) for day in ("2019-10-01", *DAYS)}
    for name in NAMES:
        said[f"status of {name}"] = plain(status(database, "2019-10-09", horizon, name=name, party=name.lower()))
    lineages = sorted({row["lineage"] for row in said[DAYS[-1]]})
    for subject in (*SUBJECTS, *(f"listing:{lineage}" for lineage in lineages)):
        said[subject] = [_placed(plain(entry), places) for entry in queries.timeline(database, subject, horizon)]
    return said


def plain(row: Any) -> Any:
    """A row as it reads in JSON."""
    return msgspec.json.decode(msgspec.json.encode(row))


def _placed(entry: dict[str, Any], places: bool) -> dict[str, Any]:
    return entry if places else {key: value for key, value in entry.items() if key not in {"position", "recorded_at"}}
