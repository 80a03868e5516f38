"""How answers are printed: JSON, JSON Lines, CSV and tables, with whatever characters others have put into them."""

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.conftest import Tracker
from tests.docs import commands
from tracker.cli.main import cli
from tracker.cli.output import _cell


@pytest.mark.parametrize("command", [("status",), ("changes",), ("events",), ("sources",), ("watch", "list")])
def test_json_lines_and_csv_hold_what_json_holds(filled: Tracker, command: tuple[str, ...], tmp_path: Path) -> None:
    filled("watch", "add", "office", "--channel", f"file:{tmp_path}")
    rows = json.loads(filled(*command, "--json").stdout)
    assert [json.loads(line) for line in filled(*command, "--jsonl").stdout.splitlines()] == rows
    table = list(csv.DictReader(io.StringIO(filled(*command, "--csv").stdout, newline="")))
    assert len(table) == len(rows)
    assert all(set(row) <= set(line) for row, line in zip(rows, table, strict=True))


@pytest.mark.parametrize(
    "command", [("status",), ("timeline", "mit"), ("changes",), ("events",), ("sources",), ("watch", "list"), ("poll",)]
)
def test_an_empty_home_answers_with_nothing(tracker: Tracker, command: tuple[str, ...]) -> None:
    result = tracker(*command, "--json")
    expected = [] if command != ("events",) else json.loads(result.stdout)
    assert (result.exit_code, json.loads(result.stdout)) == (0, expected)


def test_control_characters_of_others_do_not_reach_the_terminal(filled: Tracker) -> None:
    for command in (("status",), ("changes",)):
        out = filled(*command).stdout
        assert "\x1b" not in out
        assert "Étoile 海康" in out
    assert len(filled("status").stdout.splitlines()) == 3, "a heading and two rows"


def test_csv_keeps_lines_and_letters_and_no_formula(filled: Tracker) -> None:
    table = list(csv.DictReader(io.StringIO(filled("status", "--csv").stdout, newline="")))
    names = {row["name"] for row in table}
    assert names == {"Acme", "'=1+1\n\tÉtoile 海康"}
    assert json.loads(table[0]["citations"])[0]["citation"] == "84 FR 1"


@pytest.mark.parametrize("value", ["=1+1", "+1", "@SUM(A1)", "-cmd", "=", "-"])
def test_a_cell_cannot_pose_as_a_formula(value: str) -> None:
    assert _cell(value) == f"'{value}"


@pytest.mark.parametrize(
    ("value", "cell"), [("-5", "-5"), (-5, "-5"), (None, ""), ("2019-10-09", "2019-10-09"), (True, "true"), (["a"], '["a"]')]
)
def test_other_cells_stay_as_they_are(value: object, cell: str) -> None:
    assert _cell(value) == cell


@pytest.mark.parametrize("value", ["-2+3+cmd|' /C calc'!A0", "\t=1+1", "\r=1+1"])
def test_a_cell_cannot_pose_as_a_formula_by_detours(value: str) -> None:
    assert _cell(value).startswith("'")


def test_words_go_to_stderr_and_can_be_silenced(filled: Tracker, home: Path, config_directory: Path) -> None:
    assert filled("status", "nobody").stdout == ""
    arguments = ["--home", str(home), "--config", str(config_directory), "-q", "status", "nobody"]
    assert CliRunner().invoke(cli, arguments).stderr == ""


LISTINGS = [name for name, command in commands.commands() if {"as_json", "as_csv"} <= {one.name for one in command.params}]


@pytest.mark.parametrize("name", LISTINGS)
@pytest.mark.parametrize("forms", [("--json", "--csv"), ("--csv", "--jsonl"), ("--json", "--jsonl", "--csv")])
def test_two_forms_at_once_are_refused(name: str, forms: tuple[str, ...], tmp_path: Path) -> None:
    needed = {"argument": [str(tmp_path)], "option": []}
    command = commands.named(name)
    given = [word for one in command.params if one.required for word in (*one.opts[:1], "x") if one.param_type_name == "option"]
    given += [word for one in command.params if one.required for word in needed[one.param_type_name]]
    result = CliRunner().invoke(cli, ["--home", str(tmp_path / "home"), *name.split(), *given, *forms])
    assert result.exit_code == 2
    assert "exclude each other" in result.stderr
    assert not (tmp_path / "home").exists(), "nothing was done"


def test_every_listing_takes_the_three_forms() -> None:
    assert {"status", "events", "poll", "daily", "sources", "health", "inbox list", "watch list"} <= set(LISTINGS)
    for name in LISTINGS:
        assert "as_jsonl" in {one.name for one in commands.named(name).params}


def test_a_form_given_twice_is_given_once(filled: Tracker) -> None:
    assert filled("status", "--json", "--json").stdout == filled("status", "--json").stdout
