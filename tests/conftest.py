"""What all tests share: a home, a clock that the test moves, and the precious stores."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.builders import NOW
from tracker.app import App
from tracker.archive import Archive
from tracker.clock import SystemClock
from tracker.ledger import Ledger

settings.register_profile(
    "tracker", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
settings.load_profile("tracker")


class HandClock(SystemClock):
    """Shows the time that a test sets; waiting takes no time."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at.astimezone(UTC)

    def sleep(self, seconds: float) -> None:
        """Does not wait."""


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
