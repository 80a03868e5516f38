"""Which ledger a file has followed: the event at its checkpoint, by a digest, so that another past is noticed.

A ledger that was restored from a backup goes on with other events. That its end lies before a checkpoint tells so
only until it is as long again.
"""

import hashlib
from collections.abc import Iterator
from typing import Protocol

import msgspec
from sqlite_utils import Database

from events.base import Recorded


class Readable(Protocol):
    """A ledger of which an event is read."""

    def read(self, after: int = 0, until: int | None = None) -> Iterator[Recorded]:
        """Events past a position, in order."""


def mark_of(one: Recorded) -> str:
    """A digest of an event as it was recorded."""
    return hashlib.sha256(msgspec.json.encode(one)).hexdigest()


def mark_at(ledger: Readable, position: int) -> str | None:
    """The digest of the event at a position; None where there is none."""
    found = next(iter(ledger.read(position - 1, position)), None) if position else None
    return mark_of(found) if found else None


def create(database: Database) -> None:
    """Makes the table `followed`."""
    database.table("followed").create({"ledger": str, "position": int, "mark": str}, pk="ledger")


def note(database: Database, name: str, position: int, mark: str | None) -> None:
    """Notes the event at a checkpoint, in the transaction that moves it."""
    database.execute("INSERT OR REPLACE INTO followed VALUES (?, ?, ?)", [name, position, mark])


def follows(database: Database, name: str, ledger: Readable, checkpoint: int) -> bool:
    """Whether the ledger holds at the checkpoint what it held when that was reached."""
    row = database.execute("SELECT position, mark FROM followed WHERE ledger = ?", [name]).fetchone()
    return checkpoint == 0 or (row is not None and tuple(row) == (checkpoint, mark_at(ledger, checkpoint)))
