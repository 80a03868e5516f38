"""What takes effect on a day, as lines of the change log: flips need no document of their own on that day."""

from collections.abc import Iterable

import msgspec
from sqlite_utils import Database

from events.lineage import day_after as day_after_last
from events.periods import Listing, Turn, turns
from events.words import summarise_amendment
from projections.claims import PRESENT
from projections.listing_changes import known_as, revised_fields
from projections.listings import decode_listing
from projections.rows import ChangeRow
from projections.settled import Link, links, parties_of
from projections.terms import ended, in_force


def taking_effect(database: Database, day_after: str, day_until: str, learnt_by: int | None = None) -> list[ChangeRow]:
    """What took effect on the days past `day_after` up to `day_until`, learnt by a position.

    A flip needs no document of its own on that day: it follows from the periods.
    """
    found = links(database, PRESENT)
    bodies = database.execute(
        "SELECT lineage, body FROM listings WHERE lineage IN (SELECT lineage FROM periods "
        "WHERE (start > :after AND start <= :until) OR (end > :after AND end <= :until)) ORDER BY lineage",
        {"after": day_after, "until": day_until},
    )
    rows = [
        _effect(listing, turn, found)
        for _, body in bodies
        for listing in [decode_listing(body)]
        for turn in turns(listing)
        if day_after < turn.day <= day_until
    ]
    rows += _terms(database, day_after, day_until)
    rows.sort(key=lambda row: (row.date, row.type, row.name or "", row.fact))
    return _with_positions(database, rows, learnt_by)


def _terms(database: Database, day_after: str, day_until: str) -> list[ChangeRow]:
    """Rules with a term that begin or have ended on the days past `day_after` up to `day_until`."""
    found = []
    for claim, list_id, title, effective, until, citation in database.execute(
        "SELECT claim, list, title, effective, until, citation FROM terms ORDER BY claim"
    ).fetchall():
        turning = (
            (effective, in_force(title, effective, until, citation)),
            (day_after_last(until), ended(title, until, citation)),
        )
        found += [
            ChangeRow(
                change=None, position=None, day=day, date=day, type="rule-in-force" if day == effective else "rule-ended",
                kind="effect", list=list_id, summary=summary, fact=claim, claim=claim, standing="official",
            )
            for day, summary in turning
            if day_after < day <= day_until
        ]  # fmt: skip
    return found


def announced(database: Database, day_after: str, day_until: str) -> list[ChangeRow]:
    """What is on file for public inspection and will take effect on these days once it is published."""
    found = links(database, PRESENT)
    rows = []
    bodies = database.execute("SELECT body FROM listings WHERE lineage IN (SELECT lineage FROM announced) ORDER BY lineage")
    for listing in (decode_listing(row[0]) for row in bodies.fetchall()):
        for one in listing.announced:
            day = max(one.effective, one.published or "")
            if day_after < day <= day_until:
                turn = Turn(day=day, type=f"entity-{one.change}", claim=one.claim, period=listing.last)
                row = _effect(listing, turn, found)
                rows.append(msgspec.structs.replace(row, summary=f"on file, once published: {row.summary}"))
    return sorted(rows, key=lambda row: (row.date, row.type, row.name or "", row.fact))


def _effect(listing: Listing, turn: Turn, found: Iterable[Link]) -> ChangeRow:
    parties = parties_of(listing, found)
    period = turn.period
    citation = listing.citation_of(turn.claim)
    return ChangeRow(
        change=None,
        position=None,
        day=turn.day,
        date=turn.day,
        type=turn.type,
        kind="effect",
        party=parties[0] if parties else None,
        parties=parties,
        list=listing.list,
        name=period.name,
        summary=summarise_amendment(turn.type, listing.list, (period.name,), period.destination, citation),
        fact=turn.claim,
        claim=turn.claim,
        listing=listing.lineage,
        destination=period.destination,
        country=period.country,
        names=known_as(listing.names()),
        standing="official",
        fields=revised_fields(listing, turn),
    )


def _with_positions(database: Database, effects: list[ChangeRow], learnt_by: int | None) -> list[ChangeRow]:
    """Leaves out what was learnt after a position: it is told as learnt, not again as an effect."""
    if learnt_by is None:
        return effects
    return [row for row in effects if (first := learnt_first(database, row.fact)) is not None and first[0] <= learnt_by]


def learnt_first(database: Database, claim: str) -> tuple[int, str, str | None] | None:
    """The reading that published a claim first: its position, its document and language; None where none did yet."""
    found = database.execute(
        "SELECT readings.position, readings.document, readings.language FROM statements "
        "JOIN readings ON readings.position = reading WHERE claim = ? AND NOT filed ORDER BY readings.position LIMIT 1",
        [claim],
    ).fetchone()
    return (found[0], found[1], found[2]) if found else None
