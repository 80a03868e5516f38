"""The command line as a contract: help, exit codes, formats, errors in one line."""

import json
import subprocess
import sys
from pathlib import Path

import click
import pytest
import stamina
from click.testing import CliRunner, Result

from tests.builders import ended, take_in
from tests.conftest import Tracker
from tracker.cli.main import cli
from tracker.ledger import Ledger

COMMANDS = (
    "demo", "poll", "ingest", "extract", "status", "coverage", "timeline", "changes", "events", "why", "diff",
    "rebuild", "verify", "anchor", "daily", "run", "watch", "digest", "sources", "config",
)  # fmt: skip


def one_line(result: Result) -> str:
    """The first line of what was said, which must be all that is said of an error, but for its hint."""
    lines = result.stderr.splitlines()
    assert lines
    assert len(lines) <= 3, result.stderr
    assert "Traceback" not in result.output
    return lines[0]


# Help


def _all_commands() -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for name, command in cli.commands.items():
        found.append((name,))
        if isinstance(command, click.Group):
            found.extend((name, inner) for inner in command.commands)
    return found


def test_every_command_is_there() -> None:
    assert set(COMMANDS) <= set(cli.commands)


@pytest.mark.parametrize("command", _all_commands(), ids=" ".join)
def test_every_command_explains_itself_with_an_example(tracker: Tracker, command: tuple[str, ...]) -> None:
    result = tracker(*command, "--help")
    assert result.exit_code == 0
    assert "Example: tracker " in result.stdout
    found: click.Command = cli
    for name in command:
        assert isinstance(found, click.Group)
        found = found.commands[name]
    assert all(getattr(option, "help", "") for option in found.params if isinstance(option, click.Option))


# Exit codes


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("status", "--list", "nope"), "nope"),
        (("coverage", "--list", "nope"), "nope"),
        (("poll", "nope"), "nope"),
        (("digest", "nope"), "nope"),
        (("watch", "show", "nope"), "nope"),
        (("watch", "remove", "nope"), "nope"),
        (("watch", "preview", "nope"), "nope"),
        (("watch", "add", "x", "--institution", "nope", "--channel", "file:d"), "nope"),
        (("watch", "add", "x", "--party", "nope", "--channel", "file:d"), "nope"),
        (("watch", "add", "x", "--list", "nope", "--channel", "file:d"), "nope"),
        (("watch", "add", "x", "--type", "nope", "--channel", "file:d"), "nope"),
        (("watch", "add", "x", "--channel", "pigeon:coop"), "pigeon"),
        (("watch", "add", "x", "--channel", "file:"), "file:"),
        (("watch", "add", "X Y", "--channel", "file:d"), "X Y"),
        (("diff", "2019-10-08"), "two days"),
        (("diff", "2019-10-08", "2019-10-09", "2019-10-10"), "two days"),
        (("diff",), "two days"),
        (("diff", "2019-10-08", "2019-10-09", "--known", "1", "2"), "two days"),
        (("diff", "2019-10-08", "someday"), "someday"),
        (("diff", "--known", "1", "someday"), "someday"),
        (("diff", "2019-10-08", "2019-10-09", "--on", "2019-10-09"), "--on goes with --known"),
        (("diff", "2019-10-08", "today"), "diff: 'today' is not a day"),
        (("status", "--on", "2019-02-30"), "2019-02-30"),
        (("status", "--on", "yesterday"), "yesterday"),
        (("status", "--known-at", "x"), "x"),
        (("status", "--available-at", "2019-10-09T25:00"), "25:00"),
        (("timeline", "mit", "--available-at", "?"), "?"),
        (("changes", "--since", "soon"), "soon"),
        (("changes", "--until", "soon"), "soon"),
        (("digest", "--for", "soon", "office"), ""),
        (("ingest", "no-such-file.txt"), "no-such-file.txt"),
        (("extract", "no-such-file.txt"), "no-such-file.txt"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_misuse_is_told_in_one_line_and_exits_with_2(tracker: Tracker, command: tuple[str, ...], words: str) -> None:
    result = tracker(*command)
    if command[0] == "ingest":  # one file of several: told like a source that failed
        assert (result.exit_code, words in result.stderr) == (3, True)
        return
    assert result.exit_code == 2, result.output
    assert words in one_line(result)
    assert result.stdout == ""


@pytest.mark.parametrize("now", ["2019-10-09T12:00:00", "noon", pytest.param("2019-10-09")])
def test_the_present_needs_an_offset(tracker: Tracker, now: str) -> None:
    result = tracker("status", now=now)
    assert result.exit_code == 2
    assert "--now" in one_line(result)


@pytest.mark.parametrize("options", [("--from", "soon"), ("--to", "soon")])
@pytest.mark.parametrize("subject", ["mit", "nobody"])
def test_the_bounds_of_a_timeline_are_checked_whatever_there_is(tracker: Tracker, options: tuple[str, str], subject: str) -> None:
    assert tracker("timeline", subject, *options).exit_code == 2


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("tracker.toml", "[http]\nper_host_gapp = '1s'\n", "per_host_gapp"),
        ("tracker.toml", "[nope]\n", "nope"),
        ("tracker.toml", "[http]\nper_host_gap = 'soon'\n", "soon"),
        ("tracker.toml", "[http\n", "not TOML"),
        ("tracker.toml", "[schedule]\ndigest_at = '25:00'\n", "digest_at"),
        ("sources.toml", "[[source]]\nid = 'a'\nkind = 'feed'\nurl = 'https://a.example/'\nevry = '1h'\n", "evry"),
        ("sources.toml", "[[source]]\nid = 'a'\nkind = 'pigeon'\n", "pigeon"),
        ("sources.toml", "[[source]]\nid = 'A a'\nkind = 'feed'\nurl = 'https://a.example/'\n", "A a"),
        ("sources.toml", 2 * "[[source]]\nid = 'a'\nkind = 'feed'\nurl = 'https://a.example/'\n", "twice"),
        ("parties.toml", "[[party]]\nid = 'a'\nname = 'A'\ncolour = 'red'\n", "colour"),
        ("unheard-of.toml", "", "unheard-of.toml"),
    ],
)
def test_a_wrong_setting_names_file_and_key(tracker: Tracker, config_directory: Path, file: str, text: str, words: str) -> None:
    (config_directory / file).write_text(text)
    result = tracker("sources")
    assert result.exit_code == 2
    assert file in one_line(result)
    assert words in one_line(result)


