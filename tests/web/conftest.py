"""What the tests of the served pages share: a home, and a client that speaks WSGI or real HTTP to it."""

import threading
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client

from tests.conftest import HandClock
from tests.deliver.conftest import Office, settled
from tracker.app import App
from tracker.web.server import application, listening

PUBLIC = "https://tracker.example.edu"
SERVED = f'[serve]\npublic_url = "{PUBLIC}"\n'
Reach = Callable[[Office], Client]
__all__ = ["settled"]  # a fixture


@pytest.fixture
def office(app: App, clock: HandClock, config_directory: Path) -> Office:
    """A home that is served under a public address."""
    (config_directory / "tracker.toml").write_text(SERVED, encoding="utf-8")
    return Office(app, clock)


@pytest.fixture
def reach() -> Reach:
    """Speaks to the application of a home without sockets."""
    return lambda office: Client(application(office.app.home, office.app.config_directory, office.clock))


@pytest.fixture
def client(office: Office, reach: Reach) -> Client:
    """Speaks to the application of the office."""
    return reach(office)


@pytest.fixture
def served(office: Office, home: Path, config_directory: Path, clock: HandClock) -> Iterator[Callable[[], HTTPConnection]]:
    """Opens connections to a real server on loopback."""
    server: Any = listening(application(home, config_directory, clock), "127.0.0.1", 0)
    thread = threading.Thread(target=server.run)
    thread.start()
    yield lambda: HTTPConnection("127.0.0.1", server.effective_port, timeout=5)
    try:  # the loop ends when nothing is open
        server.trigger.pull_trigger(lambda: server.asyncore.close_all(server._map))
    except OSError:  # its pipe went first; the loop looks again within a second
        server.asyncore.close_all(server._map, ignore_all=True)
    thread.join(timeout=10)
    assert not thread.is_alive()
    server.task_dispatcher.shutdown()
