"""What may leave the house: the one place that tells internal events from public ones."""

from collections.abc import Iterable, Iterator

from events.base import Recorded


def public(recorded: Iterable[Recorded]) -> Iterator[Recorded]:
    """Leaves out events about the people and ties of one institution: who watches, what was sent, to whom."""
    return (one for one in recorded if not one.event.internal)
