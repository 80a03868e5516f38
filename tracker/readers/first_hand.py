"""Which statements of a text are somebody's own words about himself, and so first-hand.

The publisher must be the very body that the statement is about: an outlet that bears a name of it, as the press
office of a university does, or the letterhead of a letter in PDF. A newspaper that is only called after a place or
a university ("the Stanford Daily") is not.
"""

from itertools import chain

import msgspec

from events.names import normalise
from events.said import outlet_key
from events.statements import EntityResponded, InstitutionResponded, Statement, TieEnded, TieReported
from tracker.readers.base import Document
from tracker.readers.pdf import is_pdf
from tracker.registers import Institution, Party, Registers


def first_hand(statements: tuple[Statement, ...], document: Document, text: str, registers: Registers) -> tuple[Statement, ...]:
    """The statements, with those that their own subject makes marked so; what is credited to somebody else is reported."""
    if not statements:
        return statements
    called = {outlet_key(document.outlet)} if document.outlet else set()
    called |= {normalise(text.partition("\n")[0])} if is_pdf(document.raw) else set()
    if not called:
        return statements
    return tuple(
        msgspec.structs.replace(each, standing="first-hand") if _is_of(each, called, registers) else each for each in statements
    )


def _is_of(statement: Statement, called: set[str], registers: Registers) -> bool:
    if statement.evidence.attributed_to is not None or statement.standing != "reported":
        return False
    entries: tuple[Institution | Party, ...]
    if isinstance(statement, EntityResponded):
        who, entries = statement.party, registers.parties
    elif isinstance(statement, InstitutionResponded | TieReported | TieEnded):
        who, entries = statement.institution, registers.institutions
    else:
        return False
    entry = next((each for each in entries if each.id == who), None)
    if entry is None:
        return False
    names = (entry.name, *entry.names, *chain.from_iterable(entry.names_in.values()))
    return any(normalise(name) in called for name in names)
