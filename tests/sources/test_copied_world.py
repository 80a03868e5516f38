"""The screening list of the simulated world, over days on which it lost entries: nothing is ever removed by that."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from events.decisions import ClaimRejected
from events.operations import SourceFailed, SourceRecovered
from events.statements import EntityRemoved
from projections.claims import PRESENT
from projections.pending import pending
from tests.conftest import HandClock
from tests.sources.conftest import World
from tracker.app import App
from tracker.poll import chosen, poll
from tracker.verify import verify


def runs_of_outage(world: World) -> list[tuple[date, date]]:
    """The first and the last day of each row of outage days, one a kind of outage."""
    outages: dict[date, str] = world.site.csl.outages
    found: dict[str, tuple[date, date]] = {}
    for day, kind in sorted(outages.items()):
        if kind in found or day - timedelta(days=1) in outages:
            continue
        last = day
        while last + timedelta(days=1) in outages:
            last += timedelta(days=1)
        found[kind] = (day, last)
    return sorted(found.values())


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 16, tzinfo=UTC)


@pytest.mark.slow
def test_outages_of_the_world_remove_nothing(app: App, clock: HandClock, config_directory: Path, world: World) -> None:
    (config_directory / "tracker.toml").write_text("[http]\nallow_private = true\nper_host_gap = 0\nobey_robots = false\n")
    (config_directory / "sources.toml").write_text(f'[[source]]\nid = "csl"\nkind = "csl"\nbase_url = "{world.base}"\n')
    runs = runs_of_outage(world)
    assert len(runs) >= 2
    for number, (first, last) in enumerate(runs, 1):
        days = [first - timedelta(days=1), *(first + timedelta(days=n) for n in range((last - first).days + 2))]
        statuses = []
        for day in days:
            world.site.now = clock.at = noon(day)
            (outcome,) = poll(app, chosen(app, ["csl"], due=False))
            statuses.append(outcome.status == "failed")
        assert statuses == [False, *[True] * (len(days) - 2), False], (first, last)
        events = [one.event for one in app.ledger.read()]
        assert sum(isinstance(event, SourceFailed) for event in events) == number
        assert sum(isinstance(event, SourceRecovered) for event in events) == number
        assert not [event for event in events if isinstance(event, EntityRemoved | ClaimRejected)]
    with app.views.store.reading() as database:
        assert pending(database, PRESENT) == []
    assert verify(app).problems == ()
