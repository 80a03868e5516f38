"""Truth at any state of knowledge: the statements of a subject, settled.

The views keep what these functions give for the present; a question about the past calls the same
functions with a horizon. So the past is right by construction: it is the same settling over fewer
statements. Of each document the newest version that was available and known counts, in its latest reading.
"""

from collections.abc import Iterable, Set
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
from sqlite_utils import Database

from events.facts import Fact, settle_facts
from events.listings import settle_list
from events.names import normalise
from events.periods import Listing, ListSettlement
from events.said import Said
from events.statements import (
    Amendment,
    EntityAdded,
    EntityCorrected,
    EntityFound,
    EntityRemoved,
    EntityResponded,
    EntityRevised,
    EntitySuspended,
    InstitutionResponded,
    ListingReported,
    RuleInForce,
    Standing,
    TieEnded,
    TieReported,
)
from projections.claims import Horizon
from projections.documents import instant

_AnyStatement = (
    EntityAdded
    | EntityRevised
    | EntityRemoved
    | EntitySuspended
    | EntityCorrected
    | EntityFound
    | RuleInForce
    | ListingReported
    | InstitutionResponded
    | EntityResponded
    | TieReported
    | TieEnded
)
decode_statement: Final = msgspec.json.Decoder(_AnyStatement).decode

CHOSEN_READING: Final = """
    SELECT position FROM readings AS other
    WHERE other.document = readings.document AND other.failure IS NULL
      AND other.position <= :position AND other.available <= :available
    ORDER BY filed, document_version DESC, position DESC LIMIT 1
"""
"""The reading of a document that counts at a horizon. A failed reading never hides an earlier good one,
and what was on file never what was published."""

_SAID: Final = f"""
    SELECT statements.body, statements.document, readings.available, readings.published,
           readings.citation, readings.position, documents.outlet, readings.filed,
           readings.recorded_at, documents.url, coalesce(readings.title, documents.title), subjects.subject
    FROM subjects JOIN statements USING (position)
    JOIN readings ON readings.position = statements.reading
    JOIN documents ON documents.document = readings.document
         AND documents.document_version = readings.document_version
    WHERE subjects.subject IN (SELECT value FROM json_each(:subjects)) AND readings.position = ({CHOSEN_READING})
    ORDER BY subjects.subject, statements.position
"""


def limits(horizon: Horizon) -> dict[str, Any]:
    """A horizon as the parameters that `CHOSEN_READING` takes."""
    return {
        "position": 2**62 if horizon.position is None else horizon.position,
        "available": "~" if horizon.available is None else instant(horizon.available.timestamp()),
    }


def said_about(database: Database, subjects: Iterable[str], horizon: Horizon) -> list[Said]:
    """Every statement about any of the subjects that counts at the horizon, each once."""
    each = said_by_subject(database, subjects, horizon).values()
    return list({(one.document, one.statement.claim): one for said in each for one in said}.values())


def said_by_subject(database: Database, subjects: Iterable[str], horizon: Horizon) -> dict[str, list[Said]]:
    """What counts at the horizon about each of the subjects of which anything was said."""
    parameters = {**limits(horizon), "subjects": _json(subjects)}
    found: dict[str, list[Said]] = {}
    for row in database.execute(_SAID, parameters):
        said = Said(
            statement=decode_statement(row[0]),
            document=row[1],
            available=moment(row[2]),
            published=row[3],
            citation=row[4],
            position=row[5],
            outlet=row[6],
            filed=bool(row[7]),
            recorded_at=row[8],
            url=row[9],
            title=row[10],
        )
        found.setdefault(row[11], []).append(said)
    verdicts = decided(database, horizon, (one.statement.claim for said in found.values() for one in said))
    counting = {
        subject: [kept for one in said if (kept := _counting(one, verdicts.get(one.statement.claim))) is not None]
        for subject, said in found.items()
    }
    return {subject: said for subject, said in counting.items() if said}


def moment(text: str) -> datetime:
    """An instant from the text that SQL compares."""
    return datetime.fromtimestamp(float(text), UTC)


