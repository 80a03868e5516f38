"""Appending to the ledger, beside encoding, hashing and inserting the same rows into the same tables."""

import hashlib
import sqlite3
import time
from pathlib import Path
from typing import NamedTuple

from benchmarks.ledgers import RECORDED_AT, documents
from events.base import Event, Recorded
from tracker.ledger import Ledger


class Appended(NamedTuple):
    """Events a second: ours and the floor's, in batches and singly."""

    batches: float
    batches_floor: float
    singles: float
    singles_floor: float


def _events(count: int) -> list[Event]:
    found: list[Event] = []
    for _, events in documents():
        found += events
        if len(found) >= count:
            return found[:count]
    raise AssertionError("documents have no end")


def measure(folder: Path, count: int = 100_000, batch: int = 1_000, singles: int = 1_000) -> Appended:
    """Appends events in batches, each to a stream of its own, then some one by one."""
    events = _events(count)
    batches = [events[at : at + batch] for at in range(0, count, batch)]
    alone = [[event] for event in events[:singles]]
    return Appended(
        count / _ours(folder / "batches.db", batches),
        count / _floor(folder / "batches-floor.db", batches),
        singles / _ours(folder / "singles.db", alone),
        singles / _floor(folder / "singles-floor.db", alone),
    )


def _ours(path: Path, batches: list[list[Event]]) -> float:
    ledger = Ledger(path)
    begin = time.perf_counter()
    for number, events in enumerate(batches):
        ledger.append(f"document/benchmark/{number:07d}", lambda _, events=events: events, RECORDED_AT)  # type: ignore[misc]
    spent = time.perf_counter() - begin
    ledger.close()
    return spent


def _floor(path: Path, batches: list[list[Event]]) -> float:
    """The same tables and pragmas; nothing is looked up, decided or checked."""
    ledger = Ledger(path)
    mapper = ledger.mapper
    ledger.close()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    chained = bool(connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'chain'").fetchall())
    digest, position = b"\0" * 32, 0
    begin = time.perf_counter()
    for number, events in enumerate(batches):
        rows, links = [], []
        for version, event in enumerate(events, start=1):
            stream = f"document/benchmark/{number:07d}"
            stored = mapper.to_stored_event(
                Recorded(position=0, stream=stream, version=version, recorded_at=RECORDED_AT, event=event)
            )
            position += 1
            digest = hashlib.sha256(digest + stored.topic.encode() + stored.state).digest()
            rows.append((stream, version, stored.topic, stored.state))
            links.append((position, digest))
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(
            "INSERT INTO stored_events (originator_id, originator_version, topic, state) VALUES (?,?,?,?)", rows
        )
        if chained:
            connection.executemany("INSERT INTO chain (position, digest) VALUES (?,?)", links)
        connection.execute("COMMIT")
    spent = time.perf_counter() - begin
    connection.close()
    return spent
