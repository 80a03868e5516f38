"""Fills an empty file of views from a whole ledger: everything is written down first, then settled once.

    load       documents, readings, statements, decisions: as they come, without indexes
    reports    subject by subject, in memory: what each position taught, and in the end the facts and timelines
    changes    position by position: entries of lists and terms are settled as known there; the change log
    listings   the timelines of parties, once

Unit by unit the views find the same (`tests/projections` compares every table), but ask the file for what a
subject was before at each of them. One transaction: a kill leaves an empty file.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import groupby, islice
from typing import Any, Final

import msgspec
from sqlite_utils import Database

from events.base import Recorded
from events.decisions import (
    ClaimAccepted,
    ClaimRejected,
    ClaimsMerged,
    ClaimsSplit,
    NameDecided,
    PartyLinked,
    PartyUnlinked,
    ReadingAccepted,
)
from events.documents import DocumentCaptured, DocumentRead
from events.names import normalise
from projections import claims
from projections.changes import Cause, change_rows
from projections.claims import PRESENT, Horizon
from projections.documents import FILING, part_rows, reading_row, version_row
from projections.entries import entries_of, of_listings
from projections.facts import FactsBefore, claim_rows, fact_rows
from projections.followed import mark_of, note
from projections.listings import Listings
from projections.named import spread_name
from projections.reports import Taught, taught_of
from projections.settled import Link, links
from projections.store import LEDGER, ViewStore
from projections.superseded import Superseded
from projections.terms import Terms
from projections.timeline import part_rows as timeline_rows
from projections.timeline import subjects_shown
from projections.view import Columns, Unit, View, add

PAGE: Final = 5_000
"""Units, or rows, that are held in memory."""

_News = tuple[int, str, str, list[Any]]
"""A position, the stream and time of its reading, and what it changed."""
Read = Callable[[int], Recorded]
Told = Callable[[float], None]
"""Hears how much is done, from 0 to 1: a third for each step through the whole."""

_encode: Final = msgspec.json.Encoder().encode
_decode: Final = msgspec.json.Decoder(FactsBefore).decode

_OF_LISTS: Final = "(subject > 'listing:' AND subject < 'listing;' OR subject > 'rule:' AND subject < 'rule;')"


class Filling:
    """The state of one filling: what later steps need of earlier ones."""

    def __init__(self, database: Database, others: Iterable[View]) -> None:
        self.database = database
        self.others = tuple(others)
        self.position = 0
        self.decisions: dict[int, Recorded] = {}
        self.names: dict[tuple[str, str], str] = {}
        self.filings: set[tuple[str, int]] = set()
        self.parties: set[str] = set()

    def load(self, units: Iterable[Unit], head: int, told: Told) -> int:
        """Writes down all units, of which `head` is the last position; gives how many there were."""
        indexes = _without_indexes(self.database)
        count, waiting = 0, iter(units)
        while page := list(islice(waiting, PAGE)):
            rows: defaultdict[str, list[Columns]] = defaultdict(list)
            for unit in page:
                for table, some in self._rows(unit):
                    rows[table].extend(some)
                for view in self.others:
                    view.apply(self.database, unit)
            for table, all_of_it in rows.items():
                add(self.database, table, all_of_it)
            count, self.position = count + len(page), page[-1].position
            told(self.position / head / 3)
        for statement in indexes:
            self.database.execute(statement)
        for position, one in self.decisions.items():
            if isinstance(one.event, NameDecided):
                spread_name(self.database, one.event, position)
        return count

    def _rows(self, unit: Unit) -> Iterator[tuple[str, Collection[Columns]]]:
        one = unit.head
        match one.event:
            case DocumentCaptured() as captured:
                yield "documents", [version_row(one, captured)]
                if captured.rendition == FILING:
                    self.filings.add((one.stream, captured.document_version))
                return
            case DocumentRead() as read:
                filed = (one.stream, read.document_version) in self.filings
                yield "readings", [reading_row(one, read, filed=filed)]
                yield "quarantined", part_rows(one, read)
            case ReadingAccepted(part=part):
                yield "accepted_parts", [(one.position, part)]
            case ClaimAccepted() | ClaimRejected() | ClaimsMerged() | ClaimsSplit():
                self.decisions[one.position] = one
            case NameDecided(role=role, name=name, entry=entry):
                self.decisions[one.position] = one
                self.names.pop((role, normalise(name)), None)
                if entry is not None:
                    self.names[role, normalise(name)] = entry
            case PartyLinked(party=party) | PartyUnlinked(party=party):
                self.parties.add(party)
        yield from claims.rows_of(unit, self.names).items()

    def reports(self, told: Told) -> None:
        """Settles the reports of each subject, at every position that taught something of it."""
        self.database.execute("CREATE TEMP TABLE taught (position INTEGER, body BLOB)")
        (statements,) = self.database.execute("SELECT count(*) FROM subjects").fetchone()
        found, done = taught_of(self.database), 0
        while page := list(islice(found, PAGE)):
            taught: list[Columns] = [(position, _encode(news)) for one in page for position, news in one.news]
            add(self.database, "taught", taught)
            add(self.database, "facts", [row for one in page for row in fact_rows(one.subject, one.facts)])
            add(self.database, "fact_claims", [row for one in page for row in claim_rows(one.facts)])
            add(self.database, "timeline", [row for one in page for row in self._timeline(one)])
            done += sum(len(one.said) for one in page)
            told((1 + done / statements) / 3)

    def _timeline(self, one: Taught) -> list[Columns]:
        if one.subject.startswith("reported:"):
            self.parties.add(one.subject.rpartition(":")[2])
            return []
        return timeline_rows(subjects_shown(one.subject), one.subject, entries_of(one.said, one.facts))

    def changes(self, read: Read, told: Told) -> None:
        """Settles entries and terms at every position that touched them, and writes the change log in order."""
        touched = self._touching_lists()
        again = {row[0] for row in self.database.execute(_AGAIN)}
        rows: list[Columns] = []
        for position, document, recorded_at, news in _in_order(self._news(), sorted(touched)):
            found: list[Link] = []
            if position in touched:
                news = [*self._settle_lists(Unit(recorded=(read(position),), touched=touched[position], known=position)), *news]
                found = links(self.database, Horizon(position=position))
            reads_otherwise = any(one.before for one in news)
            if reads_otherwise or position in touched or position in self.decisions:
                head = read(position)
                document, recorded_at = head.stream, head.recorded_at.isoformat()
                if reads_otherwise:
                    Superseded().apply(self.database, Unit(recorded=(head,), known=position, news=news))
            cause: Cause = "decided" if position in self.decisions else "reread" if position in again else "learnt"
            rows += change_rows(news, found, cause, position, recorded_at, document)
            if len(rows) > PAGE:
                add(self.database, "changes", rows)
                rows = []
                told((2 + position / self.position) / 3)
        add(self.database, "changes", rows)

    def _settle_lists(self, unit: Unit) -> list[Any]:
        for view in (Listings(), Terms()):
            view.apply(self.database, unit)
        self.parties |= unit.parties
        return unit.news

    def _touching_lists(self) -> dict[int, set[str]]:
        """The positions of readings and decisions that may change entries or terms, with their subjects."""
        touched: defaultdict[int, set[str]] = defaultdict(set)
        for query in (_READ_OF_LISTS, _DECIDED_OF_LISTS):
            for position, subject in self.database.execute(query):
                touched[position].add(subject)
        return touched

    def _news(self) -> Iterator[_News]:
        rows = self.database.execute(_TAUGHT)
        for key, group in groupby(rows, key=lambda row: row[:3]):
            yield (*key, [_decode(row[3]) for row in group])

    def listings(self) -> None:
        """Writes what happened to the entries of each party to its timeline."""
        for party in sorted(self.parties):
            entries = of_listings(self.database, party, PRESENT)
            add(self.database, "timeline", timeline_rows((f"party:{party}",), "listings", entries))
        self.database.execute("DROP TABLE taught")


_READ_OF_LISTS: Final = f"""
    SELECT DISTINCT readings.position, subject FROM subjects JOIN readings USING (document)
    WHERE {_OF_LISTS} AND failure IS NULL
