"""The chain of hashes beside a ledger: a digest an event, each made over the one before it.

    digest(0) = sha256(GENESIS)
    digest(n) = sha256(digest(n-1), then position, stream, version, topic, state)

Each of the five fields is its length, as 8 bytes (big-endian), then its bytes: numbers in decimal digits,
text in UTF-8, the state as it is stored. So whoever knows the digest of a position knows all that the
ledger held up to there, and any other past gives another digest.
"""

import hashlib
import sqlite3
import struct
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Final

import msgspec
from eventsourcing.sqlite import SQLiteCursor

GENESIS: Final = b"regulatory-change-tracker: chain 1"
ORIGIN: Final = hashlib.sha256(GENESIS).digest()
PAGE: Final = 1_000
BATCH: Final = 10_000
"""Events of an old ledger that are chained in one transaction."""

Row = tuple[str, int, str, bytes]
"""Stream, version, topic and state of an event, as stored."""
Begin = Callable[[], AbstractContextManager[SQLiteCursor]]

_length: Final = struct.Struct(">Q").pack


class Link(msgspec.Struct, frozen=True):
    """The last position that is chained, and its digest."""

    position: int
    digest: bytes


class Walked(msgspec.Struct, frozen=True):
    """One position as it is found: the digest that its stored bytes give, and what is wrong, if anything.

    A missing event has no digest; one that is not chained waits to be.
    """

    position: int
    digest: bytes | None
    is_chained: bool
    wrong: str | None = None


class BrokenChainError(ValueError):
    """The events do not go with their chain, so nothing may be added to either."""


def link(previous: bytes, position: int, row: Row) -> bytes:
    """The digest of an event, over the digest of the one before."""
    stream, version, topic, state = row
    number, name, count, kind = b"%d" % position, stream.encode(), b"%d" % version, topic.encode()
    return hashlib.sha256(
        b"".join(
            (
                previous,
                _length(len(number)), number,
                _length(len(name)), name,
                _length(len(count)), count,
                _length(len(kind)), kind,
                _length(len(state)), state,
            )
        )
    ).digest()  # fmt: skip


class Chain:
    """The table `chain` beside a table of events: dense from 1, and as append-only as the events."""

    def __init__(self, events: str) -> None:
        self.events = events

    def statements(self) -> dict[str, str]:
        """What makes the table and its guards, by name.

        The guard before insert lets only the next position in, and so refuses gaps and replacements.
        """
        refuse = "BEGIN SELECT RAISE(ABORT, 'the chain is append-only'); END"
        return {
            "chain": "CREATE TABLE IF NOT EXISTS chain (position INTEGER PRIMARY KEY, digest BLOB NOT NULL)",
            "chain_no_update": f"CREATE TRIGGER IF NOT EXISTS chain_no_update BEFORE UPDATE ON chain {refuse}",
            "chain_no_delete": f"CREATE TRIGGER IF NOT EXISTS chain_no_delete BEFORE DELETE ON chain {refuse}",
            "chain_next_only": (
                "CREATE TRIGGER IF NOT EXISTS chain_next_only BEFORE INSERT ON chain "
                f"WHEN NEW.position IS NOT (SELECT coalesce(max(position), 0) + 1 FROM chain) {refuse}"
            ),
        }

    def head(self, cursor: SQLiteCursor) -> Link:
        """The last link; that of position 0 when nothing is chained."""
        cursor.execute("SELECT position, digest FROM chain ORDER BY position DESC LIMIT 1")
        row = cursor.fetchone()
        return Link(row["position"], row["digest"]) if row else Link(0, ORIGIN)

    def extend(self, cursor: SQLiteCursor, head: Link, rows: Iterable[Row]) -> Link:
        """Chains the events that follow the head, in the caller's transaction."""
        digests = []
        position, digest = head.position, head.digest
        for row in rows:
            position += 1
            digest = link(digest, position, row)
            digests.append((position, digest))
        cursor.executemany("INSERT INTO chain (position, digest) VALUES (?, ?)", digests)
        return Link(position, digest)

    def complete(self, cursor: SQLiteCursor, last: int) -> Link:
        """Chains a batch of the events up to position `last` that have no digest yet.

        An older version of the software wrote them, or an upgrade was killed. A digest that is there stays.
        Raises BrokenChainError where an event is missing.
        """
        head = self.head(cursor)
        if head.position > last:
            raise BrokenChainError(f"the events {last + 1} to {head.position} are missing, whose digests are in the chain")
        if head.position == last:
            return head
        cursor.execute(
            f"SELECT rowid, originator_id, originator_version, topic, state FROM {self.events} "
            "WHERE rowid > ? AND rowid <= ? ORDER BY rowid LIMIT ?",
            (head.position, last, BATCH),
        )
        rows = cursor.fetchall()
        for position, row in enumerate(rows, start=head.position + 1):
            if row["rowid"] != position:
                raise BrokenChainError(f"the event {position} is missing")
        return self.extend(cursor, head, (tuple(row)[1:] for row in rows))

    def walk(self, reading: Begin) -> Iterator[Walked]:
        """Makes every digest again from the stored bytes, position by position, and compares.

        Goes on past what is wrong, with the digest that the stored bytes give. Events past the last digest
        are no fault: they wait to be completed.
        """
        position, digest = 0, ORIGIN
        while True:
            with reading() as cursor:
                cursor.execute(self._page(), (position, PAGE))
                rows = cursor.fetchall()
                end = self.head(cursor).position
            for row in rows:
                if row["rowid"] != position + 1:
                    yield Walked(position + 1, None, is_chained=True, wrong="the event is missing")
                position = row["rowid"]
                digest = link(digest, position, tuple(row)[1:5]) if row["sound"] else ORIGIN
                yield Walked(position, digest, bool(row["chained"]), _wrong(row, digest))
            if len(rows) < PAGE:
                break
        if end > position:
            wrong = f"the events are missing from here to {end}, whose digests are in the chain"
            yield Walked(position + 1, None, is_chained=True, wrong=wrong)

    def _page(self) -> str:
        """Events with their digests; `sound` tells whether the fields have the types that were written."""
        return (
            "SELECT e.rowid, e.originator_id, e.originator_version, e.topic, e.state, c.digest, "
            "typeof(e.originator_id) || typeof(e.originator_version) || typeof(e.topic) || typeof(e.state) "
            "= 'textintegertextblob' AS sound, "
            "e.rowid <= (SELECT coalesce(max(position), 0) FROM chain) AS chained "
            f"FROM {self.events} e LEFT JOIN chain c ON c.position = e.rowid WHERE e.rowid > ? ORDER BY e.rowid LIMIT ?"
        )


def _wrong(row: sqlite3.Row, digest: bytes) -> str | None:
    """What is wrong with an event, given the digest that its bytes make."""
    if not row["sound"]:
        return "a field of the event is of another type than was written"
    if row["digest"] is None:
        return "the digest of the event is missing" if row["chained"] else None
    if row["digest"] != digest:
        return f"the event ({row['originator_id']}) is not the one that was appended, or its digest was changed"
    return None
