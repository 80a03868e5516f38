"""Questions that people ask of the views, typed. Each takes the database of one read transaction.

The status of entries has a file of its own, `status`.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final

import msgspec
from sqlite_utils import Database

from events.facts import Fact
from events.statements import Statement
from projections.claims import Horizon
from projections.entries import timeline_of
from projections.facts import decode_fact
from projections.rows import ChangeRow, Entry, PendingRow, Row, change_row
from projections.settled import CHOSEN_READING, decode_statement, limits, moment
from projections.timeline import decode_entry, subjects_shown


def timeline(database: Database, subject: str, horizon: Horizon) -> list[Entry]:
    """The entries of `institution:<id>`, `party:<id>` or `listing:<lineage>`, in order of date."""
    if horizon.is_present and not subject.startswith("listing:"):
        rows = database.execute("SELECT body FROM timeline WHERE subject = ? ORDER BY sorted, part, place", [subject])
        return [decode_entry(row[0]) for row in rows]
    return timeline_of(database, subject, horizon)


def changes(database: Database, after: int = 0, until: int | None = None) -> list[ChangeRow]:
    """What was learnt at positions past `after` up to `until`, in order."""
    return list(each_change(database, after, until))


def each_change(database: Database, after: int = 0, until: int | None = None) -> Iterator[ChangeRow]:
    """The same, a row at a time: a span of years need not fit into memory."""
    last = 2**62 if until is None else until
    for row in database.query(f"{_CHANGES} WHERE changes.position > ? AND changes.position <= ? ORDER BY change", [after, last]):
        yield change_row(row, moment(row["available"]).isoformat() if row["available"] else None)


def changes_before(database: Database, change: int, limit: int) -> list[ChangeRow]:
    """So many changes before a number of the log, the newest first: to read it from its end."""
    rows = list(database.query(f"{_CHANGES} WHERE change < ? ORDER BY change DESC LIMIT ?", [change, limit]))
    return [change_row(row, moment(row["available"]).isoformat() if row["available"] else None) for row in rows]


_CHANGES: Final = """
    SELECT changes.*, readings.available, coalesce(readings.language, documents.language) AS language,
           coalesce(readings.title, documents.title) AS title
    FROM changes LEFT JOIN readings ON readings.position = changes.position
    LEFT JOIN documents ON documents.document = readings.document AND documents.document_version = readings.document_version
"""


def known_subjects(database: Database, horizon: Horizon) -> set[str]:
    """The institutions and parties that have a timeline; at a state of knowledge also those that may have had one."""
    if horizon.is_present:
        return {row[0] for row in database.execute("SELECT DISTINCT subject FROM timeline")}
    # What was told of them then may be told no more: whoever was ever spoken of counts.
    found = {f"party:{row[0]}" for row in database.execute("SELECT party FROM about UNION SELECT party FROM links")}
    query = "SELECT DISTINCT subject FROM subjects WHERE subject > 'pair:' AND subject < 'pair;'"
    return found.union(*(subjects_shown(row[0]) for row in database.execute(query)))


def all_names(database: Database) -> list[str]:
    """Every name on any list, as its entry last read, for suggestions."""
    return [row[0] for row in database.execute("SELECT DISTINCT name FROM listings ORDER BY name")]


def fact_of(database: Database, claim: str) -> tuple[str, Fact] | None:
    """The settled fact that a claim belongs to, with its subject; None where the claim counts in none."""
    row = database.execute("SELECT subject, body FROM fact_claims JOIN facts USING (fact) WHERE claim = ?", [claim]).fetchone()
    return (row[0], decode_fact(row[1])) if row else None


def complete_from(database: Database, list_id: str = "us-bis-el") -> str | None:
    """The earliest day of publication among the rules (or copies) that tell a list: before it, answers may lack entries."""
    kind, document = ("rule", "") if list_id == "us-bis-el" else ("list-copy", f"/{list_id}/")
    row = database.execute(
        "SELECT min(substr(coalesce(readings.published, documents.published), 1, 10)) FROM readings "
        "JOIN documents USING (document, document_version) WHERE kind = ? AND instr(document, ?)",
        [kind, document],
    ).fetchone()
    return row[0] if row else None


def baselines(database: Database) -> tuple[str, ...]:
    """The days of which a copy of the list was taken in to begin histories with."""
    rows = database.execute(
        "SELECT DISTINCT substr(readings.published, 1, 10) FROM readings JOIN documents USING (document, document_version) "
        "WHERE kind = 'ecfr-baseline' AND failure IS NULL ORDER BY 1"
    )
    return tuple(row[0] for row in rows)


def subjects_of_claims(database: Database, claims: Iterable[str]) -> set[str]:
    """The subjects that claims belong to."""
    subjects: set[str] = set()
    for claim in claims:
        query = "SELECT DISTINCT subject FROM subjects JOIN statements USING (position) WHERE claim = ?"
        subjects.update(row[0] for row in database.execute(query, [claim]))
    return subjects


def claims_beginning(database: Database, text: str) -> list[str]:
    """The claim of that id, or those that begin so, newest first; `text` is at least four characters."""
    if len(text) < 4:
        return []
    rows = database.execute(
        "SELECT claim FROM statements WHERE claim >= ? AND claim < ? GROUP BY claim ORDER BY max(position) DESC",
        [text, text + "\U0010ffff"],
    )
    return [row[0] for row in rows]


def provenance(database: Database, position: int) -> dict[str, Any]:
    """Where the statements of the reading at a position come from: document, bytes, fetch, reader."""
    row = next(
        database.query(
            "SELECT document, document_version, coalesce(readings.title, documents.title) AS title, documents.url, fetched_from, "
            "documents.outlet, coalesce(readings.published, documents.published) AS published, rendition, "
            "raw AS bytes, metadata, fetched_at, documents.status AS fetch_status, media_type, reader, reader_version, "
            "registers, readings.position, readings.recorded_at "
            "FROM readings JOIN documents USING (document, document_version) WHERE readings.position = ?",
            [position],
        )
    )
    return {**row, "registers": msgspec.json.decode(row["registers"])}


def last_stated(database: Database, claim: str) -> tuple[Statement, int]:
    """A claim's statement as last read, whatever became of it, and the position of that reading."""
    query = "SELECT body, reading FROM statements WHERE claim = ? ORDER BY position DESC LIMIT 1"
    body, reading = database.execute(query, [claim]).fetchone()
    return decode_statement(body), reading


