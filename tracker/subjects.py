"""What people type for a subject, and what it means."""

from collections.abc import Iterable, Mapping, Sequence
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
        unregistered = [f"{kind}:~{normalise(text)}" for kind in ("institution", "party")]
        subjects = [subject for subject in unregistered if queries.timeline(database, subject, horizon)]
    if not subjects:
        found = listings(database, horizon, text)
        subjects = [f"listing:{one.lineage}" for one in found] or [f"listing:{text}"]
    return subjects


def nearest(text: str, names: Iterable[str] | Mapping[str, str], limit: int = 5) -> list[str]:
    """The names closest to what was typed, best first; of a mapping from names to their subjects, one name a subject."""
    whose = names if isinstance(names, Mapping) else {name: normalise(name) for name in names}
    found = process.extract(text, list(whose), scorer=fuzz.WRatio, processor=normalise, limit=_MANY * limit, score_cutoff=75)
    typed = normalise(text)
    # A name that is a few letters of what was typed is none that was meant: "huawie" is not "Awi".
    meant = [each for each in found if len(each[0]) > len(typed) / 2 or f" {normalise(each[0])} " in f" {typed} "]
    # A slip in a short name is likelier than the beginning of a long one: "mitt" is MIT before it is Mittweida.
    ranked = sorted(meant, key=lambda each: -(each[1] + fuzz.ratio(text, each[0], processor=normalise)))
    best: dict[str, str] = {}
    for name, _, _ in ranked:
        best.setdefault(whose[name], name)
    return list(best.values())[:limit]


def every_name(registers: Registers, database: Database) -> dict[str, str]:
    """All names that could have been meant, each with the subject that bears it."""
    subjects: list[Institution | Party] = [*registers.institutions, *registers.parties]
    registered = {name: one.id for one in subjects for name in (*names_of(one), one.id)}
    return {name: normalise(name) for name in queries.all_names(database)} | registered
