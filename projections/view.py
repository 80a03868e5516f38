"""What a view is, and what it is given: units of the ledger, one after the other."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

import msgspec
from sqlite_utils import Database

from events.base import Recorded
from events.documents import DocumentRead


class Unit(msgspec.Struct):
    """What is applied as one: a reading with all its statements, or any other single event.

    Settling is done unit by unit, so what the change log says never depends on batch sizes.
    `touched` are the subjects (see `events.said`) that this unit may have changed; earlier views add to
    it for later ones. `news` are the differences that settling found, for the change log.
    """

    recorded: tuple[Recorded, ...]
    touched: set[str] = msgspec.field(default_factory=set)
    parties: set[str] = msgspec.field(default_factory=set)
    news: list["object"] = msgspec.field(default_factory=list)
    settled: dict[str, "object"] = msgspec.field(default_factory=dict)
    """What was said about a subject and the facts it settled to, for views that show the same otherwise."""
    known: int | None = None
    """The last position that counts, where later ones are loaded already (`projections/filling.py`)."""

    @property
    def head(self) -> Recorded:
        """The event that opens the unit."""
        return self.recorded[0]

    @property
    def position(self) -> int:
        """The position of its last event."""
        return self.recorded[-1].position


class View(Protocol):
    """A view: some tables, and how a unit changes them. `name` and `version` never lie about the code."""

    name: str
    version: int

    def create(self, database: Database) -> None:
        """Makes the tables and indexes."""

    def apply(self, database: Database, unit: Unit) -> None:
        """Takes in one unit, inside the transaction that also moves the checkpoint."""


Columns = tuple[object, ...]
"""A row, in the order of its table's columns."""


def add(database: Database, table: str, rows: Sequence[Columns]) -> None:
    """Adds rows: the hot path, where sqlite-utils' care for each row costs more than the row."""
    if rows:
        assert database.conn is not None
        database.conn.executemany(f'INSERT INTO "{table}" VALUES ({",".join("?" * len(rows[0]))})', rows)


def units(recorded: Iterable[Recorded]) -> Iterator[Unit]:
    """Groups events into units; a reading whose statements are not all there yet is held back."""
    pending: list[Recorded] = []
    wanted = 0
    for one in recorded:
        pending.append(one)
        if isinstance(one.event, DocumentRead) and len(pending) == 1:
            wanted = 1 + one.event.statements
        if len(pending) >= max(1, wanted):
            yield Unit(recorded=tuple(pending))
            pending, wanted = [], 0
