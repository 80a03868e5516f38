"""What is the matter with a source, put on record: only what begins and what ends is an event.

    a poll ends -> a trouble, or none                 poll.py, shape.py
      lasts longer than is tolerated?  source-failed, source-shrunk, source-changed
      over?                            source-recovered
    all are polled -> nothing new for far longer than usual?  source-silent, or recovered

A trouble lasts from when the poll after the last good one was to be made. So a fault that passes within `tolerate`
is told to nobody, a source that is asked once a day is told of at its first bad poll, and one that never worked at
its very first.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import msgspec

from events.base import Event, Recorded
from events.operations import SourceChanged, SourceFailed, SourceRecovered, SourceShrunk, SourceSilent, SourceTrouble
from projections.sources import document_times, last_new_document
from tracker.app import App
from tracker.rhythm import rhythm_of, silent_after
from tracker.shape import KNOWN_FOR, REMEMBERED, Shape, Trouble, trouble_in
from tracker.sources.base import SourceSettings
from tracker.state import SourceState

_KINDS: Final[dict[type[Event], SourceTrouble]] = {
    SourceFailed: "failed",
    SourceShrunk: "shrunk",
    SourceChanged: "changed",
    SourceSilent: "silent",
}


def open_troubles(stream: Sequence[Recorded]) -> dict[SourceTrouble, Recorded]:
    """What is the matter with a source by its stream: each trouble with the event that told it."""
    found: dict[SourceTrouble, Recorded] = {}
    for one in stream:
        if isinstance(one.event, SourceRecovered):
            for kind in one.event.of:
                found.pop(kind, None)
        elif type(one.event) in _KINDS:
            found[_KINDS[type(one.event)]] = one
    return found


def note_failure(app: App, source: SourceSettings, before: SourceState, trouble: Trouble, now: datetime) -> list[Recorded]:
    """A poll failed: tells it when that has lasted longer than is tolerated, and once."""

    def decide(known: Sequence[Recorded]) -> Sequence[Event]:
        told = trouble.kind in open_troubles(known)
        return [] if told or not _lasts(source, before.expected, now) else [_event(source.id, trouble)]

    return app.ledger.append(f"source/{source.id}", decide, now)


def note_answer(app: App, source: SourceSettings, before: SourceState, trouble: Trouble | None, now: datetime) -> list[Recorded]:
    """A poll worked: tells what is over, and what is the matter with the answer as `note_failure` does."""

    def decide(known: Sequence[Recorded]) -> Sequence[Event]:
        open_now = open_troubles(known)
        over = tuple(kind for kind in open_now if kind == "failed" or (trouble is None and kind != "silent"))
        events: list[Event] = [SourceRecovered(source=source.id, of=over)] if over else []
        if trouble is not None and trouble.kind not in open_now and _lasts(source, before.sound_expected, now):
            events.append(_event(source.id, trouble))
        return events

    return app.ledger.append(f"source/{source.id}", decide, now)


def judged(app: App, source: SourceSettings, shape: Shape | None, now: datetime) -> Trouble | None:
    """What is the matter with the answer of a poll that worked; one that was "not modified" is as the last was."""
    shape = shape or app.state.last_shape(source.id)
    if shape is None:
        return None
    sound = app.state.sound_shapes(source.id, now - REMEMBERED)
    if not sound or now - sound[0][0] < KNOWN_FOR:
        return None
    return trouble_in(shape, [one for _, one in sound], has_minimum=source.expect.min > 0)


def note_silences(app: App, sources: Iterable[SourceSettings], now: datetime) -> list[Recorded]:
    """Tells which of the sources, whose polls worked, have fallen silent, and which no longer are."""
    told: list[Recorded] = []
    for source in sources:
        with app.views.store.reading() as database:
            last = last_new_document(database, source.id)
            after = silent_after(source, rhythm_of(document_times(database, source.id)))
        is_silent = last is not None and after is not None and now - last > timedelta(seconds=after)
        event = SourceSilent(source=source.id, last=last, after=after) if is_silent and last and after else None
        told += app.ledger.append(f"source/{source.id}", partial(_silence, source.id, event), now)
    return told


def _silence(source: str, event: SourceSilent | None, known: Sequence[Recorded]) -> Sequence[Event]:
    open_now = open_troubles(known)
    if event is None:
        return [SourceRecovered(source=source, of=("silent",))] if "silent" in open_now else []
    # Of one whose shape has changed no more can be expected, and that was told.
    return [] if "silent" in open_now or "changed" in open_now else [event]


def _lasts(source: SourceSettings, expected: datetime | None, now: datetime) -> bool:
    return expected is None or now >= expected + timedelta(seconds=source.tolerate)


def _event(source: str, trouble: Trouble) -> Event:
    match trouble.kind:
        case "failed":
            return SourceFailed(source=source, error=trouble.words, url=trouble.url, raw=trouble.raw)
        case "shrunk":
            return SourceShrunk(source=source, words=trouble.words, entries=trouble.entries, usual=trouble.usual, raw=trouble.raw)
        case "changed":
            return SourceChanged(source=source, words=trouble.words, raw=trouble.raw)


def state_after(state: SourceState, trouble: Trouble | None) -> SourceState:
    """The state to save after a poll that worked: from its next check on, trouble counts as lasting."""
    sound = state.sound_expected if trouble is not None else state.next_check
    return msgspec.structs.replace(state, failing_since=None, expected=state.next_check, sound_expected=sound)
