"""Channels as people see them: which of them are wanted, confirmed, given up, ended."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from events.base import Event, Recorded
from events.deliveries import ChannelConfirmed, ChannelPaused, ChannelResumed, ChannelUnsubscribed
from projections.deliveries import ChannelRow, channel_named
from projections.watches import watches
from tracker.app import App
from tracker.deliver.smtp import NO_SERVER

log = logging.getLogger(__name__)


def wanted(app: App, watch: str | None = None) -> dict[str, str]:
    """Channel -> the watch that has it today, of all watches or of one: what is removed or paused is sent nothing."""
    app.views.catch_up()
    with app.views.store.reading() as database:
        found = watches(database)
    return {channel: one.watch for one in found if watch in (None, one.watch) for channel in one.open_channels}


def unready(app: App, references: Sequence[str]) -> list[str]:
    """What is still to be done before channels can take anything, a line each."""
    mailed = [one for one in references if one.startswith("email:")]
    if mailed and not app.config.settings.email.host:
        return [f"mails wait: {NO_SERVER}"]
    return [
        f"digests to {one} wait until the address said yes: the next run asks it, `tracker deliver` at once"
        for one in mailed
        if is_unconfirmed(app, state_of(app, one), app.private.get(one))
    ]


def state_of(app: App, channel: str) -> ChannelRow:
    """How a channel fares, as of now."""
    app.deliveries.catch_up()
    with app.deliveries.store.reading() as database:
        return channel_named(database, channel)


def is_unconfirmed(app: App, state: ChannelRow, target: str | None) -> bool:
    """Whether an address has still to say that it wants digests. One that had any before the setting came did."""
    kind = state.channel.partition(":")[0]
    asks = kind == "email" and target is not None and app.config.settings.email.asks(target)
    return asks and state.confirmed_at is None and state.taken_at is None


def confirm(app: App, watch: str, channel: str) -> None:
    """Takes an address's yes; again is no change."""
    _once(app, channel, ChannelConfirmed(watch=watch, channel=channel))


def unsubscribe(app: App, watch: str, channel: str, how: Literal["link", "gone"] = "link") -> None:
    """Ends a channel for good and erases its address; again is no change."""
    _once(app, channel, ChannelUnsubscribed(watch=watch, channel=channel, how=how))
    app.private.end(watch, channel)


def pause_if_dead(app: App, state: ChannelRow) -> bool:
    """Pauses a channel that refused too often, once, and says so; gives whether it is paused."""
    if state.paused_at is not None:
        return True
    if state.weight < app.config.settings.delivery.pause_after or state.since is None:
        return False
    since, error = datetime.fromisoformat(state.since), state.error or ""
    paused = ChannelPaused(watch=state.watch, channel=state.channel, failures=state.refusals, since=since, error=error)
    if _once(app, state.channel, paused):
        log.warning("%s is paused: it refused %d times since %s, at last: %s", state.channel, state.refusals, since.date(), error)
    return True


def resume(app: App, watch: str, channel: str | None = None) -> list[str]:
    """Lifts the pauses of a watch's channels, or of one; gives those that were paused."""
    lifted = []
    for one in wanted(app, watch):
        if channel in (None, one) and state_of(app, one).paused_at is not None:
            _once(app, one, ChannelResumed(watch=watch, channel=one))
            lifted.append(one)
    return lifted


def _once(app: App, channel: str, event: ChannelConfirmed | ChannelPaused | ChannelResumed | ChannelUnsubscribed) -> bool:
    """Appends an event about a channel, unless it is on record: for good, or, of pauses, of the same row of refusals."""

    def decide(known: Sequence[Recorded]) -> Sequence[Event]:
        events = [one.event for one in known]
        if isinstance(event, ChannelConfirmed | ChannelUnsubscribed):
            return [] if any(isinstance(one, type(event)) for one in events) else [event]
        pauses = [one for one in events if isinstance(one, ChannelPaused | ChannelResumed)]
        last = pauses[-1] if pauses else None
        if isinstance(event, ChannelPaused):
            return [] if isinstance(last, ChannelPaused) and last.since == event.since else [event]
        return [event] if isinstance(last, ChannelPaused) else []

    return bool(app.receipts.append(f"channel/{channel}", decide, app.clock.now()))
