"""What feeds and calendars ask of the views: the newest changes, and the days on which lists turn, as known today."""

from collections.abc import Callable, Iterable, Iterator

import msgspec
from sqlite_utils import Database

from events.lineage import day_after
from events.periods import Listing, Turn, turns
from events.visibility import public_changes
from events.words import ON_FILE, summarise_amendment
from projections.claims import PRESENT
from projections.listings import decode_listing
from projections.rows import ChangeRow
from projections.settled import Link, links, parties_of
from projections.terms import ended, in_force

Wanted = Callable[[ChangeRow], bool]


class DayRow(msgspec.Struct, frozen=True, kw_only=True):
    """A day on which something takes effect or ends. `claim` and its type name it, wherever its day moves to.

    `revisions` counts what the change log told of the entry besides the first word, `told_at` is when it last did.
    """

    claim: str
    change: ChangeRow
    revisions: int = 0
    told_at: str


class SourceRow(msgspec.Struct, frozen=True, kw_only=True):
    """The document behind a change."""

    url: str | None
    title: str | None
    outlet: str | None


def newest(database: Database, wanted: Wanted, limit: int, page: int = 500) -> list[ChangeRow]:
    """The newest public changes that are wanted, newest first; reads the log from its end, no further than needed."""
    found: list[ChangeRow] = []
    before = 2**62
    while len(found) < limit:
        rows = list(database.query("SELECT * FROM changes WHERE change < ? ORDER BY change DESC LIMIT ?", [before, page]))
        changes = [ChangeRow(**{**row, "day": None, "parties": tuple(filter(None, row["parties"].split(",")))}) for row in rows]
        found += [one for one in public_changes(changes) if wanted(one)]
        if len(rows) < page:
            break
        before = rows[-1]["change"]
    return found[:limit]


def source_of(database: Database, document: str | None) -> SourceRow | None:
    """Where the newest version of a document is."""
    query = "SELECT url, title, outlet FROM documents WHERE document = ? ORDER BY document_version DESC LIMIT 1"
    row = database.execute(query, [document]).fetchone()
    return SourceRow(url=row[0], title=row[1], outlet=row[2]) if row else None


def parties_told_with(database: Database, institution: str) -> set[str]:
    """The parties that an institution has said or done something about."""
    rows = database.execute("SELECT DISTINCT party FROM changes WHERE institution = ? AND party IS NOT NULL", [institution])
    return {row[0] for row in rows}


def days(database: Database, since: str, wanted: Wanted) -> list[DayRow]:
    """The days from one on, and all that are known ahead: effective dates, ends of terms, returns, rules in force."""
    found = links(database, PRESENT)
    bodies = database.execute(
        "SELECT body FROM listings WHERE lineage IN (SELECT lineage FROM periods WHERE start >= :since OR end >= :since) "
        "OR lineage IN (SELECT lineage FROM announced) ORDER BY lineage",
        {"since": since},
    ).fetchall()
    rows = [row for (body,) in bodies for row in _of_listing(decode_listing(body), since, found)]
    rows = [row for row in (*rows, *_of_terms(database, since)) if wanted(row[1])]
    told = _told(database, {lineage for lineage, _ in rows})
    return sorted(
        (
            DayRow(claim=change.fact, change=change, revisions=told[lineage][0] - 1, told_at=told[lineage][1])
            for lineage, change in rows
            if lineage in told
        ),
        key=lambda row: (row.change.date, row.change.type, row.change.name or "", row.claim),
    )


def _of_listing(listing: Listing, since: str, found: Iterable[Link]) -> Iterator[tuple[str, ChangeRow]]:
    parties = parties_of(listing, found)
    announced = {one.claim for one in listing.announced}
    turned = [] if listing.filed else [(turn, "") for turn in turns(listing) if turn.claim not in announced]
    for one in listing.announced:
        day = max(one.effective, one.published or "")
        turned.append((Turn(day=day, type=f"entity-{one.change}", claim=one.claim, period=listing.last), ON_FILE))
    for turn, prefix in turned:
        if turn.day < since:
            continue
        words = summarise_amendment(
            turn.type, listing.list, (turn.period.name,), turn.period.destination, listing.citation_of(turn.claim)
        )
        yield listing.lineage, ChangeRow(
            change=None, position=None, day=turn.day, date=turn.day, type=turn.type, kind="effect",
            party=parties[0] if parties else None, parties=parties, list=listing.list, name=turn.period.name,
            summary=prefix + words, fact=turn.claim,
        )  # fmt: skip


def _of_terms(database: Database, since: str) -> Iterator[tuple[str, ChangeRow]]:
    query = "SELECT claim, list, title, effective, until, citation FROM terms ORDER BY claim"
    for claim, list_id, title, effective, until, citation in database.execute(query).fetchall():
        for day, topic, words in (
            (effective, "rule-in-force", in_force(title, effective, until, citation)),
            (day_after(until), "rule-ended", ended(title, until, citation)),
        ):
            if day >= since:
                yield claim, ChangeRow(
                    change=None, position=None, day=day, date=day, type=topic, kind="effect", list=list_id, summary=words,
                    fact=claim,
                )  # fmt: skip


def _told(database: Database, facts: set[str]) -> dict[str, tuple[int, str]]:
    """Fact -> how often the change log tells of it, and when it last did."""
    rows = database.execute(
        "SELECT fact, count(*), max(recorded_at) FROM changes WHERE fact IN (SELECT value FROM json_each(?)) GROUP BY fact",
        [msgspec.json.encode(sorted(facts)).decode()],
    )
    return {row[0]: (row[1], row[2]) for row in rows}
