"""The view of what watches were told one by one, so that corrections find those who were told, and nobody else."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

import msgspec
from sqlite_utils import Database

from events.operations import DigestIssued, WatchAdded, WatchRemoved
from projections.rows import Otherwise
from projections.view import Unit, add


class LastDigest(msgspec.Struct, frozen=True, kw_only=True):
    """The newest digest of a watch id: its number, where it ended, and when it was issued."""

    number: int
    until: int
    day_until: str
    recorded_at: datetime


class Told:
    """Tables `told` (a row a digest), `told_facts` (a row a fact of some content) and `last_digests` (a row a watch id).

    Watches that were told the same share the facts: ten thousand of them cost as many rows, not as many times the facts.
    """

    name = "told"
    version = 2

    def create(self, database: Database) -> None:
        """Makes the tables."""
        database.table("told").create({"watch": str, "number": int, "until": int, "content": str}, pk=("watch", "number"))
        database.table("told").create_index(["content"])
        database.table("told_facts").create({"fact": str, "content": str}, pk=("fact", "content"))
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
        facts = sorted(set(event.facts) - set(event.retracted)) if isinstance(event, DigestIssued) else ()
        if isinstance(event, DigestIssued) and facts:
            content = hashlib.sha256("\n".join(facts).encode()).hexdigest()
            add(database, "told", [(event.watch, event.number, event.until, content)])
            if not database.execute("SELECT 1 FROM told_facts WHERE content = ? LIMIT 1", [content]).fetchone():
                add(database, "told_facts", [(fact, content) for fact in facts])


def last_digests(database: Database) -> dict[str, LastDigest]:
    """The newest digest of every watch id that was ever sent one."""
    rows = database.execute("SELECT watch, number, until, day_until, recorded_at FROM last_digests")
    return {
        row[0]: LastDigest(number=row[1], until=row[2], day_until=row[3], recorded_at=datetime.fromisoformat(row[4]))
        for row in rows
    }


_GONE: Final = """
    coalesce((SELECT min(position) FROM superseded WHERE superseded.old = went_by.name AND gone
              AND position > {since} AND position < went_by.before), 9223372036854775807)
"""
"""Where a name first was that of nothing, between where it was told, or taken over, and where it reads otherwise."""

_WHO_WAS_TOLD: Final = f"""
    WITH RECURSIVE
    changed(number, name, learnt) AS (
        SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]') FROM json_each(?)
    ),
    went_by(number, name, before, gone) AS (
        SELECT number, name, learnt, 9223372036854775807 FROM changed
        UNION
        SELECT went_by.number, succession.old, succession.position, min(went_by.gone, {_GONE.format(since="succession.position")})
        FROM succession JOIN went_by ON succession.new = went_by.name WHERE succession.position < went_by.before
    )
    SELECT went_by.number, told.watch, max(min(went_by.gone, {_GONE.format(since="told.until")})) FROM went_by
    JOIN told_facts ON told_facts.fact = went_by.name
    JOIN told ON told.content = told_facts.content AND told.until < went_by.before
    GROUP BY went_by.number, told.watch ORDER BY went_by.number
"""


def who_was_told(database: Database, changed: Iterable[Otherwise], since: Mapping[str, int]) -> dict[str, list[Otherwise]]:
    """For each watch, what of these it was told before it came to read otherwise, under whatever name it went then.

    `since` has where the last digest of each watch ended: who was told by then that something is no more is owed no
    correction of it.
    """
    rows = list(changed)
    names = msgspec.json.encode([(number, one.old, one.position) for number, one in enumerate(rows)]).decode()
    found: dict[str, list[Otherwise]] = {}
    for number, watch, gone in database.execute(_WHO_WAS_TOLD, [names]):
        if watch in since and gone > since[watch]:
            found.setdefault(watch, []).append(rows[number])
    return found
