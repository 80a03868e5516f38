"""The view of listings: each entry's settled history, ready for the present."""

from typing import Final

import msgspec
from sqlite_utils import Database

from events.periods import Listing
from events.said import listing_subject
from projections.claims import Horizon
from projections.settled import component, links, listings_of, parties_of
from projections.view import Unit

_encode: Final = msgspec.json.Encoder().encode
decode_listing: Final = msgspec.json.Decoder(Listing).decode


class Before(msgspec.Struct, frozen=True):
    """Listings before and after a unit, for the change log."""

    before: tuple[Listing, ...]
    after: tuple[Listing, ...]


class Listings:
    """Tables `listings` (a row an entry), `listing_subjects`, `periods` and `unmatched`."""

    name = "listings"
    version = 3

    def create(self, database: Database) -> None:
        """Makes the tables."""
        database.table("listings").create({"lineage": str, "list": str, "name": str, "body": bytes}, pk="lineage")
        database.table("listing_subjects").create({"subject": str, "lineage": str}, pk=("subject", "lineage"))
        database.table("listing_subjects").create_index(["lineage"])
        database.table("periods").create(
            {"lineage": str, "start": str, "end": str, "name": str, "destination": str, "because": str},
            pk=("lineage", "start"),
        )
        database.table("periods").create_index(["start"])
        database.table("unmatched").create(
            {
                "claim": str,
                "subject": str,
                "list": str,
                "destination": str,
                "name": str,
                "change": str,
                "document": str,
                "reason": str,
            },
            pk="claim",
        )
        database.table("unmatched").create_index(["subject"])
        database.table("announced").create({"lineage": str, "claim": str, "document": str}, pk=("lineage", "claim"))

    def apply(self, database: Database, unit: Unit) -> None:
        """Settles the touched entries again, each with whatever renames tie to it."""
        waiting = {subject for subject in unit.touched if subject.startswith("listing:")}
        if not waiting:
            return
        known = Horizon(position=unit.known)
        found = links(database, known)
        while waiting:
            subjects = component(database, [waiting.pop()])
            waiting -= subjects
            before = _stored(database, subjects)
            settlement = listings_of(database, subjects, known)
            _replace(database, subjects, before, settlement.listings)
            for one in settlement.unmatched:
                subject = listing_subject(one.list, one.name)
                database.table("unmatched").insert({**msgspec.to_builtins(one), "subject": subject})
            unit.news.append(Before(before, settlement.listings))
            for listing in (*before, *settlement.listings):
                unit.parties.update(parties_of(listing, found))


def _stored(database: Database, subjects: set[str]) -> tuple[Listing, ...]:
    rows = {}
    for subject in sorted(subjects):
        query = "SELECT lineage, body FROM listing_subjects JOIN listings USING (lineage) WHERE subject = ?"
        rows.update({row[0]: row[1] for row in database.execute(query, [subject])})
    return tuple(decode_listing(body) for _, body in sorted(rows.items()))


def _replace(database: Database, subjects: set[str], before: tuple[Listing, ...], after: tuple[Listing, ...]) -> None:
    assert database.conn is not None
    old = [(listing.lineage,) for listing in before]
    for table in ("listings", "listing_subjects", "periods", "announced"):
        database.conn.executemany(f"DELETE FROM {table} WHERE lineage = ?", old)
    database.conn.executemany("DELETE FROM unmatched WHERE subject = ?", [(subject,) for subject in sorted(subjects)])
    database.conn.executemany(
        "INSERT INTO listings VALUES (?,?,?,?)", [(one.lineage, one.list, one.last.name, _encode(one)) for one in after]
    )
    database.conn.executemany(
        "INSERT INTO listing_subjects VALUES (?,?)", [(subject, one.lineage) for one in after for subject in sorted(subjects)]
    )
    database.conn.executemany(
        "INSERT INTO announced VALUES (?,?,?)",
        [(one.lineage, filed.claim, filed.document) for one in after for filed in one.announced],
    )
    database.conn.executemany(
        "INSERT INTO periods VALUES (?,?,?,?,?,?)",
        [(one.lineage, p.start, p.end, p.name, p.destination, p.because) for one in after for p in one.periods],
    )