def _counting(said: Said, accepted: bool | None) -> Said | None:
    """The statement as it counts: not when rejected, and a proposal only when a person accepted it."""
    if accepted is False or (accepted is None and said.statement.standing == "proposed"):
        return None
    if said.statement.standing != "proposed":
        return said
    standing: Standing = "official" if isinstance(said.statement, Amendment | RuleInForce) else "reported"
    return msgspec.structs.replace(said, statement=msgspec.structs.replace(said.statement, standing=standing))


def decided(database: Database, horizon: Horizon, claims: Iterable[str] | None = None) -> dict[str, bool]:
    """The claims that people decided, all or some, by the latest decision: True for accepted, False for rejected."""
    query, parameters = "SELECT claim, rejected FROM decisions WHERE position <= ?", [limits(horizon)["position"]]
    if claims is not None:
        query, parameters = f"{query} AND claim IN (SELECT value FROM json_each(?))", [*parameters, _json(claims)]
    return {claim: not rejected for claim, rejected in database.execute(f"{query} ORDER BY position", parameters)}


def _json(texts: Iterable[str]) -> str:
    """A set of texts as one parameter of a query."""
    return msgspec.json.encode(sorted(set(texts))).decode()


def component(database: Database, subjects: Iterable[str]) -> set[str]:
    """The listing subjects that renames tie together with the given ones."""
    seen: set[str] = set()
    waiting = [subject for subject in subjects if subject.startswith("listing:")]
    while waiting:
        subject = waiting.pop()
        if subject in seen:
            continue
        seen.add(subject)
        linked = database.execute(
            "SELECT DISTINCT b.subject FROM subjects a JOIN subjects b USING (position) WHERE a.subject = ?", [subject]
        )
        waiting.extend(row[0] for row in linked if row[0] not in seen)
    return seen


def listings_of(database: Database, subjects: Iterable[str], horizon: Horizon) -> ListSettlement:
    """The listings that the amendments of the subjects settle to."""
    return settle_list(said_about(database, component(database, subjects), horizon))


def facts_of(database: Database, subject: str, horizon: Horizon) -> tuple[Fact, ...]:
    """The facts that the reports about one subject settle to."""
    return settle_facts(said_about(database, [subject], horizon))


class Link(msgspec.Struct, frozen=True):
    """Which entries of a list a party's are: a normalised name, matched whole or as the first words."""

    party: str
    list: str
    name: str
    match: str

    def fits(self, listing: Listing) -> bool:
        """Whether an entry ever carried the name."""
        return listing.list == self.list and self.fits_any({normalise(name) for name in listing.names()})

    def fits_any(self, names: Set[str]) -> bool:
        """Whether one of the names, already normalised, is the link's."""
        if self.name in names:
            return True
        return self.match == "begins" and any(name.startswith(f"{self.name} ") for name in names)


def links(database: Database, horizon: Horizon, party: str | None = None) -> list[Link]:
    """The links in force at the horizon, all or of one party."""
    latest: dict[Link, int] = {}
    for row in database.execute(
        "SELECT party, list, normalised, match, linked FROM links WHERE position <= :position "
        "AND (:party IS NULL OR party = :party) ORDER BY position",
        {"position": limits(horizon)["position"], "party": party},
    ):
        latest[Link(*row[:4])] = row[4]
    return [link for link, linked in latest.items() if linked]


def linked_subjects(database: Database, found: Iterable[Link]) -> set[str]:
    """The listing subjects whose names fit any of the links."""
    subjects: set[str] = set()
    for link in found:
        # "begins" as a range, so that the index serves: names from "huawei " up to "huawei!".
        rows = database.execute(
            "SELECT DISTINCT subject FROM names WHERE list = ? AND (normalised = ? OR (? = 'begins' "
            "AND normalised > ? || ' ' AND normalised < ? || '!'))",
            [link.list, link.name, link.match, link.name, link.name],
        )
        subjects.update(row[0] for row in rows)
    return subjects


def parties_of(listing: Listing, found: Iterable[Link]) -> tuple[str, ...]:
    """The parties that a listing is linked to."""
    names = {normalise(name) for name in listing.names()}
    return tuple(sorted({link.party for link in found if link.list == listing.list and link.fits_any(names)}))
