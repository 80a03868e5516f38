"""How the tracker fares: each source, the last run, the ledger and its views, deliveries, the disk."""

import shutil
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Literal

import msgspec

from projections.deliveries import owed
from projections.run import parked
from projections.sources import Trouble, document_times, last_new_document, troubles
from tracker.app import App
from tracker.channels import wanted
from tracker.instance import Worker, at_work
from tracker.rhythm import rhythm_of, silent_after
from tracker.sources.base import DAY, SourceSettings
from tracker.state import LoggedRun, SourceState
from tracker.told_whom import in_trouble

State = Literal["well", "new", "late", "failed", "changed", "shrunk", "silent"]
_WORST_FIRST: Final = ("failed", "changed", "shrunk", "silent")
_NOT_AMISS: Final = frozenset({"well", "new"})
LATE_AFTER: Final = 3
"""Polls that may fall out before a source is called late: nobody asks it. A day at the least."""


class SourceHealth(msgspec.Struct, frozen=True, kw_only=True):
    """How a source fares now; keys as in docs/commands.md.

    `state` is the worst that is the matter, `since` when that began. The polls of a source that `failed` may have
    done so for less long than is tolerated, with no event yet. `usual_gap` and `silent_after` are seconds.
    """

    source: str
    kind: str
    state: State
    since: datetime | None
    last_ok: datetime | None
    last_new: datetime | None
    usual_gap: float | None
    silent_after: float | None
    next_check: datetime | None
    failures: int
    error: str | None
    troubles: tuple[str, ...]


class Deliveries(msgspec.Struct, frozen=True, kw_only=True):
    """Digests that a channel has not taken at its last try, and when the next try is to be made at the earliest."""

    failed: int = 0
    next_try: datetime | None = None
    channels: tuple[str, ...] = ()
    """A line for each channel that is paused, or refuses what it is sent."""


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """How everything fares; keys as in docs/commands.md. `well` says whether every source does."""

    well: bool
    sources: tuple[SourceHealth, ...]
    at_work: Worker | None
    last_run: LoggedRun | None
    ledger_head: int
    views_behind: int
    parked: int
    deliveries: Deliveries
    disk_free: int
    disk_total: int


def health_of(app: App) -> Health:
    """How everything fares at present."""
    behind = app.views_behind()
    now = app.clock.now()
    with app.views.store.reading() as database:
        found = troubles(database)
        rows = []
        for source in app.config.sources:
            times, last = document_times(database, source.id), last_new_document(database, source.id)
            mine = [one for one in found if one.source == source.id]
            rows.append(_health(source, app.state.source(source.id), mine, times, last, now))
    disk = shutil.disk_usage(app.home)
    return Health(
        well=all(row.state in _NOT_AMISS for row in rows),
        sources=tuple(rows),
        at_work=at_work(app.home),
        last_run=app.state.last_run(),
        ledger_head=app.ledger.head(),
        views_behind=behind,
        parked=len(parked(app.views.store)),
        deliveries=_deliveries(app),
        disk_free=disk.free,
        disk_total=disk.total,
    )


def _health(
    source: SourceSettings,
    state: SourceState,
    found: Sequence[Trouble],
    times: Sequence[datetime],
    last: datetime | None,
    now: datetime,
) -> SourceHealth:
    rhythm = rhythm_of(times)
    worst, since = _state(source, state, found, now)
    return SourceHealth(
        source=source.id,
        kind=source.kind,
        state=worst,
        since=since,
        last_ok=state.last_ok,
        last_new=last,
        usual_gap=rhythm.usual,
        silent_after=silent_after(source, rhythm),
        next_check=state.next_check,
        failures=state.failures,
        error=state.error,
        troubles=tuple(one.words for one in found),
    )


def _state(source: SourceSettings, state: SourceState, found: Sequence[Trouble], now: datetime) -> tuple[State, datetime | None]:
    """The worst that is the matter, and since when."""
    if state.failures:
        return "failed", state.failing_since
    for kind in _WORST_FIRST:
        for one in found:
            if one.kind == kind:
                return one.kind, datetime.fromisoformat(one.began_at)
    if state.last_try is None:
        return "new", None
    patience = timedelta(seconds=max(LATE_AFTER * source.every, DAY))
    if state.next_check is not None and now - state.next_check > patience:
        return "late", state.next_check
    return "well", None


def _deliveries(app: App) -> Deliveries:
    """What channels refused and are owed, and which of them are in trouble."""
    app.deliveries.catch_up()
    with app.deliveries.store.reading() as database:
        waiting = owed(database)
    # What went with a channel that ended, or was given up, waits for nothing any more.
    live = [one for one in wanted(app) if app.private.get(one) is not None]
    failed = [one for channel in live for one in waiting.get(channel, ()) if one.state == "failed"]
    tries = [datetime.fromisoformat(one.next_try) for one in failed if one.next_try is not None]
    return Deliveries(failed=len(failed), next_try=min(tries, default=None), channels=tuple(in_trouble(app)))
