"""Health of sources, week by week: `python -m tests.quality.source_health --days 42 --faults heavy [--seed 3]`.

Eight outlets and the Register of the simulated world are asked as the daemon asks them, by a virtual clock that
goes from one planned check to the next, while requests fail at random. Five outlets get a trouble of their own for some
days; the others are well. Prints what was told of each source, and what should have been.
"""

import argparse
import socketserver
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

import stamina

from events.operations import SourceChanged, SourceFailed, SourceRecovered, SourceShrunk, SourceSilent
from tests.quality.entity_list import WORLD
from tests.quality.world import Simulation, simulation
from tracker.app import App
from tracker.clock import FixedClock
from tracker.poll import chosen, poll

FIRST: Final = datetime(2019, 11, 4, 6, tzinfo=UTC)
LOOK: Final = timedelta(minutes=20)
"""How often the daemon looks for what is due."""
Told = dict[str, list[str]]


class QuickClock(FixedClock):
    """Stands where it is set, and waits for nobody: a host that asks for 7 seconds gets none."""

    def sleep(self, seconds: float) -> None:
        """Does not wait."""


class Illness(NamedTuple):
    """A trouble that an outlet has, as parts of the whole time; `fault` is of the world, else the feed itself is changed."""

    outlet: str
    kind: str
    fault: str | None
    begins: float
    ends: float


ILLNESSES: Final = (
    Illness("harbor", "failed", "503", 0.40, 0.60),
    Illness("campuswire", "changed", "login", 0.45, 0.70),
    Illness("asiacircuit", "shrunk", None, 0.50, 0.75),
    Illness("ecbulletin", "silent", None, 0.30, 0.80),
    Illness("chronique", "changed", None, 0.55, 0.75),
)


class Course(NamedTuple):
    """How long a run lasts, and when each illness begins and ends in it."""

    days: int

    def begins(self, one: Illness) -> datetime:
        """The moment from which the outlet is ill."""
        return FIRST + self.days * one.begins * timedelta(days=1)

    def ends(self, one: Illness) -> datetime:
        """The moment from which it is well again."""
        return FIRST + self.days * one.ends * timedelta(days=1)

    def is_ill(self, one: Illness, now: datetime) -> bool:
        """Whether the outlet is ill at a moment."""
        return self.begins(one) <= now < self.ends(one)


def write_news(site: Any, days: int) -> None:
    """Gives every outlet an article each 7 to 17 hours, from three weeks before the first day on."""
    newsroom = site.news
    for number, outlet in enumerate(newsroom.feeds()):
        when, count = FIRST - timedelta(days=21), 0
        while when < FIRST + timedelta(days=days):
            name = f"filler-{outlet}-{count}"
            words = f"Notes of the day, part {count}, from the rowing club."
            item = {"id": name, "outlet": outlet, "when": when, "title": words, "paras": [words], "facts": []}
            item["n"] = 100_000 + 1000 * number + count
            newsroom.items.append(item)
            newsroom.by_path[newsroom.path(item)] = item
            when += timedelta(hours=7 + (3 * count + number) % 11)
            count += 1


@contextmanager
def feeds_that_fall_ill(site: Any, course: Course) -> Iterator[None]:
    """Takes articles out of the feeds of outlets that are ill, or their dates."""
    newsroom, current, feed = site.news, site.news.current, site.news.rss
    ill = {one.outlet: one for one in ILLNESSES if one.fault is None}

    def changed_current(outlet: str, now: datetime, n: int = 20) -> Any:
        one = ill.get(outlet)
        if one is None or not course.is_ill(one, now):
            return current(outlet, now, n)
        if one.kind == "silent":
            return current(outlet, course.begins(one), n)
        return current(outlet, now, 3 if one.kind == "shrunk" else n)

    def changed_feed(o: Any, vs: Any, base: str, enc: str) -> str:
        text: str = feed(o, vs, base, enc)
        (one,) = (one for one in ILLNESSES if one.outlet == "chronique")
        if o["path"].startswith("/news/chronique") and course.is_ill(one, site.now):
            return text.replace("<pubDate>", "<when>").replace("</pubDate>", "</when>")
        return text

    newsroom.current, newsroom.rss = changed_current, changed_feed
    try:
        yield
    finally:
        del newsroom.current, newsroom.rss


