"""The view of watches: who watches what, as it stands."""

from typing import Final

import msgspec
from sqlite_utils import Database

from events.operations import WatchAdded, WatchRemoved
from projections.rows import ChangeRow
from projections.view import Unit

_encode: Final = msgspec.json.Encoder().encode
_decode: Final = msgspec.json.Decoder(WatchAdded).decode


class Watches:
    """Table `watches`: a row a live watch."""

    name = "watches"
    version = 1

    def create(self, database: Database) -> None:
        """Makes the table."""
        database.table("watches").create({"watch": str, "position": int, "body": bytes}, pk="watch")

    def apply(self, database: Database, unit: Unit) -> None:
        """Adds, replaces or removes a watch."""
        event = unit.head.event
        if isinstance(event, WatchAdded | WatchRemoved):
            database.table("watches").delete_where("watch = ?", [event.watch])
        if isinstance(event, WatchAdded):
            row = {"watch": event.watch, "position": unit.position, "body": _encode(event)}
            database.table("watches").insert(row)


def watches(database: Database) -> list[WatchAdded]:
    """All live watches, by id."""
    return [_decode(row[0]) for row in database.execute("SELECT body FROM watches ORDER BY watch")]


def matches(watch: WatchAdded, change: ChangeRow) -> bool:
    """Whether a change is news to a watch: any of its subjects is named and, where given, its type too."""
    if watch.types and change.type not in watch.types:
        return False
    if not (watch.institutions or watch.parties or watch.lists):
        return True
    named = {change.party, *change.parties}
    return (
        change.institution in watch.institutions
        or not named.isdisjoint(watch.parties)
        or (change.list is not None and change.list in watch.lists)
    )
