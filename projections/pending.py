"""What waits for a person: quarantined parts, unread documents, amendments of entries that nobody added."""

from collections import defaultdict, deque
from collections.abc import Sequence
from typing import Any

import msgspec
from sqlite_utils import Database

from events.claims import claim_id
from projections.claims import Horizon
from projections.rows import PendingRow
from projections.settled import CHOSEN_READING, decided, limits, listings_of

_QUARANTINED = f"""
    SELECT quarantined.list, change, destination, quarantined.name, reason, readings.document, part, quarantined.reading
    FROM quarantined JOIN readings ON readings.position = quarantined.reading
    JOIN documents ON documents.document = readings.document
         AND documents.document_version = readings.document_version
    WHERE readings.position = ({CHOSEN_READING})
      -- What is doubtful in a copy of a list is no change of the list: holding the copy against the rules tells it.
      AND documents.kind NOT IN ('ecfr', 'csl')
      AND part NOT IN (SELECT part FROM accepted_parts WHERE position <= :position)
"""

_PROPOSED = """
    SELECT claim, topic, json_extract(body, '$.list'), json_extract(body, '$.destination'),
           json_extract(body, '$.name'), json_extract(body, '$.aliases') FROM statements
    WHERE reading = ? AND json_extract(body, '$.standing') = 'proposed' ORDER BY place
"""

_UNREAD = """
    SELECT document, failure FROM readings INDEXED BY readings_failed
    WHERE failure IS NOT NULL AND position <= :position AND available <= :available
      AND document LIKE 'document/federal-register/%'
      AND NOT EXISTS (SELECT 1 FROM readings AS good WHERE good.document = readings.document
                      AND good.position > readings.position AND good.failure IS NULL
                      AND good.position <= :position AND good.available <= :available)
"""

_Proposal = tuple[str | None, tuple[str, ...]]


def pending(database: Database, horizon: Horizon, subjects: Sequence[str] | None = None) -> list[PendingRow]:
    """All that waits at a state of knowledge, in an order that does not depend on arrival.

    With `subjects` the amendments that fit no entry are looked for among these alone.
    """
    waiting = [*_parts(database, horizon), *_unmatched(database, horizon, subjects), *_unread(database, horizon)]
    return sorted(waiting, key=lambda one: (one.list, one.document, one.destination or "", one.name or "", one.id, one.reason))


def _parts(database: Database, horizon: Horizon) -> list[PendingRow]:
    """Quarantined parts that nobody has decided, each with the statement proposed for it."""
    rows = database.execute(_QUARANTINED, limits(horizon)).fetchall()
    proposals = {reading: _proposed(database, reading) for reading in {row[7] for row in rows}}
    verdicts = decided(database, horizon)
    waiting = []
    for list_id, change, destination, name, reason, document, part, reading in rows:
        like = proposals[reading].get((change, list_id, destination, name), deque([(None, ())]))
        # Two entries may bear one name in one place: each part has a proposal of its own.
        claim, aliases = like.popleft() if len(like) > 1 else like[0]
        if claim is None or claim not in verdicts:
            fields = {"list": list_id, "change": change, "destination": destination, "name": name}
            waiting.append(PendingRow(**fields, reason=reason, document=document, id=part, claim=claim, aliases=aliases))
    return waiting


def _proposed(database: Database, reading: int) -> dict[tuple[Any, ...], deque[_Proposal]]:
    """The claims that a reading only proposes, with their aliases, by change, list, destination and name."""
    found: dict[tuple[Any, ...], deque[_Proposal]] = defaultdict(deque)
    for claim, topic, *entry, aliases in database.execute(_PROPOSED, [reading]):
        names = tuple(alias["name"] for alias in msgspec.json.decode(aliases or "[]"))
        found[(topic.removeprefix("entity-"), *entry)].append((claim, names))
    return found


def _unmatched(database: Database, horizon: Horizon, subjects: Sequence[str] | None = None) -> list[PendingRow]:
    """Amendments of entries that were not in the list as far as it was read."""
    if horizon.is_present:
        rows = database.execute("SELECT claim, list, change, destination, name, document, reason FROM unmatched").fetchall()
    else:
        if subjects is None:
            subjects = [row[0] for row in database.execute("SELECT DISTINCT subject FROM names")]
        settled = listings_of(database, subjects, horizon).unmatched
        rows = [(one.claim, one.list, one.change, one.destination, one.name, one.document, one.reason) for one in settled]
    return [
        PendingRow(
            list=row[1],
            change=row[2],
            destination=row[3],
            name=row[4],
            reason=row[6],
            document=row[5],
            id=row[0],
        )
        for row in rows
    ]


def _unread(database: Database, horizon: Horizon) -> list[PendingRow]:
    """Rules that could not be read at all: whatever they change waits, unless a person set it aside."""
    query = "SELECT part FROM accepted_parts WHERE position <= :position"
    accepted = {row[0] for row in database.execute(query, {"position": limits(horizon)["position"]})}
    return [
        PendingRow(
            list="us-bis-el",
            change=None,
            destination=None,
            name=None,
            reason=failure,
            document=document,
            id=claim_id(document, "unread", (), 0),
        )
        for document, failure in database.execute(_UNREAD, limits(horizon))
        if claim_id(document, "unread", (), 0) not in accepted
    ]
