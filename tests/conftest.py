"""What all tests share: a home, a clock that the test moves, and the precious stores."""

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, settings

from tests.builders import NOW, added, take_in
from tracker.app import App
from tracker.archive import Archive
from tracker.cli.main import cli
from tracker.clock import SystemClock
from tracker.ledger import Ledger
from tracker.worker import WORKER

settings.register_profile(
    "tracker", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
settings.load_profile("tracker")


Tracker = Callable[..., Result]


class HandClock(SystemClock):
    """Shows the time that a test sets; waiting takes no time."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at.astimezone(UTC)

    def sleep(self, seconds: float) -> None:
        """Does not wait."""


@pytest.fixture
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Readers are called here and not in the worker process, for tests that put readers of their own in place."""

    def call(about: str, function: Callable[..., object], *arguments: object, keep: object = None, **named: object) -> object:
        return function(*arguments, *(() if keep is None else (keep,)), **named)

    monkeypatch.setattr(WORKER, "call", call)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A new home folder."""
    return tmp_path / "home"


@pytest.fixture
def clock() -> HandClock:
    """A clock that stands at `builders.NOW` until the test moves it."""
    return HandClock()


@pytest.fixture
def ledger(home: Path) -> Iterator[Ledger]:
    """An empty ledger."""
    ledger = Ledger(home / "ledger.db")
    yield ledger
    ledger.close()


@pytest.fixture
def archive(home: Path) -> Archive:
    """An empty archive."""
    return Archive(home / "archive")


@pytest.fixture
def config_directory(tmp_path: Path) -> Path:
    """Settings without any source, so that nothing is polled."""
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "sources.toml").write_text("")
    return folder


@pytest.fixture
def app(home: Path, config_directory: Path, clock: HandClock) -> Iterator[App]:
    """The parts of a home, with the packaged registers and no sources."""
    with App(home, config_directory, clock) as app:
        yield app


@pytest.fixture(autouse=True)
def _logging() -> Iterator[None]:
    """The command line sets up logging for its own stderr; that must not outlive a test, nor what a module prepared."""
    handlers = logging.root.handlers[:]
    logging.root.setLevel(logging.WARNING)
    yield
    logging.root.handlers[:] = handlers


@pytest.fixture
def tracker(home: Path, config_directory: Path) -> Tracker:
    """Runs a command in the home of the test, at a fixed time."""

    def run(*command: object, now: str = NOW.isoformat()) -> Result:
        arguments = ["--home", str(home), "--config", str(config_directory), "--now", now, *map(str, command)]
        return CliRunner().invoke(cli, arguments, catch_exceptions=False)

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where digests go that are written as files."""
    return tmp_path / "digests"


@pytest.fixture
def filled(tracker: Tracker, home: Path) -> Tracker:
    """A home with two entries, one of them with a troublesome name, and a fact."""
    ledger = Ledger(home / "ledger.db")
    take_in(ledger, "document/federal-register/1", added("Acme", aliases=["AC"]), added("=1+1\n\t\x1b[31mÉtoile 海康"))
    ledger.close()
    return tracker
