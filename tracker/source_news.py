"""How sources fare, as changes that operators are told of: who fails, who works again."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from events.base import Event, Recorded
from events.operations import SourceFailed, SourceRecovered
from projections.rows import ChangeRow
from projections.run import EventSource

SAID: Final[dict[type[Event], Callable[[Any], str]]] = {
    SourceFailed: lambda event: f"source {event.source} fails: {event.error}",
    SourceRecovered: lambda event: f"source {event.source} works again",
}
"""Event -> the sentence about it. A new event of a source's health is one line here."""


def source_changes(ledger: EventSource, after: int, until: int) -> Iterator[ChangeRow]:
    """What sources did at positions past `after` up to `until`."""
    for one in ledger.read(after, until):
        if type(one.event) in SAID:
            yield _change(one)


def _change(one: Recorded) -> ChangeRow:
    source = one.stream.partition("/")[2]
    return ChangeRow(
        change=None,
        position=one.position,
        day=None,
        date=one.recorded_at.date().isoformat(),
        type=one.event.topic(),
        kind="learnt",
        name=source,
        summary=SAID[type(one.event)](one.event),
        fact=f"source:{source}:{one.position}",
        recorded_at=one.recorded_at.isoformat(),
        source=source,
    )
