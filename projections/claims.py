"""The working set: every statement ever read, by subject, with the decisions and links that bear on it.

Nothing is ever removed here, so that any state of knowledge can be settled again (`settled`).
"""

from collections.abc import Collection
from datetime import datetime
from itertools import permutations
from typing import Final

import msgspec
from sqlite_utils import Database

from events.decisions import ClaimAccepted, ClaimRejected, ClaimsMerged, ClaimsSplit, NameDecided, PartyLinked, PartyUnlinked
from events.documents import DocumentRead
from events.names import normalise
from events.said import subjects_of
from events.statements import Amendment, EntityAdded, EntityCorrected, EntityFound, EntityRevised, Report, Statement
from projections.named import Entries, create_names, entries_of_names, name_row, spread_name, with_entries
from projections.view import Columns, Unit, add

_encode: Final = msgspec.json.Encoder().encode

_SUBJECTS_GROUPED: Final = """
    SELECT DISTINCT subject FROM grouped JOIN statements USING (claim) JOIN subjects ON subjects.position = statements.position
    WHERE grouped.position = ?
"""

Rows = dict[str, Collection[Columns]]


class Claims:
    """Tables `statements`, `subjects`, `names` with their words, `about` (whom reports are about), `decisions`,
    `grouped` (claims that people joined or parted), `name_decisions` and `links`."""

    name = "claims"
    version = 3

    def create(self, database: Database) -> None:
        """Makes the tables."""
        database.table("statements").create(
            {
                "position": int, "reading": int, "document": str, "claim": str, "topic": str,
                "place": int, "body": bytes,
            },
            pk="position",
        )  # fmt: skip
        database.table("statements").create_index(["claim"])
        database.table("statements").create_index(["reading"])
        database.execute(
            "CREATE TABLE subjects (subject TEXT, position INTEGER, document TEXT, PRIMARY KEY (subject, position)) WITHOUT ROWID"
        )
        database.table("subjects").create_index(["position"])
        database.table("subjects").create_index(["document"])
        # Every amendment of an entry names it again, every article its pair: once is enough.
        tables = (("names", "list, normalised, subject"), ("name_words", "word, subject"), ("about", "party, subject"))
        for table, columns in tables:
            typed = columns.replace(",", " TEXT,") + " TEXT"
            made = f"CREATE TABLE {table} ({typed}, PRIMARY KEY ({columns}) ON CONFLICT IGNORE) WITHOUT ROWID"
            database.execute(made)
        database.table("names").create_index(["subject"])
        database.table("decisions").create({"position": int, "claim": str, "rejected": int}, pk="position")
        database.table("decisions").create_index(["claim"])
        database.table("grouped").create({"position": int, "claim": str, "other": str, "together": int})
        database.table("grouped").create_index(["claim"])
        database.table("grouped").create_index(["position"])
        create_names(database)
        database.table("links").create(
            {"position": int, "party": str, "list": str, "normalised": str, "match": str, "linked": int},
            pk="position",
        )

    def apply(self, database: Database, unit: Unit) -> None:
        """Adds what the unit says, and notes whom it touches."""
        entries = entries_of_names(database, unit.position) if isinstance(unit.head.event, DocumentRead) else {}
        for table, rows in rows_of(unit, entries).items():
            add(database, table, list(rows))
        of: str | int
        match unit.head.event:
            case DocumentRead(failure=None):
                # What an earlier reading of the document said, too: it may say so no longer.
                query, of = "SELECT DISTINCT subject FROM subjects WHERE document = ?", unit.head.stream
            case ClaimRejected(claim=claim) | ClaimAccepted(claim=claim):
                query, of = "SELECT DISTINCT subject FROM subjects JOIN statements USING (position) WHERE claim = ?", claim
            case ClaimsMerged() | ClaimsSplit():
                query, of = _SUBJECTS_GROUPED, unit.position
            case NameDecided() as decision:
                unit.touched |= spread_name(database, decision, unit.position)
                return
            case PartyLinked(party=party) | PartyUnlinked(party=party):
                unit.parties.add(party)
                return
            case _:
                return
        unit.touched.update(row[0] for row in database.execute(query, [of]))


def rows_of(unit: Unit, entries: Entries) -> Rows:
    """What a unit adds, table by table; names and words may stand there already. `entries` are whose names are, by now."""
    match unit.head.event:
        case DocumentRead(failure=None):
            return _said(unit, entries)
        case NameDecided() as decision:
            return {"name_decisions": [name_row(decision, unit.position)]}
        case ClaimRejected(claim=claim) | ClaimAccepted(claim=claim):
            return {"decisions": [(unit.position, claim, int(isinstance(unit.head.event, ClaimRejected)))]}
        case ClaimsMerged(claims=merged):
            return {"grouped": [(unit.position, one, other, 1) for one, other in permutations(merged, 2)]}
        case ClaimsSplit(claims=ours, others=theirs):
            apart = [pair for one in ours for other in theirs for pair in ((one, other), (other, one))]
            return {"grouped": [(unit.position, *pair, 0) for pair in apart]}
        case PartyLinked() | PartyUnlinked() as link:
            linked = int(isinstance(link, PartyLinked))
            return {"links": [(unit.position, link.party, link.list, normalise(link.name), link.match, linked)]}
    return {}


def _said(unit: Unit, entries: Entries) -> Rows:
    reading = unit.head
    statements: list[Columns] = []
    subjects: list[Columns] = []
    names: dict[Columns, None] = {}
    about: dict[Columns, None] = {}
    for one in unit.recorded[1:]:
        statement = one.event
        assert isinstance(statement, Statement)
        body, topic = _encode(statement), statement.topic()
        statements.append((one.position, reading.position, one.stream, statement.claim, topic, statement.place, body))
        known = (*subjects_of(statement), *subjects_of(with_entries(statement, entries)))
        for subject in dict.fromkeys(known):
            subjects.append((subject, one.position, one.stream))
            if isinstance(statement, Amendment):
                names.update(((statement.list, name, subject), None) for name in _names(statement))
            elif isinstance(statement, Report):
                about[(subject.rpartition(":")[2], subject)] = None
    words = {(word, subject): None for _, name, subject in names for word in str(name).split(" ")}
    return {"statements": statements, "subjects": subjects, "names": names, "name_words": words, "about": about}


def _names(amendment: Amendment) -> set[str]:
    """All names an amendment gives its entry, normalised."""
    names = {amendment.name}
    if isinstance(amendment, EntityRevised) and amendment.new_name:
        names.add(amendment.new_name)
    if isinstance(amendment, EntityCorrected):
        names.add(amendment.name.replace(amendment.wrong, amendment.right))
    if isinstance(amendment, EntityAdded | EntityFound | EntityRevised):
        names.update(alias.name for alias in amendment.aliases or ())
    return {normalise(name) for name in names}


class Horizon(msgspec.Struct, frozen=True):
    """A state of knowledge: what this ledger held at a position, of documents available by a time.

    None means no limit. Both together are allowed; decisions and links count up to the position.
    """

    position: int | None = None
    available: datetime | None = None

    @property
    def is_present(self) -> bool:
        """Whether nothing is left out, so that the kept tables answer."""
        return self.position is None and self.available is None


PRESENT: Final = Horizon()
