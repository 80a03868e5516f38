"""kill -9 during a daily run, then again: nothing lost, nothing twice."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from events.operations import DeliveryMade, DigestIssued
from tests.killed import STEPS
from tracker import watching
from tracker.app import App
from tracker.clock import FixedClock
from tracker.demo import DemoWorld, config_files
from tracker.verify import verify
from tracker.watching import WatchOrder

ROOT = Path(__file__).parents[1]
EVENING = datetime(2019, 5, 22, 22, tzinfo=UTC)

Streams = dict[str, list[tuple[int, Any]]]


class Street:
    """The demo world on one evening, and homes that poll it in processes of their own."""

    def __init__(self, folder: Path, base: str) -> None:
        self.folder = folder
        self.config = folder / "config"
        self.config.mkdir()
        for name, text in config_files(base).items():
            (self.config / name).write_text(text, encoding="utf-8")

    def app(self, home: Path) -> App:
        return App(home, self.config, FixedClock(EVENING))

    def home(self, name: str) -> Path:
        """A home where somebody watches everything."""
        home = self.folder / name
        with self.app(home) as app:
            order = WatchOrder(
                watch="office", channels=(f"file:{self.folder / name / 'digests'}",), since=EVENING.replace(month=1)
            )
            watching.add(app, order)
        return home

    def run(self, home: Path, *deadly: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "tests.killed", str(home), str(self.config), EVENING.isoformat(), *deadly]
        environment = {**os.environ, "NO_PROXY": "127.0.0.1"}
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, env=environment, check=False)

    def outcome(self, home: Path) -> dict[str, Any]:
        """All that a run leaves, without the positions and times that may differ."""
        with self.app(home) as app:
            streams: Streams = {}
            for one in app.ledger.read():
                fields = msgspec.to_builtins(one.event)
                if isinstance(one.event, DigestIssued):
                    fields = {"number": one.event.number, "changes": one.event.changes}
                streams.setdefault(one.stream, []).append((one.version, fields))
            channel = str(home / "digests")
            for fields in (fields for _, fields in streams["watch/office"]):
                assert channel not in str(fields)
                fields.pop("channels")
            made = [one.stream.rpartition("/")[0] for one in app.receipts.read() if isinstance(one.event, DeliveryMade)]
            assert verify(app).problems == ()
        return {"streams": streams, "receipts": made, "files": sorted(path.name for path in (home / "digests").iterdir())}


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    with DemoWorld(EVENING).serve() as base:
        yield Street(tmp_path_factory.mktemp("street"), base)


@pytest.fixture(scope="module")
def undisturbed(street: Street) -> dict[str, Any]:
    """What a run leaves that nobody kills, and how many calls of each step it makes."""
    home = street.home("undisturbed")
    done = street.run(home)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["failed"] is False
    assert set(told["calls"]) == set(STEPS)
    outcome = street.outcome(home)
    assert len([name for name in outcome["streams"] if name.startswith("document/")]) >= 3
    assert outcome["receipts"] == ["delivery/office/1"]
    return {"calls": told["calls"], "outcome": outcome}


def survive(street: Street, name: str, moments: list[tuple[str, str, int]]) -> Any:
    """Dies at each of the moments, then lives; gives what came of it."""
    home = street.home(name)
    for moment in moments:
        done = street.run(home, *map(str, moment))
        assert done.returncode in {-signal.SIGKILL, 0}, done.stderr
    done = street.run(home)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["failed"] is False
    return street.outcome(home)


@pytest.mark.parametrize(
    ("step", "when", "part"),
    [
        ("archive", "before", 0.5),
        ("append", "before", 0.7),
        ("append", "after", 0.4),
        ("append", "before", 1.0),
        ("remember", "before", 0.5),
        ("project", "after", 0.0),
        ("deliver", "after", 0.0),
    ],
)
def test_one_kill(street: Street, undisturbed: dict[str, Any], step: str, when: str, part: float) -> None:
    calls = undisturbed["calls"][step]
    call = 1 + int(part * (calls - 1))
    home = street.home(f"{step}-{when}-{part}")
    assert street.run(home, step, when, str(call)).returncode == -signal.SIGKILL
    done = street.run(home)
    assert done.returncode == 0, done.stderr
    assert street.outcome(home) == undisturbed["outcome"]


def test_one_kill_after_the_other(street: Street, undisturbed: dict[str, Any]) -> None:
    """Every try dies a little later than the one before."""
    moments = [("append", "after", 2), ("append", "before", 3), ("archive", "after", 9), ("deliver", "before", 1)]
    assert survive(street, "unlucky", moments) == undisturbed["outcome"]


@pytest.mark.slow
@pytest.mark.parametrize("step", STEPS)
def test_kills_all_along_the_way(street: Street, undisturbed: dict[str, Any], step: str) -> None:
    calls = undisturbed["calls"][step]
    for n, call in enumerate(range(1, calls + 1, max(1, calls // 3))):
        when = ("before", "after")[n % 2]
        assert survive(street, f"slow-{step}-{call}", [(step, when, call)]) == undisturbed["outcome"]


def test_a_second_run_finds_nothing_to_do(street: Street, undisturbed: dict[str, Any]) -> None:
    home = street.folder / "undisturbed"
    assert street.run(home).returncode == 0
    assert street.outcome(home) == undisturbed["outcome"]
