"""The daemon, as a process: it polls by itself, and SIGTERM ends it in order."""

import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tracker.clock import SystemClock
from tracker.config import ScheduleSettings
from tracker.demo import DemoWorld, config_files
from tracker.ledger import Ledger
from tracker.schedule import scheduler_of


@pytest.mark.slow
def test_the_daemon_polls_what_is_due_and_stops_when_told(tmp_path: Path) -> None:
    home, config = tmp_path / "home", tmp_path / "config"
    config.mkdir()
    world = DemoWorld()
    world.now = max(world.moments())
    with world.serve() as base:
        for name, text in config_files(base).items():
            (config / name).write_text(text, encoding="utf-8")
        with (config / "tracker.toml").open("a") as file:
            file.write('\n[schedule]\npoll_every = "1s"\n')
        command = [sys.executable, "-m", "tracker.cli", "--home", str(home), "--config", str(config), "run"]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        try:
            clock = SystemClock()
            deadline = clock.monotonic() + 60
            while clock.monotonic() < deadline and not _has_articles(home):
                clock.sleep(0.2)
            process.send_signal(signal.SIGTERM)
            _, said = process.communicate(timeout=30)
        finally:
            process.kill()
    assert process.returncode == 0, said
    assert "gazette-du-signal: ok" in said
    assert "Traceback" not in said


def test_a_late_job_runs_once_and_one_at_a_time() -> None:
    clock = SystemClock()
    begun: list[float] = []
    done = threading.Event()

    def once() -> None:
        begun.append(clock.monotonic())
        clock.sleep(0.35)  # three rounds fall into it
        if len(begun) == 2:
            done.set()

    scheduler = scheduler_of(ScheduleSettings(poll_every=0.1), once, clock)
    thread = threading.Thread(target=scheduler.start, daemon=True)
    thread.start()
    assert done.wait(30)
    (job,) = scheduler.get_jobs()
    assert (job.coalesce, job.max_instances, job.misfire_grace_time) == (True, 1, None)
    assert str(job.trigger.timezone) == "UTC"
    scheduler.shutdown(wait=True)
    thread.join(10)
    assert begun[1] - begun[0] >= 0.35


def _has_articles(home: Path) -> bool:
    if not (home / "ledger.db").exists():
        return False
    ledger = Ledger(home / "ledger.db")
    try:
        return any(one.stream.startswith("document/gazette-du-signal/") for one in ledger.read())
    finally:
        ledger.close()