class CopyRow(msgspec.Struct, frozen=True):
    """A copy of a list that was taken in: its document and version, the digest of its text, and the day it shows."""

    document: str
    document_version: int
    text: str
    day: str
    is_latest: bool


def latest_copy(database: Database, source: str, kind: str, day: str | None) -> CopyRow | None:
    """The latest well-read copy of a source that shows a day not after `day`."""
    rows = database.execute(
        "SELECT document, document_version, readings.text, substr(coalesce(readings.published, fetched_at), 1, 10) AS shown "
        "FROM readings JOIN documents USING (document, document_version) "
        "WHERE source = ? AND kind IN (?, ? || '-baseline') AND failure IS NULL ORDER BY shown DESC, readings.position DESC",
        [source, kind, kind],
    ).fetchall()
    for row in rows:
        if day is None or row[3] <= day:
            return CopyRow(row[0], row[1], row[2], row[3], row is rows[0])
    return None


class TextRow(Row, frozen=True, kw_only=True):
    """The reading of a document that counts at a horizon, and the digest of its clean text."""

    reading: int
    document: str
    document_version: int
    source: str
    kind: str
    title: str | None
    url: str | None
    outlet: str | None
    language: str | None
    published: str | None
    text: str


def texts(database: Database, horizon: Horizon) -> list[TextRow]:
    """Every document that was read, as it reads at a state of knowledge, in order of publication."""
    rows = database.query(
        "SELECT readings.position AS reading, readings.document, readings.document_version, documents.source, documents.kind, "
        "coalesce(readings.title, documents.title) AS title, documents.url, documents.outlet, readings.language, "
        "coalesce(readings.published, documents.published) AS published, readings.text "
        "FROM readings JOIN documents USING (document, document_version) "
        # What is proposed about an article points into the article's own text.
        f"WHERE failure IS NULL AND documents.kind <> 'proposals' AND readings.position = ({CHOSEN_READING}) "
        "ORDER BY published, readings.document",
        limits(horizon),
    )
    return [TextRow(**row) for row in rows]


def statements_of(database: Database, reading: int) -> list[Statement]:
    """What a reading states, in order of place."""
    rows = database.execute("SELECT body FROM statements WHERE reading = ? ORDER BY place, position", [reading])
    return [decode_statement(row[0]) for row in rows]


def set_aside(database: Database, horizon: Horizon) -> list[PendingRow]:
    """The quarantined parts that a person decided need no statement."""
    rows = database.query(
        "SELECT DISTINCT list, change, destination, quarantined.name, reason, readings.document, part AS id "
        "FROM quarantined JOIN readings ON readings.position = quarantined.reading "
        "WHERE part IN (SELECT part FROM accepted_parts WHERE position <= :position) "
        f"AND readings.position = ({CHOSEN_READING}) ORDER BY readings.document, part",
        limits(horizon),
    )
    return [PendingRow(**row) for row in rows]


def names_on_lists(database: Database) -> list[tuple[str, str, str]]:
    """Every name that an amendment ever gave an entry: list, normalised name, subject."""
    rows = database.execute("SELECT list, normalised, subject FROM names ORDER BY list, normalised, subject")
    return [(row[0], row[1], row[2]) for row in rows]


def destinations(database: Database) -> set[str]:
    """All destinations that a change was told of, as printed."""
    return {row[0] for row in database.execute("SELECT DISTINCT destination FROM changes WHERE destination IS NOT NULL")}


def stated_at(database: Database, document: str, claim: str, horizon: Horizon) -> tuple[int, ...]:
    """Where the ledger has a claim as it counts: the capture of the document's version, its reading, the statement."""
    found = database.execute(
        "SELECT documents.position, readings.position, statements.position FROM statements "
        "JOIN readings ON readings.position = statements.reading "
        "JOIN documents ON documents.document = readings.document AND documents.document_version = readings.document_version "
        "WHERE statements.document = :document AND claim = :claim "
        f"AND readings.position = ({CHOSEN_READING}) ORDER BY statements.position LIMIT 1",
        {**limits(horizon), "document": document, "claim": claim},
    ).fetchone()
    return tuple(found or ())


def decided_at(database: Database, item: str, horizon: Horizon) -> list[int]:
    """Where the ledger has the decisions that people made about a claim or a quarantined part."""
    rows = database.execute(
        "SELECT position FROM decisions WHERE claim = :item AND position <= :position UNION "
        "SELECT position FROM accepted_parts WHERE part = :item AND position <= :position ORDER BY position",
        {"item": item, "position": limits(horizon)["position"]},
    )
    return [row[0] for row in rows]
