"""What may leave the house: the one place that tells internal events from public ones."""

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

from events.base import Recorded
from events.codec import EVENTS

_INTERNAL = frozenset(event.topic() for event in EVENTS if event.internal)


class Typed(Protocol):
    """Anything that tells of a change of some type."""

    @property
    def type(self) -> str:
        """The topic of what changed."""


T = TypeVar("T", bound=Typed)


def public(recorded: Iterable[Recorded]) -> Iterator[Recorded]:
    """Leaves out events about the people and ties of one institution: who watches, what was sent, to whom."""
    return (one for one in recorded if not one.event.internal)


def public_changes(changes: Iterable[T]) -> Iterator[T]:
    """Leaves out changes, lines of the change log or of a digest, that are about such events."""
    return (one for one in changes if one.type not in _INTERNAL)
