"""Ending in order, as real processes: the first signal lets the source at work finish, the second ends at once."""

import signal
import subprocess
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from tests.working import HeldSources, start
from tracker.clock import SystemClock
from tracker.instance import at_work
from tracker.ledger import Ledger
from tracker.state import State

pytestmark = pytest.mark.slow


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "settings"


@pytest.fixture
def sources(httpserver: HTTPServer, config: Path) -> HeldSources:
    return HeldSources(httpserver, config)


def captured(home: Path) -> set[str]:
    ledger = Ledger(home / "ledger.db")
    found = {one.stream.split("/")[1] for one in ledger.read() if one.stream.startswith("document/")}
    ledger.close()
    return found


def told_to_stop(process: subprocess.Popen[str], number: int) -> None:
    """Sends the signal and waits until the process says that it has it."""
    process.send_signal(number)
    assert process.stderr
    while line := process.stderr.readline():
        if line.startswith("stopping"):
            return
    raise AssertionError("it did not say that it stops")


@pytest.mark.parametrize(("command", "number"), [("daily", signal.SIGTERM), ("run", signal.SIGTERM), ("poll", signal.SIGINT)])
def test_the_source_at_work_is_finished_and_the_rest_is_left(
    home: Path, config: Path, sources: HeldSources, command: str, number: int
) -> None:
    process = start(home, config, command)
    try:
        assert sources.asked.wait(60)
        told_to_stop(process, number)
        sources.go_on.set()
        _, said = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 0, said
    assert "Traceback" not in said
    assert captured(home) == {"one"}, "what was at work, whole; nothing of the other"
    with State(home / "state.db") as state:
        assert state.source("one").last_ok is not None
        assert state.source("two").last_try is None, "it is due at the next run"
        run = state.last_run()
        assert command == "poll" or (run is not None and (run.command, run.outcome) == (command, "stopped"))


@pytest.mark.parametrize(("command", "code"), [("daily", 130), ("run", 130)])
def test_a_second_signal_ends_at_once(home: Path, config: Path, sources: HeldSources, command: str, code: int) -> None:
    process = start(home, config, command)
    clock = SystemClock()
    try:
        assert sources.asked.wait(60)
        told_to_stop(process, signal.SIGINT)
        begun = clock.monotonic()
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)  # not for the end of its output: the worker beside it may still be loading
        assert clock.monotonic() - begun < 5
    finally:
        process.kill()
        sources.go_on.set()
        for pipe in filter(None, (process.stdout, process.stderr)):
            pipe.close()
    assert process.returncode == code
    assert at_work(home) is None


def test_an_idle_daemon_ends_at_once(home: Path, config: Path, sources: HeldSources) -> None:
    sources.go_on.set()
    process = start(home, config, "run")
    clock = SystemClock()
    try:
        assert process.stderr
        while "two" not in process.stderr.readline():
            pass
        begun = clock.monotonic()
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
        assert clock.monotonic() - begun < 5
    finally:
        process.kill()
    assert process.returncode == 0
