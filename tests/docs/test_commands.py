"""docs/commands.md against the commands: every command, option and JSON key, and nothing else."""

import re
import shlex
from pathlib import Path

import click
import pytest

from projections.rows import WaitingRow
from tests.docs import commands as page
from tests.docs.conftest import Home
from tests.docs.pages import text
from tracker.cli.main import cli

COMMANDS = dict(page.commands())
TOLD_ONCE = {"--json", "--jsonl", "--csv"}
"""Options of every listing, which the head of the page tells."""


def section(name: str) -> str:
    """What the page says of a command, from its heading to the next; nothing where it has no section."""
    heading = "tracker" if name == "tracker" else f"tracker {name}"
    found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text(page.PAGE), re.MULTILINE | re.DOTALL)
    return found[1] if found else ""


def examples(name: str) -> list[list[str]]:
    """The example lines of a command's section, split as a shell does, without `tracker`."""
    blocks = re.findall(r"^```sh\n(.*?)^```", section(name), re.MULTILINE | re.DOTALL)
    return [shlex.split(line)[1:] for block in blocks for line in block.splitlines() if line.startswith("tracker ")]


def keys_of(name: str, of: str | None = None) -> set[str]:
    """The JSON keys that a section lists: those behind `Keys:`, or behind `Keys of ...:`."""
    head = f"Keys of `{of}`:" if of else "Keys:"
    found = re.search(rf"^{re.escape(head)}(.*?)(?:\.\n|\. |\n\n|\Z)", section(name), re.MULTILINE | re.DOTALL)
    assert found, f"{name} has no line {head!r}"
    return set(re.findall(r"`([a-z_]+)`", found[1]))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_its_section_as_generated(name: str) -> None:
    assert section(name), f"docs/commands.md has no section for {name}"
    assert f"<!-- command: {name} -->\n{page.generated(name)}<!-- end -->" in section(name), "run `make docs`"


def test_no_command_is_documented_that_does_not_exist() -> None:
    assert set(re.findall(r"<!-- command: (.*?) -->", text(page.PAGE))) == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_gives_an_example(name: str) -> None:
    assert "Example: tracker " in (COMMANDS[name].help or "")
    assert examples(name)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_has_an_example_and_says_what_it_does(name: str) -> None:
    shown = {word for line in examples(name) for word in line}
    for option in COMMANDS[name].params:
        if isinstance(option, click.Option):
            assert option.help, f"{option.opts[0]} has no help"
            assert shown & {*option.opts} or TOLD_ONCE & {*option.opts}, f"no example of {option.opts[0]}"


@pytest.mark.parametrize(("name", "line"), [(name, line) for name in COMMANDS for line in examples(name)])
def test_every_example_is_a_command_line(name: str, line: list[str]) -> None:
    command: click.Command = cli
    context, rest, path = click.Context(cli, info_name="tracker"), line, []
    while isinstance(command, click.Group):
        rest = command.make_parser(context).parse_args(list(rest))[1]
        if not rest:
            return  # `tracker --version`
        path.append(rest[0])
        found = command.get_command(context, rest[0])
        assert found is not None, f"there is no command {rest[0]}"
        command, rest = found, rest[1:]
        context = click.Context(command, parent=context, info_name=path[-1])
    command.make_context(path[-1], list(rest), parent=context.parent)
    assert name == "tracker" or " ".join(path) == name or name in path


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("poll", ["federal-register"]),
        ("backfill", ["federal-register", "--since", "2019-10-01"]),
        ("status", ["SenseTime"]),
        ("coverage", []),
        ("timeline", ["sensetime"]),
        ("changes", []),
        ("why-not", ["SenseTime"]),
        ("diff", ["2019-05-15", "2019-05-21"]),
        ("watch list", []),
        ("watch show", ["office"]),
        ("sources", []),
        ("verify", []),
        ("anchor", []),
        ("config show", []),
    ],
)
def test_json_keys_are_as_documented(demo: Home, name: str, line: list[str]) -> None:
    answer = demo.json(*name.split(), *line)
    assert set(answer[0] if isinstance(answer, list) else answer) == keys_of(name)


def test_json_keys_within_are_as_documented(demo: Home) -> None:
    entry = demo.json("timeline", "mit")[0]
    assert set(entry["evidence"][0]) == keys_of("timeline", "evidence")
    walked = demo.json("why", entry["fact"])
    assert set(walked) == keys_of("why")
    assert set(walked["claims"][0]) == keys_of("why", "claims")


def test_json_keys_of_the_ledger_and_of_statements_are_as_documented(demo: Home, tmp_path: Path) -> None:
    assert keys_of("events") < set(demo.json("events", "--type", "entity-added")[0])
    article = tmp_path / "article.txt"
    article.write_text("MIT has ended its working relationships with Huawei.\n", encoding="utf-8")
    line = ["--published", "2019-10-09", "--lang", "en"]
    assert keys_of("extract") <= set(demo.json("extract", str(article), *line)[0])


def test_json_keys_of_the_inbox_are_as_documented() -> None:
    # The demo leaves nothing waiting.
    assert keys_of("inbox list") == set(WaitingRow.__struct_fields__)
    assert keys_of("inbox show") == {*WaitingRow.__struct_fields__, "proposed"}


def test_lines_of_polls_have_the_same_keys() -> None:
    assert keys_of("poll") == keys_of("daily") == keys_of("ingest") == keys_of("backfill")
