"""Why we know otherwise than before: the units of the ledger that bear on claims, and what each of them was."""

from collections.abc import Iterable
from typing import Final, Literal

import msgspec
from sqlite_utils import Database

Cause = Literal["source", "correction", "reading", "decision"]


class Bearing(msgspec.Struct, frozen=True, kw_only=True):
    """A unit that bears on claims: a document told something or corrected something, was read anew, or a person decided.

    `position` is that of its first event; `reader` is who read a document anew, with its version.
    """

    position: int
    cause: Cause
    reader: str | None = None


_READINGS: Final = """
    SELECT position, reader, reader_version,
           EXISTS (SELECT 1 FROM readings AS earlier WHERE earlier.document = readings.document AND earlier.failure IS NULL
                   AND earlier.document_version = readings.document_version AND earlier.position < readings.position),
           EXISTS (SELECT 1 FROM statements WHERE reading = readings.position AND claim IN (SELECT value FROM json_each(:claims))
                   AND topic LIKE 'entity-%' AND json_extract(body, '$.corrects') IS NOT NULL)
    FROM readings WHERE position > :after AND position <= :until AND failure IS NULL
      AND document IN (SELECT document FROM statements WHERE claim IN (SELECT value FROM json_each(:claims)))
"""
_DECISIONS: Final = """
    SELECT position FROM decisions WHERE claim IN (SELECT value FROM json_each(:claims))
    UNION SELECT position FROM grouped WHERE claim IN (SELECT value FROM json_each(:claims))
    UNION SELECT position FROM changes WHERE kind = 'decided' AND position > :after AND position <= :until
          AND (claim IN (SELECT value FROM json_each(:claims)) OR fact IN (SELECT value FROM json_each(:claims)))
"""


def bearing_on(database: Database, claims: Iterable[str], after: int, until: int) -> list[Bearing]:
    """The units past a position, up to another, that may have changed what the claims settle to; in order."""
    parameters = {"claims": msgspec.json.encode(sorted(set(claims))).decode(), "after": after, "until": until}
    found = [
        Bearing(position=position, cause="reading", reader=f"{reader}@{version}")
        if again
        else Bearing(position=position, cause="correction" if corrects else "source")
        for position, reader, version, again, corrects in database.execute(_READINGS, parameters)
    ]
    decided = f"SELECT position FROM ({_DECISIONS}) WHERE position > :after AND position <= :until"
    found += [Bearing(position=row[0], cause="decision") for row in database.execute(decided, parameters)]
    return sorted(found, key=lambda one: one.position)


def claims_about(database: Database, subjects: Iterable[str]) -> set[str]:
    """Every claim that was ever stated about any of the subjects."""
    query = (
        "SELECT DISTINCT claim FROM subjects JOIN statements USING (position) "
        "WHERE subject IN (SELECT value FROM json_each(?))"
    )  # fmt: skip
    return {row[0] for row in database.execute(query, [msgspec.json.encode(sorted(subjects)).decode()])}
