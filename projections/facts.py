"""The view of facts: what the reports about each subject settle to, ready for the present."""

from collections.abc import Iterable
from typing import Final, NamedTuple

import msgspec
from sqlite_utils import Database

from events.facts import Fact, settle_facts
from events.said import Said
from projections.claims import PRESENT
from projections.settled import said_about
from projections.view import Columns, Unit, add

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
        database.execute("CREATE TABLE fact_claims (claim TEXT PRIMARY KEY, fact TEXT) WITHOUT ROWID")
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
    add(database, "facts", fact_rows(subject, after))
    add(database, "fact_claims", claim_rows(after))


def fact_rows(subject: str, facts: Iterable[Fact]) -> list[Columns]:
    """The rows of a subject's facts."""
    return [
        (one.fact, subject, one.type, one.institution, one.party, one.date, one.standing, one.sources, _encode(one))
        for one in facts
    ]


def claim_rows(facts: Iterable[Fact]) -> list[Columns]:
    """Every claim of the facts, and the fact that it belongs to."""
    return [(claim, one.fact) for one in facts for claim in one.claims]
