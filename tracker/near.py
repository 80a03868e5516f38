"""Entries that come near to a name, and why they are not it: removed, another list, another spelling."""

from collections.abc import Iterable, Set
from typing import Any, Final

from rapidfuzz import fuzz, process
from sqlite_utils import Database

from events.names import contains_words, normalise
from events.periods import Listing, on_day
from projections import queries
from projections.claims import Horizon
from projections.rows import ListingRow
from projections.settled import listings_of

MOST: Final = 8
CLOSE: Final = 75
"""The score, of 100, from which a name counts as near."""


def near(
    database: Database, day: str, horizon: Horizon, name: str, rows: Iterable[ListingRow], list_id: str | None
) -> list[dict[str, Any]]:
    """Entries that bear the name but do not count on that day or list, then those with names like it, best first."""
    rows = list(rows)
    found = [_same_name(row, name, list_id) for row in rows if _differs(row, list_id)]
    return [*found, *_alike(database, day, horizon, name, list_id, {row.lineage for row in rows})]


def _differs(row: ListingRow, list_id: str | None) -> bool:
    elsewhere = list_id not in (None, row.list)
    return row.status != "pending" and (elsewhere or row.status not in {"listed", "suspended"})


def _same_name(row: ListingRow, name: str, list_id: str | None) -> dict[str, Any]:
    reasons = [f"on the list {row.list}, not {list_id}"] if list_id not in (None, row.list) else []
    reasons += _of_status(row.status, row.effective_from, row.effective_until)
    if normalise(row.name) != normalise(name):
        aliases = [alias for alias in row.aliases if contains_words(normalise(alias), normalise(name))]
        reasons += [f"the name is an alias: {aliases[0]}"] if aliases else [f"its name is now {row.name}"]
    return {
        "list": row.list, "name": row.name, "matched": row.name, "destination": row.destination, "status": row.status,
        "effective_from": row.effective_from, "effective_until": row.effective_until, "score": 100.0,
        "lineage": row.lineage, "why": reasons,
    }  # fmt: skip


def _of_status(status: str, start: str | None, end: str | None) -> list[str]:
    told = {
        "removed": f"removed on {end}",
        "announced": f"takes effect on {start}",
        "reported": "only the press reports it",
        "unknown": f"nobody could know of it on that day; in force from {start}",
    }
    return [told[status]] if status in told else []


def _alike(
    database: Database, day: str, horizon: Horizon, name: str, list_id: str | None, shown: Set[str]
) -> list[dict[str, Any]]:
    """Entries whose names or aliases hold the name, or are spelt like it, and that are not shown yet."""
    wanted = normalise(name)
    subjects: dict[str, list[str]] = {}
    for list_of, called, subject in queries.names_on_lists(database):
        if list_id in (None, list_of):
            subjects.setdefault(called, []).append(subject)
    holding = [called for called in subjects if contains_words(called, wanted)]
    close = process.extract(wanted, list(subjects), scorer=fuzz.WRatio, limit=MOST + len(holding), score_cutoff=CLOSE)
    found: dict[str, dict[str, Any]] = {}
    for called, score in [*((one, 100.0) for one in holding), *((one[0], one[1]) for one in close)]:
        if len(found) >= MOST:
            break
        for listing in listings_of(database, subjects[called], horizon).listings:
            names = {normalise(one): one for one in listing.names()}
            if called in names and listing.lineage not in shown | found.keys() and list_id in (None, listing.list):
                found[listing.lineage] = _like_name(listing, day, name, names[called], score)
    return list(found.values())[:MOST]


def _like_name(listing: Listing, day: str, name: str, matched: str, score: float) -> dict[str, Any]:
    standing = on_day(listing, day)
    period = standing.period if standing else listing.last
    status = standing.status if standing else "unknown"
    reasons = [] if normalise(matched) == normalise(name) else [f"spelt otherwise: {matched}"]
    reasons += [f"the name is an alias of {period.name}"] if matched != period.name else []
    return {
        "list": listing.list, "name": period.name, "matched": matched, "destination": period.destination, "status": status,
        "effective_from": listing.first.start, "effective_until": listing.last.end, "score": round(score, 1),
        "lineage": listing.lineage, "why": [*reasons, *_of_status(status, listing.first.start, listing.last.end)],
    }  # fmt: skip
