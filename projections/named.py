"""Names that documents print and no register holds, and what people decided of them.

A decision that a name is an institution's or a party's holds for all that was and will be said of it: the statements
stay as they were read, and settle as if the register had known the name.
"""

from collections.abc import Mapping
from typing import Final, Literal

import msgspec
from sqlite_utils import Database

from events.claims import claim_id
from events.decisions import NameDecided
from events.names import normalise
from events.said import subjects_of
from events.statements import (
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
    Statement,
    TieEnded,
    TieReported,
)
from projections.view import Columns, add

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

Role = Literal["institution", "party"]
ROLES: Final[tuple[Role, ...]] = ("institution", "party")
Entries = Mapping[tuple[str, str], str]
"""Role and normalised name -> id of the register."""


def name_id(role: Role, name: str) -> str:
    """What `tracker inbox` calls a name."""
    return claim_id("names", role, (name,), 0)


def printed(statement: Statement, role: Role) -> str | None:
    """The name in that role, where no register held it when it was read."""
    if getattr(statement, role, "") is not None:
        return None
    name = getattr(statement, f"{role}_name")
    return str(name) if name else None


def with_entries(statement: Statement, entries: Entries) -> Statement:
    """The statement with the ids that people gave its names."""
    if not entries:
        return statement
    keys = {role: (role, normalise(name)) for role in ROLES if (name := printed(statement, role))}
    given = {role: entries[key] for role, key in keys.items() if key in entries}
    return msgspec.structs.replace(statement, **given) if given else statement


def create_names(database: Database) -> None:
    """Makes the table `name_decisions`."""
    columns = {"position": int, "role": str, "normalised": str, "entry": str}
    database.table("name_decisions").create(columns, pk="position")


def decisions_of_names(database: Database, position: int) -> dict[tuple[str, str], str | None]:
    """What was decided of each name up to a position, the latest for each."""
    rows = database.execute(
        "SELECT role, normalised, entry FROM name_decisions WHERE position <= ? ORDER BY position", [position]
    )
    return {(role, name): entry for role, name, entry in rows}


def entries_of_names(database: Database, position: int) -> dict[tuple[str, str], str]:
    """Whose each name is that was decided to be somebody's."""
    return {key: entry for key, entry in decisions_of_names(database, position).items() if entry is not None}


def name_row(decision: NameDecided, position: int) -> Columns:
    """The row of a decision."""
    return (position, decision.role, normalise(decision.name), decision.entry)


def spread_name(database: Database, decision: NameDecided, position: int) -> set[str]:
    """Adds what was said of a name so far to the subjects that it belongs to by now; gives all that it touches."""
    entries = entries_of_names(database, position)
    touched: set[str] = set()
    query = "SELECT DISTINCT position, document FROM subjects WHERE instr(subject, ?) AND position < ?"
    for place, document in database.execute(query, [f"~{normalise(decision.name)}", position]).fetchall():
        body = database.execute("SELECT body FROM statements WHERE position = ?", [place]).fetchone()[0]
        known = {row[0] for row in database.execute("SELECT subject FROM subjects WHERE position = ?", [place])}
        mine = set(subjects_of(with_entries(decode_statement(body), entries)))
        add(database, "subjects", [(subject, place, document) for subject in sorted(mine - known)])
        add(database, "about", [(subject.rpartition(":")[2], subject) for subject in sorted(mine - known)])
        touched |= mine | known
    return touched
