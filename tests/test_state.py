"""What is remembered between polls: in one file, by several processes, and disposable."""

import multiprocessing
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import HandClock
from tracker.answers import UrlValidators
from tracker.app import App
from tracker.config import load_config
from tracker.daily import daily
from tracker.errors import ConfigError, TrackerError
from tracker.shape import Shape
from tracker.state import Held, LoggedRun, Poll, SourceState, State
from tracker.worker import WORKER, Limits

NOW = datetime(2019, 10, 9, 12, tzinfo=UTC)


def held(key: str = "2019-22210", **changed: object) -> Held:
    fields = {"source": "register", "url": "http://127.0.0.1/x", "fingerprint": "f", "rendition": "xml", "checked": NOW}
    return Held(key=key, **(fields | changed))  # type: ignore[arg-type]


def test_what_is_saved_is_there_after_opening_again(tmp_path: Path) -> None:
    source = SourceState(source="register", next_check=NOW, last_ok=NOW, reached="2019-10-09", full_after=NOW)
    with State(tmp_path / "state.db") as state:
        state.remember([UrlValidators(url="http://a/", etag='"1"')], [held()])
        state.save_source(source)
        state.log(Poll(source="register", at=NOW, status="ok", fetched=3, documents=2, events=1))
    with State(tmp_path / "state.db") as state:
        assert state.get("http://a/") == ('"1"', None)
        assert state.held("register", "2019-22210") == held()
        assert state.source("register") == source
        assert [poll.documents for poll in state.polls()] == [2]


def test_nothing_is_known_at_first(tmp_path: Path) -> None:
    with State(tmp_path / "state.db") as state:
        assert state.get("http://a/") is None
        assert state.held("register", "x") is None
        assert state.source("register") == SourceState(source="register")
        assert state.polls() == []


def test_validators_that_are_no_longer_sent_are_forgotten(tmp_path: Path) -> None:
    with State(tmp_path / "state.db") as state:
        state.remember([UrlValidators(url="http://a/", etag='"1"')])
        state.remember([UrlValidators(url="http://a/", last_modified="then")])
        assert state.get("http://a/") == (None, "then")
        state.remember([UrlValidators(url="http://a/")])
        assert state.get("http://a/") is None


def test_failures_are_counted_until_the_source_works_again(tmp_path: Path) -> None:
    later = NOW + timedelta(hours=1)
    with State(tmp_path / "state.db") as state:
        state.save_source(SourceState(source="outlet", reached="2019-10-01"))
        state.source_failed("outlet", NOW, "no answer", later)
        after = state.source_failed("outlet", NOW, "no answer again", later)
        assert (after.failures, after.error, after.reached) == (2, "no answer again", "2019-10-01")
        assert (after.next_check, after.failing_since) == (later, NOW)


def test_the_poll_log_is_latest_first(tmp_path: Path) -> None:
    with State(tmp_path / "state.db") as state:
        for number, source in enumerate(["a", "b", "a"]):
            state.log(Poll(source=source, at=NOW, status="failed", error=str(number)))
        assert [poll.error for poll in state.polls()] == ["2", "1", "0"]
        assert [poll.error for poll in state.polls("a", limit=1)] == ["2"]


def test_the_log_goes_back_so_far_and_no_further(tmp_path: Path) -> None:
    shape = Shape(entries=3)
    with State(tmp_path / "state.db") as state:
        for day in reversed(range(10)):
            at = NOW - timedelta(days=day)
            state.log(Poll(source="daily", at=at, status="ok", shape=shape))
            state.log_run(LoggedRun(command="daily", begun=at, ended=at, outcome="ok"))
        state.log(Poll(source="rare", at=NOW - timedelta(days=30), status="ok", shape=shape))
        state.log(Poll(source="rare", at=NOW - timedelta(days=20), status="failed"))
        state.log(Poll(source="rare", at=NOW - timedelta(days=20), status="unchanged"))
    with State(tmp_path / "state.db") as state:
        assert state.forget_log(NOW - timedelta(days=3)) == 6 + 6 + 1
        assert state.forget_log(NOW - timedelta(days=3)) == 0
        assert [(NOW - poll.at).days for poll in state.polls("daily")] == [0, 1, 2, 3]
        assert [poll.status for poll in state.polls("rare")] == ["unchanged", "ok"], "its last word, and how it looked"
        assert state.last_shape("rare") == shape
        assert state.last_run() is not None


def test_a_failed_save_leaves_nothing_behind(tmp_path: Path) -> None:
    with State(tmp_path / "state.db") as state:
        with pytest.raises(sqlite3.IntegrityError):
            state.remember([UrlValidators(url="http://a/", etag="1")], [held(fingerprint=None)])
        assert state.get("http://a/") is None
        state.remember([UrlValidators(url="http://a/", etag="1")])


def test_tables_of_another_version_are_made_anew(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "state.db")
    connection.execute("CREATE TABLE validators (other TEXT)")
    connection.close()
    with State(tmp_path / "state.db") as state:
        state.remember([UrlValidators(url="http://a/", etag="1")])
        assert state.get("http://a/") == ("1", None)


def test_a_damaged_file_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "state.db").write_bytes(b"not a database" * 1000)
    with pytest.raises(TrackerError) as caught:
        State(tmp_path / "state.db")
    assert "delete" in str(caught.value.hint)


def _work(path: str) -> None:
    for number in range(5):
        with State(path) as state:
            state.remember([UrlValidators(url=f"http://a/{number}", etag="1")], [held(str(number))])
            state.source_failed("outlet", NOW, "no answer", NOW)


def test_several_processes_write_at_once(tmp_path: Path) -> None:
    path = str(tmp_path / "state.db")
    workers = [multiprocessing.get_context("spawn").Process(target=_work, args=(path,)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    with State(path) as state:
        assert state.source("outlet").failures == 15


def test_a_scheduled_run_forgets_once_a_day(app: App, clock: HandClock, config_directory: Path) -> None:
    (config_directory / "tracker.toml").write_text('[schedule]\nkeep_log = "31d"\n')

    def ages() -> list[int]:
        return [(clock.at - poll.at).days for poll in app.state.polls()]

    daily(app)
    for days in (40, 30, 1):
        app.state.log(Poll(source="post", at=clock.at - timedelta(days=days), status="unchanged"))
    daily(app)
    assert ages() == [1, 30, 40]
    clock.at += timedelta(days=1)
    daily(app)
    assert ages() == [2, 31]


@pytest.mark.parametrize("wrong", ['[schedule]\nkeep_log = "30d"', '[worker]\ntimeout = "0s"', "[worker]\nmemory = 1000"])
def test_a_log_or_worker_of_nothing_is_refused(config_directory: Path, wrong: str) -> None:
    (config_directory / "tracker.toml").write_text(wrong)
    with pytest.raises(ConfigError):
        load_config(config_directory)


def test_the_worker_keeps_the_limits_of_the_settings(app: App, config_directory: Path) -> None:
    (config_directory / "tracker.toml").write_text('[worker]\ntimeout = "3m"\nmemory = 4294967296\n')
    assert app.config.settings.worker.limits == WORKER.limits == Limits(seconds=180.0, memory=4 * 1024**3)
