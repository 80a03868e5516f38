"""What feeds and calendars ask of the views: the newest changes, and the days on which lists turn, as known today."""

from collections.abc import Callable
from typing import Final

import msgspec
from sqlite_utils import Database

from events.edtf import day_before
from events.visibility import public_changes
from projections.effects import announced, learnt_first, taking_effect
from projections.queries import changes_before
from projections.rows import ChangeRow

_LAST_DAY: Final = "9999-12-31"
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
        rows = changes_before(database, before, page)
        found += [one for one in public_changes(rows) if wanted(one)]
        if len(rows) < page:
            break
        before = rows[-1].change or 0
    return found[:limit]


class FlipRow(msgspec.Struct, frozen=True, kw_only=True):
    """What took effect on its day, having been learnt before, and the document that it was learnt from."""

    change: ChangeRow
    document: str


def took_effect(database: Database, since: str | None, today: str, wanted: Wanted) -> list[FlipRow]:
    """What took effect by itself up to a day, of what is wanted, newest first: on days after `since`, or all.

    What was learnt on its day or later is told as learnt, and not again. `recorded_at` is the beginning of the day.
    """
    begun = since or database.execute("SELECT min(recorded_at) FROM changes").fetchone()[0]
    found = []
    for change in taking_effect(database, begun[:10], today) if begun else ():
        first = learnt_first(database, change.fact)
        if first is None or change.day is None or _day_of(database, first[0]) >= change.day:
            continue
        _, document, language = first
        flip = msgspec.structs.replace(
            change, recorded_at=f"{change.day}T00:00:00+00:00", source=document.split("/")[1], language=language
        )
        if wanted(flip):
            found.append(FlipRow(change=flip, document=document))
    return found[::-1]


def _day_of(database: Database, position: int) -> str:
    """The day on which a reading was recorded."""
    return str(database.execute("SELECT recorded_at FROM readings WHERE position = ?", [position]).fetchone()[0])[:10]


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
    span = (day_before(since), _LAST_DAY)
    rows = [one for one in (*taking_effect(database, *span), *announced(database, *span)) if wanted(one)]
    told = _told(database, {one.listing or one.fact for one in rows})
    found = {}
    for one in rows:
        fact = one.listing or one.fact
        if fact in told:
            found[(one.claim or one.fact, one.type)] = DayRow(
                claim=one.claim or one.fact, change=one, revisions=told[fact][0] - 1, told_at=told[fact][1]
            )
    return sorted(found.values(), key=lambda row: (row.change.date, row.change.type, row.change.name or "", row.claim))


class RecordedRow(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that speaks of a list, and the digest of its source's record of it."""

    document: str
    document_version: int
    list: str
    title: str | None
    citation: str | None
    metadata: str
    recorded_at: str


def rules_with_records(database: Database, since: str) -> list[RecordedRow]:
    """The rules published since a day that state something of a list, in their newest version."""
    rows = database.query(
        "SELECT documents.document, document_version, substr(subject, 9, instr(substr(subject, 9), ':') - 1) AS list, "
        "coalesce(readings.title, documents.title) AS title, citation, metadata, documents.recorded_at "
        "FROM documents JOIN readings USING (document, document_version) JOIN subjects USING (document) "
        "WHERE kind = 'rule' AND metadata IS NOT NULL AND failure IS NULL AND documents.published >= ? "
        "AND subject LIKE 'listing:%' AND document_version = "
        "(SELECT max(document_version) FROM documents AS other WHERE other.document = documents.document) "
        "GROUP BY documents.document, list ORDER BY documents.document, list",
        [since],
    )
    return [RecordedRow(**row) for row in rows]


def _told(database: Database, facts: set[str]) -> dict[str, tuple[int, str]]:
    """Fact -> how often the change log tells of it, and when it last did."""
    rows = database.execute(
        "SELECT fact, count(*), max(recorded_at) FROM changes WHERE fact IN (SELECT value FROM json_each(?)) GROUP BY fact",
        [msgspec.json.encode(sorted(facts)).decode()],
    )
    return {row[0]: (row[1], row[2]) for row in rows}
