"""Adding, changing, pausing, resuming and removing watches."""

import itertools
import re
from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from events.base import Event, Recorded
from events.operations import (
    WatchAdded,
    WatchChanged,
    WatchPaused,
    WatchRemoved,
    WatchResumed,
)
from events.watching import Watching, watching
from tracker.app import App
from tracker.channels import resume as try_again
from tracker.deliver import CHANNELS
from tracker.deliver.webhook import check_secret
from tracker.errors import UsageError
from tracker.name_lists import keep_names, read_names
from tracker.private import secret_of
from tracker.watch_checks import check_filters, check_since, check_times, unknown_watch
from tracker.wishes import Wishes

_WISHES: Final = Wishes.__struct_fields__


class WatchOrder(Wishes, frozen=True, kw_only=True):
    """What somebody wants to watch, as typed.

    `channels` are `KIND:TARGET`, `secret` is for those that sign, `names` are CSV files of names.
    """

    watch: str
    names: tuple[Path, ...] = ()
    channels: tuple[str, ...] = ()
    secret: str | None = None
    since: datetime | None = None
    seeded: str | None = None


def add(app: App, order: WatchOrder) -> WatchAdded:
    """Adds a watch; raises UsageError for an id in use, and for what is unknown or could never work. Then nothing is kept."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]*", order.watch):
        raise UsageError(f"{order.watch!r} cannot be the id of a watch", "Use lower case letters, digits, dots and dashes.")
    if standing(app, order.watch) is not None:
        raise _in_use(order.watch)
    with kept_privately(app, order) as (channels, names):
        event = terms_of(order, channels, names, order.since or app.clock.now())

        def decide(known: Sequence[Recorded]) -> Sequence[Event]:
            return [] if watching(known) else [event]

        added = app.ledger.append(f"watch/{order.watch}", decide, app.clock.now())
        if not added:
            raise _in_use(order.watch)
    sweep(app, order.watch, added[0].position, {*channels, *names})
    app.views.catch_up()
    return event


def _in_use(watch: str) -> UsageError:
    hint = "`tracker watch change` changes it, `tracker watch remove` ends it; ids may be used again."
    return UsageError(f"a watch {watch!r} is there already", hint)


def terms_of(order: WatchOrder, channels: tuple[str, ...], names: tuple[str, ...], since: datetime) -> WatchAdded:
    """The order as an event, with references in the place of addresses and names."""
    same = {field: getattr(order, field) for field in (*_WISHES, "seeded")}
    return WatchAdded(watch=order.watch, channels=channels, names=names, since=since, **same)


@contextmanager
def kept_privately(app: App, order: WatchOrder, had: Watching | None = None) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Checks an order and keeps its addresses and names; gives their references. When anything fails, they are erased.

    An address that the watch had before keeps its reference: what was delivered to it stays told.
    """
    check_filters(app.config, order, app.printed_destinations)
    check_times(order)
    wanted = targets(order)
    lists = [read_names(path) for path in order.names]
    kept: list[str] = []
    before = dict(zip(targets_of(app, had.terms.channels), had.terms.channels, strict=True)) if had else {}
    try:
        channels = [before.get(target) or _keep(app, order, kept, *target) for target in wanted]
        names = [_new(app, order, kept, "names", partial(_keep_names, app, one)) for one in lists]
        yield tuple(dict.fromkeys(channels)), tuple(names)
    except BaseException:
        for reference in kept:
            app.private.erase(reference)
        raise


def _keep_names(app: App, names: list[str], reference: str) -> bool:
    return keep_names(app.private, reference, names)


def targets_of(app: App, references: Sequence[str]) -> list[tuple[str, str]]:
    """Kinds and addresses as they are kept."""
    return [(reference.partition(":")[0], app.private.get(reference) or "") for reference in references]


def targets(order: WatchOrder) -> list[tuple[str, str]]:
    """Kinds and addresses as they will be kept; raises UsageError for a channel that could never deliver."""
    return [_target(channel, order.secret) for channel in order.channels]


def _target(channel: str, secret: str | None) -> tuple[str, str]:
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


def _keep(app: App, order: WatchOrder, kept: list[str], kind: str, target: str) -> str:
    reference = _new(app, order, kept, kind, lambda reference: app.private.keep(reference, target))
    if CHANNELS[kind].needs_secret and order.secret:
        app.private.keep(secret_of(reference), order.secret)
    return reference


def _new(app: App, order: WatchOrder, kept: list[str], kind: str, keep: Callable[[str], bool]) -> str:
    """Keeps something under a reference that was never used: the ledger only grows."""
    for number in itertools.count(len(kept) + 1):
        reference = f"{kind}:{order.watch}-{app.ledger.head() + 1}-{number}"
        if keep(reference):
            break
    kept.append(reference)
    return reference


