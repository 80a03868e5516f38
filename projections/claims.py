"""The working set: every statement ever read, by subject, with the decisions and links that bear on it.

Nothing is ever removed here, so that any state of knowledge can be settled again (`settled`).
"""

from datetime import datetime
from typing import Final

import msgspec
from sqlite_utils import Database

from events.decisions import ClaimAccepted, ClaimRejected, NameDecided, PartyLinked, PartyUnlinked
from events.documents import DocumentRead
from events.names import normalise
from events.said import subjects_of
from events.statements import Amendment, EntityAdded, EntityCorrected, EntityFound, EntityRevised, Statement
from projections.named import create_names, decide_name, entries_of_names, with_entries
from projections.view import Unit

_encode: Final = msgspec.json.Encoder().encode


class Claims:
    """Tables `statements`, `subjects`, `names` with their words, `decisions`, `name_decisions` and `links`."""

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
        database.table("subjects").create({"subject": str, "position": int, "document": str}, pk=("subject", "position"))
        database.table("subjects").create_index(["position"])
        database.table("subjects").create_index(["document"])
        database.table("names").create({"list": str, "normalised": str, "subject": str}, pk=("list", "normalised", "subject"))
        database.table("name_words").create({"word": str, "subject": str}, pk=("word", "subject"))
        database.table("decisions").create({"position": int, "claim": str, "rejected": int}, pk="position")
        database.table("decisions").create_index(["claim"])
        create_names(database)
        database.table("links").create(
            {"position": int, "party": str, "list": str, "normalised": str, "match": str, "linked": int},
            pk="position",
        )

    def apply(self, database: Database, unit: Unit) -> None:
        """Adds what the unit says, and notes whom it touches."""
        match unit.head.event:
            case DocumentRead(failure=None):
                self._read(database, unit)
            case ClaimRejected(claim=claim) | ClaimAccepted(claim=claim):
                rejected = isinstance(unit.head.event, ClaimRejected)
                database.table("decisions").insert({"position": unit.position, "claim": claim, "rejected": int(rejected)})
                found = database.execute(
                    "SELECT DISTINCT subject FROM subjects JOIN statements USING (position) WHERE claim = ?", [claim]
                )
                unit.touched.update(row[0] for row in found)
            case NameDecided() as decision:
                unit.touched |= decide_name(database, decision, unit.position)
            case PartyLinked() | PartyUnlinked() as link:
                database.table("links").insert(
                    {
                        "position": unit.position,
                        "party": link.party,
                        "list": link.list,
                        "normalised": normalise(link.name),
                        "match": link.match,
                        "linked": int(isinstance(link, PartyLinked)),
                    }
                )
                unit.parties.add(link.party)

    def _read(self, database: Database, unit: Unit) -> None:
        assert database.conn is not None
        reading = unit.head
        before = database.execute("SELECT DISTINCT subject FROM subjects WHERE document = ?", [reading.stream])
        unit.touched.update(row[0] for row in before)
        statements: list[tuple[object, ...]] = []
        subjects: list[tuple[str, int, str]] = []
        names: list[tuple[str, str, str]] = []
        entries = entries_of_names(database, unit.position)
        for one in unit.recorded[1:]:
            statement = one.event
            assert isinstance(statement, Statement)
            statements.append(
                (
                    one.position,
                    reading.position,
                    one.stream,
                    statement.claim,
                    statement.topic(),
                    statement.place,
                    _encode(statement),
                )
            )
            both = (*subjects_of(statement), *subjects_of(with_entries(statement, entries)))
            for subject in dict.fromkeys(both):
                subjects.append((subject, one.position, one.stream))
                unit.touched.add(subject)
                if isinstance(statement, Amendment):
                    names.extend((statement.list, name, subject) for name in _names(statement))
        database.conn.executemany("INSERT INTO statements VALUES (?,?,?,?,?,?,?)", statements)
        database.conn.executemany("INSERT INTO subjects VALUES (?,?,?)", subjects)
        database.conn.executemany("INSERT OR IGNORE INTO names VALUES (?,?,?)", names)
        words = {(word, subject) for _, name, subject in names for word in name.split(" ")}
        database.conn.executemany("INSERT OR IGNORE INTO name_words VALUES (?,?)", sorted(words))


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
