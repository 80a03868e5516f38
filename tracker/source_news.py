"""How sources fare, as changes that operators are told of: what is the matter with one, and what is over."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from events.base import Event, Recorded
from events.operations import SourceChanged, SourceFailed, SourceRecovered, SourceShrunk, SourceSilent, SourceTrouble
from events.words import source_trouble
from projections.rows import ChangeRow
from projections.run import EventSource

_OVER: Final[dict[SourceTrouble, str]] = {
    "failed": "works again",
    "shrunk": "has its entries again",
    "changed": "has its shape again",
    "silent": "has something new again",
}
SAID: Final[dict[type[Event], Callable[[Any], str]]] = {
    **dict.fromkeys(
        (SourceFailed, SourceShrunk, SourceChanged, SourceSilent), lambda event: f"the source {source_trouble(event)}"
    ),
    SourceRecovered: lambda event: f"the source {event.source} {_OVER[event.of[0]]}",
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
