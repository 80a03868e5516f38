"""The view of timelines: the entries of every institution and party, ready for the present.

A listing's own timeline is short and settles at once when asked, so it is not kept.
"""

from typing import Final

import msgspec
from sqlite_utils import Database

from projections.claims import PRESENT
from projections.entries import timeline_of
from projections.rows import Entry
from projections.view import Unit

_encode: Final = msgspec.json.Encoder().encode
decode_entry: Final = msgspec.json.Decoder(Entry).decode


class Timeline:
    """Table `timeline`: a row an entry of `institution:<id>` or `party:<id>`."""

    name = "timeline"
    version = 2

    def create(self, database: Database) -> None:
        """Makes the table."""
        database.table("timeline").create(
            {"subject": str, "place": int, "date": str, "type": str, "fact": str, "body": bytes}, pk=("subject", "place")
        )

    def apply(self, database: Database, unit: Unit) -> None:
        """Writes the timelines of the touched institutions and parties again."""
        assert database.conn is not None
        for subject in sorted(_timelines(unit)):
            entries = timeline_of(database, subject, PRESENT)
            database.conn.execute("DELETE FROM timeline WHERE subject = ?", (subject,))
            database.conn.executemany(
                "INSERT INTO timeline VALUES (?,?,?,?,?,?)",
                [(subject, n, one.date, one.type, one.fact, _encode(one)) for n, one in enumerate(entries)],
            )


def _timelines(unit: Unit) -> set[str]:
    subjects = {f"party:{party}" for party in unit.parties}
    for touched in unit.touched:
        kind, _, rest = touched.partition(":")
        if kind == "pair":
            institution, _, against = rest.partition(":")
            subjects.add(f"institution:{institution}")
            if not against.startswith("list:"):
                subjects.add(f"party:{against}")
        elif kind in {"reported", "entity"}:
            subjects.add(f"party:{rest.rpartition(':')[2]}")
    return subjects
