"""The status of entries on a day, as known at a horizon, with what waits for a person."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlite_utils import Database

from events import edtf
from events.names import contains_words, normalise
from events.periods import Announcement, Listing, Period, cited_on, on_day
from projections.claims import Horizon
from projections.entries import match_reports, party_amendments, reports_of_listings
from projections.listings import decode_listing
from projections.pending import pending
from projections.rows import CitationRow, CorrectionRow, ListingRow, PendingRow, ReportedRow
from projections.settled import CHOSEN_READING, Link, limits, linked_subjects, links, listings_of, parties_of


def listings(database: Database, horizon: Horizon, name: str | None = None) -> tuple[Listing, ...]:
    """The settled listings, all or those that ever had the name (whole, or these words in a row)."""
    if horizon.is_present and name is None:
        rows = database.execute("SELECT body FROM listings ORDER BY list, name, lineage")
        return tuple(decode_listing(row[0]) for row in rows)
    subjects = subjects_called(database, name)
    settled = listings_of(database, subjects, horizon).listings
    return tuple(one for one in settled if name is None or _is_called(one, name))


def subjects_called(database: Database, name: str | None) -> list[str]:
    """The listing subjects of which some name has these words, by the rarest of them; all without a name."""
    if name is None:
        return [row[0] for row in database.execute("SELECT DISTINCT subject FROM names")]
    wanted = normalise(name)
    count = "SELECT count(*) FROM (SELECT 1 FROM name_words WHERE word = ? LIMIT 1000)"
    words = {word: database.execute(count, [word]).fetchone()[0] for word in wanted.split(" ") if word}
    if not words:
        return []
    rows = database.execute(
        "SELECT DISTINCT names.subject FROM name_words JOIN names USING (subject) "
        "WHERE word = ? AND instr(' ' || normalised || ' ', ' ' || ? || ' ')",
        [min(words, key=lambda word: words[word]), wanted],
    )
    return [row[0] for row in rows]


def _is_called(listing: Listing, name: str) -> bool:
    wanted = normalise(name)
    return any(contains_words(normalise(called), wanted) for called in listing.names())


def status(
    database: Database,
    day: str,
    horizon: Horizon,
    *,
    name: str | None = None,
    party: str | None = None,
    list_id: str | None = None,
    country: str | None = None,
) -> list[ListingRow]:
    """The entries on a day, as known at the horizon.

    `name` finds entries by any name they ever had; `party` adds those linked to it, and what only the
    press reports. What is quarantined shows as `pending`.
    """
    found = links(database, horizon)
    listed = {one.lineage: one for one in listings(database, horizon, name)}
    if party is not None:
        subjects = linked_subjects(database, [link for link in found if link.party == party])
        settled = listings_of(database, subjects, horizon).listings
        listed.update({one.lineage: one for one in settled if party in parties_of(one, found)})
    named = None if name is None else subjects_called(database, name)
    waiting = [one for one in pending(database, horizon, named) if name is None or _is_about(one, name)]
    by_name = _by_name(waiting)
    reports = _Reports(database, horizon)
    rows = [row for one in listed.values() if (row := _listing_row(one, day, found, by_name, reports))]
    rows.extend(_pending_rows(database, horizon, waiting, rows))
    rows.extend(reports.unconfirmed(day, [party] if party else _reported_parties(database) if name is None else []))
    # What waits under a destination whose country is not known is never left out as if it were elsewhere.
    chosen = (row for row in rows if list_id in (None, row.list) and (country in (None, row.country) or _is_anywhere(row)))
    return sorted(chosen, key=lambda row: (row.list, row.destination or "~", row.name, row.lineage))


def _is_about(one: PendingRow, name: str) -> bool:
    return any(contains_words(normalise(called), normalise(name)) for called in (one.name or "", *one.aliases))


def _is_anywhere(row: ListingRow) -> bool:
    return row.status == "pending" and row.country is None


def _countries(database: Database, horizon: Horizon) -> dict[str, str]:
    """Each destination's country, as the readings that count tell it."""
    query = f"""
        SELECT DISTINCT json_extract(body, '$.destination'), json_extract(body, '$.country')
        FROM statements JOIN readings ON readings.position = statements.reading
        WHERE topic = 'entity-added' AND json_extract(body, '$.country') IS NOT NULL
          AND readings.position = ({CHOSEN_READING})
    """
    found = database.execute(query, limits(horizon))
    return {normalise(destination): country for destination, country in sorted(tuple(row) for row in found)}


