"""The view of terms: rules that are in force for a stated time, and end without a document of that day."""

import msgspec
from sqlite_utils import Database

from events.said import Said
from events.statements import RuleInForce
from projections.claims import Horizon
from projections.settled import said_about
from projections.view import Unit


class TermsBefore(msgspec.Struct, frozen=True):
    """The terms of one rule before and after a unit, for the change log: claim -> summary and first day."""

    before: dict[str, tuple[str, str]]
    after: dict[str, tuple[str, str]]
    list: str


class Terms:
    """Table `terms`: a row a rule with an end."""

    name = "terms"
    version = 1

    def create(self, database: Database) -> None:
        """Makes the table."""
        database.table("terms").create(
            {
                "claim": str, "subject": str, "list": str, "title": str, "effective": str, "until": str, "citation": str,
                "document": str,
            },
            pk="claim",
        )  # fmt: skip
        database.table("terms").create_index(["subject"])

    def apply(self, database: Database, unit: Unit) -> None:
        """Settles the touched rules again."""
        assert database.conn is not None
        known = Horizon(position=unit.known)
        for subject in sorted(one for one in unit.touched if one.startswith("rule:")):
            found = database.execute("SELECT claim, title, effective, until, citation FROM terms WHERE subject = ?", [subject])
            before = {row[0]: (in_force(*row[1:]), row[2]) for row in found.fetchall()}
            rows = [_row(said, subject) for said in said_about(database, [subject], known) if not said.filed]
            database.conn.execute("DELETE FROM terms WHERE subject = ?", (subject,))
            database.table("terms").insert_all(rows)
            after = {row["claim"]: (in_force(*(row[key] for key in _TOLD)), row["effective"]) for row in rows}
            unit.news.append(TermsBefore(before, after, subject.split(":")[1]))


_TOLD = ("title", "effective", "until", "citation")


def _row(said: Said, subject: str) -> dict[str, str]:
    term = said.statement
    assert isinstance(term, RuleInForce)
    return {
        "claim": term.claim,
        "subject": subject,
        "list": term.list,
        "title": term.title,
        "effective": term.effective,
        "until": term.until,
        "citation": said.citation or "",
        "document": said.document,
    }


def in_force(title: str, effective: str, until: str, citation: str) -> str:
    """One sentence about a rule with a term."""
    by = f" ({citation})" if citation else ""
    return f"“{title}”{by} is in force from {effective} through {until}"


def ended(title: str, until: str, citation: str) -> str:
    """One sentence about the day after its last."""
    by = f" ({citation})" if citation else ""
    return f"“{title}”{by} ended on {until} by its own terms: what it suspended or allowed is as it was before"
