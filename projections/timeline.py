"""The view of timelines: the entries of every institution and party, ready for the present.

A listing's own timeline is short and settles at once when asked, so it is not kept.
"""

from typing import Final

import msgspec
from sqlite_utils import Database

from projections.claims import PRESENT
from projections.entries import entries_of, in_order, of_listings, of_reports
from projections.facts import Settled
from projections.rows import Entry
from projections.view import Columns, Unit, add

_encode: Final = msgspec.json.Encoder().encode
decode_entry: Final = msgspec.json.Decoder(Entry).decode


class Timeline:
    """Table `timeline`: a row an entry of `institution:<id>` or `party:<id>`, in parts that change by themselves.

    A part is what the reports of one pair settle to, or a party's own words, or its listings with what the press
    says of them: so an article about one pair writes that pair's entries again, and not a party's whole life.
    """

    name = "timeline"
    version = 3

    def create(self, database: Database) -> None:
        """Makes the table."""
        database.table("timeline").create(
            {"subject": str, "part": str, "place": int, "sorted": str, "fact": str, "body": bytes},
            pk=("subject", "part", "place"),
        )
        database.table("timeline").create_index(["subject", "sorted"])

    def apply(self, database: Database, unit: Unit) -> None:
        """Writes the touched parts again."""
        listed = set(unit.parties)
        for touched in sorted(unit.touched):
            if touched.startswith(("pair:", "entity:")):
                subjects = subjects_shown(touched)
                settled = unit.settled.get(touched)
                if isinstance(settled, Settled):
                    _write(database, subjects, touched, entries_of(settled.said, settled.facts))
                else:  # the view of facts could not take the unit in
                    _write(database, subjects, touched, of_reports(database, touched, PRESENT))
            elif touched.startswith("reported:"):
                listed.add(touched.rpartition(":")[2])
        for party in sorted(listed):
            _write(database, (f"party:{party}",), "listings", of_listings(database, party, PRESENT))


def subjects_shown(touched: str) -> tuple[str, ...]:
    """On whose timelines the reports of a pair, or a party's own words, stand."""
    kind, _, rest = touched.partition(":")
    if kind == "entity":
        return (f"party:{rest}",)
    institution, _, against = rest.partition(":")
    subject = f"institution:{institution}"
    return (subject,) if against.startswith("list:") else (subject, f"party:{against}")


def part_rows(subjects: tuple[str, ...], part: str, entries: list[Entry]) -> list[Columns]:
    """The rows of a part on each of the timelines."""
    rows = [("\x1f".join(in_order(entry)), entry.fact, _encode(entry)) for entry in sorted(entries, key=in_order)]
    return [(subject, part, n, *row) for subject in subjects for n, row in enumerate(rows)]


def _write(database: Database, subjects: tuple[str, ...], part: str, entries: list[Entry]) -> None:
    assert database.conn is not None
    for subject in subjects:
        database.conn.execute("DELETE FROM timeline WHERE subject = ? AND part = ?", (subject, part))
    add(database, "timeline", part_rows(subjects, part, entries))
