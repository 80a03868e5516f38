"""The daemon: APScheduler calls the daily run at short intervals; our own records decide what is due.

The one job lives in memory and is made anew from the settings at every start. It is never dropped for being
late (`misfire_grace_time=None`), late ones run once, not in a row (`coalesce`), and never beside themselves
(`max_instances`). Sources, registers and watches are read anew at every run.
"""

import logging
from collections.abc import Callable
from datetime import time
from pathlib import Path

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.interval import IntervalTrigger

from tracker.app import App
from tracker.clock import Clock, SystemClock
from tracker.config import Config, ScheduleSettings
from tracker.daily import Run, daily
from tracker.errors import TrackerError
from tracker.instance import only_one
from tracker.stopping import Stop, stopped_by_signals

log = logging.getLogger(__name__)


def scheduler_of(settings: ScheduleSettings, once: Callable[[], None], clock: Clock) -> BlockingScheduler:
    """A scheduler with the one job, first at once and then as the settings say; UTC inside."""
    scheduler = BlockingScheduler(
        jobstores={"default": MemoryJobStore()},
        executors={"default": ThreadPoolExecutor(1)},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        timezone="UTC",
    )
    trigger = IntervalTrigger(seconds=settings.poll_every, timezone="UTC", jitter=settings.jitter or None)
    scheduler.add_job(once, trigger, next_run_time=clock.now(), id="daily")
    return scheduler


def run_forever(
    home: Path, open_app: Callable[[], App], config: Config, report: Callable[[Run], None], *, quiet: bool = False
) -> None:
    """Runs until SIGTERM or SIGINT; the source at work is finished first, and a second signal ends at once.

    Raises TrackerError when another process works on the home.
    """
    digest_at = time.fromisoformat(config.settings.schedule.digest_at)
    clock = SystemClock()

    def once(stop: Stop) -> None:
        # Each run opens the home anew: nobody holds files that a rebuild has replaced.
        try:
            with open_app() as app:
                report(daily(app, digest_at=digest_at, stop=stop, command="run"))
        except TrackerError as error:
            log.error("%s%s", error, f" ({error.hint})" if error.hint else "")
        except Exception:
            log.exception("the run failed; the next one tries again")

    with only_one(home, "run"), stopped_by_signals(quiet=quiet) as stop:
        scheduler = scheduler_of(config.settings.schedule, lambda: once(stop), clock)
        try:
            with stop.telling(_leave):
                scheduler.start()
        except SystemExit:
            scheduler.shutdown(wait=True)  # for the run at work


def _leave() -> None:
    """Ends the scheduler's loop, from the handler of a signal."""
    raise SystemExit(0)
