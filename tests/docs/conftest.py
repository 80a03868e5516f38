"""The demo's home: what is documented is asked of it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tracker.cli.main import cli
from tracker.demo import DemoWorld
from tracker.demo import run as story

NOW = "2019-10-10T22:00:00Z"


class Home:
    """A home after the story of the demo, whose world is still served."""

    def __init__(self, folder: Path, config: Path) -> None:
        self.before = ["--home", str(folder), "--config", str(config), "--now", NOW]

    def run(self, *line: str) -> str:
        """Runs a command, which must end well; gives its stdout."""
        done = CliRunner().invoke(cli, [*self.before, *line])
        assert done.exit_code == 0, f"tracker {' '.join(line)}: {done.output} {done.exception!r}"
        return done.stdout

    def json(self, *line: str) -> Any:
        """The same, read as JSON."""
        return json.loads(self.run("-q", *line, "--json"))


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """The home, made by the demo's own story."""
    folder = tmp_path_factory.mktemp("docs") / "home"
    story.prepare(folder)
    world = DemoWorld()
    with world.serve() as base:
        config = story.run_story(folder, world, base, lambda *_: None)
        world.now = datetime.fromisoformat(NOW).astimezone(UTC)
        yield Home(folder, config)
