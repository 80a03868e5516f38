"""tracker health: each state, its exit code, and what else it tells."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import stamina
from pytest_httpserver import HTTPServer

from tests.conftest import HandClock, Tracker
from tests.outlet import Outlet, unavailable
from tracker.app import App


@pytest.fixture
def outlet(httpserver: HTTPServer, app: App, clock: HandClock, config_directory: Path) -> Iterator[Outlet]:
    with stamina.set_testing(True, attempts=1):
        yield Outlet(httpserver, app, clock, config_directory)


def health(tracker: Tracker, now: datetime) -> tuple[int, dict[str, Any]]:
    result = tracker("health", "--json", now=now.isoformat())
    return result.exit_code, json.loads(result.stdout)


KEYS = {"source", "kind", "state", "since", "last_ok", "last_new", "usual_gap", "silent_after"} | {
    "next_check", "failures", "error", "troubles"
}  # fmt: skip


def test_health_tells_each_state_and_exits_with_3_when_not_well(outlet: Outlet, tracker: Tracker) -> None:
    def states() -> tuple[int, str]:
        code, found = health(tracker, outlet.clock.at)
        return code, found["sources"][0]["state"]

    assert states() == (0, "new")
    outlet.poll_after()
    assert states() == (0, "well")
    outlet.answer = unavailable()
    outlet.poll_after(timedelta(hours=1))
    assert states() == (3, "failed"), "though no event tells it yet"
    outlet.answer = None
    outlet.live(days=1)
    outlet.clock.at += timedelta(hours=26)
    assert states() == (3, "late")
    outlet.poll_after()
    outlet.poll_after(timedelta(days=4))
    assert states() == (3, "silent")


def test_health_as_json_as_a_table_and_as_rows(outlet: Outlet, tracker: Tracker) -> None:
    outlet.live(days=1)
    assert tracker("daily", now=outlet.clock.at.isoformat()).exit_code == 0
    code, found = health(tracker, outlet.clock.at)
    assert code == 0
    assert set(found) == {"well", "sources", "at_work", "last_run", "ledger_head", "views_behind", "parked", "deliveries"} | {
        "disk_free", "disk_total"
    }  # fmt: skip
    (row,) = found["sources"]
    assert set(row) == KEYS
    assert (row["usual_gap"], row["silent_after"], row["error"], row["troubles"]) == (21600.0, 259200.0, None, [])
    assert (found["last_run"]["command"], found["last_run"]["outcome"], found["at_work"]) == ("daily", "ok", None)
    assert (found["ledger_head"], found["deliveries"]) == (
        outlet.app.ledger.head(),
        {"failed": 0, "next_try": None, "channels": []},
    )
    table = tracker("health", now=outlet.clock.at.isoformat())
    assert table.stdout.splitlines()[1].split("\t")[:2] == ["courier", "well"]
    assert "last run: daily" in table.stderr
    rows = tracker("health", "--csv", now=outlet.clock.at.isoformat())
    assert set(rows.stdout.splitlines()[0].split(",")) == KEYS
