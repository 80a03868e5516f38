"""Claim ids: the identity of what one document says about one subject.

Derived from document, type, subjects and the ordinal among like statements of that document, and from
nothing else: a statement that survives a new reading, an edit or another rendition keeps its id.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable
from typing import TypeVar

import msgspec

from events.documents import Quarantine
from events.names import normalise
from events.statements import Statement

S = TypeVar("S", bound=Statement)


def claim_id(document: str, topic: str, subjects: Iterable[str], ordinal: int) -> str:
    """Sixteen hexadecimal digits, for example `3f0c9a1be2d45786`."""
    parts = [document, topic, *(normalise(subject) for subject in subjects), str(ordinal)]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def part_id(document: str, part: Quarantine) -> str:
    """The identity of a quarantined part: what it is about, not why it waits."""
    subjects = (part.list, part.change or "", part.destination or "", part.name or "")
    return claim_id(document, "quarantined", subjects, 0)


def identify(document: str, statements: Iterable[S]) -> tuple[S, ...]:
    """Gives each statement of one reading its claim id and its place, in the order given."""
    seen: Counter[tuple[str, ...]] = Counter()
    identified = []
    for place, statement in enumerate(statements):
        subjects = tuple(normalise(subject) for subject in statement.subjects())
        like = (statement.topic(), *subjects)
        claim = claim_id(document, statement.topic(), subjects, seen[like])
        seen[like] += 1
        identified.append(msgspec.structs.replace(statement, claim=claim, place=place))
    return tuple(identified)