def write_sources(world: Simulation, base: str, every: str) -> None:
    """Settings for the outlets and the Register, all else as it is by default."""
    tables = [
        f'[[source]]\nid = "{name}"\nkind = "feed"\nurl = "{base}{feed["path"]}"\n'
        f'language = "{feed["language"]}"\nevery = "{every}"\nrecheck = "60d"\n'
        for name, feed in world.site.news.feeds().items()
    ]
    register = f'[[source]]\nid = "federal-register"\nkind = "federal-register"\nbase_url = "{base}"\nevery = "6h"\n'
    agency = 'agencies = ["industry-and-security-bureau"]\ncfr = { title = 15, part = 744 }\n'
    (world.home / "config" / "sources.toml").write_text("".join(tables) + register + agency)
    http = '[http]\nallow_private = true\nobey_robots = false\nper_host_gap = "0s"\nretries = 1\nmax_bytes = 2000000\n'
    (world.home / "config" / "tracker.toml").write_text(http)


def run(folder: Path, *, days: int, seed: int, faults: str, every: str = "2h") -> tuple[Told, int]:
    """Polls as the daemon does, for so many days; gives what was told of each source, in order, and how many polls failed."""
    socketserver.StreamRequestHandler.disable_nagle_algorithm = True  # else each answer takes 40 ms
    course = Course(days)
    world = simulation(seed, FIRST, folder)
    base = (world.home / "config" / "sources.toml").read_text().partition('base_url = "')[2].partition('"')[0]
    write_sources(world, base, every)
    write_news(world.site, days)
    world.site.faults.configure({"slow": 0.01, "huge": 3_000_000})
    clock, failed = QuickClock(FIRST), 0
    with feeds_that_fall_ill(world.site, course), App(world.home, world.home / "config", clock) as app:
        while clock.at < FIRST + timedelta(days=days):
            world.site.now = clock.at
            if clock.at > FIRST:  # a source that fails at its very first poll is told of at once, and rightly
                world.site.faults.configure({"level": faults})
            _set_faults(world, course, clock.at)
            failed += sum(one.status == "failed" for one in poll(app, chosen(app, (), due=True)))
            checks = [app.state.source(source.id).next_check for source in app.config.sources]
            clock.at += LOOK * max(1, -((clock.at - min(check for check in checks if check is not None)) // LOOK))
        return told(app.ledger.read()), failed


def _set_faults(world: Simulation, course: Course, now: datetime) -> None:
    feeds = world.site.news.feeds()
    world.site.faults.rules[:] = [
        {"path": f"^{feeds[one.outlet]['path']}$", "kind": one.fault, "times": -1, "skip": 0}
        for one in ILLNESSES
        if one.fault is not None and course.is_ill(one, now)
    ]


def told(events: Any) -> Told:
    """What the ledger tells of each source, in order: `failed`, `recovered failed` and so on."""
    found: Told = {}
    for event in (one.event for one in events):
        if isinstance(event, SourceFailed | SourceShrunk | SourceChanged | SourceSilent):
            found.setdefault(event.source, []).append(event.topic().removeprefix("source-"))
        elif isinstance(event, SourceRecovered):
            found.setdefault(event.source, []).extend(f"recovered {kind}" for kind in event.of)
    return found


def expected() -> Told:
    """What should be told: each illness once, and its end."""
    return {one.outlet: [one.kind, f"recovered {one.kind}"] for one in ILLNESSES}


def main() -> None:
    """Prints the outcome of one run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=42)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", default="heavy", choices=["none", "light", "heavy", "hostile"])
    options = parser.parse_args()
    if not WORLD.exists():
        print(f"the simulated world is not present at {WORLD}: nothing to compare with")
        return
    stamina.set_testing(True, attempts=2, cap=True)
    with tempfile.TemporaryDirectory() as folder:
        found, failed = run(Path(folder) / "home", days=options.days, seed=options.seed, faults=options.faults)
    for source in sorted({*found, *expected()}):
        mark = "as it was" if found.get(source) == expected().get(source) else "WRONG"
        print(f"{source:20} {mark:10} told: {', '.join(found.get(source, [])) or 'nothing'}")
    print(f"{failed} polls failed")


if __name__ == "__main__":
    main()
