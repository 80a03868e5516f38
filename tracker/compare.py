"""What differs between two days, or between two states of knowledge."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlite_utils import Database

from events import edtf
from projections import queries
from projections.claims import PRESENT, Horizon
from projections.entries import in_order
from projections.rows import ChangeRow, Entry, ListingRow
from projections.status import status

FIELDS = (
    "name", "destination", "aliases", "addresses", "license_requirement", "review_policy", "footnotes", "status"
)  # fmt: skip
_CAUSES = {"corrected": "correction", "reread": "reading", "decided": "decision"}


def between_days(database: Database, first: str, second: str, horizon: Horizon = PRESENT) -> dict[str, Any]:
    """What the law and the press changed after one day, up to and including another; the cause is the source."""
    before, after = (_in_force(status(database, day, horizon)) for day in (first, second))
    entries = [one for one in _all_entries(database, horizon) if _falls(one.date, first, second)]
    return {**_differences(before, after, lambda _: "source"), **_events(entries, lambda _: "source")}


def between_knowledge(database: Database, day: str, first: int, second: int) -> dict[str, Any]:
    """What was learnt after one position, up to another, about a day; each with what made us learn it."""
    changes = queries.changes(database, first, second)
    causes = _causes(changes)
    before, after = (_in_force(status(database, day, Horizon(position=k))) for k in (first, second))
    known = {entry.fact for entry in _all_entries(database, Horizon(position=first))}
    entries = [one for one in _all_entries(database, Horizon(position=second)) if one.fact not in known]
    cause = lambda fact: causes.get(fact, "source")  # noqa: E731
    return {**_differences(before, after, cause), **_events(entries, cause)}


def between_views(here: Database, there: Database, day: str, horizon: Horizon) -> dict[str, Any]:
    """How two sets of views answer the same question: status on a day, and every fact of the timelines."""
    before, after = (_in_force(status(views, day, horizon)) for views in (here, there))
    mine, theirs = (_all_entries(views, horizon) for views in (here, there))
    # A fact is named after its least claim: without that one it is the same fact by another name.
    by_claim = {one.claim: entry for entry in theirs for one in entry.evidence}
    pairs = [(entry, next((by_claim[one.claim] for one in entry.evidence if one.claim in by_claim), None)) for entry in mine]
    met = {other.fact for _, other in pairs if other is not None}
    return {
        "status": _differences(before, after, lambda _: "replay"),
        "timelines": {
            "gone": [_line(entry) for entry, other in pairs if other is None],
            "new": [_line(entry) for entry in theirs if entry.fact not in met],
            "changed": [
                {"before": _line(entry), "after": _line(other)}
                for entry, other in pairs
                if other is not None and {**_line(entry), "fact": ""} != {**_line(other), "fact": ""}
            ],
        },
    }


def _line(entry: Entry) -> dict[str, Any]:
    return {
        "fact": entry.fact,
        "date": entry.date,
        "type": entry.type,
        "institution": entry.institution,
        "party": entry.party,
        "summary": entry.summary,
        "standing": entry.standing,
        "sources": entry.sources,
    }


def _causes(changes: Iterable[ChangeRow]) -> dict[str, str]:
    return {change.fact: _CAUSES.get(change.kind, "source") for change in changes}


def _in_force(rows: Iterable[ListingRow]) -> dict[str, ListingRow]:
    return {row.lineage: row for row in rows if row.status in {"listed", "suspended"}}


def _differences(before: dict[str, ListingRow], after: dict[str, ListingRow], cause: Any) -> dict[str, Any]:
    revised = []
    for lineage in sorted(before.keys() & after.keys()):
        fields = {
            name: {"before": getattr(before[lineage], name), "after": getattr(after[lineage], name)}
            for name in FIELDS
            if getattr(before[lineage], name) != getattr(after[lineage], name)
        }
        if fields:
            revised.append({**_named(after[lineage]), "fields": fields, "cause": cause(lineage)})
    return {
        "added": [{**_named(row), "cause": cause(key)} for key, row in after.items() if key not in before],
        "removed": [{**_named(row), "cause": cause(key)} for key, row in before.items() if key not in after],
        "revised": revised,
    }


def _named(row: ListingRow) -> dict[str, Any]:
    return {"list": row.list, "name": row.name, "destination": row.destination, "status": row.status, "lineage": row.lineage}


def _events(entries: Sequence[Entry], cause: Any) -> dict[str, Any]:
    def shown(*types: str) -> list[dict[str, Any]]:
        return [
            {"date": one.date, "type": one.type, "institution": one.institution, "party": one.party,
             "summary": one.summary, "fact": one.fact, "cause": cause(one.fact)}
            for one in entries
            if one.type in types
        ]  # fmt: skip

    return {
        "responses": shown("institution-responded", "entity-responded"),
        "ties": shown("tie-reported", "tie-ended"),
    }


def _all_entries(database: Database, horizon: Horizon) -> list[Entry]:
    """Every reported fact once, in order of date."""
    entries = {
        entry.fact: entry
        for subject in queries.known_subjects(database)
        for entry in queries.timeline(database, subject, horizon)
    }
    return sorted(entries.values(), key=in_order)


def _falls(date: str, first: str, second: str) -> bool:
    """Whether something happened after one day, up to and including another, as far as is known."""
    if date.startswith("/"):
        return False  # by that day, and nobody says since when
    return first < edtf.parse(date).latest.isoformat() <= second
