"""The daemon: APScheduler calls the daily run at short intervals; our own records decide what is due.

Jobs are rebuilt from settings at every start and late ones run once, not in a row (`coalesce`), never
beside themselves (`max_instances`), and never dropped for being late (`misfire_grace_time=None`).
"""

import logging
import signal
from collections.abc import Callable
from datetime import time
from types import FrameType

from apscheduler.schedulers.blocking import BlockingScheduler

from tracker.app import App
from tracker.clock import SystemClock
from tracker.config import Config
from tracker.daily import Run, daily
from tracker.errors import TrackerError

log = logging.getLogger(__name__)


def run_forever(open_app: Callable[[], App], config: Config, report: Callable[[Run], None]) -> None:
    """Runs until SIGTERM or SIGINT; the run at work is finished first."""
    digest_at = time.fromisoformat(config.settings.schedule.digest_at)

    def once() -> None:
        # Each run opens the home anew: nobody holds files that a rebuild has replaced.
        try:
            with open_app() as app:
                report(daily(app, digest_at=digest_at))
        except TrackerError as error:
            log.error("%s", error)

    scheduler = BlockingScheduler(timezone="UTC")
    scheduler.add_job(
        once,
        "interval",
        seconds=config.settings.schedule.poll_every,
        next_run_time=SystemClock().now(),
        id="daily",
        coalesce=True,
        max_instances=1,
        misfire_grace_time=None,
    )

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    try:
        scheduler.start()
    except (KeyboardInterrupt, SystemExit):
        scheduler.shutdown(wait=True)
