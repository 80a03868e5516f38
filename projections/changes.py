"""The view of changes: a numbered log of what was learnt, and at which position of the ledger.

What takes effect on a day without any new document is not stored: it follows from the listings' periods
and the day asked about (`projections/effects.py`).
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, Literal

from sqlite_utils import Database

from events.decisions import ClaimAccepted, ClaimRejected, ClaimsMerged, ClaimsSplit, NameDecided
from events.documents import DocumentRead
from events.facts import Fact
from events.words import summarise
from projections.claims import PRESENT
from projections.facts import FactsBefore
from projections.listing_changes import known_as, listing_changes
from projections.listings import Before
from projections.settled import Link, links
from projections.terms import TermsBefore
from projections.view import Columns, Unit, add

Change = dict[str, Any]
Cause = Literal["learnt", "reread", "decided"]
NOTHING: Final = {
    **dict.fromkeys(("institution", "party", "list", "name", "listing", "destination", "country", "stance", "standing")),
    "parties": "",
    "names": "",
    "fields": "",
}
"""What a change leaves open that does not speak of it."""
_STANDS = frozenset({"withdrawn", "corrected"})
"""Kinds that say more than why the tracker looked again."""


class Changes:
    """Table `changes`, numbered by `change`."""

    name = "changes"
    version = 3

    def create(self, database: Database) -> None:
        """Makes the table."""
        database.table("changes").create(
            {
                "change": int, "position": int, "recorded_at": str, "date": str, "type": str, "kind": str,
                "institution": str, "party": str, "parties": str, "list": str, "name": str,
                "summary": str, "fact": str, "document": str, "claim": str, "listing": str, "destination": str, "country": str,
                "names": str, "stance": str, "standing": str, "fields": str,
            },
            pk="change",
        )  # fmt: skip
        database.table("changes").create_index(["position"])

    def apply(self, database: Database, unit: Unit) -> None:
        """Writes down how the settled truth differs from before the unit."""
        if unit.news:
            head, cause = unit.head, cause_of(database, unit)
            found = links(database, PRESENT) if any(isinstance(news, Before) for news in unit.news) else []
            add(
                database,
                "changes",
                change_rows(unit.news, found, cause, head.position, head.recorded_at.isoformat(), head.stream),
            )


def change_rows(
    news: Iterable[object], found: Sequence[Link], cause: Cause, position: int, recorded_at: str, stream: str
) -> list[Columns]:
    """The rows of what one unit changed: its first position, when it was recorded (ISO) and its stream."""
    document = stream if stream.startswith("document/") else None
    changes: list[Change] = []
    for one in news:
        if isinstance(one, Before):
            changes.extend(listing_changes(one, found))
        elif isinstance(one, TermsBefore):
            changes.extend(_term_changes(one))
    changes.extend(_fact_changes([one for one in news if isinstance(one, FactsBefore)]))
    changes.sort(key=lambda one: (one["date"], one["type"], one["name"] or "", one["fact"], one["kind"], one["summary"]))
    return [
        (
            None, position, recorded_at, one["date"], one["type"],
            one["kind"] if cause == "learnt" or one["kind"] in _STANDS else cause,
            one["institution"], one["party"], one["parties"], one["list"], one["name"], one["summary"], one["fact"], document,
            one["claim"], one["listing"], one["destination"], one["country"], one["names"],
            one["stance"], one["standing"], one["fields"],
        )
        for one in changes
    ]  # fmt: skip


def cause_of(database: Database, unit: Unit) -> Cause:
    """Why the tracker looked again: a document told something, a reading was made anew, a person decided."""
    event = unit.head.event
    if isinstance(event, ClaimRejected | ClaimAccepted | ClaimsMerged | ClaimsSplit | NameDecided):
        return "decided"
    if isinstance(event, DocumentRead):
        again = database.execute(
            "SELECT 1 FROM readings WHERE document = ? AND document_version = ? AND position < ? AND failure IS NULL",
            [unit.head.stream, event.document_version, unit.head.position],
        ).fetchone()
        return "reread" if again else "learnt"
    return "learnt"


def _term_changes(news: TermsBefore) -> Iterator[Change]:
    for claim in news.before.keys() | news.after.keys():
        old, new = news.before.get(claim), news.after.get(claim)
        if old == new:
            continue
        words, day = new or old or ("", "")
        kind = "learnt" if old is None else "corrected" if new else "withdrawn"
        yield {**term_change(news.list, claim, words if new else f"no longer: {words}", day), "kind": kind}


def term_change(list_id: str, claim: str, words: str, day: str) -> Change:
    """A rule in force for a time as a line of the log."""
    told = {"kind": "learnt", "date": day, "type": "rule-in-force", "list": list_id, "summary": words, "standing": "official"}
    return {**NOTHING, **told, "fact": claim, "claim": claim}


def _fact_changes(news: list[FactsBefore]) -> Iterator[Change]:
    """All subjects of a unit at once: a fact may move between them, when a printed name comes to be known."""
    before = {claim: fact for one in news for fact in one.before for claim in fact.claims}
    after = {claim for one in news for fact in one.after for claim in fact.claims}
    for fact in (fact for one in news for fact in one.after):
        olds = {before[claim].fact: before[claim] for claim in fact.claims if claim in before}
        if not olds:
            yield fact_change(fact, "learnt", "")
        elif all(headline(old) != headline(fact) for old in olds.values()):
            # A later source told more, or a changed document tells otherwise: the headline moved.
            lost = any(set(old.claims) - set(fact.claims) for old in olds.values())
            yield fact_change(fact, "corrected" if lost else "learnt", "")
    for fact in (fact for one in news for fact in one.before):
        if not after & set(fact.claims):
            yield fact_change(fact, "withdrawn", "no longer reported: ")


def _list_of(scope: str | None) -> str | None:
    return scope.removeprefix("list:") if scope and scope.startswith("list:") else None


def headline(fact: Fact) -> tuple[Any, ...]:
    """What a fact says, whoever says it."""
    return (fact.institution, fact.party, fact.date, fact.standing, fact.stance, fact.extent, fact.change, fact.amounts)


def fact_change(fact: Fact, kind: str, prefix: str) -> Change:
    """A fact as a line of the log."""
    return {
        **NOTHING,
        "kind": kind,
        "date": fact.date,
        "type": fact.type,
        "institution": fact.institution,
        "party": fact.party,
        "parties": fact.party or "",
        "list": fact.list or _list_of(fact.scope),
        "name": fact.party_name,
        "summary": prefix + summarise(fact),
        "fact": fact.fact,
        "claim": fact.fact,
        "names": "\n".join(known_as(filter(None, (fact.party_name, fact.institution_name)))),
        "stance": fact.stance,
        "standing": fact.standing,
    }
