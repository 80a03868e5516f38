"""How facts stood at a position of the ledger, found by the claims that they rest on."""

from collections.abc import Iterable

from sqlite_utils import Database

from events.facts import Fact
from projections import queries
from projections.changes import fact_change
from projections.claims import Horizon
from projections.rows import ChangeRow, change_row
from projections.settled import facts_of


def facts_standing(database: Database, claims: Iterable[str], position: int) -> tuple[Fact, ...]:
    """The facts that any of the claims belonged to at a position, by date; a claim that counted in none gives none."""
    wanted, horizon = frozenset(claims), Horizon(position=position)
    subjects = [one for one in queries.subjects_of_claims(database, wanted) if not one.startswith(("listing:", "rule:"))]
    found = (fact for subject in subjects for fact in facts_of(database, subject, horizon))
    return tuple(sorted((one for one in found if not wanted.isdisjoint(one.claims)), key=lambda one: (one.date, one.fact)))


def fact_line(fact: Fact, like: ChangeRow) -> ChangeRow:
    """A fact as a line of the log that was learnt where another line was."""
    setting = {"change": None, "position": like.position, "recorded_at": like.recorded_at, "document": like.document}
    return change_row({**fact_change(fact, "learnt", ""), **setting})
