"""Which statements of a text are somebody's own words about himself, and so first-hand.

The publisher must be the very body that the statement is about: an outlet that bears a name of it, as the press
office of a university does, or the letterhead of a letter in PDF. A newspaper that is only called after a place or
a university ("the Stanford Daily") is not.
"""

from collections import defaultdict
from itertools import chain
from typing import Final

import msgspec

from events.names import normalise
from events.said import outlet_key
from events.statements import EntityResponded, InstitutionResponded, Statement, TieEnded, TieReported
from tracker.readers.base import Document
from tracker.readers.pdf import is_pdf
from tracker.registers import Institution, Party, Registers

Body = tuple[str, str | None]
"""The kind of a register, and the id of an entry."""
_MOST_KEPT: Final = 16


def first_hand(statements: tuple[Statement, ...], document: Document, text: str, registers: Registers) -> tuple[Statement, ...]:
    """The statements, with those that their own subject makes marked so; what is credited to somebody else is reported."""
    if not statements:
        return statements
    called = {outlet_key(document.outlet)} if document.outlet else set()
    called |= {normalise(text.partition("\n")[0])} if is_pdf(document.raw) else set()
    if not called:
        return statements
    bodies = set().union(*(_bodies(registers).get(name, frozenset()) for name in called))
    return tuple(msgspec.structs.replace(each, standing="first-hand") if _is_of(each, bodies) else each for each in statements)


_BODIES: Final[dict[tuple[int, int], tuple[Registers, dict[str, frozenset[Body]]]]] = {}


def _bodies(registers: Registers) -> dict[str, frozenset[Body]]:
    """Who bears a name, built at the first call and kept (the table keeps the registers alive)."""
    key = (id(registers.institutions), id(registers.parties))
    if key not in _BODIES:
        if len(_BODIES) >= _MOST_KEPT:
            _BODIES.clear()
        found: defaultdict[str, set[Body]] = defaultdict(set)
        entries: tuple[Institution | Party, ...] = (*registers.institutions, *registers.parties)
        for entry in entries:
            kind = "institution" if isinstance(entry, Institution) else "party"
            for name in (entry.name, *entry.names, *chain.from_iterable(entry.names_in.values())):
                found[normalise(name)].add((kind, entry.id))
        _BODIES[key] = (registers, {name: frozenset(bodies) for name, bodies in found.items()})
    return _BODIES[key][1]


def _is_of(statement: Statement, bodies: set[Body]) -> bool:
    if statement.evidence.attributed_to is not None or statement.standing != "reported":
        return False
    if isinstance(statement, EntityResponded):
        return ("party", statement.party) in bodies
    return (
        isinstance(statement, InstitutionResponded | TieReported | TieEnded) and ("institution", statement.institution) in bodies
    )
