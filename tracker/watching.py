"""Adding and removing watches."""

import re
from collections.abc import Sequence
from datetime import datetime

import msgspec

from events.base import Event, Recorded
from events.codec import EVENTS
from events.operations import Cadence, WatchAdded, WatchRemoved
from tracker.app import App
from tracker.deliver import CHANNELS
from tracker.deliver.webhook import check_secret
from tracker.errors import UsageError
from tracker.private import secret_of
from tracker.subjects import nearest


class WatchOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants to watch; `channels` are `KIND:TARGET` as typed, `secret` is for those that sign."""

    watch: str
    institutions: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    secret: str | None = None
    cadence: Cadence = "daily"
    since: datetime | None = None


def add(app: App, order: WatchOrder) -> WatchAdded:
    """Adds a watch; raises UsageError for an id in use, an unknown subject, type or channel."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]*", order.watch):
        raise UsageError(f"{order.watch!r} cannot be the id of a watch", "Use lower case letters, digits, dots and dashes.")
    _check_known(app, order)
    targets = [_target(channel, order.secret) for channel in order.channels]
    references = tuple(_kept(app, order, n, *target) for n, target in enumerate(targets, start=1))
    event = WatchAdded(
        watch=order.watch,
        institutions=order.institutions,
        parties=order.parties,
        lists=order.lists,
        types=order.types,
        channels=references,
        cadence=order.cadence,
        since=order.since or app.clock.now(),
    )

    def decide(known: Sequence[Recorded]) -> Sequence[Event]:
        live = bool(known) and isinstance(known[-1].event, WatchAdded)
        return [] if live else [event]

    if not app.ledger.append(f"watch/{order.watch}", decide, app.clock.now()):
        raise UsageError(f"a watch {order.watch!r} is there already", "`tracker watch remove` ends it; ids may be used again.")
    app.views.catch_up()
    return event


def remove(app: App, watch: str) -> None:
    """Ends a watch and erases its addresses; raises UsageError for one that is not there."""
    last = [one.event for one in app.ledger.stream(f"watch/{watch}")]
    if not last or not isinstance(last[-1], WatchAdded):
        raise UsageError(f"no watch is called {watch!r}", "`tracker watch list` shows them.")

    def decide(known: Sequence[Recorded]) -> Sequence[Event]:
        return [WatchRemoved(watch=watch)] if isinstance(known[-1].event, WatchAdded) else []

    app.ledger.append(f"watch/{watch}", decide, app.clock.now())
    for reference in last[-1].channels:
        app.private.erase(reference)
    app.views.catch_up()


def _check_known(app: App, order: WatchOrder) -> None:
    registers = app.config.registers
    topics = {event.topic() for event in EVENTS}
    for kind, wanted, known in (
        ("institution", order.institutions, {one.id for one in registers.institutions}),
        ("party", order.parties, {one.id for one in registers.parties}),
        ("list", order.lists, {one.id for one in registers.lists}),
        ("type", order.types, topics),
    ):
        for one in wanted:
            if one not in known:
                close = ", ".join(nearest(one, sorted(known)))
                raise UsageError(f"no {kind} is called {one!r}", f"Nearest: {close}." if close else None)


def _target(channel: str, secret: str | None) -> tuple[str, str]:
    """Kind and target as they are kept; raises UsageError for a channel that could never deliver."""
    kind, _, target = channel.partition(":")
    if kind not in CHANNELS or not target:
        known = ", ".join(f"{name}:{one.target}" for name, one in sorted(CHANNELS.items()))
        raise UsageError(f"channel {channel!r} is not KIND:TARGET", f"Known kinds: {known}.")
    try:
        target = CHANNELS[kind].check(target)
        if CHANNELS[kind].needs_secret:
            check_secret(secret)
    except ValueError as error:
        raise UsageError(f"channel of kind {kind}: {error}", "docs/operations.md describes every kind of channel.") from None
    return kind, target


def _kept(app: App, order: WatchOrder, number: int, kind: str, target: str) -> str:
    """Keeps an address and gives its reference, new for each watch ever added: the ledger only grows."""
    reference = f"{kind}:{order.watch}-{app.ledger.head() + 1}-{number}"
    app.private.keep(reference, target)
    if CHANNELS[kind].needs_secret and order.secret:
        app.private.keep(secret_of(reference), order.secret)
    return reference
