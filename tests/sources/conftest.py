"""What the tests of sources share: a clock, a poll that saves as the real one does, and the world."""

import hashlib
import importlib
import json
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import stamina
from pytest_httpserver import HTTPServer

from tracker.errors import FetchError
from tracker.http import HttpSettings, PoliteClient
from tracker.sources import SOURCES
from tracker.sources.base import Failed, Fetched, Finished, Item, SourceSettings, Unchanged
from tracker.state import State

INSPECTION = "/api/v1/public-inspection-documents/current.json"
SHARED = Path(__file__).parents[2].parent / "shared"
NOW = datetime(2019, 10, 9, 12, tzinfo=UTC)
_FEEDS = Path(__file__).parents[1] / "data" / "feeds"


def feed_bytes(name: str, base: str) -> bytes:
    """A feed of the project's own, with its addresses under a base."""
    return (_FEEDS / name).read_bytes().replace(b"BASE", base.rstrip("/").encode())


class Clock:
    """Now is what the test says; sleeping takes no time."""

    def __init__(self) -> None:
        self.at = NOW
        self.time = 0.0

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds


class Poller:
    """Polls sources as the pipeline does: records each item, then saves what follows from it."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.state = State(":memory:")
        self.archive: dict[str, bytes] = {}
        self.items: list[Item] = []
        self.error: FetchError | None = None
        settings = HttpSettings(allow_private=True, per_host_gap=0, retries=1, timeout=5, max_bytes=2_000_000, obey_robots=False)
        self.client = PoliteClient(settings, self.clock, self.state)

    def settings(self, **table: Any) -> SourceSettings:
        return msgspec.convert(table, SOURCES[table["kind"]].settings)

    def archive_raw(self, raw: bytes) -> str:
        digest = hashlib.sha256(raw).hexdigest()
        self.archive[digest] = raw
        return digest

    def poll(
        self, source: SourceSettings, *, after: timedelta = timedelta(), since: date | None = None, until: date | None = None
    ) -> dict[str, int]:
        """Polls, some time after the start; gives how many items of each kind came."""
        self.clock.at = NOW + after
        self.items, self.error = [], None
        fetch = SOURCES[source.kind].fetch
        try:
            for item in fetch(source, self.client, self.state, self.archive_raw, self.clock.at, since=since, until=until):
                self.items.append(item)
                if isinstance(item, Finished):
                    self.state.remember(item.validators)
                    self.state.save_source(item.state)
                elif isinstance(item, Failed):
                    self.state.remember((), item.held)
                else:
                    self.state.remember(item.validators, item.held)
        except FetchError as error:
            assert "\n" not in str(error)
            assert error.hint
            self.error = error
        return dict(Counter(type(item).__name__ for item in self.items))

    @property
    def fetched(self) -> list[Fetched]:
        return [item for item in self.items if isinstance(item, Fetched)]

    @property
    def failed(self) -> list[Failed]:
        return [item for item in self.items if isinstance(item, Failed)]

    @property
    def unchanged(self) -> list[Unchanged]:
        return [item for item in self.items if isinstance(item, Unchanged)]


@pytest.fixture(autouse=True)
def _no_backoff() -> Iterator[None]:
    with stamina.set_testing(True, attempts=2, cap=True):
        yield


@pytest.fixture
def poller() -> Iterator[Poller]:
    poller = Poller()
    yield poller
    poller.client.close()
    poller.state.close()


@pytest.fixture
def asked(httpserver: HTTPServer) -> Callable[[], list[str]]:
    """The paths asked for since the last call."""

    def since_last() -> list[str]:
        paths = [request.path for request, _ in httpserver.log]
        httpserver.clear_log()
        return paths

    return since_last


def serve_filings(server: HTTPServer, *records: dict[str, Any]) -> None:
    """What is on file for public inspection at a register."""
    server.expect_request(INSPECTION).respond_with_json({"count": len(records), "results": list(records)})


class World:
    """The simulated world on loopback."""

    def __init__(self, server: Any) -> None:
        self.base = f"http://127.0.0.1:{server.server_address[1]}"
        self.site = server.site

    def fault(self, kind: str, path: str, times: int = -1) -> None:
        self.site.faults.configure({"kind": kind, "path": path, "times": times, "slow": 0.05, "huge": 3_000_000})

    def feeds(self) -> dict[str, dict[str, str]]:
        feeds: dict[str, dict[str, str]] = json.loads(json.dumps(self.site.news.feeds()))
        return feeds


@pytest.fixture(scope="session")
def world_server() -> Iterator[Any]:
    folder = SHARED / "world"
    if not folder.is_dir():
        pytest.skip("the simulated world is not beside this checkout")
    sys.path.insert(0, str(folder))
    try:
        server = importlib.import_module("simworld.server").make_server(0, seed=1, when="2019-10-09T12:00")
    finally:
        sys.path.remove(str(folder))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def world(world_server: Any) -> Iterator[World]:
    world_server.site.faults.clear()
    world_server.site.now = NOW
    yield World(world_server)
    world_server.site.faults.clear()
