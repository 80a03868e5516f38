"""What an answer about a list rests on: the sources that tell it, how long ago they worked, what waits."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

import msgspec
from sqlite_utils import Database

from events.operations import ListReconciled
from projections import queries
from projections.claims import PRESENT
from projections.parked import parked_in
from projections.pending import pending
from projections.rows import PendingRow
from tracker.app import App
from tracker.gone_over import without_gap
from tracker.sources.base import DAY, SourceSettings

RULES: Final = "us-bis-el"
"""The list that rules tell; followed lists are told by copies alone."""
STALE_AFTER: Final = 3
"""Polls that may fall out in a row before an answer is called stale; a day at the least."""


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """Keys as in the command-line contract. `reconciled` is how the list last compared with each official copy."""

    list: str
    complete_from: str | None
    last_good_poll: str | None
    copies_from: tuple[str, ...] = ()
    """Days of the past of which a copy was taken in to begin histories with."""
    reconciled: tuple[dict[str, Any], ...] = ()
    pending: tuple[PendingRow, ...] = ()
    quarantined: tuple[PendingRow, ...] = ()
    parked: tuple[str, ...] = ()
    """Events that a view could not take in, of whatever list."""


def told_by(app: App, list_id: str) -> list[SourceSettings]:
    """The sources that answers about a list rest on."""
    kind = "federal-register" if list_id == RULES else "csl"
    return [source for source in app.config.sources if source.kind == kind]


def coverage_of(app: App, list_id: str) -> Coverage:
    """What is known about the basis of a list, at present."""
    polls = [state.last_ok for source in told_by(app, list_id) if (state := app.state.source(source.id)).last_ok]
    with app.views.store.reading() as database:
        waiting = [one for one in pending(database, PRESENT) if one.list == list_id]
        begun = complete_from(app, database, list_id)
        copies = queries.baselines(database) if list_id == RULES else ()
        unplaced = tuple(one.line() for one in parked_in(database))
    return Coverage(
        list=list_id,
        complete_from=begun,
        last_good_poll=max(polls).isoformat() if polls else None,
        copies_from=copies,
        reconciled=tuple(_compared(app, list_id)),
        pending=tuple(one for one in waiting if one.name is not None),
        quarantined=tuple(one for one in waiting if one.name is None),
        parked=unplaced,
    )


def complete_from(app: App, database: Database, list_id: str) -> str | None:
    """Since when everything that tells a list is on hand: the earliest rule (or copy) after which nothing was left out.

    Rules older than the days that were gone over wholly do not count: a backfill may have ended half-way. Where no source
    was ever asked, files were taken in, and the earliest of them tells.
    """
    earliest = queries.complete_from(database, list_id)
    sources = told_by(app, list_id) if list_id == RULES else []
    since = [day for source in sources if (day := without_gap(app.state.covered(source.id))) is not None]
    if not since and any(app.state.source(source.id).last_try for source in sources):
        return None
    return max(earliest, min(since).isoformat()) if earliest and since else earliest


def _compared(app: App, list_id: str) -> Iterator[dict[str, Any]]:
    for source in app.config.sources:
        stream = app.ledger.stream(f"list/{list_id}/{source.id}")
        last = stream[-1].event if stream else None
        if isinstance(last, ListReconciled):
            yield {"source": source.id, "on": last.on, "agree": last.agree, "causes": last.causes}


def stale(app: App, database: Database, list_id: str) -> Iterator[str]:
    """A line for each source of a list whose last good poll is long ago, and one for rules that are missing between others."""
    earliest = queries.complete_from(database, list_id)
    if earliest != complete_from(app, database, list_id):
        yield f"incomplete: not all that was published since {earliest} was read; `tracker backfill` reads it"
    for source in told_by(app, list_id):
        last = app.state.source(source.id).last_ok
        if last is None:
            yield f"stale: {source.id} was never polled: `tracker coverage` tells what answers rest on"
        elif app.clock.now() - last > timedelta(seconds=max(STALE_AFTER * source.every, DAY)):
            yield f"stale: the last good poll of {source.id} was {last.date()}"
