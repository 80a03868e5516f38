"""Takes in the watches of `watchers.toml`: what is new there, and what changed since; never over a person's change.

An address that ended its digests stays out, though the file still has it: only a command brings it back.
"""

import hashlib
import logging
import os
from pathlib import Path

import msgspec

from events.operations import WatchAdded, WatchChanged, WatchRemoved
from tracker import watching
from tracker.app import App
from tracker.config import Watcher
from tracker.errors import TrackerError, UsageError
from tracker.moments import beginning
from tracker.name_lists import names_in, read_names
from tracker.watching import WatchOrder
from tracker.wishes import Wishes

log = logging.getLogger(__name__)


class Seeded(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one entry; `failed` where it could not be taken in."""

    watch: str
    outcome: str
    failed: bool = False


def seed(app: App) -> list[Seeded]:
    """Takes in every entry; what is wrong with one stops no other."""
    done = []
    for one in app.config.watchers:
        try:
            done.append(Seeded(watch=one.id, outcome=_taken_in(app, one)))
        except TrackerError as error:
            told = f"{error}. {error.hint}" if error.hint else str(error)
            log.warning("watchers.toml: %s: %s", one.id, told)
            done.append(Seeded(watch=one.id, outcome=f"not taken in: {told}", failed=True))
    return done


def _taken_in(app: App, one: Watcher) -> str:
    order = order_of(app, one)
    known = [event.event for event in app.ledger.stream(f"watch/{one.id}")]
    if not known:
        watching.add(app, order)
        return "added"
    if isinstance(known[-1], WatchRemoved):
        return "left alone: it was removed by a command"
    last = next(event for event in reversed(known) if isinstance(event, WatchAdded | WatchChanged))
    if last.seeded is None:
        return "left alone: it was changed by a command"
    if last.seeded == order.seeded and _same_in_private(app, last, order):
        ended = len(one.channels) - len(order.channels)
        return f"as it was, without {ended} of its channels: whoever is behind ended it" if ended else "as it was"
    watching.change(app, one.id, {field: getattr(order, field) for field in order.__struct_fields__ if field != "watch"})
    return "changed"


def order_of(app: App, one: Watcher) -> WatchOrder:
    """An entry as an order; files of names lie beside `watchers.toml`, secrets come from the environment.

    Raises UsageError for one that goes nowhere.
    """
    if not one.channels:
        raise UsageError("it has no channel", 'Write where its digests go: channels = ["file:digests"].')
    folder = app.config.files["watchers.toml"].parent
    terms = {name: getattr(one, name) for name in Wishes.__struct_fields__}
    order = WatchOrder(
        watch=one.id,
        channels=one.channels,
        names=tuple(folder / Path(name) for name in one.names),
        secret=os.environ.get(one.secret_env),
        since=beginning(one.since, "since") if one.since is not None else None,
        seeded=hashlib.sha256(msgspec.json.encode({**terms, "since": one.since, "files": one.names})).hexdigest(),
        **terms,
    )
    wanted = zip(order.channels, watching.targets(order), strict=True)
    open_ones = tuple(channel for channel, target in wanted if not app.private.has_ended(one.id, *target))
    return msgspec.structs.replace(order, channels=open_ones)


def _same_in_private(app: App, last: WatchAdded | WatchChanged, order: WatchOrder) -> bool:
    """Whether addresses and names, which the ledger does not hold, are still those of the file."""
    saved = names_in(app.private)
    names = [name for reference in last.names for name in saved(reference)]
    wanted = [name for path in order.names for name in read_names(path)]
    kept = [target for target in watching.targets_of(app, last.channels) if target[1]]
    return names == wanted and kept == watching.targets(order)
