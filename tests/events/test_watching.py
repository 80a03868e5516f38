"""A watch as its events leave it."""

from datetime import timedelta
from typing import Any

import pytest

from events.base import Event, Recorded
from events.operations import WatchAdded, WatchChanged, WatchPaused, WatchRemoved, WatchResumed
from events.watching import Watching, watching
from tests.builders import NOW

ADDED = WatchAdded(watch="w", parties=("huawei",), channels=("file:w-1-1", "email:w-1-2"), since=NOW)


def stands(*events: Event) -> Watching | None:
    return watching(
        Recorded(position=7 + n, stream="watch/w", version=n + 1, recorded_at=NOW, event=one) for n, one in enumerate(events)
    )


def paused(**more: Any) -> WatchPaused:
    return WatchPaused(watch="w", **more)


def resumed(**more: Any) -> WatchResumed:
    return WatchResumed(watch="w", **more)


def test_a_watch_stands_as_last_changed() -> None:
    changed = WatchChanged(watch="w", parties=("zte",), channels=("file:w-1-1",), since=NOW)
    assert stands(ADDED, changed) == Watching(terms=changed, begun=7, begun_at=NOW)


@pytest.mark.parametrize(
    ("events", "open_channels"),
    [
        ([], ("file:w-1-1", "email:w-1-2")),
        ([paused()], ()),
        ([paused(channel="email:w-1-2", reason="refused")], ("file:w-1-1",)),
        ([paused(channel="email:w-1-2"), paused(), resumed()], ("file:w-1-1",)),
        ([paused(channel="email:w-1-2"), resumed(channel="email:w-1-2")], ("file:w-1-1", "email:w-1-2")),
        ([paused(), resumed(channel="email:w-1-2")], ()),
    ],
)
def test_what_is_paused_is_owed_nothing_now(events: list[Event], open_channels: tuple[str, ...]) -> None:
    one = stands(ADDED, *events)
    assert one is not None
    assert one.open_channels == open_channels


def test_a_channel_that_is_given_up_is_not_paused_any_more() -> None:
    changed = WatchChanged(watch="w", channels=("file:w-1-1",), since=NOW)
    one = stands(ADDED, paused(channel="email:w-1-2"), changed)
    assert one is not None
    assert one.paused_channels == ()


def test_a_watch_that_was_removed_is_gone_and_its_id_begins_anew() -> None:
    assert stands(ADDED, paused(), WatchRemoved(watch="w")) is None
    assert stands(ADDED, paused(), WatchRemoved(watch="w"), ADDED) == Watching(terms=ADDED, begun=10, begun_at=NOW)


def test_resuming_may_skip_what_was_missed() -> None:
    later = NOW + timedelta(days=3)
    one = stands(ADDED, paused(), resumed(since=later))
    assert one is not None
    assert (one.terms.since, one.paused) == (later, False)
