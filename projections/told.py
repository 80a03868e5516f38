"""The view of what watches were told one by one, so that corrections find those who were told, and nobody else."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

import msgspec
from sqlite_utils import Database

from events.operations import DigestIssued, WatchAdded, WatchRemoved
from projections.view import Unit, add


class LastDigest(msgspec.Struct, frozen=True, kw_only=True):
    """The newest digest of a watch id: its number, where it ended, and when it was issued."""

    number: int
    until: int
    day_until: str
    recorded_at: datetime


class Told:
    """Tables `told` (a row a digest), `told_facts` (a row a name of some content) and `last_digests` (a row a watch id).

    A name `stands` where the content told of it, and not that it is no more.
    Watches that were told the same share the facts: ten thousand of them cost as many rows, not as many times the facts.
    """

    name = "told"
    version = 3

    def create(self, database: Database) -> None:
        """Makes the tables."""
        database.table("told").create({"watch": str, "number": int, "until": int, "content": str}, pk=("watch", "number"))
        database.table("told").create_index(["content"])
        database.table("told_facts").create({"fact": str, "content": str, "stands": int}, pk=("fact", "content"))
        database.table("told_facts").create_index(["content"])
        database.table("last_digests").create(
            {"watch": str, "number": int, "until": int, "day_until": str, "recorded_at": str}, pk="watch"
        )

    def apply(self, database: Database, unit: Unit) -> None:
        """Notes a digest; a watch that begins anew, or ends, was told nothing."""
        event = unit.head.event
        if isinstance(event, WatchAdded | WatchRemoved):
            database.table("told").delete_where("watch = ?", [event.watch])
        if isinstance(event, DigestIssued):
            last = {"watch": event.watch, "number": event.number, "until": event.until, "day_until": event.day_until}
            database.table("last_digests").upsert({**last, "recorded_at": unit.head.recorded_at.isoformat()}, pk="watch")
        if isinstance(event, DigestIssued) and event.facts:
            gone = set(event.retracted)
            facts = [(fact, fact not in gone) for fact in sorted(set(event.facts))]
            content = hashlib.sha256(repr(facts).encode()).hexdigest()
            add(database, "told", [(event.watch, event.number, event.until, content)])
            if not database.execute("SELECT 1 FROM told_facts WHERE content = ? LIMIT 1", [content]).fetchone():
                add(database, "told_facts", [(fact, content, int(stands)) for fact, stands in facts])


def last_digests(database: Database) -> dict[str, LastDigest]:
    """The newest digest of every watch id that was ever sent one."""
    rows = database.execute("SELECT watch, number, until, day_until, recorded_at FROM last_digests")
    return {
        row[0]: LastDigest(number=row[1], until=row[2], day_until=row[3], recorded_at=datetime.fromisoformat(row[4]))
        for row in rows
    }


_BELIEVED: Final = """
    WITH begun AS (SELECT key AS watch, value AS position FROM json_each(?))
    SELECT told.watch, told_facts.fact, told_facts.stands, max(told.number)
    FROM json_each(?) AS asked
    JOIN told_facts ON told_facts.fact = asked.value
    JOIN told ON told.content = told_facts.content
    JOIN begun ON begun.watch = told.watch AND told.until <= begun.position
    GROUP BY told.watch, told_facts.fact
"""
"""By the last digest that spoke of a name, up to where a span begins."""


def believed(database: Database, names: Iterable[str], begun: Mapping[str, int]) -> dict[str, set[str]]:
    """Which of these names each watch was told of, and not that they are no more; `begun` has where the span of each begins."""
    asked = [msgspec.json.encode(one).decode() for one in (dict(begun), sorted(names))]
    found: dict[str, set[str]] = {}
    for watch, name, stands, _ in database.execute(_BELIEVED, asked):
        if stands:
            found.setdefault(watch, set()).add(name)
    return found
