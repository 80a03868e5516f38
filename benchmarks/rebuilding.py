"""Rebuilding all views, beside the least that any rebuild does: read, decode, write the same rows."""

import sqlite3
import time
from pathlib import Path
from typing import NamedTuple

from events import codec
from projections import run
from projections.run import build, catch_up, new_store
from tracker.ledger import Ledger


class Rebuilt(NamedTuple):
    """Seconds of the rebuild, of the floor, and of a rebuild with one transaction an event (scaled up from a part)."""

    ours: float
    floor: float
    singly: float


def measure(ledger: Ledger, folder: Path, singly: int = 2_000) -> Rebuilt:
    """Rebuilds, then writes the rows that came out into a file of the same shape."""
    store = new_store(folder / "rebuilt.db")
    begin = time.perf_counter()
    build(store, ledger)
    ours = time.perf_counter() - begin
    store.close()
    return Rebuilt(ours, _floor(ledger, folder / "rebuilt.db", folder / "floor.db"), _singly(ledger, folder, singly))


_OF_CLAIM = "(SELECT min(position) FROM statements WHERE statements.claim = {})"
_ARRIVAL = {
    "subjects": "position", "facts": _OF_CLAIM.format("fact"), "fact_claims": _OF_CLAIM.format("fact_claims.claim"),
    "timeline": _OF_CLAIM.format("fact"), "names": "normalised", "name_words": "subject", "about": "subject",
}  # fmt: skip
"""In which order the rows of tables arrive that are not written in it, or have no order of their own."""


def _floor(ledger: Ledger, rebuilt: Path, path: Path) -> float:
    """SELECT and decode every event; executemany of the rows that the rebuild made, table by table, in arrival order."""
    source = sqlite3.connect(rebuilt)
    described = source.execute("SELECT name, sql, type FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'")
    made = described.fetchall()
    tables = [name for name, _, kind in made if kind == "table" and name != "tracking"]
    target = sqlite3.connect(path)
    for _, statement, _ in made:
        target.execute(statement)
    spent = 0.0
    for table in tables:
        cursor = source.execute(f'SELECT * FROM "{table}" ORDER BY {_ARRIVAL.get(table, "rowid")}')
        marks = ",".join("?" * len(cursor.description))
        while rows := cursor.fetchmany(20_000):
            begin = time.perf_counter()
            with target:
                target.executemany(f'INSERT INTO "{table}" VALUES ({marks})', rows)
            spent += time.perf_counter() - begin
    begin = time.perf_counter()
    for topic, state in sqlite3.connect(ledger.path).execute("SELECT topic, state FROM stored_events ORDER BY rowid"):
        codec.decode(topic, state)
    return spent + time.perf_counter() - begin


def _singly(ledger: Ledger, folder: Path, part: int) -> float:
    """One transaction for each unit, over the first part of the ledger, scaled to the whole."""
    store = new_store(folder / "singly.db")
    batch, run.BATCH = run.BATCH, 1  # type: ignore[misc]
    try:
        begin = time.perf_counter()
        catch_up(store, ledger, until=part)
        spent = time.perf_counter() - begin
    finally:
        run.BATCH = batch  # type: ignore[misc]
        store.close()
    return spent * ledger.head() / max(1, part)
