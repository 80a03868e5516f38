"""The demo: the daily run over the demo world, April to October 2019, then questions to the result.

Nothing is special about it but the clock and the address: polls, readings, views, digests and the
questions are the product's own.
"""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Final

from tracker import watching
from tracker.app import App
from tracker.clock import SystemClock
from tracker.daily import Run, daily
from tracker.demo import DAYS, FIRST_DAY, LAST_DAY, DemoWorld, config_files
from tracker.errors import UsageError

EVENING: Final = time(22, 0, tzinfo=UTC)
_MARK: Final = ".tracker-demo"


class DemoClock(SystemClock):
    """The demo world's time."""

    def __init__(self, world: DemoWorld) -> None:
        self.world = world

    def now(self) -> datetime:
        return self.world.now


def prepare(folder: Path) -> None:
    """Empties the demo's folder; raises UsageError for one that is not a demo's."""
    if folder.exists() and any(folder.iterdir()) and not (folder / _MARK).exists():
        raise UsageError(f"{folder} is not empty and not of an earlier demo", "Give --dir an empty or a new folder.")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / _MARK).write_text("made by `tracker demo`; it is emptied when that runs again\n")


def write_config(folder: Path, base: str) -> Path:
    """The demo's settings, pointed at its server."""
    target = folder / "config"
    target.mkdir(exist_ok=True)
    for name, text in config_files(base).items():
        (target / name).write_text(text, encoding="utf-8")
    return target


def days(world: DemoWorld) -> Iterator[datetime]:
    """The evenings of the days on which anything new appears, and the last one."""
    busy = {moment.date() + timedelta(days=later) for moment in world.moments() for later in (0, 1)}
    for day in DAYS:
        if day in busy or day == LAST_DAY:
            yield datetime.combine(day, EVENING)


def run_story(folder: Path, world: DemoWorld, base: str, report: Callable[[datetime, Run], None]) -> Path:
    """Runs the daily run on every evening of the story; gives the folder of settings."""
    config = write_config(folder, base)
    world.now = datetime.combine(FIRST_DAY, time(6, 0, tzinfo=UTC))
    order = watching.WatchOrder(
        watch="office",
        institutions=("mit",),
        parties=("huawei", "sensetime", "zte"),
        channels=(f"file:{folder / 'digests'}",),
    )
    with App(folder, config, DemoClock(world)) as app:
        watching.add(app, order)
        for evening in days(world):
            world.now = evening
            report(evening, daily(app))
    return config
