"""Polls in time: what is due, at which pace, and what becomes of a source that is slow or told to stop."""

import threading
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import stamina
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.conftest import HandClock
from tests.outlet import Outlet
from tests.polite import raw_server
from tracker import poll as polling
from tracker.app import App
from tracker.clock import SystemClock
from tracker.poll import STOPPED, backfill, chosen, poll
from tracker.stopping import Stop


@pytest.fixture
def outlet(httpserver: HTTPServer, app: App, clock: HandClock, config_directory: Path) -> Iterator[Outlet]:
    with stamina.set_testing(True, attempts=1):
        yield Outlet(httpserver, app, clock, config_directory)


def add_dripping(outlet: Outlet, **settings: float) -> None:
    """Puts a source before the outlet that answers a few bytes at a time, for over a minute."""
    dripping = raw_server(b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n\r\n" + b"<rss>" * 4000, drip=0.02)
    keys = "".join(f"{name} = {value}\n" for name, value in settings.items())
    path = outlet.config / "sources.toml"
    path.write_text(f'[[source]]\nid = "slow"\nkind = "feed"\nurl = "{dripping}"\n{keys}' + path.read_text())
    outlet.app.__dict__.pop("config", None)


# What is due


def test_after_a_sleep_each_source_is_asked_once(outlet: Outlet) -> None:
    outlet.poll_after()
    outlet.clock.at += timedelta(days=3)
    asked = [len(poll(outlet.app, chosen(outlet.app, (), due=True))) for _ in range(3)]
    assert asked == [1, 0, 0]


def test_a_window_holds_what_is_due_and_not_what_a_person_asks(outlet: Outlet) -> None:
    outlet.write(window='"14:00-15:00"', timezone='"UTC"')
    assert len(poll(outlet.app, chosen(outlet.app, (), due=True))) == 1, "the first poll is made at once"
    check = outlet.app.state.source("courier").next_check
    assert check is not None
    assert (check.hour, check.minute) == (14, 0)
    assert poll(outlet.app, chosen(outlet.app, (), due=True)) == []
    assert outlet.poll_after(timedelta(minutes=1)).source == "courier"


def test_the_pace_follows_the_documents_of_the_ledger(outlet: Outlet) -> None:
    outlet.write(every_most='"6h"')
    outlet.poll_after()
    outlet.poll_after(timedelta(hours=1))
    check = outlet.app.state.source("courier").next_check
    assert check == outlet.clock.at + timedelta(minutes=90), "an entry every six hours"


# Deadlines


def test_a_source_that_drips_is_left_and_the_others_are_polled(outlet: Outlet) -> None:
    add_dripping(outlet, deadline=0.6)
    begun = SystemClock().monotonic()
    slow, other = poll(outlet.app, chosen(outlet.app, (), due=True))
    assert SystemClock().monotonic() - begun < 15
    assert (slow.source, slow.status) == ("slow", "failed")
    assert "longer than 0.6 seconds altogether" in (slow.error or "")
    assert (other.source, other.status, other.documents) == ("courier", "ok", 20)


def test_many_slow_answers_count_together_and_what_came_is_kept(httpserver: HTTPServer, outlet: Outlet) -> None:
    httpserver.clear()
    httpserver.expect_request("/feed").respond_with_handler(outlet.respond)

    def slowly(_: Request) -> Response:
        SystemClock().sleep(0.15)
        return Response("<!DOCTYPE html><article><p>Some notes of the day.</p></article>", content_type="text/html")

    httpserver.expect_request("/articles").respond_with_handler(slowly)
    outlet.write(deadline="1.0")
    first = outlet.poll_after()
    assert (first.status, 0 < first.documents < 20) == ("failed", True)
    outlet.write()
    second = outlet.poll_after(timedelta(minutes=5))
    assert (second.status, first.documents + second.documents) == ("ok", 20), "the rest follows"


# Told to stop


def test_a_source_at_work_that_does_not_end_is_left_after_the_grace(outlet: Outlet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "GRACE", 0.5)
    add_dripping(outlet)
    stop, begun = Stop(), SystemClock().monotonic()

    def soon(words: str, day: str | None = None) -> None:
        threading.Timer(0.3, stop.ask).start()

    (slow,) = poll(outlet.app, chosen(outlet.app, (), due=True), soon, stop)
    assert SystemClock().monotonic() - begun < 15
    assert (slow.status, slow.error) == ("unchanged", STOPPED)
    assert outlet.app.state.source("slow").next_check is None, "no failure of the source, and due at once"
    assert not list(outlet.app.ledger.stream("source/slow"))


def test_a_stop_asked_before_leaves_all(outlet: Outlet) -> None:
    stop = Stop()
    stop.ask()
    assert poll(outlet.app, chosen(outlet.app, (), due=True), stop=stop) == []


def test_a_backfill_ends_after_the_document_in_hand_and_goes_on_later(outlet: Outlet) -> None:
    stop = Stop()
    (source,) = chosen(outlet.app, (), due=True)
    first = backfill(outlet.app, source, date(2019, 1, 1), None, lambda words, day=None: stop.ask(), stop)
    assert (first.status, first.documents, first.error) == ("ok", 1, STOPPED)
    second = backfill(outlet.app, source, date(2019, 1, 1), None)
    assert (second.status, second.documents, second.error) == ("ok", 19, None)


# A ledger of another past


def test_what_a_restored_ledger_lacks_is_asked_for_again(
    outlet: Outlet, home: Path, config_directory: Path, caplog: pytest.LogCaptureFixture
) -> None:
    outlet.shown = 19
    outlet.poll_after()
    outlet.app.close()
    backup = (home / "ledger.db").read_bytes()
    with App(home, config_directory, outlet.clock) as outlet.app:
        outlet.shown = 20
        assert outlet.poll_after(timedelta(hours=1)).documents == 1
    for beside in home.glob("ledger.db-*"):
        beside.unlink()
    (home / "ledger.db").write_bytes(backup)
    with App(home, config_directory, outlet.clock) as outlet.app:
        assert outlet.poll_after(timedelta(hours=1)).documents == 1
        assert "an earlier state of it" in caplog.text
        caplog.clear()
        assert outlet.poll_after(timedelta(hours=1)).documents == 0
        assert "an earlier state of it" not in caplog.text
