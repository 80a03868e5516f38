"""Backfill: a source's past over real HTTP, oldest first, resumable; a second one adds nothing."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tracker.cli.main import cli
from tracker.demo import DemoWorld, config_files

NOW = "2019-10-10T22:00:00Z"
Tracker = Callable[..., Result]


@pytest.fixture
def tracker(tmp_path: Path) -> Iterator[Tracker]:
    """The command line against the demo world, at the end of its story."""
    world = DemoWorld()
    world.now = max(world.moments())
    config = tmp_path / "config"
    config.mkdir()
    with world.serve() as base:
        for name, text in config_files(base).items():
            (config / name).write_text(text, encoding="utf-8")

        def run(*command: str) -> Result:
            arguments = ["--home", str(tmp_path / "home"), "--config", str(config), "--now", NOW, *command]
            return CliRunner().invoke(cli, arguments, catch_exceptions=False)

        yield run


def test_the_past_is_taken_in_oldest_first_and_once(tracker: Tracker) -> None:
    (done,) = json.loads(tracker("backfill", "federal-register", "--since", "2019-01-01", "--json").stdout)
    assert (done["status"], done["documents"]) == ("ok", 3)
    captured = json.loads(tracker("events", "--type", "document-captured", "--json").stdout)
    assert [event["key"] for event in captured] == ["2019-10616", "2019-10829", "2019-22210"]
    (again,) = json.loads(tracker("backfill", "federal-register", "--since", "2019-01-01", "--json").stdout)
    assert (again["status"], again["documents"], again["events"]) == ("unchanged", 0, 0)


def test_it_can_be_done_in_parts_and_polls_go_on_as_before(tracker: Tracker) -> None:
    tracker("backfill", "federal-register", "--since", "2019-05-01", "--until", "2019-05-31")
    assert len(json.loads(tracker("status", "--on", "2019-12-01", "--json").stdout)) == 8
    (polled,) = json.loads(tracker("poll", "federal-register", "--json").stdout)
    assert polled["documents"] == 1, "the poll looks back thirty days, whatever was backfilled"
    tracker("backfill", "federal-register", "--since", "2019-01-01")
    assert len(json.loads(tracker("status", "--on", "2019-12-01", "--json").stdout)) == 36


def test_what_lies_between_a_backfill_of_the_past_and_the_polls_is_not_called_complete(tracker: Tracker) -> None:
    def coverage() -> tuple[str | None, bool]:
        (row,) = [json.loads(tracker("coverage", "--json").stdout)]
        return row["complete_from"], row["last_good_poll"] is not None

    tracker("backfill", "federal-register", "--since", "2019-05-01", "--until", "2019-05-21")
    assert coverage() == ("2019-05-21", False), "what was published since was not asked for"
    assert "never polled" in tracker("status", "SenseTime").stderr
    tracker("poll", "federal-register")
    assert coverage() == ("2019-09-10", True), "the poll looks back thirty days, and before them there is a gap"
    assert "incomplete: not all that was published since 2019-05-21" in tracker("status", "SenseTime").stderr
    tracker("backfill", "federal-register", "--since", "2019-05-22", "--until", "2019-09-09")
    assert coverage() == ("2019-05-21", True)
    assert "incomplete" not in tracker("status", "SenseTime").stderr
    tracker("backfill", "federal-register", "--since", "2030-01-01")
    assert coverage() == ("2019-05-21", True)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("nowhere", "--since", "2019-01-01"), "no source is called"),
        (("gazette-du-signal", "--since", "2019-01-01"), "has no past"),
        (("federal-register", "--since", "2019-02-30"), "not a day"),
        (("federal-register", "--since", "2019-02-02", "--until", "2019-01-01"), "is before"),
    ],
)
def test_what_cannot_be_backfilled_is_one_line(tracker: Tracker, command: tuple[str, ...], words: str) -> None:
    result = tracker("backfill", *command)
    assert result.exit_code == 2
    assert words in result.stderr
