"""What people type for a subject, and what it means."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from rapidfuzz import fuzz, process
from sqlite_utils import Database

from events.names import normalise
from projections import queries
from projections.claims import Horizon
from projections.status import listings
from tracker.registers import Institution, Party, Registers

_MANY = 4
"""How many times as many names are looked at as are told."""
Named = TypeVar("Named", Institution, Party)


def named(register: Sequence[Named], text: str) -> Named | None:
    """The institution or party of that id or name."""
    wanted = normalise(text)
    for one in register:
        if text == one.id or wanted in {normalise(name) for name in names_of(one)}:
            return one
    return None


def names_of(one: Institution | Party) -> list[str]:
    """All that the register calls it, in any language."""
    return [one.name, *one.names, *(name for names in one.names_in.values() for name in names)]


def subjects_named(registers: Registers, database: Database, text: str, horizon: Horizon) -> list[str]:
    """The timelines that a text means: an institution, a party, else entries of a list by any name they had."""
    subjects = []
    if institution := named(registers.institutions, text):
        subjects.append(f"institution:{institution.id}")
    if party := named(registers.parties, text):
        subjects.append(f"party:{party.id}")
    if not subjects:
        unregistered = f"~{normalise(text)}"
        known = queries.known_subjects(database)
        subjects = [subject for kind in ("institution", "party") if (subject := f"{kind}:{unregistered}") in known]
    if not subjects:
        found = listings(database, horizon, text)
        subjects = [f"listing:{one.lineage}" for one in found] or [f"listing:{text}"]
    return subjects


def nearest(text: str, names: Iterable[str], limit: int = 5) -> list[str]:
    """The names closest to what was typed, best first."""
    found = process.extract(text, list(names), scorer=fuzz.WRatio, processor=normalise, limit=_MANY * limit, score_cutoff=75)
    # A slip in a short name is likelier than the beginning of a long one: "mitt" is MIT before it is Mittweida.
    ranked = sorted(found, key=lambda each: -(each[1] + fuzz.ratio(text, each[0], processor=normalise)))
    return list({normalise(name): name for name, _, _ in reversed(ranked)}.values())[::-1][:limit]


def every_name(registers: Registers, database: Database) -> list[str]:
    """All names that could have been meant."""
    registered = [name for one in registers.institutions for name in (one.id, *names_of(one))]
    registered += [name for one in registers.parties for name in (one.id, *names_of(one))]
    return [*registered, *queries.all_names(database)]
