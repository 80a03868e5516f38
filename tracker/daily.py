"""The scheduled run, once: poll what is due, settle, project, digest, deliver.

`tracker daily` calls it for cron and timers, `tracker run` again and again. What is due is decided from
our own records, so calling it twice does nothing twice, and a machine that slept catches up once.
"""

from datetime import datetime, time

import msgspec

from events.operations import WatchAdded
from projections.watches import watches
from tracker import digest
from tracker.app import App
from tracker.delivery import Delivery, deliver
from tracker.poll import Outcome, Progress, chosen, poll, silent


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """What a run did."""

    sources: tuple[Outcome, ...] = ()
    digests: tuple[str, ...] = ()
    deliveries: tuple[Delivery, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether anything did not work."""
        return any(one.status == "failed" for one in self.sources) or any(one.error for one in self.deliveries)


def daily(app: App, progress: Progress = silent, digest_at: time | None = None) -> Run:
    """Does all that is due now; digests of daily watches wait for `digest_at` (UTC) where it is given."""
    outcomes = poll(app, chosen(app, (), due=True), progress)
    issued, deliveries = [], []
    with app.views.store.reading() as database:
        watching = watches(database)
    for watch in watching:
        if _is_due(app, watch, digest_at) and (made := digest.issue(app, watch)):
            issued.append(f"{watch.watch}-{made[1].number}")
        deliveries.extend(deliver(app, watch.watch))
    return Run(sources=tuple(outcomes), digests=tuple(issued), deliveries=tuple(deliveries))


def _is_due(app: App, watch: WatchAdded, digest_at: time | None) -> bool:
    now = app.clock.now()
    if digest_at is not None and watch.cadence in {"daily", "weekly"} and now.time() < digest_at:
        return False
    return digest.is_due(watch, _last_issued(app, watch.watch), now)


def _last_issued(app: App, watch: str) -> datetime | None:
    stream = app.ledger.stream(f"digest/{watch}")
    return stream[-1].recorded_at if stream else None
