"""The view of deliveries: what every channel is owed, what it took, and how it fares.

It follows two ledgers, that of events (digests issued, watches removed) and that of receipts, in one file of
its own (`views/deliveries.db`), and can be made again from both. What it says does not depend on which of
the two it read first.
"""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Protocol

from eventsourcing.persistence import DatabaseError, OperationalError
from sqlite_utils import Database

from events.base import Event, Recorded
from projections.delivery_rows import FROM_LEDGER, SCHEMA, VERSION, ChannelRow, ParcelRow, apply, channel_named
from projections.followed import create as create_followed
from projections.followed import follows, mark_at, note
from projections.store import LEDGER, ViewStore

__all__ = [
    "ChannelRow",
    "Deliveries",
    "ParcelRow",
    "channel_named",
    "channels_in_trouble",
    "owed",
    "parcel_of",
    "parcels",
    "unsubscribed",
]

RECEIPTS: Final = "receipts"


class Receipts(Protocol):
    """A ledger as this view needs it."""

    def read(self, after: int = 0, until: int | None = None, of: tuple[type[Event], ...] = ()) -> Iterator[Recorded]:
        """Events past a position, in order; only those of some classes where any are given."""

    def head(self) -> int:
        """The last position."""


class Deliveries:
    """The live view of a home. Safe with several processes at once."""

    def __init__(self, path: Path, ledger: Receipts, receipts: Receipts) -> None:
        self.path = path
        self.ledger, self.receipts = ledger, receipts
        self.store = self._opened()

    def _opened(self) -> ViewStore:
        try:
            return self._made()
        except (sqlite3.DatabaseError, DatabaseError) as error:
            if isinstance(error, OperationalError | sqlite3.OperationalError):
                raise  # locked or full, not damaged
        for beside in self.path.parent.glob(f"{self.path.name}*"):
            beside.unlink()  # damaged: views are disposable
        return self._made()

    def _made(self) -> ViewStore:
        store = ViewStore(self.path)
        with store.reading() as database:
            usable = self._is_usable(database)
        if not usable:
            with store.transaction() as database:
                if not self._is_usable(database):
                    _make(database)
        return store

    def _is_usable(self, database: Database) -> bool:
        """Whether the file is of this code and of the past that its ledgers hold, as not after a backup was restored."""
        both = ((LEDGER, self.ledger), (RECEIPTS, self.receipts))
        return _version(database) == VERSION and all(
            follows(database, name, one, _checkpoint(database, name)) for name, one in both
        )

    def catch_up(self) -> None:
        """Takes in what both ledgers hold past the checkpoints.

        The head of the receipts is asked first: what they speak of is then in the other ledger already.
        """
        heads = {RECEIPTS: self.receipts.head(), LEDGER: self.ledger.head()}
        with self.store.reading() as database:
            if all(_checkpoint(database, name) >= head for name, head in heads.items()):
                return
        with self.store.transaction() as database:
            for name, source, of in ((LEDGER, self.ledger, FROM_LEDGER), (RECEIPTS, self.receipts, ())):
                before, head = _checkpoint(database, name), heads[name]
                if before < head:
                    for one in source.read(before, head, of):
                        apply(database, one)
                    _move(database, name, head)
                    note(database, name, head, mark_at(source, head))

    def close(self) -> None:
        """Closes the file."""
        self.store.close()


def channels_in_trouble(database: Database) -> list[ChannelRow]:
    """The channels that are paused or have unsubscribed, and those that refuse what they are sent."""
    where = "paused_at IS NOT NULL OR unsubscribed_at IS NOT NULL OR refusals > 0"
    return [ChannelRow(**row) for row in database.query(f"SELECT * FROM channels WHERE {where} ORDER BY channel")]


def unsubscribed(database: Database) -> dict[str, str]:
    """The channels that want no more, and their watches."""
    rows = database.query("SELECT channel, watch FROM channels WHERE unsubscribed_at IS NOT NULL ORDER BY channel")
    return {row["channel"]: row["watch"] for row in rows}


def highest_numbers(database: Database) -> dict[str, int]:
    """Watch -> the highest number of a digest that was issued for its channels, or that a receipt speaks of."""
    return {
        row["watch"]: row["number"] for row in database.query("SELECT watch, max(number) AS number FROM parcels GROUP BY watch")
    }


def owed(database: Database, watch: str | None = None) -> dict[str, list[ParcelRow]]:
    """Channel -> what it has not taken, oldest first; of one watch, or of all. No digest is read for it."""
    query = f"SELECT {_PARCEL} FROM parcels WHERE state IN ('waiting', 'failed') AND number > 0"
    rows = database.query(
        query + (" AND watch = ?" if watch else "") + " ORDER BY watch, channel, number", [watch] if watch else []
    )
    found: dict[str, list[ParcelRow]] = {}
    for row in rows:
        found.setdefault(row["channel"], []).append(ParcelRow(**row))
    return found


def parcels(database: Database, watch: str | None = None) -> Iterator[tuple[ParcelRow, ChannelRow]]:
    """Everything that was sent or is to be sent, oldest first, with how its channel fares."""
    channels = {row["channel"]: ChannelRow(**row) for row in database.query("SELECT * FROM channels")}
    query = f"SELECT {_PARCEL} FROM parcels" + (" WHERE watch = ?" if watch else "")
    for row in database.query(f"{query} ORDER BY coalesce(position, 0), watch, number, channel", [watch] if watch else []):
        yield ParcelRow(**row), channels.get(row["channel"], ChannelRow(channel=row["channel"]))


_PARCEL: Final = ", ".join(ParcelRow.__struct_fields__)


def parcel_of(database: Database, channel: str, number: int) -> ParcelRow | None:
    """One parcel; None when nothing is known of it."""
    for row in database.query(f"SELECT {_PARCEL} FROM parcels WHERE channel = ? AND number = ?", [channel, number]):
        return ParcelRow(**row)
    return None


def _make(database: Database) -> None:
    for table in ("parcels", "channels", "followed", "made_by"):
        database.execute(f"DROP TABLE IF EXISTS {table}")
    for name in (LEDGER, RECEIPTS):
        database.execute("DELETE FROM tracking WHERE application_name = ?", [name])
    for statement in SCHEMA.split(";"):
        if statement.strip():
            database.execute(statement)
    create_followed(database)


def _version(database: Database) -> int:
    return int(database.execute("SELECT version FROM made_by").fetchone()[0]) if database["made_by"].exists() else 0


def _checkpoint(database: Database, name: str) -> int:
    found = database.execute("SELECT notification_id FROM tracking WHERE application_name = ?", [name]).fetchone()
    return int(found[0]) if found else 0


def _move(database: Database, name: str, position: int) -> None:
    query = (
        "INSERT INTO tracking VALUES (?, ?) "
        "ON CONFLICT DO UPDATE SET notification_id = max(notification_id, excluded.notification_id)"
    )
    database.execute(query, [name, position])
