"""The scheduled run, once: poll what is due, settle, project, reconcile, digest, deliver.

`tracker daily` calls it for cron and timers, `tracker run` again and again. What is due is decided from
our own records, so calling it twice does nothing twice, and a machine that slept catches up once.
"""

import logging
from collections.abc import Sequence
from datetime import time, timedelta
from typing import Literal

import msgspec

from tracker import digest
from tracker.app import App
from tracker.copies import COPIES
from tracker.delivery import Delivery, deliver
from tracker.errors import TrackerError
from tracker.poll import Outcome, Progress, chosen, poll, silent
from tracker.reconciling import Reconciled, reconcile_with
from tracker.seeding import seed
from tracker.state import LoggedRun
from tracker.stopping import Stop

log = logging.getLogger(__name__)


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """What a run did."""

    sources: tuple[Outcome, ...] = ()
    reconciled: tuple[Reconciled, ...] = ()
    digests: tuple[str, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    stopped: bool = False
    """Whether it was told to stop before it was through; what is left is due at the next run."""

    @property
    def failed(self) -> bool:
        """Whether anything did not work."""
        return any(one.status == "failed" for one in self.sources) or any(one.error for one in self.deliveries)


def daily(
    app: App,
    progress: Progress = silent,
    digest_at: time | None = None,
    stop: Stop | None = None,
    command: Literal["daily", "run"] = "daily",
) -> Run:
    """Does all that is due now; digests of daily watches wait for `digest_at` (UTC) where it is given.

    When a stop is asked for, what is in hand is finished, and the rest is left for the next run.
    """
    begun, stop = app.clock.now(), stop or Stop()
    run = _all_due(app, progress, digest_at, stop)
    outcome = "stopped" if run.stopped else "failed" if run.failed else "ok"
    before, ended = app.state.last_run(), app.clock.now()
    app.state.log_run(LoggedRun(command=command, begun=begun, ended=ended, outcome=outcome))
    if before is None or before.ended.date() < ended.date():  # once a day is enough
        app.state.forget_log(ended - timedelta(seconds=app.config.settings.schedule.keep_log))
    return run


def _all_due(app: App, progress: Progress, digest_at: time | None, stop: Stop) -> Run:
    outcomes = poll(app, chosen(app, (), due=True), progress, stop)
    if stop.asked:
        return Run(sources=tuple(outcomes), stopped=True)
    reconciled = reconcile_what_moved(app, outcomes)
    seed(app)
    issued = [f"{one.watch}-{one.number}" for one in digest.issue_due(app, digest_at)]
    deliveries = deliver(app, go_on=lambda: not stop.asked)
    return Run(
        sources=tuple(outcomes),
        reconciled=reconciled,
        digests=tuple(issued),
        deliveries=tuple(deliveries),
        stopped=stop.asked,
    )


def reconcile_what_moved(app: App, outcomes: Sequence[Outcome]) -> tuple[Reconciled, ...]:
    """Holds the list against its copies when anything came in; a copy that cannot be read is no reason to stop."""
    if not any(one.documents for one in outcomes):
        return ()
    found = []
    for source in (one for one in app.config.sources if one.kind in COPIES):
        try:
            done = reconcile_with(app, source)
        except TrackerError as error:
            log.warning("%s: not reconciled: %s", source.id, error)
            continue
        found += [done] if done else []
    return tuple(found)