"""
_DECIDED_OF_LISTS: Final = f"""
    SELECT DISTINCT decisions.position, subject FROM decisions JOIN statements USING (claim)
    JOIN subjects ON subjects.position = statements.position WHERE {_OF_LISTS}
"""
_AGAIN: Final = """
    SELECT position FROM (SELECT position, row_number() OVER (PARTITION BY document, document_version ORDER BY position) AS n
                          FROM readings WHERE failure IS NULL) WHERE n > 1
"""
_TAUGHT: Final = """
    SELECT taught.position, readings.document, readings.recorded_at, body FROM taught
    LEFT JOIN readings ON readings.position = taught.position ORDER BY taught.position
"""


def _in_order(news: Iterator[_News], positions: list[int]) -> Iterator[_News]:
    """The news of reports, and every other position at which entries may have changed, in order."""
    waiting = iter(positions)
    mine = next(waiting, None)
    for one in news:
        while mine is not None and mine <= one[0]:
            if mine < one[0]:
                yield mine, "", "", []
            mine = next(waiting, None)
        yield one
    if mine is not None:
        yield from ((position, "", "", []) for position in (mine, *waiting))


def _without_indexes(database: Database) -> list[str]:
    """Takes the indexes of the tables away that are loaded, and gives the statements that make them again."""
    made: list[Any] = database.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL "
        "AND tbl_name IN ("
        "'documents', 'readings', 'quarantined', 'statements', 'subjects', 'names', 'decisions', 'grouped') "
        "ORDER BY name"
    ).fetchall()
    for name, _ in made:
        database.execute(f'DROP INDEX "{name}"')
    return [sql for _, sql in made]


def fill(store: ViewStore, units: Iterable[Unit], head: int, read: Read, views: Iterable[View], told: Told) -> int:
    """Fills an empty file; gives how many units it took in, or 0 where the file is not empty or there are none.

    `head` is the last position of the ledger, `read` gives the event at one, `views` are those whose tables
    stand by themselves.
    """
    with store.filling() as database:
        if store.checkpoint_in(database) > 0:
            return 0
        filling = Filling(database, views)
        count = filling.load(units, head, told)
        if count:
            filling.reports(told)
            filling.changes(read, told)
            filling.listings()
            store.checkpoint_to(database, filling.position)
            note(database, LEDGER, filling.position, mark_of(read(filling.position)))
            told(1)
    return count
