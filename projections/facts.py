"""The view of facts: what the reports about each subject settle to, ready for the present."""

from typing import Final, NamedTuple

import msgspec
from sqlite_utils import Database

from events.facts import Fact, settle_facts
from events.said import Said
from projections.claims import PRESENT
from projections.settled import said_about
from projections.view import Unit

_encode: Final = msgspec.json.Encoder().encode
decode_fact: Final = msgspec.json.Decoder(Fact).decode


class Settled(NamedTuple):
    """What was said about a subject, and the facts that it settles to."""

    said: list[Said]
    facts: tuple[Fact, ...]


class FactsBefore(msgspec.Struct, frozen=True):
    """The facts of one subject before and after a unit, for the change log."""

    before: tuple[Fact, ...]
    after: tuple[Fact, ...]


class Facts:
    """Tables `facts` (a row a fact) and `fact_claims` (every claim's fact: the aliases of its name)."""

    name = "facts"
    version = 1

    def create(self, database: Database) -> None:
        """Makes the tables."""
        database.table("facts").create(
            {
                "fact": str, "subject": str, "type": str, "institution": str, "party": str,
                "date": str, "standing": str, "sources": int, "body": bytes,
            },
            pk="fact",
        )  # fmt: skip
        database.table("facts").create_index(["subject"])
        database.table("fact_claims").create({"claim": str, "fact": str}, pk="claim")
        database.table("fact_claims").create_index(["fact"])

    def apply(self, database: Database, unit: Unit) -> None:
        """Settles the touched subjects again."""
        subjects = [subject for subject in sorted(unit.touched) if not subject.startswith(("listing:", "rule:"))]
        # All go before any comes: a claim keeps its id when a new reading knows its printed name, and changes subject.
        before = {subject: _take_out(database, subject) for subject in subjects}
        for subject in subjects:
            said = said_about(database, [subject], PRESENT)
            after = settle_facts(said)
            unit.settled[subject] = Settled(said, after)
            _put_in(database, subject, after)
            unit.news.append(FactsBefore(before[subject], after))


def stored_facts(database: Database, subject: str) -> tuple[Fact, ...]:
    """The facts kept for a subject."""
    rows = database.execute("SELECT body FROM facts WHERE subject = ? ORDER BY date, fact", [subject])
    return tuple(decode_fact(row[0]) for row in rows)


def _take_out(database: Database, subject: str) -> tuple[Fact, ...]:
    assert database.conn is not None
    before = stored_facts(database, subject)
    database.conn.executemany("DELETE FROM fact_claims WHERE fact = ?", [(fact.fact,) for fact in before])
    database.conn.execute("DELETE FROM facts WHERE subject = ?", (subject,))
    return before


def _put_in(database: Database, subject: str, after: tuple[Fact, ...]) -> None:
    assert database.conn is not None
    database.conn.executemany(
        "INSERT INTO facts VALUES (?,?,?,?,?,?,?,?,?)",
        [
            (one.fact, subject, one.type, one.institution, one.party, one.date, one.standing, one.sources, _encode(one))
            for one in after
        ],
    )
    database.conn.executemany(
        "INSERT INTO fact_claims VALUES (?,?)", [(claim, fact.fact) for fact in after for claim in fact.claims]
    )