@pytest.mark.parametrize("command", ["extract", "ingest"])
def test_a_lexicon_that_cannot_be_used_stops_what_reads(
    tracker: Tracker, config_directory: Path, tmp_path: Path, command: str
) -> None:
    lexicon = config_directory / "lexicon" / "en.toml"
    lexicon.parent.mkdir()
    lexicon.write_text('language = "en"\ntriggers = []\n[words]\ncut = ["cut{,s"]\n')
    article = tmp_path / "article.txt"
    article.write_text("MIT cut its ties with Huawei.")
    result = tracker(command, article, "--lang", "en")
    assert result.exit_code == 2
    assert "lexicon/en.toml: " in result.stderr
    assert tracker("status", "huawei").exit_code != 2, "what reads nothing goes on"


def test_a_missing_settings_folder(home: Path) -> None:
    result = CliRunner().invoke(cli, ["--home", str(home), "--config", str(home / "nope"), "sources"])
    assert result.exit_code == 2
    assert "nope" in result.stderr


@pytest.mark.parametrize("command", [("status", "Acme Corp"), ("timeline", "Acme Corp")])
def test_an_unknown_subject_is_an_empty_answer_and_the_nearest_names(filled: Tracker, command: tuple[str, str]) -> None:
    result = filled(*command, "--json")
    assert (result.exit_code, json.loads(result.stdout)) == (0, [])
    assert "Acme" in result.stderr


def test_a_name_of_which_nothing_is_held_yet_is_not_told_as_its_own_nearest(tracker: Tracker) -> None:
    result = tracker("status", "Huawei")
    assert "no entry of a list is called 'Huawei'" in result.stderr
    assert "nearest" not in result.stderr


def test_a_subject_that_was_not_known_yet_is_unknown(filled: Tracker) -> None:
    result = filled("status", "Acme", "--known-at", "2019-10-01", "--json")
    assert (result.exit_code, json.loads(result.stdout)) == (0, [])
    assert "nearest names: Acme" in result.stderr


