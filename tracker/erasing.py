"""Erases what a command or a request that was killed left in the private store: addresses and names nobody wants kept.

The ledgers say first that a channel or a watch ended, then its addresses are erased: a kill in between leaves them
until the next run comes here.
"""

import re
from datetime import timedelta
from typing import Final

from events.base import Recorded
from events.operations import WatchAdded, WatchChanged, WatchRemoved
from projections.deliveries import unsubscribed
from projections.watches import watches
from tracker.app import App
from tracker.watching import standing, sweep

_REFERENCE: Final = re.compile(r"[a-z]+:(?P<watch>.+)-\d+-\d+")


def erase_leftovers(app: App) -> None:
    """Erases the addresses of channels that ended, and whatever watches gave up; again is no change."""
    app.deliveries.catch_up()
    with app.deliveries.store.reading() as database:
        ended = unsubscribed(database)
    kept = set(app.private.references())
    for channel, watch in ended.items():
        if channel in kept:
            app.private.end(watch, channel)
    app.views.catch_up()
    with app.views.store.reading() as database:
        live = {reference for one in watches(database) for reference in (*one.terms.channels, *one.terms.names)}
    found = (_REFERENCE.fullmatch(one) for one in kept - live - ended.keys())
    for watch in {one["watch"] for one in found if one}:
        _sweep(app, watch)


def _sweep(app: App, watch: str) -> None:
    known = [
        one for one in app.ledger.stream(f"watch/{watch}") if isinstance(one.event, WatchAdded | WatchChanged | WatchRemoved)
    ]
    if not known:
        return  # somebody may be adding it just now
    now = standing(app, watch)
    sweep(app, watch, _position(app, known[-1]), {*now.terms.channels, *now.terms.names} if now else set())


def _position(app: App, event: Recorded) -> int:
    """Where in the ledger an event of a stream stands."""
    before = app.ledger.position_at(event.recorded_at - timedelta(microseconds=1))
    found = app.ledger.read(before, app.ledger.position_at(event.recorded_at))
    return next(one.position for one in found if (one.stream, one.version) == (event.stream, event.version))
