"""The view of watches: who watches what, as it stands."""

from typing import Final

import msgspec
from sqlite_utils import Database

from events.operations import WatchAdded, WatchChanged, WatchPaused, WatchRemoved, WatchResumed
from events.watching import Watching, followed
from projections.view import Unit

_encode: Final = msgspec.json.Encoder().encode
_decode: Final = msgspec.json.Decoder(Watching).decode


class Watches:
    """Table `watches`: a row a live watch."""

    name = "watches"
    version = 2

    def create(self, database: Database) -> None:
        """Makes the table."""
        database.table("watches").create({"watch": str, "position": int, "body": bytes}, pk="watch")

    def apply(self, database: Database, unit: Unit) -> None:
        """Adds, changes or removes a watch."""
        event = unit.head.event
        if not isinstance(event, WatchAdded | WatchChanged | WatchPaused | WatchResumed | WatchRemoved):
            return
        after = followed(watch_called(database, event.watch), unit.head)
        database.table("watches").delete_where("watch = ?", [event.watch])
        if after is not None:
            database.table("watches").insert({"watch": event.watch, "position": unit.position, "body": _encode(after)})


def watches(database: Database) -> list[Watching]:
    """All live watches, by id."""
    return [_decode(row[0]) for row in database.execute("SELECT body FROM watches ORDER BY watch")]


def watch_called(database: Database, watch: str) -> Watching | None:
    """The live watch of an id."""
    row = database.execute("SELECT body FROM watches WHERE watch = ?", [watch]).fetchone()
    return _decode(row[0]) if row else None