def test_an_unknown_fact_fails(tracker: Tracker) -> None:
    result = tracker("why", "0123456789")
    assert result.exit_code == 1
    assert "0123456789" in one_line(result)


def test_a_damaged_ledger_is_told_in_one_line(tracker: Tracker, home: Path) -> None:
    home.mkdir()
    (home / "ledger.db").write_bytes(b"garbage" * 1000)
    for command in (("status",), ("events",), ("daily",), ("verify",), ("anchor",)):
        result = tracker(*command)
        assert result.exit_code == 1
        assert "ledger.db" in one_line(result)


@pytest.mark.parametrize("emptied", [False, True])
def test_a_ledger_that_is_gone_clears_no_name(filled: Tracker, home: Path, *, emptied: bool) -> None:
    assert filled("status", "Acme").exit_code == 0
    for file in home.glob("ledger.db*"):
        file.unlink()
    if emptied:
        (home / "ledger.db").touch()
    views = (home / "views" / "current").read_text()
    for command in (("status", "Acme"), ("verify",), ("daily",), ("rebuild",)):
        result = filled(*command)
        assert result.exit_code == 1
        assert "ledger.db is missing" in one_line(result)
    assert (home / "views" / "current").read_text() == views


def test_a_source_that_fails_exits_with_3_and_stops_no_other(tracker: Tracker, config_directory: Path) -> None:
    source = "[[source]]\nid = '{}'\nkind = 'feed'\nurl = 'http://127.0.0.1:9/{}.xml'\n"
    (config_directory / "sources.toml").write_text(source.format("one", "one") + source.format("two", "two"))
    (config_directory / "tracker.toml").write_text("[http]\nallow_private = true\nper_host_gap = '0s'\nobey_robots = false\n")
    with stamina.set_testing(True, attempts=1):
        result = tracker("poll", "--json")
    assert result.exit_code == 3
    rows = json.loads(result.stdout)
    assert [(row["source"], row["status"]) for row in rows] == [("one", "failed"), ("two", "failed")]
    assert all(set(row) == {"source", "status", "fetched", "documents", "events", "error"} for row in rows)
    assert "one" in result.stderr
    assert [row["type"] for row in json.loads(tracker("events", "--stream", "source/", "--json").stdout)] == ["source-failed"] * 2
    assert tracker("daily").exit_code == 0, "not due again"


# Positions as K


@pytest.mark.parametrize("position", [0, 1, 4, 99, 12345])
def test_a_state_of_knowledge_may_be_a_position(filled: Tracker, position: int) -> None:
    rows = json.loads(filled("status", "--known-at", position, "--json").stdout)
    assert len(rows) == (2 if position >= 4 else 0)


def test_a_position_may_have_four_digits(filled: Tracker) -> None:
    assert filled("status", "--known-at", 1234, "--json").exit_code == 0


# In a process of its own


def test_the_command_itself(home: Path) -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", "from tracker.cli.main import main; main()", "--home", str(home), *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    done = run("status", "nobody", "--json")
    assert (done.returncode, json.loads(done.stdout)) == (0, [])
    assert "nobody" in done.stderr
    done = run("status", "--on", "someday")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    assert run("nonsense").returncode == 2


def test_a_reader_that_goes_away_is_no_error(home: Path) -> None:
    ledger = Ledger(home / "ledger.db")
    for number in range(300):
        take_in(ledger, f"document/post/{number}", ended("2019-04-03"))
    ledger.close()
    command = f"'{sys.executable}' -c 'from tracker.cli.main import main; main()' --home '{home}' events --jsonl | head -1"
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, timeout=60, check=False)
    assert json.loads(done.stdout)["position"] == 1
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("position", ["4611686018427387905", "99999999999999999999"])
def test_a_position_past_any_ledger_is_the_present(filled: Tracker, position: str) -> None:
    result = filled("status", "Acme", "--known-at", position, "--json")
    assert (result.exit_code, len(json.loads(result.stdout))) == (0, 1)
    assert filled("changes", "--after", position).exit_code in {0, 2}


def test_an_empty_day_is_no_day(tracker: Tracker) -> None:
    assert tracker("status", "--on", "").exit_code == 2
