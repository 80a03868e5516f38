"""One worker at a time in a home, as real processes."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from tests.working import HeldSources, start, wait_for
from tracker.clock import SystemClock
from tracker.errors import TrackerError
from tracker.instance import LOCK, Worker, at_work, only_one


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "settings"


@pytest.fixture
def sources(httpserver: HTTPServer, config: Path) -> HeldSources:
    return HeldSources(httpserver, config)


def refused(home: Path, config: Path, *command: str) -> str:
    second = start(home, config, *command)
    out, err = second.communicate(timeout=60)
    assert (second.returncode, out) == (1, ""), err
    return err


@pytest.mark.slow
def test_the_second_is_refused_by_name_and_asking_is_not(home: Path, config: Path, sources: HeldSources) -> None:
    first = start(home, config, "daily")
    try:
        assert sources.asked.wait(60)
        worker = at_work(home)
        assert worker is not None
        assert (worker.pid, worker.command) == (first.pid, "daily")
        said = refused(home, config, "poll", "two")
        assert f"`tracker daily`, process {first.pid}, since {worker.since:%Y-%m-%d %H:%M:%S} UTC" in said
        assert len(said.splitlines()) == 2, "what is wrong, and what to do"
        asking = start(home, config, "status", "--json")
        assert (asking.communicate(timeout=60)[0].strip(), asking.returncode) == ("[]", 0)
        sources.go_on.set()
        first.communicate(timeout=60)
    finally:
        first.kill()
    assert first.returncode == 0
    assert at_work(home) is None


@pytest.mark.slow
def test_a_daemon_refuses_a_daily_run_while_it_is_idle(home: Path, config: Path, sources: HeldSources) -> None:
    sources.go_on.set()
    daemon = start(home, config, "run")
    try:
        wait_for(lambda: (worker := at_work(home)) is not None and worker.command == "run")
        for command in ("daily", "run", "poll"):
            said = refused(home, config, command)
            assert f"`tracker run`, process {daemon.pid}" in said
            assert f"kill -TERM {daemon.pid}" in said
    finally:
        daemon.kill()
        daemon.communicate(timeout=30)


@pytest.mark.slow
def test_a_killed_worker_leaves_the_home_free(home: Path, config: Path, sources: HeldSources) -> None:
    first = start(home, config, "poll", "one")
    try:
        assert sources.asked.wait(60)
    finally:
        first.send_signal(signal.SIGKILL)
        first.communicate(timeout=30)
    assert (home / LOCK).read_bytes(), "its name is still there, and means nothing"
    assert at_work(home) is None
    sources.go_on.set()
    second = start(home, config, "poll", "two")
    second.communicate(timeout=60)
    assert second.returncode == 0


def test_of_many_at_once_one_gets_the_home(home: Path) -> None:
    home.mkdir()
    script = (
        "import sys; from pathlib import Path\n"
        "from tracker.instance import only_one; from tracker.errors import TrackerError\n"
        "try:\n"
        "    with only_one(Path(sys.argv[1]), 'poll'):\n"
        "        print('in', flush=True); sys.stdin.read()\n"
        "except TrackerError: print('refused', flush=True)\n"
    )
    line = [sys.executable, "-c", script, str(home)]
    many = [subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    words = [process.stdout.readline().strip() for process in many if process.stdout]
    for process in many:
        process.communicate(timeout=30)
    assert sorted(words) == ["in", "refused", "refused", "refused"]


def test_within_one_process_too(home: Path) -> None:
    home.mkdir()
    with only_one(home, "poll"):
        assert at_work(home) is not None
        with pytest.raises(TrackerError, match=f"process {os.getpid()}"), only_one(home, "daily"):
            pass
    with only_one(home, "daily"):
        pass


def test_who_looks_is_in_nobodys_way(home: Path) -> None:
    """`at_work` holds the lock for a moment to see who has it: a worker that begins just then waits for it."""
    home.mkdir()
    clock = SystemClock()
    end = clock.monotonic() + 0.5
    script = (
        "import sys; from pathlib import Path; from tracker.instance import at_work\n"
        "print('looking', flush=True)\nwhile True: at_work(Path(sys.argv[1]))"
    )
    looking = subprocess.Popen([sys.executable, "-c", script, str(home)], stdout=subprocess.PIPE, text=True)
    try:
        assert looking.stdout
        looking.stdout.readline()
        while clock.monotonic() < end:
            with only_one(home, "poll"):
                pass
    finally:
        looking.kill()
        looking.communicate()


def test_a_home_that_cannot_be_locked_is_told(home: Path) -> None:
    home.mkdir()
    (home / LOCK).mkdir()
    with pytest.raises(TrackerError, match=r"working\.lock") as raised, only_one(home, "poll"):
        pass
    assert raised.value.hint
    assert at_work(home) is None


def test_a_name_reads_as_a_sentence() -> None:
    worker = Worker(pid=7, command="run", since=SystemClock().now().replace(2026, 1, 2, 3, 4, 5))
    assert str(worker) == "`tracker run`, process 7, since 2026-01-02 03:04:05 UTC"
