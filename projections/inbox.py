"""All that waits for a person: amendments (see `pending`), what proposers propose, names that no register holds."""

from collections import defaultdict
from typing import Any

import msgspec
from sqlite_utils import Database

from events.names import mixed_scripts, normalise
from events.statements import Statement
from projections.claims import Horizon
from projections.named import ROLES, Role, decisions_of_names, decode_statement, name_id, printed
from projections.pending import pending
from projections.rows import WaitingRow
from projections.settled import CHOSEN_READING, decided, limits

_REPORTS = f"""
    SELECT statements.body, readings.document, readings.reader, documents.kind
    FROM statements JOIN readings ON readings.position = statements.reading
    JOIN documents ON documents.document = readings.document
         AND documents.document_version = readings.document_version
    WHERE documents.kind IN ('proposals', 'article') AND readings.position = ({CHOSEN_READING})
      AND (documents.kind = 'proposals' OR (json_extract(body, '$.institution_name') IS NOT NULL
           AND json_extract(body, '$.institution') IS NULL) OR (json_extract(body, '$.party_name') IS NOT NULL
           AND json_extract(body, '$.party') IS NULL))
    ORDER BY readings.available, readings.document, statements.place
"""


def waiting(database: Database, horizon: Horizon) -> list[WaitingRow]:
    """All that waits at a state of knowledge: amendments first, then proposals, then names, the most frequent first."""
    amendments = [
        WaitingRow(kind="amendment", **{name: getattr(one, name) for name in one.__struct_fields__})
        for one in pending(database, horizon)
    ]
    verdicts = decided(database, horizon)
    proposals: list[WaitingRow] = []
    named: dict[tuple[Role, str], list[tuple[Statement, str]]] = defaultdict(list)
    for body, document, reader, kind in database.execute(_REPORTS, limits(horizon)):
        statement = decode_statement(body)
        verdict = verdicts.get(statement.claim)
        if kind == "proposals" and verdict is None:
            proposals.append(_proposal(statement, document, reader))
        if verdict is False or (kind == "proposals" and verdict is None):
            continue
        for role in ROLES:
            if name := printed(statement, role):
                named[role, normalise(name)].append((statement, document))
    settled = decisions_of_names(database, limits(horizon)["position"])
    names = [_name(role, said) for (role, name), said in named.items() if (role, name) not in settled]
    return amendments + proposals + sorted(names, key=lambda one: (-(one.count or 0), one.name or "", one.id))


def _proposal(statement: Statement, document: str, reader: str) -> WaitingRow:
    actors = (getattr(statement, f"{role}_name", None) for role in ROLES)
    return WaitingRow(
        kind="proposal",
        id=statement.claim,
        list=getattr(statement, "list", None),
        change=statement.topic(),
        name=" and ".join(filter(None, actors)) or None,
        reason=f"proposed by {reader}",
        document=document,
        claim=statement.claim,
        **_passage(statement),
    )


def _name(role: Role, said: list[tuple[Statement, str]]) -> WaitingRow:
    first, document = said[0]
    name = str(printed(first, role))
    documents = len({stream for _, stream in said})
    mixed = f"; not what it looks like: it mixes {' and '.join(scripts)} letters" if (scripts := mixed_scripts(name)) else ""
    return WaitingRow(
        kind="name",
        id=name_id(role, name),
        change=role,
        name=name,
        reason=f"no register holds the name; in {documents} document{'s' if documents > 1 else ''}{mixed}",
        document=document,
        count=len(said),
        **_passage(first),
    )


def _passage(statement: Statement) -> dict[str, Any]:
    fields: dict[str, Any] = msgspec.structs.asdict(statement.evidence)
    return {name: fields[name] for name in ("text", "start", "end")}