def standing(app: App, watch: str) -> Watching | None:
    """A watch as it stands in the ledger."""
    return watching(app.ledger.stream(f"watch/{watch}"))


def found(app: App, watch: str) -> Watching:
    """A watch as it stands; raises UsageError for one that is not there."""
    one = standing(app, watch)
    if one is None:
        raise unknown_watch(watch, [one for one in ever_added(app) if standing(app, one)])
    return one


def ever_added(app: App) -> list[str]:
    """The watches that are or were there."""
    return [stream.partition("/")[2] for stream in app.ledger.streams("watch/")]


def check_ever_added(app: App, watch: str | None) -> None:
    """Raises UsageError for a watch that never was; one that was removed has a past."""
    if watch is not None and watch not in (known := ever_added(app)):
        raise unknown_watch(watch, known)


def change(app: App, watch: str, edits: dict[str, Any]) -> WatchChanged:
    """Gives some terms of a watch other values; all others stay. Raises UsageError as `add` does."""
    before = found(app, watch)
    order = _as_ordered(app, before, edits)
    with kept_privately(app, order, before) as (channels, names):
        terms = terms_of(order, channels, names if "names" in edits else before.terms.names, order.since or before.terms.since)
        event = WatchChanged(**{field: getattr(terms, field) for field in terms.__struct_fields__})
        position = _append(app, before, event)
    sweep(app, watch, position, {*event.channels, *event.names})
    app.views.catch_up()
    return event


def _as_ordered(app: App, before: Watching, edits: dict[str, Any]) -> WatchOrder:
    """The order that would make the watch as it is to be; saved names stay as they are unless a file is given.

    Channels that ended have no address any more, and go.
    """
    terms = before.terms
    same = {field: getattr(terms, field) for field in _WISHES}
    channels = tuple(":".join(one) for one in targets_of(app, terms.channels) if one[1])
    secret = next((kept for one in terms.channels if (kept := app.private.get(secret_of(one)))), None)
    return WatchOrder(watch=terms.watch, **{**same, "channels": channels, "secret": secret, **edits})


def _append(app: App, before: Watching, event: Event) -> int:
    """Appends to the stream of a watch, unless somebody else was quicker; gives the position."""

    def decide(known: Sequence[Recorded]) -> Sequence[Event]:
        return [event] if watching(known) == before else []

    appended = app.ledger.append(f"watch/{before.watch}", decide, app.clock.now())
    if not appended:
        raise UsageError(f"watch {before.watch!r} was changed by somebody else just now", "Look at it again, then try again.")
    return appended[0].position


def sweep(app: App, watch: str, position: int, kept: Set[str]) -> None:
    """Erases what was kept for a watch up to a position and is not its own: given up, or left by a command that was killed.

    What another process keeps for it meanwhile it cannot use any more, and what is kept later has a later position.
    """
    for reference in app.private.references():
        found = re.fullmatch(rf"[a-z]+:{re.escape(watch)}-(\d+)-\d+", reference)
        if found and int(found[1]) <= position and reference not in kept:
            app.private.erase(reference)


def pause(app: App, watch: str, channel: str | None = None, reason: str | None = None) -> None:
    """Stops a watch, or one channel of it, until it is resumed; twice is once."""
    before = found(app, watch)
    _check_channel(before, channel)
    if not (before.paused if channel is None else channel in before.paused_channels):
        _append(app, before, WatchPaused(watch=watch, channel=channel, reason=reason))
        app.views.catch_up()


def resume(app: App, watch: str, channel: str | None = None, since: datetime | None = None) -> None:
    """Lets a watch, or one channel of it, go on; what is learnt after `since` is news, or all that was missed."""
    before = found(app, watch)
    _check_channel(before, channel)
    check_since(since)
    if channel is not None and since is not None:
        raise UsageError("--since is for a whole watch: a channel is owed what it missed", "Leave out --since, or --channel.")
    if before.paused if channel is None else channel in before.paused_channels:
        _append(app, before, WatchResumed(watch=watch, channel=channel, since=since))
        app.views.catch_up()
    try_again(app, watch, channel)  # those, too, that were paused for refusing


def _check_channel(before: Watching, channel: str | None) -> None:
    if channel is not None and channel not in before.terms.channels:
        known = ", ".join(before.terms.channels)
        raise UsageError(f"watch {before.watch!r} has no channel {channel!r}", f"Its channels: {known}.")


def remove(app: App, watch: str) -> None:
    """Ends a watch and erases its addresses and names; raises UsageError for one that is not there."""
    before = found(app, watch)
    position = _append(app, before, WatchRemoved(watch=watch))
    sweep(app, watch, position, set())
    app.views.catch_up()