def _listing_row(listing: Listing, day: str, found: Iterable[Link], waiting: "_ByName", reports: "_Reports") -> ListingRow | None:
    standing = on_day(listing, day)
    if standing is None:
        return None
    period = standing.period
    parties = parties_of(listing, found)
    names = {normalise(name) for name in listing.names()}
    mine = [one for name in sorted(names) for one in waiting.get((listing.list, name), ())]
    mine += [_on_file(listing, period, one) for one in listing.announced if standing.status != "announced"]
    return ListingRow(
        list=listing.list,
        destination=period.destination,
        country=period.country,
        name=period.name,
        aliases=tuple(alias.name for alias in period.aliases),
        addresses=period.addresses,
        status=standing.status,
        standing="official",
        effective_from=listing.first.start,
        effective_until=listing.last.end,
        suspended_until=period.end if standing.status == "suspended" else None,
        # A rule may rename an entry and revise it besides: it is cited once.
        citations=tuple(
            dict.fromkeys(
                CitationRow(citation=one.citation, published=one.published, page=one.page) for one in cited_on(listing, day)
            )
        ),
        license_requirement=period.license_requirement,
        review_policy=period.review_policy,
        footnotes=period.footnotes,
        reported=reports.of(listing, parties),
        pending=tuple(mine),
        corrections=tuple(
            CorrectionRow(citation=one.citation, published=one.published, corrects=one.corrects, applicable=one.applicable)
            for one in listing.corrections
        ),
        provisional=listing.provisional,
        parties=parties,
        lineage=listing.lineage,
    )


def _on_file(listing: Listing, period: Period, filed: Announcement) -> PendingRow:
    """A filing that does something to an entry once it is published."""
    planned = f"for publication on {filed.published}" if filed.published else "for publication"
    return PendingRow(
        list=listing.list,
        change=filed.change,
        destination=period.destination,
        name=period.name,
        reason=f"on file for public inspection, planned {planned}, effective {filed.effective}",
        document=filed.document,
        id=filed.claim,
        claim=filed.claim,
    )


_ByName = dict[tuple[str, str], list[PendingRow]]


def _by_name(waiting: list[PendingRow]) -> _ByName:
    """What waits, by list and normalised name."""
    found: _ByName = {}
    for one in waiting:
        if one.name:
            found.setdefault((one.list, normalise(one.name)), []).append(one)
    return found


def _pending_rows(database: Database, horizon: Horizon, waiting: list[PendingRow], rows: list[ListingRow]) -> list[ListingRow]:
    """What waits and belongs to no entry: shown as pending, never left out as if clear."""
    shown = {one for row in rows for one in row.pending}
    waiting = [one for one in waiting if one not in shown and one.name]
    countries = _countries(database, horizon) if waiting else {}
    return [
        ListingRow(
            list=one.list,
            destination=one.destination,
            country=countries.get(normalise(one.destination or "")),
            name=one.name or "",
            status="pending",
            standing="official",
            pending=(one,),
            lineage=f"pending:{one.document}",
        )
        for one in waiting
    ]


class _Reports:
    """Press reports of listings by party, settled once a party."""

    def __init__(self, database: Database, horizon: Horizon) -> None:
        self.database, self.horizon = database, horizon
        self.cache: dict[str, tuple[dict[str, list[Any]], list[Any]]] = {}

    def _matched(self, party: str) -> tuple[dict[str, list[Any]], list[Any]]:
        if party not in self.cache:
            said = reports_of_listings(self.database, party, self.horizon)
            amendments = party_amendments(self.database, party, self.horizon) if said else []
            self.cache[party] = match_reports(said, amendments)
        return self.cache[party]

    def of(self, listing: Listing, parties: Iterable[str]) -> tuple[ReportedRow, ...]:
        """The dates that the press gave for an entry's amendments, each with its document."""
        said = {
            (one.order, one.statement.claim): one
            for party in parties
            for claim in listing.claims
            for one in self._matched(party)[0].get(claim, ())
        }
        return tuple(ReportedRow(date=edtf.write(one.interval), document=one.document) for _, one in sorted(said.items()))

    def unconfirmed(self, day: str, parties: Iterable[str]) -> list[ListingRow]:
        """Additions that only the press reports, by the given day."""
        rows = []
        for party in parties:
            rest = [one for one in self._matched(party)[1] if one.statement.change == "added"]
            known = [one for one in rest if one.interval.earliest <= date.fromisoformat(day)]
            if not known:
                continue
            first = min(known, key=lambda one: (one.interval.days, one.order))
            rows.append(
                ListingRow(
                    list=first.statement.list,
                    destination=None,
                    name=first.statement.party_name,
                    status="reported",
                    standing="reported",
                    effective_from=edtf.write(first.interval),
                    reported=tuple(
                        ReportedRow(date=edtf.write(one.interval), document=one.document)
                        for one in sorted(known, key=lambda one: one.order)
                    ),
                    parties=(party,),
                    lineage=first.statement.claim,
                )
            )
        return rows


def _reported_parties(database: Database) -> list[str]:
    rows = database.execute("SELECT DISTINCT subject FROM subjects WHERE subject > 'reported:' AND subject < 'reported;'")
    return sorted({row[0].split(":", 2)[2] for row in rows})
