"""What differs between two days, or between two sets of views. What was learnt between two times: `learnt`."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from sqlite_utils import Database

from events import edtf
from projections import queries
from projections.claims import PRESENT, Horizon
from projections.entries import in_order
from projections.rows import Entry, ListingRow
from projections.status import status

FIELDS = (
    "name", "destination", "aliases", "addresses", "license_requirement", "review_policy", "footnotes", "status"
)  # fmt: skip
RESPONSES: Final = ("institution-responded", "entity-responded")
TIES: Final = ("tie-reported", "tie-ended")
_SOURCE: Final = {"cause": "source"}
Keys = dict[str, Any]


def between_days(database: Database, first: str, second: str, horizon: Horizon = PRESENT) -> dict[str, Any]:
    """What the law and the press changed after one day, up to and including another; the cause is the source."""
    before, after = (in_force(status(database, day, horizon)) for day in (first, second))
    entries = [one for one in all_entries(database, horizon) if _falls(one.date, first, second)]
    return {**differences(before, after, lambda _: _SOURCE), **event_lines(entries, lambda _: _SOURCE)}


def between_views(here: Database, there: Database, day: str, horizon: Horizon) -> dict[str, Any]:
    """How two sets of views answer the same question: status on a day, and every fact of the timelines."""
    before, after = (in_force(status(views, day, horizon)) for views in (here, there))
    mine, theirs = (all_entries(views, horizon) for views in (here, there))
    # A fact is named after its least claim: without that one it is the same fact by another name.
    by_claim = {key: entry for entry in theirs for key in _keys(entry)}
    pairs = [(entry, next((by_claim[key] for key in _keys(entry) if key in by_claim), None)) for entry in mine]
    met = {id(other) for _, other in pairs}
    return {
        "status": differences(before, after, lambda _: {"cause": "replay"}),
        "timelines": {
            "gone": [_line(entry) for entry, other in pairs if other is None],
            "new": [_line(entry) for entry in theirs if id(entry) not in met],
            "changed": [
                {"before": _line(entry), "after": _line(other)}
                for entry, other in pairs
                if other is not None and {**_line(entry), "fact": ""} != {**_line(other), "fact": ""}
            ],
        },
    }


def _keys(entry: Entry) -> list[tuple[str, str | None]]:
    """Its claims, each with its party: an amendment stands on the timelines of all parties that its entry is linked to."""
    return [(one.claim, entry.party) for one in entry.evidence]


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


def in_force(rows: Iterable[ListingRow]) -> dict[str, ListingRow]:
    """The entries that are on a list, suspended ones too, by lineage."""
    return {row.lineage: row for row in rows if row.status in {"listed", "suspended"}}


def differences(before: dict[str, ListingRow], after: dict[str, ListingRow], cause: Callable[[str], Keys]) -> Keys:
    """What was added, removed and revised field by field; `cause` gives the keys that say why, by lineage."""
    revised = []
    for lineage in sorted(before.keys() & after.keys()):
        fields = {
            name: {"before": getattr(before[lineage], name), "after": getattr(after[lineage], name)}
            for name in FIELDS
            if getattr(before[lineage], name) != getattr(after[lineage], name)
        }
        if fields:
            revised.append({**_named(after[lineage]), "fields": fields, **cause(lineage)})
    return {
        "added": [{**_named(row), **cause(key)} for key, row in after.items() if key not in before],
        "removed": [{**_named(row), **cause(key)} for key, row in before.items() if key not in after],
        "revised": revised,
    }


def _named(row: ListingRow) -> dict[str, Any]:
    return {"list": row.list, "name": row.name, "destination": row.destination, "status": row.status, "lineage": row.lineage}


def event_lines(entries: Sequence[Entry], cause: Callable[[Entry], Keys]) -> Keys:
    """Responses and ties, a line each; `cause` gives the keys that say why."""
    return {
        kind: [{**fact_line(one), **cause(one)} for one in entries if one.type in types]
        for kind, types in (("responses", RESPONSES), ("ties", TIES))
    }


def fact_line(entry: Entry) -> Keys:
    """What names a fact in a difference."""
    return {name: getattr(entry, name) for name in ("date", "type", "institution", "party", "summary", "fact")}


def all_entries(database: Database, horizon: Horizon) -> list[Entry]:
    """Every fact once, those of the lists once a party, in order of date."""
    entries = {
        (entry.fact, entry.party): entry
        for subject in sorted(queries.known_subjects(database, horizon))
        for entry in queries.timeline(database, subject, horizon)
    }
    return sorted(entries.values(), key=in_order)


def _falls(date: str, first: str, second: str) -> bool:
    """Whether something happened after one day, up to and including another, as far as is known."""
    if date.startswith("/"):
        return False  # by that day, and nobody says since when
    return first < edtf.parse(date).latest.isoformat() <= second
