"""What is told of sources in trouble: polls of a real server, by a clock that the test moves."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import stamina
from pytest_httpserver import HTTPServer
from werkzeug import Response

from events.operations import SourceSilent
from projections.sources import troubles
from tests.builders import NOW
from tests.conftest import HandClock
from tests.outlet import Outlet, unavailable
from tracker.app import App
from tracker.source_news import source_changes

PAGE = "<!DOCTYPE html><html><body><form>Log in <input type='password'></form></body></html>"


@pytest.fixture
def outlet(httpserver: HTTPServer, app: App, clock: HandClock, config_directory: Path) -> Iterator[Outlet]:
    with stamina.set_testing(True, attempts=1):
        yield Outlet(httpserver, app, clock, config_directory)


def test_a_source_that_never_worked_is_told_of_at_once(outlet: Outlet) -> None:
    outlet.answer = unavailable()
    outlet.poll_after()
    outlet.poll_after(timedelta(days=1))
    assert outlet.told() == ["failed"]
    outlet.answer = None
    outlet.poll_after(timedelta(hours=1))
    assert outlet.told() == ["failed", "recovered failed"]


def test_a_fault_that_passes_is_told_to_nobody(outlet: Outlet) -> None:
    outlet.poll_after()
    for _ in range(3):
        outlet.answer = unavailable()
        outlet.poll_after(timedelta(hours=1))
        assert outlet.poll_after(timedelta(minutes=100)).status == "failed"
        outlet.answer = None
        outlet.poll_after(timedelta(minutes=15))
    assert outlet.told() == []


def test_a_fault_that_lasts_is_told_once_and_its_end_once(outlet: Outlet) -> None:
    outlet.poll_after()
    outlet.answer = unavailable()
    for minutes in (60, 119):
        outlet.poll_after(timedelta(minutes=minutes))
    assert outlet.told() == []
    for _ in range(3):
        outlet.poll_after(timedelta(minutes=1))
    assert outlet.told() == ["failed"]
    outlet.answer = None
    outlet.poll_after()
    outlet.poll_after()
    assert outlet.told() == ["failed", "recovered failed"]


def test_who_is_asked_once_a_day_is_told_of_at_the_first_bad_poll(outlet: Outlet) -> None:
    outlet.poll_after()
    outlet.answer = unavailable()
    outlet.poll_after(timedelta(days=1))
    assert outlet.told() == ["failed"]


def test_a_failed_source_is_asked_again_soon_and_then_ever_later(outlet: Outlet) -> None:
    outlet.answer = unavailable()
    waits = []
    for _ in range(6):
        outlet.poll_after(timedelta(hours=3))
        check = outlet.app.state.source("courier").next_check
        assert check is not None
        waits.append((check - outlet.clock.at).total_seconds() / 60)
    assert waits == [5, 10, 20, 40, 60, 60]


def test_fewer_entries_than_expected_are_told_as_a_shrinking(outlet: Outlet) -> None:
    outlet.write(expect="{ min = 10 }")
    outlet.poll_after()
    outlet.shown = 9
    assert outlet.poll_after(timedelta(days=1)).status == "failed"
    assert outlet.told() == ["shrunk"]
    outlet.shown = 10
    outlet.poll_after(timedelta(hours=1))
    assert outlet.told() == ["shrunk", "recovered shrunk"]


def test_far_fewer_entries_than_usual_are_told_and_taken_in(outlet: Outlet) -> None:
    outlet.live(days=4)
    outlet.shown = 3
    outlet.clock.at += timedelta(hours=2)
    outlet.publish()
    outcome = outlet.poll_after()
    assert (outcome.status, outlet.told()) == ("ok", []), "not yet for long"
    for _ in range(3):
        outlet.poll_after(timedelta(hours=2))
    assert outlet.told() == ["shrunk"]
    outlet.answer = unavailable()
    outlet.poll_after(timedelta(hours=2))
    assert outlet.told() == ["shrunk"], "a passing fault of one that has shrunk"
    outlet.answer, outlet.shown = None, 20
    outlet.poll_after(timedelta(hours=1))
    assert outlet.told() == ["shrunk", "recovered shrunk"]


def test_a_web_page_instead_of_a_feed_is_a_change(outlet: Outlet) -> None:
    outlet.poll_after()
    outlet.answer = Response(PAGE, content_type="text/html")
    outlet.poll_after(timedelta(hours=4))
    outlet.poll_after(timedelta(hours=4))
    assert outlet.told() == ["changed"]
    outlet.answer = None
    outlet.poll_after(timedelta(hours=4))
    assert outlet.told() == ["changed", "recovered changed"]


def test_entries_that_lose_their_dates_are_a_change(outlet: Outlet) -> None:
    outlet.live(days=4)
    outlet.dated = False
    outlet.poll_after(timedelta(hours=4))
    assert outlet.told() == ["changed"]
    with outlet.app.views.store.reading() as database:
        (one,) = troubles(database)
    assert one.words == "courier has changed its shape: most of its 20 entries lack what all had: date"
    outlet.dated = True
    outlet.poll_after(timedelta(hours=4))
    assert outlet.told() == ["changed", "recovered changed"]


def test_silence_is_told_once_and_ends_with_something_new(outlet: Outlet) -> None:
    outlet.live(days=2)
    for _ in range(10):
        outlet.poll_after(timedelta(hours=7))
    assert outlet.told() == [], "not longer than three days"
    outlet.poll_after(timedelta(hours=3))
    outlet.poll_after(timedelta(days=30))
    assert outlet.told() == ["silent"]
    (event,) = (one.event for one in outlet.app.ledger.read() if isinstance(one.event, SourceSilent))
    assert (event.last, event.after) == (NOW + timedelta(days=2), 3 * 86400)
    outlet.publish()
    outlet.poll_after()
    outlet.poll_after(timedelta(hours=1))
    assert outlet.told() == ["silent", "recovered silent"]


def test_silence_may_be_set_and_failures_are_not_told_as_silence(outlet: Outlet) -> None:
    outlet.write(silent_after='"12h"')
    outlet.poll_after()
    outlet.answer = unavailable()
    outlet.poll_after(timedelta(days=5))
    assert outlet.told() == ["failed"]
    outlet.answer = None
    outlet.poll_after(timedelta(hours=1))
    assert outlet.told() == ["failed", "recovered failed", "silent"]


def test_operators_are_told_what_began_and_what_is_over(outlet: Outlet) -> None:
    outlet.poll_after()
    outlet.answer = unavailable()
    start = outlet.app.ledger.head()
    outlet.poll_after(timedelta(days=1))
    failed = outlet.app.ledger.head()
    outlet.answer = None
    outlet.poll_after(timedelta(days=1))

    def told(after: int, until: int) -> list[tuple[str, str]]:
        return [(one.type, one.summary.partition(":")[0]) for one in source_changes(outlet.app.ledger, after, until)]

    assert told(start, failed) == [("source-failed", "the source courier fails")]
    assert told(failed, outlet.app.ledger.head()) == [("source-recovered", "the source courier works again")]


def test_what_was_remembered_may_be_lost(outlet: Outlet) -> None:
    """Without `state.db` nothing is told twice: what is open stands in the ledger."""
    outlet.poll_after()
    outlet.answer = unavailable()
    outlet.poll_after(timedelta(days=1))
    outlet.app.state.close()
    outlet.app.__dict__.pop("state")
    (outlet.app.home / "state.db").unlink()
    outlet.poll_after(timedelta(days=1))
    outlet.answer = None
    outlet.poll_after(timedelta(days=1))
    assert outlet.told() == ["failed", "recovered failed"]
