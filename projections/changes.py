"""The view of changes: a numbered log of what was learnt, and at which position of the ledger.

What takes effect on a day without any new document is not stored: it follows from the listings' periods
and the day asked about (`queries.effects`).
"""

from collections.abc import Iterator
from typing import Any

from sqlite_utils import Database

from events.decisions import ClaimAccepted, ClaimRejected
from events.documents import DocumentRead
from events.facts import Fact
from events.listings import Listing
from events.words import differing, summarise, summarise_amendment
from projections.claims import PRESENT
from projections.facts import FactsBefore
from projections.listings import Before
from projections.settled import links, parties_of
from projections.view import Unit

Change = dict[str, Any]


class Changes:
    """Table `changes`, numbered by `change`."""

    name = "changes"
    version = 1

    def create(self, database: Database) -> None:
        """Makes the table."""
        database.table("changes").create(
            {
                "change": int, "position": int, "recorded_at": str, "date": str, "type": str, "kind": str,
                "institution": str, "party": str, "parties": str, "list": str, "name": str,
                "summary": str, "fact": str, "document": str,
            },
            pk="change",
        )  # fmt: skip
        database.table("changes").create_index(["position"])

    def apply(self, database: Database, unit: Unit) -> None:
        """Writes down how the settled truth differs from before the unit."""
        found: list[Change] = []
        for news in unit.news:
            if isinstance(news, Before):
                found.extend(_listing_changes(database, news))
        found.extend(_fact_changes([news for news in unit.news if isinstance(news, FactsBefore)]))
        document = unit.head.stream if unit.head.stream.startswith("document/") else None
        cause = _cause(database, unit)
        for change in sorted(found, key=lambda one: (one["date"], one["type"], one["name"] or "", one["fact"])):
            database.table("changes").insert(
                {
                    **change,
                    "kind": change["kind"] if cause == "learnt" or change["kind"] == "withdrawn" else cause,
                    "position": unit.head.position,
                    "recorded_at": unit.head.recorded_at.isoformat(),
                    "document": document,
                }
            )


def _cause(database: Database, unit: Unit) -> str:
    event = unit.head.event
    if isinstance(event, ClaimRejected | ClaimAccepted):
        return "decided"
    if isinstance(event, DocumentRead):
        again = database.execute(
            "SELECT 1 FROM readings WHERE document = ? AND document_version = ? AND position < ? AND failure IS NULL",
            [unit.head.stream, event.document_version, unit.head.position],
        ).fetchone()
        return "reread" if again else "learnt"
    return "learnt"


def _listing_changes(database: Database, news: Before) -> Iterator[Change]:
    before = {listing.lineage: listing for listing in news.before}
    after = {listing.lineage: listing for listing in news.after}
    found = links(database, PRESENT)
    for lineage in before.keys() | after.keys():
        old, new = before.get(lineage), after.get(lineage)
        shown = new or old
        assert shown is not None
        parties = parties_of(shown, found)
        base = {
            "institution": None,
            "party": parties[0] if parties else None,
            "parties": ",".join(parties),
            "list": shown.list,
            "name": shown.last.name,
            "fact": lineage,
        }
        if new is None:
            yield {**base, "kind": "withdrawn", "date": shown.first.start, **_amended(shown, 0, "no longer: ")}
            continue
        known = set(old.claims) if old else set()
        for n, claim in enumerate(new.claims):
            if claim not in known:
                yield {**base, "kind": "learnt", "date": _effective(new, claim), **_amended(new, n)}
        if old and known <= set(new.claims) and _reads_otherwise(old, new):
            yield {**base, "kind": "corrected", "date": new.first.start, **_amended(new, 0, "corrected: ")}
        elif old and known - set(new.claims):
            yield {**base, "kind": "withdrawn", "date": new.last.start, **_amended(new, 0, "an amendment withdrawn: ")}


def _reads_otherwise(old: Listing, new: Listing) -> bool:
    """Whether what was known already now reads differently (not just has more after it)."""
    mine = {period.because: period for period in new.periods}
    return any(
        period.because in mine and (differing(period, mine[period.because]) or period.start != mine[period.because].start)
        for period in old.periods
    )


def _effective(listing: Listing, claim: str) -> str:
    for period in listing.periods:
        if period.because == claim:
            return period.start
    return listing.last.end or listing.last.start


def _amended(listing: Listing, n: int, prefix: str = "") -> Change:
    removed = n == len(listing.claims) - 1 and listing.last.end is not None and n > 0
    topic = "entity-added" if n == 0 else "entity-removed" if removed else "entity-revised"
    opened = (period for period in listing.periods if period.because == listing.claims[n])
    period = next(opened, listing.first if n == 0 else listing.last)
    words = summarise_amendment(topic, listing.list, (period.name,), period.destination, listing.citations[n].citation)
    return {"type": topic, "summary": prefix + words}


def _fact_changes(news: list[FactsBefore]) -> Iterator[Change]:
    """All subjects of a unit at once: a fact may move between them, when a printed name comes to be known."""
    before = {claim: fact for one in news for fact in one.before for claim in fact.claims}
    after = {claim for one in news for fact in one.after for claim in fact.claims}
    for fact in (fact for one in news for fact in one.after):
        olds = {before[claim].fact: before[claim] for claim in fact.claims if claim in before}
        if not olds:
            yield _fact_change(fact, "learnt", "")
        elif all(_headline(old) != _headline(fact) for old in olds.values()):
            # A later source told more, or a changed document tells otherwise: the headline moved.
            lost = any(set(old.claims) - set(fact.claims) for old in olds.values())
            yield _fact_change(fact, "corrected" if lost else "learnt", "")
    for fact in (fact for one in news for fact in one.before):
        if not after & set(fact.claims):
            yield _fact_change(fact, "withdrawn", "no longer reported: ")


def _list_of(scope: str | None) -> str | None:
    return scope.removeprefix("list:") if scope and scope.startswith("list:") else None


def _headline(fact: Fact) -> tuple[Any, ...]:
    return (fact.institution, fact.party, fact.date, fact.standing, fact.stance, fact.extent, fact.change, fact.amounts)


def _fact_change(fact: Fact, kind: str, prefix: str) -> Change:
    return {
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
    }
